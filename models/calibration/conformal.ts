// Step 5 of the walk, and calibration: posteriors corrected by what they got wrong on stars with known truth.
// What is corrected is each parameter alone; how parameters hang together is left as the model drew it.
import { firstAtLeast, intervalOf } from '../math/grid.ts'
import { ramp } from '../math/ramp.ts'
import { probit } from '../math/special.ts'

/**
 * How far to widen (or, when negative, narrow) every interval so that it holds the truth with the wanted chance.
 *
 * @param truths, lows, highs [N] a calibration set that the model has not seen
 * @param level wanted coverage inside (0, 1)
 * @returns what to subtract from lows and add to highs, in their unit; Infinity where N is too small for the level
 * @throws RangeError when lengths differ
 *
 * Guarantee: for exchangeable stars the coverage is at least `level`, and at most level + 1 / (N + 1) without ties.
 * Source: Romano, Patterson & Candes 2019 (NeurIPS, arXiv:1905.03222), algorithm 1.
 */
export function conformalMargin(truths: Float64Array, lows: Float64Array, highs: Float64Array, level: number): number {
  const n = truths.length
  if (lows.length !== n || highs.length !== n) {
    throw new RangeError(`conformalMargin: lengths ${n}, ${lows.length}, ${highs.length} differ`)
  }
  const scores = truths.map((truth, i) => Math.max(lows[i] - truth, truth - highs[i])).sort()
  const place = Math.ceil((n + 1) * level)
  return place > n ? Number.POSITIVE_INFINITY : scores[place - 1]
}

/** For each level of a corrected posterior, the level of the model's own posterior that stands there. */
export interface RankMap {
  /** Corrected levels, rising from 0 to 1. */
  readonly levels: Float64Array
  /** The model's own levels, never falling. */
  readonly modelLevels: Float64Array
}

/** Equally spaced levels from 0 to 1, the ends included. */
export function equalLevels(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => k / (count - 1))
}

/**
 * Learns the map from the fractional ranks of truths among draws: the model's level below which a fraction q of the
 * truths fell is the corrected quantile q. The identity when the model is calibrated.
 *
 * @param ranks [N] in (0, 1), see `fractionalRanks`
 * @param levels [K] knots of the piecewise linear map, rising from 0 to 1; few knots smooth away noise
 * @throws RangeError when there are fewer than 2 knots, or fewer ranks than knots
 *
 * Accuracy: the noise of a corrected level is sqrt(q (1 - q) / N).
 * Source: Kuleshov, Fenner & Ermon 2018 (ICML, arXiv:1807.00263).
 */
export function rankMap(ranks: Float64Array, levels: Float64Array): RankMap {
  if (levels.length < 2 || ranks.length < levels.length) {
    throw new RangeError(`rankMap: ${ranks.length} ranks for ${levels.length} knots`)
  }
  const sorted = Float64Array.from(ranks).sort()
  const n = sorted.length
  // Order statistic i of n uniform ranks has mean i / (n + 1): with 0 and 1 put at the ends, uniform ranks give the identity.
  const at = (i: number) => (i <= 0 ? 0 : i > n ? 1 : sorted[i - 1])
  const modelLevels = levels.map(level => {
    const place = level * (n + 1)
    const below = Math.floor(place)
    return at(below) + (place - below) * (at(below + 1) - at(below))
  })
  return { levels, modelLevels }
}

/** The model's own level that stands at a corrected level. */
export function modelLevelAt({ levels, modelLevels }: RankMap, level: number): number {
  const below = intervalOf(levels, level)
  const part = ramp(level, levels[below], levels[below + 1])
  return modelLevels[below] + part * (modelLevels[below + 1] - modelLevels[below])
}

/**
 * Draws of one parameter of one star, moved so that their quantiles are the corrected ones. The order of the draws is
 * kept, and so is their dependence on the star's other parameters. Beyond the outermost draws the quantiles go on as
 * those of a Gaussian would, within `min` and `max`.
 *
 * @param draws [S], 2 or more
 * @returns [S]
 */
export function recalibrate(draws: Float32Array, map: RankMap, min: number, max: number): Float32Array {
  const S = draws.length
  if (S < 2) throw new RangeError(`recalibrate: ${S} draws have no quantiles`)
  const sorted = draws.slice().sort()
  const levelOf = (i: number) => (i + 1) / (S + 1)
  const slopeSpan = Math.max(1, Math.floor(S / 20))
  const tailQuantile = (end: number, inner: number, level: number) => {
    const [z, zEnd, zInner] = [probit(level), probit(levelOf(end)), probit(levelOf(inner))]
    const slope = (sorted[end] - sorted[inner]) / (zEnd - zInner)
    return sorted[end] + slope * (z - zEnd)
  }
  const quantiles = new Float32Array(S)
  for (let i = 0; i < S; i++) {
    const level = Math.min(1 - 1e-9, Math.max(1e-9, modelLevelAt(map, levelOf(i))))
    const place = level * (S + 1) - 1
    let value: number
    if (place < 0) value = tailQuantile(0, slopeSpan, level)
    else if (place > S - 1) value = tailQuantile(S - 1, S - 1 - slopeSpan, level)
    else {
      const below = Math.min(S - 2, Math.floor(place))
      value = sorted[below] + (place - below) * (sorted[below + 1] - sorted[below])
    }
    quantiles[i] = Math.min(max, Math.max(min, value))
  }
  // Equal draws stand side by side among the sorted ones, in the order in which they were drawn.
  const equalBefore = new Uint32Array(S)
  return draws.map(draw => {
    const first = firstAtLeast(sorted, draw)
    return quantiles[first + equalBefore[first]++]
  })
}
