// Stars as classic catalogues show them to a classifier: magnitudes, colours, parallax; what is missing is the median of the others.
import { modelObservables, type StarInput } from '../../models/index.ts'

/** From blue to red. */
const chain = modelObservables.filter(name => name !== 'parallaxMas')

/** @returns a number for each feature of the observables, null where a measurement that it needs is missing */
function featuresOf({ given }: StarInput, observables: readonly string[]): readonly (number | null)[] {
  const known = new Map(given.filter(({ isLimit }) => !isLimit).map(one => [one.quantity, one]))
  const mag = (name: string) => known.get(name)?.value ?? null
  const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)
  const bands = chain.filter(name => observables.includes(name))
  const parallax = known.get('parallaxMas')
  const modulus = parallax !== undefined && parallax.value > 0 ? 5 * Math.log10(parallax.value / 100) : null
  const brightness = mag('gMag')
  return [
    ...bands.map(mag),
    ...bands.slice(1).map((name, k) => less(mag(bands[k]), mag(name))),
    less(mag('gMag'), mag(bands.at(-1) ?? '')),
    less(mag('bpMag'), mag('rpMag')),
    parallax?.value ?? null,
    parallax === undefined ? null : parallax.value / parallax.err,
    brightness === null || modulus === null ? null : brightness + modulus,
  ]
}

export interface ClassicFeatures {
  readonly width: number
  /** [N x F] row by row. */
  rowsOf(stars: readonly StarInput[]): Float64Array
}

/** Features of these observables; their medians are those of the stars a classifier learns from, 0 where none of them has one. */
export function classicFeatures(stars: readonly StarInput[], observables: readonly string[]): ClassicFeatures {
  const rows = stars.map(star => featuresOf(star, observables))
  const medians = (rows[0] ?? []).map((_, f) => {
    const known = Float64Array.from(rows.flatMap(row => row[f] ?? [])).sort()
    return known.length === 0 ? 0 : known[known.length >> 1]
  })
  return {
    width: medians.length,
    rowsOf: judged =>
      Float64Array.from(judged.flatMap(star => featuresOf(star, observables).map((value, f) => value ?? medians[f]))),
  }
}
