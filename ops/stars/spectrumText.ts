// The spectra of a star as lines for a terminal, and what the last of them changed.
import { segmentsOfPixels, unreadPixels, unreadReason } from '../../models/index.ts'
import type { Posterior, Star, StarSpectrum } from '../../schemas/index.ts'
import { renderTable } from '../terminal/textTable.ts'
import type { SpectrumChange } from './spectrumChange.ts'
import { intervalText } from './starView.ts'

const right = (title: string) => ({ title, align: 'right' }) as const

/** @param posterior the newest one, which tells what its model was given */
export function spectraTable(spectra: readonly StarSpectrum[], posterior: Posterior | null): readonly string[] {
  if (spectra.length === 0) return []
  const rows = spectra.flatMap(({ survey, source, spectrumId, file, row, bands }) => {
    const place = row === null ? file : `${file} row ${row}`
    const isGiven = posterior?.spectra?.includes(spectrumId) === true
    return bands.map(band => [
      survey,
      source,
      band.name,
      unreadReason(band) ?? (isGiven ? 'given' : 'not given'),
      place,
    ])
  })
  const titles = ['Spectrum', 'Source', 'Band', 'To the model', 'From'].map(title => ({ title }))
  return [...renderTable(titles, rows), '']
}

/** Those with pixels, of each survey one. @param posterior the newest one, which tells what its model was given */
export function pixelTable(
  { pixelSpectra = [], pixels = [] }: Pick<Star, 'pixelSpectra' | 'pixels'>,
  posterior: Posterior | null,
): readonly string[] {
  if (pixelSpectra.length === 0) return []
  const rows = pixelSpectra.map((spectrum, i) => {
    const { survey, source, epochMjd, signalToNoise, matchedBy, matchProbability, separationArcsec, file, row } =
      spectrum
    const isGiven = posterior?.spectra?.includes(spectrum.spectrumId) === true
    return [
      survey,
      source,
      epochMjd?.toFixed(2) ?? '',
      signalToNoise?.toFixed(1) ?? '',
      ...[matchedBy, matchProbability.toFixed(3), separationArcsec.toFixed(2)],
      isGiven ? 'given' : (unreadPixels({ survey, segments: segmentsOfPixels(pixels[i]) }) ?? 'not given'),
      row === null ? file : `${file} row ${row}`,
    ]
  })
  const [left, numbers] = [
    ['Spectrum', 'Source'],
    ['Epoch (MJD)', 'S/N'],
  ]
  const titles = [
    ...left.map(title => ({ title })),
    ...numbers.map(right),
    { title: 'Joined by' },
    ...['Probability', 'Separation (")'].map(right),
    ...['To the model', 'From'].map(title => ({ title })),
  ]
  return [...renderTable(titles, rows), '']
}

/** Empty where there is nothing to compare. */
export function changeText(change: SpectrumChange | null): readonly string[] {
  if (change === null) return []
  const { before, after, gained, lost, parameters } = change
  const what = [
    ...(gained.length === 0 ? [] : [`with ${gained.join(', ')}`]),
    ...(lost.length === 0 ? [] : [`without ${lost.join(', ')}`]),
  ]
  const rows = parameters.map(one => [
    one.after.label,
    intervalText(one.before),
    intervalText(one.after),
    signed(one.shift, one.after.digits),
    one.after.unit,
    one.widthRatio === null ? '' : one.widthRatio.toFixed(2),
  ])
  const titles = ['Before', 'After', 'Moved by'].map(right)
  const [was, is] = [before.posterior.youngProbability, after.posterior.youngProbability]
  return [
    `What the spectrum changed: posterior ${after.index} (${what.join(', ')}) beside posterior ${before.index}`,
    ...renderTable([{ title: 'Parameter' }, ...titles, { title: 'Unit' }, right('Width (times)')], rows),
    `P(young) = ${was.toFixed(3)} before, ${is.toFixed(3)} after`,
    '',
  ]
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  if (Number(text) === 0) return text
  return `${value < 0 ? '-' : '+'}${text}`
}
