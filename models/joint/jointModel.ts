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
  /** Width of what steers the blocks: the noise level, and which variables are given. */
  readonly conditionWidth: number
  /** Octaves of waves that given values are told by, since answers may turn sharply with a datum. */
  readonly givenOctaves: number
}

/** What a row tells of an asked variable, see `writeAsked`. */
export const ASKED_NUMBERS = 4

/** Names and shapes of all weights. Modulations and the output start at zero: at first the Gaussian's guess stands. */
export function jointWeights(c: JointConfig): readonly WeightSpec[] {
  const v = c.variableCount
  return [
    dense('in.given', [v * (2 * c.givenOctaves + 2), c.width], 0.7),
    dense('in.asked', [v * (ASKED_NUMBERS + 1), c.width], 0.7),
    constant('in.bias', [c.width], 0),
    dense('condition.noise', [2 * NOISE_FREQUENCIES + 1, c.conditionWidth]),
    dense('condition.mask', [v, c.conditionWidth]),
    constant('condition.bias', [c.conditionWidth], 0),
    ...Array.from({ length: c.blocks }, (_, b) => [
      constant(`block${b}.modulate`, [c.conditionWidth, 2 * c.width], 0),
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
  /** [B or 1, V] latents of given variables, zeros elsewhere */
  readonly given: tf.Tensor
  /** [B or 1, V] 1 where given */
  readonly mask: tf.Tensor
  /** [B, V, 4] of asked variables, zeros elsewhere */
  readonly noisy: tf.Tensor
  /** [B or 1] noise levels, > 0 */
  readonly sigma: tf.Tensor
  /** [B, V] 1 where asked */
  readonly asked: tf.Tensor
}

/**
 * Writes what an asked variable tells: the noisy latent, its distance from what is expected, the Gaussian's guess of the
 * clean value, and how far the guess may be off.
 */
export function writeAsked(
  out: Float32Array,
  at: number,
  asked: { readonly noisy: number; readonly centre: number; readonly guess: number },
  spread: { readonly sigma: number; readonly noisySd: number; readonly residualSd: number },
): void {
  out[at] = asked.noisy / Math.sqrt(1 + spread.sigma * spread.sigma)
  out[at + 1] = (asked.noisy - asked.centre) / spread.noisySd
  out[at + 2] = asked.guess
  out[at + 3] = spread.residualSd
}

/**
 * Raw output F: what the clean values are beside the Gaussian's guess, in units of its standard deviation. The given
 * rows are as many as the asked ones, or one that all share; so are the noise levels.
 *
 * @returns [B, V]; what was not asked means nothing
 */
export function denoiseJoint(w: Weights, c: JointConfig, input: JointInput): tf.Tensor {
  const { mask, asked } = input
  const known = tf.mul(input.given, mask)
  const told = waves(known, c.givenOctaves).map(wave => tf.mul(wave, mask))
  const fromGiven = linear(tf.concat([known, mask, ...told], 1), w['in.given'], w['in.bias'])
  const numbers = tf.unstack(input.noisy, 2).map(number => tf.mul(number, asked))
  const noisy = tf.concat([...numbers, asked], 1)
  let x: tf.Tensor = tf.add(tf.matMul(noisy as tf.Tensor2D, w['in.asked'] as tf.Tensor2D), fromGiven)
  const ofMask = linear(mask, w['condition.mask'], w['condition.bias'])
  const ofNoise = tf.matMul(embedNoise(input.sigma) as tf.Tensor2D, w['condition.noise'] as tf.Tensor2D)
  const condition = silu(tf.add(ofNoise, ofMask))
  for (let b = 0; b < c.blocks; b++) {
    const [factor, shift] = modulate(w, `block${b}`, condition, 1)
    const inner = tf.add(tf.mul(linear(normalize(x), w[`block${b}.up`], w[`block${b}.upBias`]), factor), shift)
    x = tf.add(x, linear(silu(inner), w[`block${b}.down`], w[`block${b}.downBias`]))
  }
  return linear(normalize(x), w.out, w.outBias)
}

/** Sine and cosine of 1, 2, 4, ... radians a unit. Source: Mildenhall et al. 2020, arXiv:2003.08934, section 5.1. */
function waves(x: tf.Tensor, octaves: number): tf.Tensor[] {
  return Array.from({ length: octaves }, (_, k) => {
    const angle = tf.mul(x, 2 ** k)
    return [tf.sin(angle), tf.cos(angle)]
  }).flat()
}
