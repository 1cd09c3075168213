// The whole network: given tokens are encoded once per star; asked tokens and the posterior head are denoised from that.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { attend, type KeysAndValues, linear, maskBias, splitHeads } from './attention.ts'
import { modulate } from './posteriorHead.ts'
import { NOISE_FREQUENCIES, type StarModelConfig } from './starModelConfig.ts'
import type { Weights } from './weights.ts'

export type { Weights } from './weights.ts'

export interface Encoded {
  /** [B, D] the star's embedding z. */
  readonly star: tf.Tensor
  /** Keys and values of the given tokens, one pair a layer: made once, shared by all samples and steps. */
  readonly memory: readonly KeysAndValues[]
  /** [B H, 1, T] additive attention bias of the given tokens. */
  readonly bias: tf.Tensor
}

/** Queries, keys and values of x [T B, D]; queries of the first `asking` tokens only. */
function project(w: Weights, c: StarModelConfig, l: number, x: tf.Tensor, tokens: number, asking = tokens) {
  // Small weights are cut apart, not the large product.
  const [q, k, v] = tf.split(w[`block${l}.qkv`], 3, 1)
  const [qBias, kBias, vBias] = tf.split(w[`block${l}.qkvBias`], 3)
  const rows = (x.shape[0] / tokens) * asking
  const asker = asking === tokens ? x : tf.slice(x, [0, 0], [rows, c.width])
  return {
    queries: splitHeads(linear(asker, q, qBias), asking, c.heads),
    memory: {
      keys: splitHeads(linear(x, k, kBias), tokens, c.heads),
      values: splitHeads(linear(x, v, vBias), tokens, c.heads),
    },
  }
}

function feedForward(w: Weights, l: number, x: tf.Tensor): tf.Tensor {
  const up = linear(x, w[`block${l}.up`], w[`block${l}.upBias`])
  return linear(silu(up), w[`block${l}.down`], w[`block${l}.downBias`])
}

/** Adds what attention found to the stream. Both [R, D]. */
function absorb(w: Weights, l: number, x: tf.Tensor, mixed: tf.Tensor): tf.Tensor {
  return tf.add(x, linear(mixed, w[`block${l}.mix`], w[`block${l}.mixBias`]))
}

/**
 * Encodes what is given. Given tokens see one another and never what is asked, and carry no noise level.
 *
 * @param features [B, T, 8] token features; T is 12 (star and observables) or 19 (parameters too)
 * @param mask [B, T] 1 where a token is
 */
export function encodeGiven(w: Weights, c: StarModelConfig, features: tf.Tensor, mask: tf.Tensor): Encoded {
  const [batch, tokens, featureCount] = features.shape
  const values = tf.slice(w['given.value'], [0, 0, 0], [tokens, featureCount, c.width])
  const identity = tf.slice(w['given.identity'], [0, 0], [tokens, c.width])
  // One weight matrix a slot: (T, B, 8) @ (T, 8, D)
  const embedded = tf.matMul(tf.transpose(features, [1, 0, 2]) as tf.Tensor3D, values as tf.Tensor3D)
  let x: tf.Tensor = tf.add(embedded, identity.reshape([tokens, 1, c.width])).reshape([tokens * batch, c.width])
  const bias = maskBias(mask, c.heads)
  const memory: KeysAndValues[] = []
  for (let l = 0; l < c.layers; l++) {
    const isLast = l === c.layers - 1
    // After the last layer only the star's own token, slot 0, is looked at.
    const parts = project(w, c, l, normalize(x), tokens, isLast ? 1 : tokens)
    memory.push(parts.memory)
    if (isLast) x = tf.slice(x, [0, 0], [batch, c.width])
    x = absorb(w, l, x, attend(parts.queries, [parts.memory], bias, c.heads))
    x = tf.add(x, feedForward(w, l, normalize(x)))
  }
  return { star: normalize(x), memory, bias }
}

/** [N, 17] embedding of the noise level: c_noise = ln(sigma) / 4 (Karras et al. 2022), with sines and cosines of it. */
export function embedNoise(sigma: tf.Tensor): tf.Tensor {
  const level = tf.mul(tf.log(sigma), 0.25).reshape([-1, 1])
  const frequencies = tf.tensor2d(
    Array.from({ length: NOISE_FREQUENCIES }, (_, k) => 2 ** (k / 2)),
    [1, NOISE_FREQUENCIES],
  )
  const angles = tf.mul(level, frequencies)
  return tf.concat([level, tf.sin(angles), tf.cos(angles)], -1)
}

/**
 * Raw network output F for asked tokens; they see the given tokens and one another.
 *
 * @param scaled [B, 18] noisy values times c_in
 * @param sigma [B] noise levels, > 0
 * @param askedMask [B, 18] 1 where a value is asked for
 * @returns [B, 18]
 */
export function decodeAsked(
  w: Weights,
  c: StarModelConfig,
  given: Encoded,
  scaled: tf.Tensor,
  sigma: tf.Tensor,
  askedMask: tf.Tensor,
): tf.Tensor {
  const [batch, slots] = scaled.shape
  const condition = silu(linear(embedNoise(sigma), w['noise.in'], w['noise.inBias']))
  const bySlot = tf.transpose(scaled).reshape([slots, batch, 1])
  const perSlot = (name: string) => w[name].reshape([slots, 1, c.width])
  let x: tf.Tensor = tf.add(tf.mul(bySlot, perSlot('asked.value')), perSlot('asked.identity'))
  x = x.reshape([slots * batch, c.width])
  const modulated = (stream: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
    tf.add(tf.mul(normalize(stream).reshape([slots, batch, c.width]), scale), shift).reshape([slots * batch, c.width])
  const bias = tf.concat([given.bias, maskBias(askedMask, c.heads)], 2)
  for (let l = 0; l < c.layers; l++) {
    const [scale1, shift1, scale2, shift2] = modulate(w, `block${l}`, condition, 2)
    const parts = project(w, c, l, modulated(x, scale1, shift1), slots)
    x = absorb(w, l, x, attend(parts.queries, [given.memory[l], parts.memory], bias, c.heads))
    x = tf.add(x, feedForward(w, l, modulated(x, scale2, shift2)))
  }
  const read = tf.mul(normalize(x).reshape([slots, batch, c.width]), perSlot('asked.out'))
  return tf.add(tf.transpose(tf.sum(read, -1)), w['asked.outBias'])
}

/** [B, C] unnormalised log probabilities of the classes. */
export function classify(w: Weights, star: tf.Tensor): tf.Tensor {
  const inner = silu(linear(star, w['class.in'], w['class.inBias']))
  return linear(inner, w['class.out'], w['class.outBias'])
}
