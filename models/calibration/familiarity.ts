// How like the stars of the training a star is: how far its embedding lies from theirs, as a tail probability.
import { factorInPlace } from '../math/cholesky.ts'

/** The law of the embeddings of stars that the same surveys have seen. */
export interface FamiliarityLaw {
  /** See `familyOf`. */
  readonly family: string
  /** Stars that the tails were measured on, none of them among those that mean and covariance are of. */
  readonly starCount: number
  /** [D] */
  readonly mean: Float64Array
  /** [D (D + 1) / 2] lower triangle of the covariance's Cholesky factor, row by row. */
  readonly factor: Float64Array
  /** Falling from 1 to 1 / (starCount + 1). */
  readonly tails: readonly number[]
  /** Mahalanobis distance beyond which that fraction of the stars lies. */
  readonly distances: readonly number[]
}

/** A star below this is told to be unlike any that the model was trained on: one simulated star in a thousand is. */
export const UNLIKE_TRAINING = 0.001

const families: readonly (readonly [name: string, of: readonly string[]])[] = [
  ['parallax', ['parallaxMas']],
  ['gaia', ['gMag', 'bpMag', 'rpMag']],
  ['twoMass', ['jMag', 'hMag', 'ksMag']],
  ['wise', ['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag']],
  ['spectra', ['bpSpectrum', 'rpSpectrum']],
]
/** Keeps directions in which embeddings hardly vary from counting for more than float32 can tell. */
const RIDGE = 1e-6
/** Tails that are kept: even steps, then ever rarer. */
const keptTails = [...Array.from({ length: 50 }, (_, k) => 1 - k / 50), 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002]

/** Which surveys have seen the star, whatever of their bands: such as `parallax gaia wise`, or `nothing`. */
export function familyOf(observables: readonly string[]): string {
  const known = families.flatMap(([name, of]) => (of.some(one => observables.includes(one)) ? [name] : []))
  const others = observables.filter(one => !families.some(([, of]) => of.includes(one)))
  return [...known, ...others].join(' ') || 'nothing'
}

/**
 * Measures the law of one family.
 *
 * @param fitted [N][D] embeddings that mean and covariance are taken of
 * @param held [M][D] others, of which the tails are
 * @returns null where N is too small for a covariance or M for a tail of `UNLIKE_TRAINING`
 */
export function fitFamiliarity(
  family: string,
  fitted: readonly Float32Array[],
  held: readonly Float32Array[],
): FamiliarityLaw | null {
  const size = fitted.at(0)?.length ?? 0
  if (size === 0 || fitted.length < 10 * size || held.length * UNLIKE_TRAINING < 1) return null
  const mean = new Float64Array(size)
  for (const one of fitted) for (let d = 0; d < size; d++) mean[d] += one[d] / fitted.length
  // As the card keeps them, so that tails are those of the numbers in it.
  for (let d = 0; d < size; d++) mean[d] = rounded(mean[d])
  const covariance = new Float64Array(size * size)
  const difference = new Float64Array(size)
  for (const one of fitted) {
    for (let d = 0; d < size; d++) difference[d] = one[d] - mean[d]
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) covariance[i * size + j] += difference[i] * difference[j]
    }
  }
  let trace = 0
  for (let d = 0; d < size; d++) trace += covariance[d * size + d]
  for (let d = 0; d < size; d++) covariance[d * size + d] += (RIDGE * trace) / size
  const square = covariance.map(value => value / (fitted.length - 1))
  if (!factorInPlace(square, size)) return null
  const factor = new Float64Array((size * (size + 1)) / 2)
  for (let i = 0, k = 0; i < size; i++) for (let j = 0; j <= i; j++, k++) factor[k] = rounded(square[i * size + j])
  const bare = { family, starCount: held.length, mean, factor, tails: [], distances: [] }
  const sorted = Float64Array.from(held, one => distanceOf(bare, one)).sort()
  const count = sorted.length
  const tails = [...keptTails.filter(tail => tail > 1 / (count + 1)), 1 / (count + 1)]
  const distances = tails.map(tail => {
    const place = Math.min(count, Math.max(0, (1 - tail) * (count + 1)))
    const below = Math.floor(place)
    const at = (i: number) => (i <= 0 ? 0 : sorted[Math.min(count, i) - 1])
    return rounded(at(below) + (place - below) * (at(below + 1) - at(below)))
  })
  return { ...bare, tails: tails.map(rounded), distances }
}

/** Mahalanobis distance of an embedding [D] from the middle of its family. */
export function distanceOf({ mean, factor }: FamiliarityLaw, embedding: ArrayLike<number>): number {
  const size = mean.length
  const solved = new Float64Array(size)
  let square = 0
  for (let i = 0, k = 0; i < size; i++) {
    let sum = embedding[i] - mean[i]
    for (let j = 0; j < i; j++, k++) sum -= factor[k] * solved[j]
    solved[i] = sum / factor[k++]
    square += solved[i] * solved[i]
  }
  return Math.sqrt(square)
}

/**
 * Probability that a star of the training lies as far out as this one, or farther.
 *
 * @param embedding [D] what the star's own token gathered
 * @returns in [1 / (starCount + 1), 1]: rarer than one of the stars it was measured on nothing can be told to be
 */
export function familiarityOf(law: FamiliarityLaw, embedding: ArrayLike<number>): number {
  const { tails, distances } = law
  const distance = distanceOf(law, embedding)
  const above = distances.findIndex(one => one > distance)
  if (above === -1) return tails[tails.length - 1]
  if (above === 0) return 1
  const [near, far] = [distances[above - 1], distances[above]]
  const part = (distance - near) / (far - near)
  return tails[above - 1] + part * (tails[above] - tails[above - 1])
}

/**
 * Of several looks at one star, such as its magnitudes and its spectra: the probability that any of them lies as far out in a star of
 * the training, at most, however the looks hang together.
 *
 * @param parts null where the model has no measure of a look
 * @returns null where it has none of any
 *
 * Source: Bonferroni's inequality.
 */
export function jointFamiliarity(parts: readonly (number | null)[]): number | null {
  const known = parts.flatMap(part => part ?? [])
  return known.length === 0 ? null : Math.min(1, known.length * Math.min(...known))
}

const rounded = (value: number) => Number(value.toPrecision(6))
