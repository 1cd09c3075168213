// Draws weighed by another prior of one parameter than the one the model was trained under.
import { intervalOf } from '../math/grid.ts'
import { type QuantileMap, toLatent } from '../tokens/quantileMap.ts'
import { type Condition, fromNamed, toNamed } from './question.ts'

/**
 * Adds log weights p_wanted(x) / p_model(x): the prior in which this parameter has the wanted distribution, and all others
 * are distributed given it as before. Exact up to the number of draws. The wanted prior is a Gaussian, or even within bounds,
 * in the unit of the name.
 *
 * @param map quantiles of the model's own prior of the quantity
 * @param values [N] draws of the quantity of the vocabulary
 * @param logWeights [N] changed in place; -Infinity outside the bounds
 */
export function addPrior(
  condition: Condition,
  map: QuantileMap,
  values: ArrayLike<number>,
  logWeights: Float64Array,
): void {
  const [least, most] = boundsOf(condition)
  for (let i = 0; i < logWeights.length; i++) {
    const base = values[i]
    const named = toNamed(condition, base)
    if (base <= least || base >= most) logWeights[i] = Number.NEGATIVE_INFINITY
    else if (condition.kind === 'measured') logWeights[i] -= 0.5 * ((named - condition.value) / condition.err) ** 2
    logWeights[i] -= logDensity(map, base)
    // A density in the named unit, of draws of its logarithm.
    if (condition.offsetDex !== null) logWeights[i] += Math.log(named)
  }
}

function boundsOf(condition: Condition): readonly [number, number] {
  if (condition.kind === 'measured') return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const { low, high } = condition
  return [
    low === null ? Number.NEGATIVE_INFINITY : fromNamed(condition, low),
    high === null ? Number.POSITIVE_INFINITY : fromNamed(condition, high),
  ]
}

/** Of the law whose quantiles these are, up to a constant; values beyond its support count as its ends. */
function logDensity(map: QuantileMap, value: number): number {
  const { values } = map
  const k = intervalOf(values, value)
  const z = toLatent(map, value)
  return -0.5 * z * z - Math.log(values[k + 1] - values[k])
}
