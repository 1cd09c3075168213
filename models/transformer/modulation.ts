// How a condition (noise level, star) steers a block: it scales and shifts what the block reads.
import * as tf from '@tensorflow/tfjs'
import { linear } from './attention.ts'
import type { Weights } from './weights.ts'

/** Factor 1 + scale, and shift, `pairs` times in turn: condition [R, I] -> [R, W] each. */
export function modulate(w: Weights, block: string, condition: tf.Tensor, pairs: number): tf.Tensor[] {
  const weights = tf.split(w[`${block}.modulate`], 2 * pairs, 1)
  const biases = tf.split(w[`${block}.modulateBias`], 2 * pairs)
  return weights.map((weight, i) => linear(condition, weight, i % 2 === 0 ? tf.add(biases[i], 1) : biases[i]))
}
