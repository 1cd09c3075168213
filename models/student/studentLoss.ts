// The training loss of a student.
import * as tf from '@tensorflow/tfjs'
import type { Weights } from '../transformer/weights.ts'
import { mixtureLoss } from './mixture.ts'
import { firstMixture, laterMixture, type MixtureConfig, readData } from './mixtureNetwork.ts'

/** Minus the log density of the parameters, given the data and at each level noisy parameters too, summed over the calls. */
export function studentLoss(w: Weights, c: MixtureConfig, batch: Weights): tf.Scalar {
  const { parameters, data, noise } = batch
  return callsLoss(w, c, readData(w, c, data), parameters, noise)
}

/**
 * The same of what is known of the data.
 *
 * @param known [R, D] from `readData`; @param parameters [R, A] white; @param noise [R, N - 1, A] standard normal, for N calls
 */
export function callsLoss(
  w: Weights,
  c: MixtureConfig,
  known: tf.Tensor,
  parameters: tf.Tensor,
  noise: tf.Tensor,
): tf.Scalar {
  const first = mixtureLoss(firstMixture(w, c, known), parameters)
  if (c.levels.length === 0) return first
  const noises = tf.split(noise, c.levels.length, 1)
  const later = c.levels.map((sigma, l) => {
    const noisy = tf.add(parameters, tf.mul(noises[l].reshape([...parameters.shape]), sigma))
    return mixtureLoss(laterMixture(w, c, l, known, noisy), parameters)
  })
  return later.reduce((sum, one) => tf.add(sum, one) as tf.Scalar, first)
}
