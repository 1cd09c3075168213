// What is shown of a spectrum: where it came from, and what each of its segments holds.
import type { PixelMask, Spectrum, SpectrumSegment } from '../../schemas/index.ts'
import { segmentWavelengths } from '../../streams/index.ts'
import { quantileOf } from '../figures/density.ts'
import { count } from '../terminal/progressLine.ts'
import { renderTable } from '../terminal/textTable.ts'

const ANGSTROM_PER_NM = 10
/** Bits that are told in a line of text. */
const TOLD_BITS = 4

export interface SegmentView {
  readonly name: string
  readonly pixels: number
  readonly fromNm: number
  readonly toNm: number
  readonly medium: string
  readonly fluxUnit: string
  readonly fluxScale: string
  /** By the file. */
  readonly statedSignalToNoise: number | null
  /** Of the good pixels; null where there is none. */
  readonly medianSignalToNoise: number | null
  readonly badPixels: number
  readonly missingPixels: number
  /** Pixels of each bit that is set anywhere, by mask and name of the bit, or its number. */
  readonly bits: Readonly<Record<string, number>>
}

/** The record without its arrays, and what they amount to. */
export function spectrumView(spectrum: Spectrum) {
  const { segments, bands, row, ...rest } = spectrum
  return {
    ...rest,
    row: row === null ? null : Number(row),
    segments: segments.map(segmentView),
    bands: bands.map(({ name, basis, coefficients, relevantBases }) => ({
      name,
      basis,
      coefficients: coefficients.length,
      relevantBases,
    })),
  }
}

export type SpectrumView = ReturnType<typeof spectrumView>

/** [N] wavelengths of a segment, nm. */
export function wavelengthsNm(segment: SpectrumSegment): Float64Array {
  const perNm = segment.wavelengthUnit === 'nm' ? 1 : ANGSTROM_PER_NM
  return segmentWavelengths(segment).map(wavelength => wavelength / perNm)
}

export function segmentView(segment: SpectrumSegment): SegmentView {
  const { name, medium, fluxUnit, fluxScale, fluxes, ivars } = segment
  const nm = wavelengthsNm(segment)
  const ratios = fluxes.flatMap((flux, i) => (flux === null || ivars[i] === 0 ? [] : [flux * Math.sqrt(ivars[i])]))
  const sorted = Float64Array.from(ratios).sort()
  return {
    ...{
      name,
      pixels: nm.length,
      fromNm: Math.min(nm[0], nm[nm.length - 1]),
      toNm: Math.max(nm[0], nm[nm.length - 1]),
    },
    ...{ medium, fluxUnit, fluxScale },
    statedSignalToNoise: segment.signalToNoise,
    medianSignalToNoise: sorted.length === 0 ? null : quantileOf(sorted, 0.5),
    badPixels: segment.badPixelCount,
    missingPixels: segment.missingPixelCount,
    bits: Object.assign({}, ...segment.masks.map(bitCounts)),
  }
}

function bitCounts({ name, bits, bitNames }: PixelMask): Record<string, number> {
  const names = new Map(bitNames.map(one => [one.bit, one.name]))
  const counts = Array.from({ length: 32 }, (_, bit) => [
    `${name}:${names.get(bit) ?? bit}`,
    bits.reduce((sum, value) => sum + ((value >>> bit) & 1), 0),
  ])
  return Object.fromEntries(counts.filter(([, n]) => n !== 0))
}

/** Lines for people. */
export function spectrumText(view: SpectrumView): readonly string[] {
  const known = (label: string, value: unknown, unit = '') => (value === null ? [] : [`${label} ${value}${unit}`])
  const fixed = (value: number | null, digits: number) => (value === null ? null : value.toFixed(digits))
  const place = view.raDeg === null || view.decDeg === null ? [] : [`at ${view.raDeg} ${view.decDeg} deg`]
  const where = [...known('in', view.extension), ...known('row', view.row)]
  const epoch = [
    ...known('begin MJD', fixed(view.startMjd, 5)),
    ...known('middle MJD', fixed(view.midMjd, 5)),
    ...known('exposure', view.exposureS, ' s'),
    ...known('night', view.nightMjd),
  ]
  const origin = [
    ...known('frame', view.velocityFrame),
    ...known('correction', fixed(view.frameCorrectionKmPerS, 3), ' km/s'),
    ...known('plate', view.plate),
    ...known('field', view.field),
    ...known('fibre', view.fibre),
  ]
  const lines = [epoch, origin].filter(parts => parts.length > 0).map(parts => `  ${parts.join(', ')}`)
  const tables = [...segmentTable(view), ...bandTable(view)].map(line => `  ${line}`)
  return [[view.source, ...place, ...where].join(' '), ...lines, ...tables]
}

function segmentTable({ segments }: SpectrumView): readonly string[] {
  if (segments.length === 0) return []
  const right = (title: string) => ({ title, align: 'right' as const })
  const rows = segments.map(one => [
    one.name,
    count(one.pixels),
    `${one.fromNm.toFixed(2)} to ${one.toNm.toFixed(2)}`,
    one.medium,
    `${one.fluxScale}${one.fluxUnit === '' ? '' : `, ${one.fluxUnit}`}`,
    one.medianSignalToNoise?.toFixed(1) ?? '',
    one.statedSignalToNoise?.toFixed(1) ?? '',
    count(one.badPixels),
    count(one.missingPixels),
    bitText(one.bits),
  ])
  const columns = [
    { title: 'segment' },
    right('pixels'),
    right('nm'),
    { title: 'in' },
    { title: 'flux' },
    right('median S/N'),
    right('stated'),
    right('bad'),
    right('missing'),
    { title: 'commonest bits' },
  ]
  return renderTable(columns, rows)
}

function bitText(bits: SegmentView['bits']): string {
  const counts = Object.entries(bits).sort(([, a], [, b]) => b - a)
  return counts
    .slice(0, TOLD_BITS)
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(', ')
}

function bandTable({ bands }: SpectrumView): readonly string[] {
  return bands.map(({ name, basis, coefficients, relevantBases }) => {
    const parts = [`${coefficients} coefficients`]
    if (relevantBases !== null) parts.push(`${relevantBases} of them above their noise`)
    if (basis !== null) parts.push(`basis ${basis}`)
    return `${name}: ${parts.join(', ')}`
  })
}
