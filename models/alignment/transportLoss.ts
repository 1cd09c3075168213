// The transport losses: a plan, held fixed, times costs between embeddings, through which the gradient flows.
// At an optimum the plan's own change does not matter to first order (the envelope theorem), so this is the whole gradient.
import * as tf from '@tensorflow/tfjs'
import { type CostKind, costTensor } from './groundCost.ts'

/**
 * What it costs to bring simulated embeddings onto real ones by a plan: exact, entropic or keypoint-guided.
 * For an entropic plan the gradient is that of the entropic objective.
 *
 * @param source [m, D] @param target [n, D]
 * @param plan [m, n], from a solver
 */
export function transportLoss(source: tf.Tensor, target: tf.Tensor, plan: tf.Tensor, kind: CostKind): tf.Scalar {
  return tf.sum(tf.mul(costTensor(source, target, kind), plan)) as tf.Scalar
}

/**
 * How badly a plan keeps the relations within each side: the sum of (source_ik - target_jl)^2 plan_ij plan_kl.
 *
 * @param source [m, D] @param target [n, E]; the widths may differ
 * @param plan [m, n], from `gromovWasserstein`
 */
export function gromovLoss(source: tf.Tensor, target: tf.Tensor, plan: tf.Tensor, kind: CostKind): tf.Scalar {
  const own = costTensor(source, source, kind) as tf.Tensor2D
  const other = costTensor(target, target, kind) as tf.Tensor2D
  const squares = (relations: tf.Tensor, masses: tf.Tensor) => {
    const weights = tf.mul(masses.reshape([-1, 1]), masses.reshape([1, -1]))
    return tf.sum(tf.mul(tf.square(relations), weights))
  }
  const crossed = tf.matMul(tf.matMul(own, plan as tf.Tensor2D), other)
  const kept = tf.mul(tf.sum(tf.mul(crossed, plan)), 2)
  return tf.sub(tf.add(squares(own, tf.sum(plan, 1)), squares(other, tf.sum(plan, 0))), kept) as tf.Scalar
}
