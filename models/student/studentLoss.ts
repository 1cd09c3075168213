// The training loss of a student.
import * as tf from '@tensorflow/tfjs'
import type { Weights } from '../transformer/weights.ts'
import { mixtureLoss } from './mixture.ts'
import { firstMixture, laterMixture, type MixtureConfig, readData } from './mixtureNetwork.ts'

/** Minus the log density of the parameters, given the data and at each level noisy parameters too, summed over the calls. */
export function studentLoss(w: Weights, c: MixtureConfig, batch: Weights): tf.Scalar {
  const { parameters, data, noise } = batch
  const known = readData(w, data)
  const noises = tf.split(noise, c.levels.length, 1)
  const later = c.levels.map((sigma, l) => {
    const noisy = tf.add(parameters, tf.mul(noises[l].reshape([...parameters.shape]), sigma))
    return mixtureLoss(laterMixture(w, c, l, known, noisy), parameters)
  })
  return later.reduce((sum, one) => tf.add(sum, one) as tf.Scalar, mixtureLoss(firstMixture(w, c, known), parameters))
}
