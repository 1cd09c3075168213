// The student of a star model: from the embedding that the teacher's encoder makes of a star to samples of all parameters, in a
// few calls. Posteriors of stars differ in width by a hundred, so it first learns a Gaussian of each star, whose white
// coordinates are those in which its mixtures and noise levels are the same for all.
import * as tf from '@tensorflow/tfjs'
import type { TensorSpec } from '../engine/tensorSpec.ts'
import { PARAMETER_COUNT } from '../tokens/layout.ts'
import { prefixed, type WeightSpec, type Weights, withoutPrefix } from '../transformer/weights.ts'
import { mixtureLoss, unwhitenBy, whitenBy } from './mixture.ts'
import { drawWhite } from './mixtureDraw.ts'
import { type MixtureConfig, mixtureOf, mixtureOutputs, mixtureWeights, readData } from './mixtureNetwork.ts'
import { callsLoss } from './studentLoss.ts'

/** In front of the names of a student's weights, which lie among those of its teacher. */
const PREFIX = 'student.'
const BASE = 'base'

/** Names and shapes of all weights. */
export function starStudentWeights(c: MixtureConfig): readonly WeightSpec[] {
  return prefixed([...mixtureWeights(c), ...mixtureOutputs(BASE, c.dataWidth, 1, c.parameterCount)], PREFIX)
}

/** Name -> shape of a batch of so many rows. */
export function starStudentBatch(c: MixtureConfig, rows: number): readonly TensorSpec[] {
  return [
    { name: 'star', shape: [rows, c.dataCount] },
    { name: 'latents', shape: [rows, PARAMETER_COUNT] },
    { name: 'noise', shape: [rows, c.levels.length, PARAMETER_COUNT] },
  ]
}

/** The value alone: nothing is learned through it. */
const still = (x: tf.Tensor) =>
  tf.customGrad(input => ({ value: tf.mul(input as tf.Tensor, 1), gradFunc: dy => tf.zerosLike(dy as tf.Tensor) }))(x)

/** Minus the log densities of the Gaussian and, in its white coordinates, of all calls, summed. @param batch see `starStudentBatch` */
export function starStudentLoss(weights: Weights, c: MixtureConfig, batch: Weights): tf.Scalar {
  const w = withoutPrefix(weights, PREFIX)
  const { star, latents, noise } = batch
  const known = readData(w, c, star)
  const base = mixtureOf(w, c.parameterCount, BASE, known)
  const white = still(whitenBy(base, latents)).reshape([...latents.shape])
  return tf.add(mixtureLoss(base, latents), callsLoss(w, c, known, white, noise)) as tf.Scalar
}

/**
 * @param star [1, D] a star's embedding; @param input see `drawInputs`
 * @returns [S, 7] latents
 */
export function drawStarStudent(weights: Weights, c: MixtureConfig, star: tf.Tensor, input: Weights): tf.Tensor {
  const w = withoutPrefix(weights, PREFIX)
  const known = readData(w, c, star)
  return unwhitenBy(mixtureOf(w, c.parameterCount, BASE, known), drawWhite(w, c, known, input))
}
