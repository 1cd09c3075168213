// Calibration: how often an interval that claims 68% holds the truth, parameter by parameter.
import type { Rng } from '../math/rng.ts'
import { drawsOf, type PosteriorDraws, truthsOf } from './posteriorDraws.ts'

export interface Coverage {
  /** What the interval claims. */
  readonly level: number
  /** Fraction of truths inside. */
  readonly covered: number
  /** Binomial standard error at the claimed level. */
  readonly standardErr: number
  /** Wilson interval of the fraction, 95%. */
  readonly lower: number
  readonly upper: number
}

/** z of a two-sided 95% interval. */
const Z_95 = 1.959963984540054

/**
 * Coverage of regions of any kind, from the smallest credibility at which each holds its truth.
 *
 * @param credibilities [N] in (0, 1), uniform under calibration: `centralCredibilities` or `hpdCredibilities`
 * @param levels claimed levels inside (0, 1)
 * @throws RangeError when there is no star
 */
export function coverageAt(credibilities: Float64Array, levels: readonly number[]): Coverage[] {
  const n = credibilities.length
  if (n === 0) throw new RangeError('coverageAt: no star to count')
  return levels.map(level => {
    const covered = credibilities.reduce((count, value) => (value <= level ? count + 1 : count), 0) / n
    const [lower, upper] = wilsonInterval(covered, n)
    return { level, covered, standardErr: Math.sqrt((level * (1 - level)) / n), lower, upper }
  })
}

/** Wilson 1927 interval of a fraction, 95%. */
export function wilsonInterval(fraction: number, count: number): readonly [number, number] {
  const z2 = Z_95 ** 2 / count
  const centre = (fraction + z2 / 2) / (1 + z2)
  const half = (Z_95 / (1 + z2)) * Math.sqrt((fraction * (1 - fraction)) / count + z2 / (4 * count))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

/** Smallest central (equal-tailed) interval that holds the truth, from fractional ranks. @returns [N] */
export function centralCredibilities(ranks: Float64Array): Float64Array {
  return ranks.map(rank => Math.abs(2 * rank - 1))
}

/**
 * Smallest highest-density region that holds the truth, for one parameter.
 *
 * The truth and its S draws are ranked by the distance to their k-th nearest neighbour among the others,
 * k = sqrt(S). Under calibration the S + 1 points are exchangeable, so the rank is exactly uniform for every S
 * and for several modes, which the shortest interval of the draws is not.
 *
 * @returns [N] in (0, 1)
 * Source: ranks of any test quantity, Modrak et al. 2023 (arXiv:2211.02383); density by nearest neighbours,
 * Loftsgaarden & Quesenberry 1965.
 */
export function hpdCredibilities(draws: PosteriorDraws, parameter: number, rng: Rng): Float64Array {
  const S = draws.sampleCount
  const k = Math.max(1, Math.min(S - 1, Math.round(Math.sqrt(S))))
  const points = new Float64Array(S + 1)
  return truthsOf(draws, parameter).map((truth, star) => {
    points.set(drawsOf(draws, star, parameter))
    points[S] = truth
    points.sort()
    const truthAt = indexIn(points, truth)
    const truthReach = neighbourDistance(points, truthAt, k)
    let denser = 0
    let equal = 0
    for (let i = 0; i <= S; i++) {
      if (i === truthAt) continue
      const reach = neighbourDistance(points, i, k)
      if (reach < truthReach) denser++
      else if (reach === truthReach) equal++
    }
    return (denser + rng.uniform() * (equal + 1)) / (S + 1)
  })
}

/** Distance from a sorted point to its k-th nearest other point. */
function neighbourDistance(sorted: Float64Array, at: number, k: number): number {
  const first = Math.max(0, at - k)
  const x = sorted[at]
  const reachAt = (start: number) => Math.max(x - sorted[start], sorted[start + k] - x)
  // Of the windows of k + 1 points that hold this one, the best lies where the farther end changes sides.
  let [low, high] = [first, Math.min(at, sorted.length - 1 - k)]
  while (low < high) {
    const middle = (low + high) >> 1
    if (x - sorted[middle] <= sorted[middle + k] - x) high = middle
    else low = middle + 1
  }
  return low > first ? Math.min(reachAt(low), reachAt(low - 1)) : reachAt(low)
}

function indexIn(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
