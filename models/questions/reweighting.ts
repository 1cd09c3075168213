// Draws weighed by what else is known: likelihoods and bounds, the effective number of draws, and equal draws anew.
import type { Rng } from '../math/rng.ts'
import { type Condition, toNamed } from './question.ts'

/**
 * Adds log weights of conditions to draws: -(x - value)^2 / (2 err^2) of a measurement, 0 or -Infinity of bounds.
 *
 * @param values [N] draws of the condition's quantity of the vocabulary
 * @param logWeights [N] changed in place
 */
export function addCondition(condition: Condition, values: ArrayLike<number>, logWeights: Float64Array): void {
  for (let i = 0; i < logWeights.length; i++) {
    const x = toNamed(condition, values[i])
    if (condition.kind === 'measured') logWeights[i] -= 0.5 * ((x - condition.value) / condition.err) ** 2
    else if ((condition.low !== null && x <= condition.low) || (condition.high !== null && x >= condition.high)) {
      logWeights[i] = Number.NEGATIVE_INFINITY
    }
  }
}

/**
 * Weights that sum to 1, all 0 where no draw has any.
 */
export function normalizedWeights(logWeights: Float64Array): Float64Array {
  const best = logWeights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (best === Number.NEGATIVE_INFINITY) return new Float64Array(logWeights.length)
  const weights = logWeights.map(log => Math.exp(log - best))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(weight => weight / sum)
}

/**
 * How many equal draws tell as much: 1 / sum of w^2 (Kish 1965), 0 where there is no weight.
 * @param weights sum to 1, or are all 0
 */
export function effectiveCount(weights: Float64Array): number {
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0)
  return squares === 0 ? 0 : 1 / squares
}

/**
 * Indices of equal draws: each draw as often as its weight says, to within one (systematic resampling, Kitagawa 1996).
 *
 * @param weights sum to 1
 * @returns [count] in an order that tells nothing
 */
export function resample(weights: Float64Array, count: number, rng: Rng): Int32Array {
  const chosen = new Int32Array(count)
  const start = rng.uniform()
  let i = 0
  let sum = weights[0]
  for (let k = 0; k < count; k++) {
    const place = (k + start) / count
    while (sum < place && i < weights.length - 1) sum += weights[++i]
    chosen[k] = i
  }
  // Sorted as they are, the first half of them would be the first half of the draws.
  for (let k = count - 1; k > 0; k--) {
    const other = rng.integer(k + 1)
    const kept = chosen[k]
    chosen[k] = chosen[other]
    chosen[other] = kept
  }
  return chosen
}
