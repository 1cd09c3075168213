// The network of stars: what is given is encoded once per star; asked tokens and the classes are read from that.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { linear, type SharedKeys } from './attention.ts'
import { decodeSamples, decodeTokens, type Encoded, embedNoise, type TokenModelConfig } from './tokenModel.ts'
import type { Weights } from './weights.ts'

/**
 * Raw network output F for asked tokens; they see the given tokens and one another.
 *
 * @param scaled [B, 18] noisy values times c_in
 * @param sigma [B] noise levels, > 0
 * @param askedMask [B, 18] 1 where a value is asked for; or [B, 18, 18], see `decodeTokens`
 * @returns [B, 18]
 */
export function decodeAsked(
  w: Weights,
  c: TokenModelConfig,
  given: Encoded,
  scaled: tf.Tensor,
  sigma: tf.Tensor,
  askedMask: tf.Tensor,
): tf.Tensor {
  return readAsked(w, c, scaled, sigma, (x, condition) => decodeTokens(w, c, given, x, condition, askedMask))
}

/**
 * As `decodeAsked`, for samples of one star at one noise level, all values asked for.
 *
 * @param scaled [S, A] noisy values times c_in
 * @param sigma [1]
 * @returns [S, A]
 */
export function decodeAskedSamples(
  w: Weights,
  c: TokenModelConfig,
  shared: readonly SharedKeys[],
  scaled: tf.Tensor,
  sigma: tf.Tensor,
): tf.Tensor {
  const slots = scaled.shape[1] as number
  return readAsked(w, c, scaled, sigma, (x, condition) => decodeSamples(w, c, shared, x, slots, condition))
}

/** @param decode embedded tokens [A B, D] and condition -> what the tokens hold in the end */
function readAsked(
  w: Weights,
  c: TokenModelConfig,
  scaled: tf.Tensor,
  sigma: tf.Tensor,
  decode: (x: tf.Tensor, condition: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const [batch, slots] = scaled.shape
  const condition = silu(linear(embedNoise(sigma), w['noise.in'], w['noise.inBias']))
  const bySlot = tf.transpose(scaled).reshape([slots, batch, 1])
  const perSlot = (name: string) => w[name].reshape([slots, 1, c.width])
  let x: tf.Tensor = tf.add(tf.mul(bySlot, perSlot('asked.value')), perSlot('asked.identity'))
  x = decode(x.reshape([slots * batch, c.width]), condition)
  const read = tf.mul(normalize(x).reshape([slots, batch, c.width]), perSlot('asked.out'))
  return tf.add(tf.transpose(tf.sum(read, -1)), w['asked.outBias'])
}

/** [B, C] unnormalised log probabilities of the classes. */
export function classify(w: Weights, star: tf.Tensor): tf.Tensor {
  const inner = silu(linear(star, w['class.in'], w['class.inBias']))
  return linear(inner, w['class.out'], w['class.outBias'])
}
