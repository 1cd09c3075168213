import { expect, test } from 'vitest'
import { packPixels } from '../../../models/index.ts'
import { lastSpectrumChange } from '../../../ops/stars/spectrumChange.ts'
import { changeText, pixelTable, spectraTable } from '../../../ops/stars/spectrumText.ts'
import { encode, type PixelSpectrum, type Posterior, type Summary } from '../../../schemas/index.ts'
import { pixelSegment } from '../../actors/pixelSpectra.ts'
import { xpSpectrum } from '../../actors/xpSpectra.ts'
import { makePosterior } from '../starRecords.ts'

/** A log age of this median and half width, and a log Teff that is sure. */
function posterior(spectra: readonly string[], q50: number, half: number, more: Partial<Posterior> = {}): Posterior {
  const of = (parameter: string, q50: number, half: number): Summary => {
    const quantiles = { q025: q50 - 2 * half, q16: q50 - half, q50, q84: q50 + half, q975: q50 + 2 * half }
    return { parameter, mean: q50, sd: half, ...quantiles }
  }
  const summaries = [of('logAgeYr', q50, half), of('logTeffK', Math.log10(4000), 0)]
  return { ...makePosterior('gaiaDr3:1', 0.25), ...more, summaries, spectra }
}

const historyOf = (...posteriors: readonly Posterior[]) =>
  posteriors.map((one, i) => ({ index: i + 1, posterior: one }))

test('what a spectrum changed is the posterior with it beside the one right before it, by the same model', () => {
  const history = historyOf(posterior([], 7, 0.5), posterior([], 7.25, 0.5), posterior(['a'], 7.5, 0.125))
  const later = [...history, { index: 4, posterior: posterior(['a'], 7.5, 0.1) }]
  const change = lastSpectrumChange(later)
  expect([change?.before.index, change?.after.index, change?.gained, change?.lost]).toEqual([2, 3, ['a'], []])
  const [age, teff] = change?.parameters ?? []
  expect([age.before.label, age.shift, age.widthRatio]).toEqual(['log age', 0.25, 0.25])
  expect([teff.before.label, teff.widthRatio]).toEqual(['Teff', null])
  const lines = changeText(change)
  expect(lines[0]).toBe('What the spectrum changed: posterior 3 (with a) beside posterior 2')
  expect(lines).toContainEqual(
    expect.stringMatching(/^log age +7\.25 -0\.50 \+0\.50 +7\.50 -0\.13 \+0\.13 +\+0\.25 +dex\(yr\) +0\.25$/),
  )
  expect(lines).toContainEqual(expect.stringMatching(/^Teff +4000 -0 \+0 +4000 -0 \+0 +0 +K *$/))
  expect(lines).toContain('P(young) = 0.250 before, 0.250 after')
})

test('a spectrum that is replaced, or gone, is told; without a posterior to compare with nothing is', () => {
  const replaced = lastSpectrumChange(historyOf(posterior(['a'], 7, 0.5), posterior(['b'], 7, 0.5)))
  expect(changeText(replaced)[0]).toMatch(/posterior 2 \(with b, without a\) beside posterior 1$/)
  const gone = lastSpectrumChange(historyOf(posterior(['a'], 7, 0.5), posterior([], 7, 0.5)))
  expect(changeText(gone)[0]).toMatch(/\(without a\)/)
  // As records from before posteriors named their spectra are read.
  const { spectra: _, ...old } = posterior([], 7, 0.5)
  expect(lastSpectrumChange(historyOf(old, posterior(['a'], 7, 0.5)))?.gained).toEqual(['a'])
  for (const history of [
    historyOf(),
    historyOf(posterior(['a'], 7, 0.5)),
    historyOf(posterior([], 7, 0.5), posterior([], 7.5, 0.5)),
    historyOf(posterior([], 7, 0.5, { model: 'older' }), posterior(['a'], 7, 0.5)),
  ]) {
    expect(lastSpectrumChange(history)).toBeNull()
  }
  expect(changeText(null)).toEqual([])
})

test('bands are listed with what the model was given, and why it was not', () => {
  const spectrum = xpSpectrum('5', 1, { row: null })
  const [bp, rp] = spectrum.bands
  const spectra = [{ ...spectrum, bands: [bp, { ...rp, basis: 58 }] }]
  const rowsOf = (one: Posterior | null) => spectraTable(spectra, one).filter(line => line.startsWith('gaiaXp'))
  const [given, unread] = rowsOf(posterior([spectrum.spectrumId], 7, 0.5))
  expect(given).toMatch(/^gaiaXp +5 +BP +given +xp\.csv$/)
  expect(unread).toMatch(/^gaiaXp +5 +RP +on basis functions 58, and the model reads those of 57 +xp\.csv$/)
  expect(rowsOf(null)[0]).toMatch(/BP +not given/)
  expect(spectraTable([], null)).toEqual([])
})

test('spectra with pixels are listed with epoch, signal, match and what the model was given, and why it was not', () => {
  const known: PixelSpectrum = {
    ...{ survey: 'boss', source: '7', product: 'sdssSpec', spectrumId: 'a', epochMjd: 55445.25, signalToNoise: 21.26 },
    ...{ pixelCount: 8, matchedBy: 'position', matchProbability: 0.9876, separationArcsec: 0.123 },
    ...{ file: 'spec.fits', row: null },
  }
  const sum = {
    ...known,
    survey: 'apogee',
    spectrumId: 'b',
    epochMjd: null,
    signalToNoise: null,
    file: 'ap.fits',
    row: 2n,
  }
  const bytes = encode('pixels', packPixels([pixelSegment(1, 20)]))
  const rowsOf = (one: Posterior | null) =>
    pixelTable({ pixelSpectra: [known, sum], pixels: [bytes, bytes] }, one).slice(-3, -1)
  const [boss, apogee] = rowsOf(posterior(['a'], 7, 0.5))
  expect(boss).toMatch(/^boss +7 +55445\.25 +21\.3 +position +0\.988 +0\.12 +given +spec\.fits$/)
  // Its pixels are at 4000 Angstrom.
  expect(apogee).toMatch(/^apogee +7 +position .* no good pixel where the model reads it +ap\.fits row 2$/)
  expect(rowsOf(null)[0]).toMatch(/ not given +spec/)
  expect(pixelTable({}, null)).toEqual([])
})
