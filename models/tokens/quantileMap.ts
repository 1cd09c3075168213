// Bounded parameters are diffused as Gaussian quantiles of their prior: no sample can leave the support.

import { intervalOf } from '../math/grid.ts'
import { ramp } from '../math/ramp.ts'
import { normalCdf } from '../math/special.ts'

/** Values at evenly spaced Gaussian quantiles; between knots the map is linear, beyond them it ends. */
export interface QuantileMap {
  readonly zMax: number
  /** Strictly increasing; knot k stands for z = -zMax + 2 zMax k / (knots - 1). */
  readonly values: Float64Array
}

/**
 * Fits the map to draws from the prior.
 *
 * @param draws [N] values of one parameter, N >= 1000
 * @param knots number of knots
 * @param zMax quantile of the outermost knots, which stand at the smallest and largest draw
 */
export function fitQuantileMap(draws: Float32Array | Float64Array, knots = 91, zMax = 4.5): QuantileMap {
  if (draws.length < 1000) throw new RangeError(`fitQuantileMap: ${draws.length} draws are fewer than 1000`)
  const sorted = Float64Array.from(draws).sort()
  const last = sorted.length - 1
  const values = new Float64Array(knots)
  for (let k = 0; k < knots; k++) {
    const z = -zMax + (2 * zMax * k) / (knots - 1)
    const rank = normalCdf(z) * last
    const low = Math.min(Math.floor(rank), last - 1)
    values[k] = sorted[low] + (rank - low) * (sorted[low + 1] - sorted[low])
  }
  values[0] = sorted[0]
  values[knots - 1] = sorted[last]
  // Ties and empty tails would make the map flat, hence not invertible: a floor on the slope keeps it strict.
  const step = (sorted[last] - sorted[0]) * 1e-6
  for (let k = 1; k < knots; k++) values[k] = Math.max(values[k], values[k - 1] + step)
  for (let k = 0; k < knots; k++) values[k] = Math.min(values[k], sorted[last] - (knots - 1 - k) * step)
  return { zMax, values }
}

/** Gaussian quantile of a value; values beyond the support count as its ends. */
export function toLatent(map: QuantileMap, value: number): number {
  const { values, zMax } = map
  const knots = values.length
  const k = intervalOf(values, value)
  const fraction = ramp(value, values[k], values[k + 1])
  return -zMax + (2 * zMax * (k + fraction)) / (knots - 1)
}

/** Value at a Gaussian quantile; quantiles beyond the outermost knots give the ends of the support. */
export function fromLatent(map: QuantileMap, z: number): number {
  const { values, zMax } = map
  const knots = values.length
  const place = Math.min(knots - 1, Math.max(0, ((z + zMax) / (2 * zMax)) * (knots - 1)))
  const k = Math.min(knots - 2, Math.floor(place))
  return values[k] + (place - k) * (values[k + 1] - values[k])
}

/** How fast the value grows with its quantile there: 0 beyond the outermost knots. */
export function slopeAt({ values, zMax }: QuantileMap, z: number): number {
  const place = ((z + zMax) / (2 * zMax)) * (values.length - 1)
  if (!(place >= 0 && place < values.length - 1)) return 0
  const k = Math.floor(place)
  return ((values[k + 1] - values[k]) * (values.length - 1)) / (2 * zMax)
}

/** Prior probability below each knot. */
export function knotProbabilities(map: QuantileMap): Float64Array {
  const last = map.values.length - 1
  return map.values.map((_, k) => normalCdf(-map.zMax + (2 * map.zMax * k) / last))
}
