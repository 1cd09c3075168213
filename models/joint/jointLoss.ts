// The training loss of a joint model.
import * as tf from '@tensorflow/tfjs'
import type { Weights } from '../transformer/weights.ts'
import { denoiseJoint, type JointConfig, type JointInput } from './jointModel.ts'

/**
 * Denoising score matching, weighted by what the Gaussian leaves: 1 is what the Gaussian alone scores where it is right.
 * Each row counts once, however many values it asks for.
 *
 * Source: Vincent 2010, equation for denoising score matching; preconditioned as Karras et al. 2022, arXiv:2206.00364,
 * with a whole covariance in place of one variance.
 */
export function jointLoss(w: Weights, c: JointConfig, batch: Weights): tf.Scalar {
  const output = denoiseJoint(w, c, batch as unknown as JointInput)
  const squared = tf.mul(tf.square(tf.sub(output, batch.target)), batch.asked)
  return tf.mean(tf.div(tf.sum(squared, -1), tf.sum(batch.asked, -1))) as tf.Scalar
}
