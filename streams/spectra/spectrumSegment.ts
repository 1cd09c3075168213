// Pixels of one chip or arm as a record holds them: checked, counted, nothing resampled.
import { FusionError, type PixelMask, type SpectrumSegment, type WavelengthLaw } from '../../schemas/index.ts'
import type { Value } from '../files/table.ts'

/** Where in a file something stands, for sentences: `FILE, COADD row 3`. */
export interface SpectrumPlace {
  readonly path: string
  readonly extension: string | null
  readonly row: number | null
}

type Cells = readonly Value[]

export interface SegmentDraft {
  readonly name: string
  readonly wavelengthUnit: 'Angstrom' | 'nm'
  readonly wavelengthScale: 'linear' | 'log10'
  readonly medium: 'vacuum' | 'air'
  readonly wavelengths: Cells | WavelengthLaw
  /** APOGEE's visits run from red to blue, and so do red arms of single exposures of LAMOST. */
  readonly order: 'rising' | 'falling' | 'either'
  readonly fluxUnit: string
  readonly fluxScale: 'absolute' | 'relative' | 'normalised'
  readonly fluxes: Cells
  /** As the survey gives it: inverse variances or 1-sigma errors. */
  readonly noise: { readonly kind: 'ivar' | 'error'; readonly values: Cells }
  readonly masks: readonly (Omit<PixelMask, 'bits'> & { readonly bits: Cells })[]
  readonly signalToNoise: number | null
}

/** Of a value that cannot be as the survey wrote it. `problem` goes on from the file's name. */
export function badValue(place: SpectrumPlace, field: string, problem: string): FusionError {
  const { path, extension, row } = place
  const where = [extension, row === null ? null : `row ${row}`].filter(part => part !== null).join(' ')
  return new FusionError('VALUE_OUT_OF_RANGE', `${path}${where === '' ? '' : `, ${where},`} ${problem}.`, {
    detail: { path, field, ...(extension === null ? {} : { extension }), ...(row === null ? {} : { row }) },
  })
}

/**
 * A flux that is NaN or infinite is null and says nothing; what has no positive, finite inverse variance has 0.
 * @throws FusionError VALUE_OUT_OF_RANGE when lengths differ, a wavelength is no number or out of order, or a mask no bits
 */
export function makeSegment(draft: SegmentDraft, place: SpectrumPlace): SpectrumSegment {
  const { name, fluxes: given, noise, wavelengths: told } = draft
  const count = given.length
  if (count === 0) throw badValue(place, 'flux', `has no pixel in ${name}; fetch the file again`)
  const sized = [
    ['wavelength', 'start' in told ? count : told.length],
    [noise.kind, noise.values.length],
    ...draft.masks.map(mask => [`${mask.name} mask`, mask.bits.length] as const),
  ] as const
  for (const [field, length] of sized) {
    if (length === count) continue
    const problem = `has ${count} fluxes but ${length} of ${field} in ${name}; fetch the file again`
    throw badValue(place, String(field), problem)
  }
  const wavelengths = 'start' in told ? [] : checkedWavelengths(told, draft, place)
  const fluxes = given.map(finite)
  const ivars = noise.values.map((value, i) => (fluxes[i] === null ? 0 : ivarOf(finite(value), noise.kind)))
  return {
    name,
    medium: draft.medium,
    wavelengthUnit: draft.wavelengthUnit,
    wavelengthScale: draft.wavelengthScale,
    wavelengths,
    wavelengthLaw: 'start' in told ? checkedLaw(told, draft, place) : null,
    fluxUnit: draft.fluxUnit,
    fluxScale: draft.fluxScale,
    fluxes,
    ivars,
    masks: draft.masks.map(mask => ({ ...mask, bits: mask.bits.map((cell, i) => bitsOf(cell, i, mask.name, place)) })),
    signalToNoise: draft.signalToNoise,
    badPixelCount: ivars.reduce((sum, ivar) => sum + (ivar === 0 ? 1 : 0), 0),
    missingPixelCount: fluxes.reduce<number>((sum, flux) => sum + (flux === null ? 1 : 0), 0),
  }
}

/** [N] wavelength of each pixel in the segment's unit, whatever form the survey gave them in. */
export function segmentWavelengths(segment: SpectrumSegment): Float64Array {
  const { wavelengthLaw: law, wavelengthScale, wavelengths, fluxes } = segment
  const numbers = law === null ? Float64Array.from(wavelengths) : fluxes.map((_, i) => law.start + law.step * i)
  return Float64Array.from(numbers, value => (wavelengthScale === 'log10' ? 10 ** value : value))
}

function finite(cell: Value): number | null {
  const value = typeof cell === 'bigint' ? Number(cell) : cell
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function ivarOf(value: number | null, kind: 'ivar' | 'error'): number {
  if (value === null || !(value > 0)) return 0
  const ivar = kind === 'ivar' ? value : 1 / value ** 2
  return Number.isFinite(ivar) ? ivar : 0
}

function checkedWavelengths(cells: Cells, { name, order }: SegmentDraft, place: SpectrumPlace): readonly number[] {
  const wavelengths: number[] = []
  const isFalling = order === 'falling' || (order === 'either' && Number(cells[0]) > Number(cells[1]))
  const direction = isFalling ? 'falling' : 'rising'
  for (let i = 0; i < cells.length; i++) {
    const value = finite(cells[i])
    if (value === null || !(value > 0)) {
      throw badValue(place, 'wavelength', `has no wavelength at pixel ${i + 1} of ${name}; fetch the file again`)
    }
    if (i > 0 && (isFalling ? value >= wavelengths[i - 1] : value <= wavelengths[i - 1])) {
      const problem = `has wavelengths that are not ${direction} at pixel ${i + 1} of ${name}; fetch the file again, or sort its pixels`
      throw badValue(place, 'wavelength', problem)
    }
    wavelengths.push(value)
  }
  return wavelengths
}

function checkedLaw(law: WavelengthLaw, { name, order }: SegmentDraft, place: SpectrumPlace): WavelengthLaw {
  const isSound = Number.isFinite(law.start) && Number.isFinite(law.step) && law.step !== 0
  if (isSound && (order === 'either' || law.step > 0 === (order === 'rising'))) return law
  const problem = `has wavelengths from ${law.start} at steps of ${law.step} in ${name}, not ${order}; fetch the file again`
  throw badValue(place, 'wavelength', problem)
}

function bitsOf(cell: Value, i: number, name: string, place: SpectrumPlace): number {
  const value = cell === null ? 0 : Number(cell)
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31) return value
  throw badValue(place, 'mask', `has ${cell} in its ${name} mask at pixel ${i + 1}, no bits; fetch the file again`)
}
