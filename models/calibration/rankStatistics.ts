// Calibration: where the truth falls among the draws (simulation-based calibration).
// Under a calibrated posterior that place is uniform, whatever the data; every check here asks how uniform it is.
import type { Rng } from '../math/rng.ts'
import { chiSquarePValue } from '../math/special.ts'
import { drawsOf, type PosteriorDraws, truthsOf } from './posteriorDraws.ts'

export interface UniformityTest {
  readonly statistic: number
  /** Chance of a statistic at least this large were the ranks uniform. */
  readonly pValue: number
}

/**
 * Rank of the truth among its draws, as a fraction of (0, 1), for one parameter.
 *
 * Ties and the S + 1 steps of a rank are spread by chance: (draws below + v) / (S + 1) with v uniform on
 * (0, draws equal + 1). Under calibration the result is therefore exactly uniform for every S, ties or not,
 * and continuous tests hold without correction.
 *
 * @returns [N] values inside (0, 1)
 * Source: Talts et al. 2018 (arXiv:1804.06788), algorithm 1; ties as in Modrak et al. 2023 (arXiv:2211.02383).
 */
export function fractionalRanks(draws: PosteriorDraws, parameter: number, rng: Rng): Float64Array {
  return truthsOf(draws, parameter).map((truth, star) => {
    let below = 0
    let equal = 0
    for (const value of drawsOf(draws, star, parameter)) {
      if (value < truth) below++
      else if (value === truth) equal++
    }
    return (below + rng.uniform() * (equal + 1)) / (draws.sampleCount + 1)
  })
}

/** Ranks counted in equal bins of (0, 1). @throws RangeError when there is no bin */
export function rankHistogram(ranks: Float64Array, binCount: number): Int32Array {
  if (!Number.isInteger(binCount) || binCount < 1) {
    throw new RangeError(`rankHistogram: ${binCount} is no number of bins`)
  }
  const counts = new Int32Array(binCount)
  for (const rank of ranks) counts[Math.min(binCount - 1, Math.floor(rank * binCount))]++
  return counts
}

/**
 * Pearson's chi-square of the rank histogram against equal counts, binCount - 1 degrees of freedom.
 * Keep 5 expected ranks a bin or more: the tail is the limit of many.
 *
 * @throws RangeError when binCount is below 2
 */
export function chiSquareUniform(ranks: Float64Array, binCount: number): UniformityTest {
  if (binCount < 2) throw new RangeError(`chiSquareUniform: ${binCount} bins cannot differ`)
  const expected = ranks.length / binCount
  let statistic = 0
  for (const count of rankHistogram(ranks, binCount)) statistic += (count - expected) ** 2 / expected
  return { statistic, pValue: chiSquarePValue(statistic, binCount - 1) }
}

/**
 * Largest distance between the ranks' distribution function and the uniform one, with its two-sided p-value.
 *
 * Accuracy: against the exact distribution the p-value is within 6e-4 from 20 ranks on, 1e-4 from 200 on.
 * Source: Kolmogorov's limit with the sample-size correction of Vrbik 2018 (arXiv:1811.05409).
 */
export function kolmogorovSmirnov(ranks: Float64Array): UniformityTest {
  const n = ranks.length
  const sorted = Float64Array.from(ranks).sort()
  let statistic = 0
  for (let i = 0; i < n; i++) statistic = Math.max(statistic, (i + 1) / n - sorted[i], sorted[i] - i / n)
  const k = statistic * Math.sqrt(n)
  return { statistic, pValue: kolmogorovTail(k + 1 / (6 * Math.sqrt(n)) + (k - 1) / (4 * n)) }
}

/** P(K > x) of Kolmogorov's distribution; the two series agree to rounding where they meet. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1
  let sum = 0
  if (x < 1) {
    for (let j = 1; j <= 9; j += 2) sum += Math.exp((-j * j * Math.PI ** 2) / (8 * x * x))
    return Math.min(1, Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / x) * sum))
  }
  for (let j = 1; j <= 9; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x)
  return Math.min(1, Math.max(0, sum))
}

/**
 * One p-value of uniformity from both tests: chi-square sees narrow peaks, Kolmogorov-Smirnov sees slopes.
 * Twice the smaller one (Bonferroni for two tests), at most 1: valid, a little strict.
 */
export function uniformityPValue(ranks: Float64Array, binCount: number): number {
  const smaller = Math.min(chiSquareUniform(ranks, binCount).pValue, kolmogorovSmirnov(ranks).pValue)
  return Math.min(1, 2 * smaller)
}
