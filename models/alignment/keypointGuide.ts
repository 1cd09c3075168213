// Known pairs as keypoints: points that stand alike to the keypoints of their own side belong together.
import { checkPairs } from './pinnedPairs.ts'
import { checkMatrix, type Matrix, type Pair } from './transportProblem.ts'

/** In shares of the largest cost within a side; the paper's. */
export const KEYPOINT_TEMPERATURE = 0.1

/**
 * How each point stands to the keypoints: the softmax of minus its costs to them, over `temperature` times the largest cost.
 *
 * Source: Gu et al. 2022, arXiv:2303.13102, relation score. (The authors' program writes twice the cost: half the temperature.)
 *
 * @param relations [n, n] costs within a side, from `relationMatrix`
 * @returns [n, keypoints], rows that sum to 1
 * @throws RangeError when there is no keypoint, one is not a point, or a cost is not finite
 */
export function keypointRelations(
  relations: Matrix,
  keypoints: readonly number[],
  temperature = KEYPOINT_TEMPERATURE,
): Matrix {
  checkMatrix('keypointRelations', relations)
  if (relations.rows !== relations.columns)
    throw new RangeError(`keypointRelations: relations are ${relations.rows} by ${relations.columns}, not square`)
  if (!(temperature > 0)) throw new RangeError(`keypointRelations: temperature ${temperature} is not above 0`)
  if (keypoints.length === 0) throw new RangeError('keypointRelations: no keypoint is given')
  const [count, width] = [relations.rows, keypoints.length]
  // Points that all coincide stand alike to every keypoint.
  const scale = temperature * (relations.values.reduce((most, value) => Math.max(most, value), 0) || 1)
  const values = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    const costs = keypoints.map(k => relations.values[i * count + k])
    const least = Math.min(...costs)
    const weights = costs.map(cost => Math.exp((least - cost) / scale))
    const sum = weights.reduce((a, b) => a + b, 0)
    weights.forEach((weight, k) => {
      values[i * width + k] = weight / sum
    })
  }
  return { rows: count, columns: width, values }
}

/**
 * The guiding cost: the Jensen-Shannon divergence (in nats, 0 to log 2) between how a source and a target stand to their keypoints.
 * It compares no source with a target directly, so the two may live in different spaces.
 *
 * Source: Gu et al. 2022, arXiv:2303.13102, KPG-RL.
 *
 * @param sourceRelations [m, m] @param targetRelations [n, n]
 * @returns [m, n]
 * @throws RangeError when a pair points outside or shares a point with another, there is none, or a cost is not finite
 */
export function keypointCost(
  sourceRelations: Matrix,
  targetRelations: Matrix,
  pairs: readonly Pair[],
  temperature = KEYPOINT_TEMPERATURE,
): Matrix {
  checkPairs(pairs, sourceRelations.rows, targetRelations.rows)
  const source = keypointRelations(
    sourceRelations,
    pairs.map(([i]) => i),
    temperature,
  )
  const target = keypointRelations(
    targetRelations,
    pairs.map(([, j]) => j),
    temperature,
  )
  const width = pairs.length
  const values = new Float64Array(source.rows * target.rows)
  for (let i = 0; i < source.rows; i++) {
    const p = source.values.subarray(i * width, (i + 1) * width)
    for (let j = 0; j < target.rows; j++)
      values[i * target.rows + j] = jensenShannon(p, target.values.subarray(j * width, (j + 1) * width))
  }
  return { rows: source.rows, columns: target.rows, values }
}

function jensenShannon(p: Float64Array, q: Float64Array): number {
  let sum = 0
  for (let k = 0; k < p.length; k++) {
    const mean = (p[k] + q[k]) / 2
    if (p[k] > 0) sum += p[k] * Math.log(p[k] / mean)
    if (q[k] > 0) sum += q[k] * Math.log(q[k] / mean)
  }
  // Rounding may leave equals a little below 0.
  return Math.max(0, sum / 2)
}
