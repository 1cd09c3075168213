// Coefficients of a spectrum -> the few numbers that its tokens hold: its shape along the directions in which stars differ.
import { principalAxes } from '../math/symmetricAxes.ts'
import type { GivenSpectrum } from '../posterior.ts'
import { SPECTRUM_FEATURES } from './layout.ts'

/** Directions that are kept; what lies beyond them is below the floor. */
export const SPECTRUM_DIRECTIONS = SPECTRUM_FEATURES - 3
/**
 * Error of each coefficient, as a share of the length of all, that a survey's own leave out: model spectra return within 1 to 4%
 * of the flux, in a shape that no two stars share.
 */
export const SPECTRUM_FLOOR = 0.005
/** Magnitude of a spectrum whose coefficients have length one: about that of a band. */
const ZERO_POINT_MAG = 25
const SIGNAL = SPECTRUM_DIRECTIONS
/** Where the magnitude stands among the numbers of a spectrum. */
export const SPECTRUM_MAGNITUDE = SIGNAL + 1

/** What shapes are measured by, from simulated stars. */
export interface SpectrumBasis {
  /** [C] mean of the coefficients over their length. */
  readonly mean: Float64Array
  /** [13][C] directions of greatest spread, each divided by the spread. */
  readonly directions: Float64Array
}

/**
 * Principal directions of shapes.
 *
 * @param shapes [N][C] coefficients without noise, each star's divided by their length; N above 13
 */
export function fitSpectrumBasis(shapes: Float64Array, coefficientCount: number): SpectrumBasis {
  const C = coefficientCount
  const count = shapes.length / C
  if (!(count > SPECTRUM_DIRECTIONS)) throw new RangeError(`fitSpectrumBasis: ${count} spectra are too few`)
  const mean = new Float64Array(C)
  for (let k = 0; k < shapes.length; k++) mean[k % C] += shapes[k] / count
  const covariance = new Float64Array(C * C)
  const one = new Float64Array(C)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < C; i++) one[i] = shapes[n * C + i] - mean[i]
    for (let i = 0; i < C; i++) for (let j = 0; j < C; j++) covariance[i * C + j] += (one[i] * one[j]) / count
  }
  const { values, vectors } = principalAxes(covariance, C)
  const directions = vectors.slice(0, SPECTRUM_DIRECTIONS * C)
  for (let k = 0; k < directions.length; k++)
    directions[k] /= Math.sqrt(Math.max(values[Math.floor(k / C)], values[0] * 1e-12))
  return { mean, directions }
}

/** Root of the sum of squares. */
export function lengthOf(coefficients: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < coefficients.length; i++) sum += coefficients[i] ** 2
  return Math.sqrt(sum)
}

/**
 * The numbers of one spectrum: 13 shapes, each of unit spread once its own error is in it; signal over noise; magnitude.
 *
 * @param out [16] written from `offset` on; the last is free
 * @returns false for a spectrum without light, which says nothing
 */
export function spectrumFeaturesInto(
  basis: SpectrumBasis,
  { coefficients, errors }: Pick<GivenSpectrum, 'coefficients' | 'errors'>,
  out: Float64Array,
  offset: number,
): boolean {
  const { mean, directions } = basis
  const C = mean.length
  const length = lengthOf(coefficients)
  if (!(length > 0)) return false
  for (let d = 0; d < SPECTRUM_DIRECTIONS; d++) {
    let shape = 0
    let variance = 0
    for (let i = 0; i < C; i++) {
      const direction = directions[d * C + i]
      shape += direction * (coefficients[i] / length - mean[i])
      variance += direction ** 2 * ((errors[i] / length) ** 2 + SPECTRUM_FLOOR ** 2)
    }
    out[offset + d] = shape / Math.sqrt(1 + variance)
  }
  out[offset + SIGNAL] = Math.log10((length * Math.sqrt(C)) / lengthOf(errors)) - 2
  out[offset + SPECTRUM_MAGNITUDE] = ZERO_POINT_MAG - 2.5 * Math.log10(length)
  return true
}
