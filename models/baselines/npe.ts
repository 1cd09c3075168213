// The classic neural posterior: a normalising flow over the parameters, for stars with nothing missing.
// It is the pilot study's method and the baseline that the diffusion model is shown against.
import * as tf from '@tensorflow/tfjs'
import { silu } from '../engine/layers.ts'
import { FEATURE_COUNT, PARAMETER_COUNT, SPECTRA_SLOT } from '../tokens/layout.ts'
import { linear } from '../transformer/attention.ts'
import type { Weights } from '../transformer/weights.ts'
import { constant, dense, type WeightSpec } from '../transformer/weights.ts'

export interface NpeConfig {
  /** Slots of a star that are read, the first so many. */
  readonly slots: number
  readonly embedWidth: number
  readonly couplingWidth: number
  readonly couplings: number
}

export const npeConfig: NpeConfig = { slots: SPECTRA_SLOT, embedWidth: 128, couplingWidth: 96, couplings: 8 }

/** Size of the part that a coupling leaves unchanged. */
const KEPT = 4
const MOVED = PARAMETER_COUNT - KEPT
/** Bounds the log scale of one coupling, so that early training cannot overflow. */
const MAX_LOG_SCALE = 2

/** Names and shapes of all weights; the last layer of each coupling starts at zero, so the flow starts as the identity. */
export function npeWeights(c: NpeConfig): readonly WeightSpec[] {
  const inputs = c.slots * FEATURE_COUNT
  const specs: WeightSpec[] = [
    dense('embed0.weight', [inputs, c.embedWidth]),
    constant('embed0.bias', [c.embedWidth], 0),
    dense('embed1.weight', [c.embedWidth, c.embedWidth]),
    constant('embed1.bias', [c.embedWidth], 0),
    dense('embed2.weight', [c.embedWidth, c.embedWidth]),
    constant('embed2.bias', [c.embedWidth], 0),
  ]
  for (let i = 0; i < c.couplings; i++) {
    specs.push(
      dense(`coupling${i}.star`, [c.embedWidth, c.couplingWidth]),
      dense(`coupling${i}.kept`, [KEPT, c.couplingWidth]),
      constant(`coupling${i}.inBias`, [c.couplingWidth], 0),
      dense(`coupling${i}.inner`, [c.couplingWidth, c.couplingWidth]),
      constant(`coupling${i}.innerBias`, [c.couplingWidth], 0),
      constant(`coupling${i}.out`, [c.couplingWidth, 2 * MOVED], 0),
      constant(`coupling${i}.outBias`, [2 * MOVED], 0),
    )
  }
  return specs
}

/** The order of the parameters before each coupling: every parameter is moved, and each sees the others, within a few. */
function orderOf(coupling: number): readonly number[] {
  const stride = [1, 2, 3, 4, 5, 6][coupling % 6]
  return Array.from({ length: PARAMETER_COUNT }, (_, i) => (i * stride + coupling) % PARAMETER_COUNT)
}

function permutation(order: readonly number[]): tf.Tensor2D {
  const matrix = order.map((_, row) => order.map(column => (column === row ? 1 : 0)))
  return tf.tensor2d(matrix)
}

/** [B, E] embedding of stars from their flat token features. */
function embedStar(w: Weights, c: NpeConfig, features: tf.Tensor): tf.Tensor {
  let x: tf.Tensor = features.reshape([-1, c.slots * FEATURE_COUNT])
  for (let i = 0; i < 3; i++) x = silu(linear(x, w[`embed${i}.weight`], w[`embed${i}.bias`]))
  return x
}

/** Scale and shift of a coupling; `star` may be [B, 1, E] against kept [B, S, 4]. */
function couple(w: Weights, i: number, star: tf.Tensor, kept: tf.Tensor): { logScale: tf.Tensor; shift: tf.Tensor } {
  const noBias = tf.zeros([1])
  const fromStar = linear(star, w[`coupling${i}.star`], noBias)
  const inner = silu(tf.add(fromStar, linear(kept, w[`coupling${i}.kept`], w[`coupling${i}.inBias`])))
  const deeper = silu(linear(inner, w[`coupling${i}.inner`], w[`coupling${i}.innerBias`]))
  const [raw, shift] = tf.split(linear(deeper, w[`coupling${i}.out`], w[`coupling${i}.outBias`]), 2, -1)
  return { logScale: tf.mul(tf.tanh(tf.div(raw, MAX_LOG_SCALE)), MAX_LOG_SCALE), shift }
}

/**
 * Mean negative log density of latents.
 *
 * @param features [B, T, 8], every slot present
 * @param latents [B, 7]
 * Source: affine couplings of Dinh et al. 2017, arXiv:1605.08803; as a posterior, Papamakarios & Murray 2016.
 */
export function npeLoss(w: Weights, c: NpeConfig, features: tf.Tensor, latents: tf.Tensor): tf.Scalar {
  const star = embedStar(w, c, features)
  let x = latents
  let logDeterminant: tf.Tensor = tf.zeros([1])
  for (let i = 0; i < c.couplings; i++) {
    x = tf.matMul(x as tf.Tensor2D, permutation(orderOf(i)))
    const [kept, moved] = tf.split(x, [KEPT, MOVED], -1)
    const { logScale, shift } = couple(w, i, star, kept)
    x = tf.concat([kept, tf.add(tf.mul(moved, tf.exp(logScale)), shift)], -1)
    logDeterminant = tf.add(logDeterminant, tf.sum(logScale, -1))
  }
  const negative = tf.sub(tf.mul(tf.sum(tf.square(x), -1), 0.5), logDeterminant)
  return tf.add(tf.mean(negative), (PARAMETER_COUNT / 2) * Math.log(2 * Math.PI)) as tf.Scalar
}

/**
 * Samples of the flow.
 *
 * @param features [B, T, 8], every slot present
 * @param noise [B, S, 7] standard normal
 * @returns latents [B, S, 7]
 */
export function npeSample(w: Weights, c: NpeConfig, features: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  const [rows] = features.shape
  const samples = noise.shape[1] as number
  const star = embedStar(w, c, features).reshape([rows, 1, c.embedWidth])
  let x = noise
  for (let i = c.couplings - 1; i >= 0; i--) {
    const [kept, moved] = tf.split(x, [KEPT, MOVED], -1)
    const { logScale, shift } = couple(w, i, star, kept)
    x = tf.concat([kept, tf.mul(tf.sub(moved, shift), tf.exp(tf.neg(logScale)))], -1)
    const back = tf.transpose(permutation(orderOf(i)))
    x = tf
      .matMul(x.reshape([-1, PARAMETER_COUNT]) as tf.Tensor2D, back as tf.Tensor2D)
      .reshape([rows, samples, PARAMETER_COUNT])
  }
  return x
}
