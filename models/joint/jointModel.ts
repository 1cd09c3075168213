// A network of any conditional of a table's variables, as one vector: what is given, what is noisy, and which is which.
// Variables are few here: a step costs a fifth to a fifteenth of one with a token for each.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { linear } from '../transformer/attention.ts'
import { modulate } from '../transformer/modulation.ts'
import { embedNoise, NOISE_FREQUENCIES } from '../transformer/tokenModel.ts'
import { constant, dense, type WeightSpec, type Weights } from '../transformer/weights.ts'

export interface JointConfig {
  readonly variableCount: number
  readonly width: number
  /** Gated residual blocks. */
  readonly blocks: number
}

/** What a given variable tells: its latent, and waves of it, since posteriors may turn sharply with a datum. */
export const GIVEN_FEATURES = 5
/** What an asked variable tells: the noisy latent, its distance from what is expected, and the Gaussian's guess. */
export const ASKED_FEATURES = 3

/** [5] features of a latent. */
export function givenFeatures(latent: number): readonly number[] {
  return [latent, Math.sin(latent), Math.cos(latent), Math.sin(3 * latent), Math.cos(3 * latent)]
}

/** Names and shapes of all weights. Modulations and the output start at zero: at first the Gaussian's guess stands. */
export function jointWeights(c: JointConfig): readonly WeightSpec[] {
  const v = c.variableCount
  return [
    dense('in.given', [v * (GIVEN_FEATURES + 1), c.width], 0.7),
    dense('in.noisy', [v * (ASKED_FEATURES + 1), c.width], 0.7),
    constant('in.bias', [c.width], 0),
    dense('noise.in', [2 * NOISE_FREQUENCIES + 1, c.width]),
    constant('noise.inBias', [c.width], 0),
    ...Array.from({ length: c.blocks }, (_, b) => [
      constant(`block${b}.modulate`, [c.width, 2 * c.width], 0),
      constant(`block${b}.modulateBias`, [2 * c.width], 0),
      dense(`block${b}.up`, [c.width, c.width]),
      constant(`block${b}.upBias`, [c.width], 0),
      dense(`block${b}.down`, [c.width, c.width], 0.5),
      constant(`block${b}.downBias`, [c.width], 0),
    ]).flat(),
    constant('out', [c.width, v], 0),
    constant('outBias', [v], 0),
  ]
}

/** Tensors of a row: what the network is told. */
export interface JointInput {
  /** [B or 1, V, 5] of given variables, zeros elsewhere */
  readonly features: tf.Tensor
  /** [B or 1, V] 1 where given */
  readonly mask: tf.Tensor
  /** [B, V, 3] of asked variables, zeros elsewhere */
  readonly noisy: tf.Tensor
  /** [B or 1] noise levels, > 0 */
  readonly sigma: tf.Tensor
  /** [B, V] 1 where asked */
  readonly asked: tf.Tensor
}

/**
 * Raw output F: what the clean values are beside the Gaussian's guess, in units of its standard deviation. The given
 * rows are as many as the asked ones, or one that all share; so are the noise levels.
 *
 * @returns [B, V]; what was not asked means nothing
 */
export function denoiseJoint(w: Weights, c: JointConfig, input: JointInput): tf.Tensor {
  const v = c.variableCount
  const [batch] = input.noisy.shape as [number]
  const [givenRows] = input.mask.shape as [number]
  const given = tf.concat([input.features.reshape([givenRows, v * GIVEN_FEATURES]), input.mask], 1)
  const noisy = tf.concat([input.noisy.reshape([batch, v * ASKED_FEATURES]), input.asked], 1)
  const fromGiven = linear(given, w['in.given'], w['in.bias'])
  let x: tf.Tensor = tf.add(tf.matMul(noisy as tf.Tensor2D, w['in.noisy'] as tf.Tensor2D), fromGiven)
  const condition = silu(linear(embedNoise(input.sigma), w['noise.in'], w['noise.inBias']))
  for (let b = 0; b < c.blocks; b++) {
    const [factor, shift] = modulate(w, `block${b}`, condition, 1)
    const inner = tf.add(tf.mul(linear(normalize(x), w[`block${b}.up`], w[`block${b}.upBias`]), factor), shift)
    x = tf.add(x, linear(silu(inner), w[`block${b}.down`], w[`block${b}.downBias`]))
  }
  return linear(normalize(x), w.out, w.outBias)
}
