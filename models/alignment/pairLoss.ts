// The pair constraint: two embeddings of one star, simulated and real or of two instruments, are pulled together.
import * as tf from '@tensorflow/tfjs'
import { type CostKind, unitTensor } from './groundCost.ts'

/**
 * The mean cost between the two of each pair; 0 where there is no pair.
 *
 * @param source [K, D] @param target [K, D], row by row
 * @param isPair [K], 1 or 0: a batch of fixed shape may hold fewer pairs
 */
export function pairLoss(source: tf.Tensor, target: tf.Tensor, isPair: tf.Tensor, kind: CostKind): tf.Scalar {
  const [x, y] = kind === 'cosine' ? [unitTensor(source), unitTensor(target)] : [source, target]
  const squares = tf.sum(tf.square(tf.sub(x, y)), -1)
  const costs = kind === 'cosine' ? tf.div(squares, 2) : squares
  return tf.div(tf.sum(tf.mul(costs, isPair)), tf.maximum(tf.sum(isPair), 1)) as tf.Scalar
}
