// Calibration: all parameters at once, by distances to random reference points (TARP).
import type { Rng } from '../math/rng.ts'
import { drawsOf, type PosteriorDraws } from './posteriorDraws.ts'

export interface TarpOptions {
  /**
   * Reference points for each star. They all ask for the same curve; more of them make it less noisy,
   * because each looks at the posterior from another side.
   */
  readonly referenceCount: number
  /** Credibilities the curve is given at, equally spaced inside (0, 1). */
  readonly levelCount: number
  /** Resamplings of the stars for the band. */
  readonly bootstrapCount: number
  /** Pointwise chance that the band holds the curve of infinitely many stars, such as 0.95. */
  readonly bandLevel: number
}

export const tarpDefaults: TarpOptions = { referenceCount: 16, levelCount: 99, bootstrapCount: 200, bandLevel: 0.95 }

export interface TarpCurve {
  /** Credibility of a region. */
  readonly levels: Float64Array
  /** Fraction of truths inside regions of that credibility; equal to `levels` when calibrated. */
  readonly coverage: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Largest distance of coverage from level. */
  readonly maxDeviation: number
  /** What chance alone gives that distance: its `bandLevel` quantile were the posteriors calibrated. */
  readonly noiseDeviation: number
  /** Integral of coverage - level: not zero when posteriors lie to one side of the truth, seen from the references. */
  readonly bias: number
  /** The same integral over levels above one half less that below: above zero posteriors are too wide, below too narrow. */
  readonly dispersion: number
}

/**
 * Reference points in the units of the parameters, uniform over the box that the truths span.
 *
 * @returns [N x R x P]
 */
export function tarpReferences(draws: PosteriorDraws, referenceCount: number, rng: Rng): Float64Array {
  const width = draws.names.length
  const { low, high } = spans(draws)
  const references = new Float64Array(draws.starCount * referenceCount * width)
  for (let i = 0; i < references.length; i++) {
    const p = i % width
    references[i] = low[p] + rng.uniform() * (high[p] - low[p])
  }
  return references
}

/**
 * For each star and reference, the credibility of the ball round the reference that just reaches the truth,
 * as a fraction of (0, 1): uniform under calibration. Ties are spread by chance as in `fractionalRanks`.
 * Distances are Euclidean, each parameter measured in the span of the truths.
 *
 * @param references [N x R x P] from `tarpReferences`, or points that may depend on the data but not on the truth
 * @returns [N x R]
 * @throws RangeError when the references do not fit the draws
 *
 * Source: Lemos et al. 2023 (ICML, arXiv:2302.03026), algorithm 2.
 */
export function tarpRanks(draws: PosteriorDraws, references: Float64Array, rng: Rng): Float64Array {
  const { starCount: N, sampleCount: S } = draws
  const P = draws.names.length
  const R = references.length / (N * P)
  if (!Number.isInteger(R) || R < 1) {
    throw new RangeError(`tarpRanks: ${references.length} reference values for ${N} stars and ${P} parameters`)
  }
  const { low, high } = spans(draws)
  const scale = high.map((value, p) => (value > low[p] ? 1 / (value - low[p]) : 0))
  const ranks = new Float64Array(N * R)
  const distances = new Float64Array(S)
  for (let i = 0; i < N; i++) {
    for (let r = 0; r < R; r++) {
      const at = (i * R + r) * P
      distances.fill(0)
      let truthDistance = 0
      for (let p = 0; p < P; p++) {
        const reference = references[at + p]
        truthDistance += ((draws.truths[i * P + p] - reference) * scale[p]) ** 2
        const values = drawsOf(draws, i, p)
        for (let s = 0; s < S; s++) distances[s] += ((values[s] - reference) * scale[p]) ** 2
      }
      let nearer = 0
      let equal = 0
      for (let s = 0; s < S; s++) {
        if (distances[s] < truthDistance) nearer++
        else if (distances[s] === truthDistance) equal++
      }
      ranks[i * R + r] = (nearer + rng.uniform() * (equal + 1)) / (S + 1)
    }
  }
  return ranks
}

/**
 * The curve of expected coverage from TARP ranks, with a bootstrap band over stars (references of one star
 * stay together, so that their dependence is in the band).
 *
 * @param ranks [N x R] from `tarpRanks`
 * @param starCount N
 */
export function tarpCurve(ranks: Float64Array, starCount: number, options: TarpOptions, rng: Rng): TarpCurve {
  const { levelCount, bootstrapCount, bandLevel } = options
  const R = ranks.length / starCount
  const levels = Float64Array.from({ length: levelCount }, (_, k) => (k + 1) / (levelCount + 1))
  // Each star's own step curve as counts per cell, so that a resampling only adds rows up.
  const cells = new Uint16Array(starCount * (levelCount + 1))
  for (let i = 0; i < ranks.length; i++) {
    const cell = Math.min(levelCount, Math.floor(ranks[i] * (levelCount + 1)))
    cells[Math.floor(i / R) * (levelCount + 1) + cell]++
  }
  const curveOf = (starAt: (i: number) => number): Float64Array => {
    const counts = new Float64Array(levelCount + 1)
    for (let i = 0; i < starCount; i++) {
      const row = starAt(i) * (levelCount + 1)
      for (let k = 0; k <= levelCount; k++) counts[k] += cells[row + k]
    }
    let sum = 0
    return levels.map((_, k) => {
      sum += counts[k]
      return sum / (starCount * R)
    })
  }
  const coverage = curveOf(i => i)
  const resampled = Array.from({ length: bootstrapCount }, () =>
    curveOf(() => Math.min(starCount - 1, Math.floor(rng.uniform() * starCount))),
  )
  const tail = (1 - bandLevel) / 2
  const bandAt = (k: number, level: number) => quantileOf(Float64Array.from(resampled, curve => curve[k]).sort(), level)
  const deviations = Float64Array.from(resampled, curve => largestDeviation(curve, coverage))
  const half = (keep: (level: number) => boolean) =>
    levels.reduce((sum, level, k) => (keep(level) ? sum + coverage[k] - level : sum), 0) / (levelCount + 1)
  const [above, below] = [half(level => level > 0.5), half(level => level < 0.5)]
  return {
    levels,
    coverage,
    lower: levels.map((_, k) => bandAt(k, tail)),
    upper: levels.map((_, k) => bandAt(k, 1 - tail)),
    maxDeviation: largestDeviation(coverage, levels),
    noiseDeviation: quantileOf(deviations.sort(), bandLevel),
    bias: half(() => true),
    dispersion: above - below,
  }
}

function largestDeviation(curve: Float64Array, from: Float64Array): number {
  return curve.reduce((largest, value, k) => Math.max(largest, Math.abs(value - from[k])), 0)
}

function quantileOf(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return 0
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(level * (sorted.length - 1))))]
}

function spans(draws: PosteriorDraws): { readonly low: Float64Array; readonly high: Float64Array } {
  const width = draws.names.length
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  draws.truths.forEach((truth, i) => {
    low[i % width] = Math.min(low[i % width], truth)
    high[i % width] = Math.max(high[i % width], truth)
  })
  return { low, high }
}
