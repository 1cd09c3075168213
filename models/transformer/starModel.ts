// The whole network: given tokens are encoded once per star; asked tokens and the posterior head are denoised from that.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { attend, type KeysAndValues, linear, splitHeads } from './attention.ts'
import { NOISE_FREQUENCIES, type StarModelConfig } from './starModelConfig.ts'

export type Weights = Readonly<Record<string, tf.Tensor>>

export interface Encoded {
  /** [B, D] the star's embedding z. */
  readonly star: tf.Tensor
  /** Keys and values of the given tokens, one pair a layer: made once, shared by all samples and steps. */
  readonly memory: readonly KeysAndValues[]
  /** [B, 1, 1, T] additive attention bias of the given tokens. */
  readonly bias: tf.Tensor
}

/** 0 where a token is, -1e9 where none is: the attention mask M_E. */
function maskBias(mask: tf.Tensor): tf.Tensor {
  const [batch, tokens] = mask.shape
  return tf.mul(tf.sub(mask, 1), 1e9).reshape([batch, 1, 1, tokens])
}

function split(qkv: tf.Tensor, heads: number): { queries: tf.Tensor4D; memory: KeysAndValues } {
  const [q, k, v] = tf.split(qkv, 3, -1)
  return { queries: splitHeads(q, heads), memory: { keys: splitHeads(k, heads), values: splitHeads(v, heads) } }
}

function feedForward(w: Weights, l: number, x: tf.Tensor): tf.Tensor {
  const up = linear(x, w[`block${l}.up`], w[`block${l}.upBias`])
  return linear(silu(up), w[`block${l}.down`], w[`block${l}.downBias`])
}

/**
 * Encodes what is given. Given tokens see one another and never what is asked, and carry no noise level.
 *
 * @param features [B, T, 8] token features; T is 12 (star and observables) or 19 (parameters too)
 * @param mask [B, T] 1 where a token is
 */
export function encodeGiven(w: Weights, c: StarModelConfig, features: tf.Tensor, mask: tf.Tensor): Encoded {
  const [, tokens, featureCount] = features.shape
  const values = tf.slice(w['given.value'], [0, 0, 0], [tokens, featureCount, c.width])
  const identity = tf.slice(w['given.identity'], [0, 0], [tokens, c.width])
  // One weight matrix a slot: (T, B, 8) @ (T, 8, D)
  const embedded = tf.matMul(tf.transpose(features, [1, 0, 2]) as tf.Tensor3D, values as tf.Tensor3D)
  let x: tf.Tensor = tf.add(tf.transpose(embedded, [1, 0, 2]), identity)
  const bias = maskBias(mask)
  const memory: KeysAndValues[] = []
  for (let l = 0; l < c.layers; l++) {
    const parts = split(linear(normalize(x), w[`block${l}.qkv`], w[`block${l}.qkvBias`]), c.heads)
    memory.push(parts.memory)
    x = tf.add(x, linear(attend(parts.queries, [parts.memory], bias), w[`block${l}.mix`], w[`block${l}.mixBias`]))
    x = tf.add(x, feedForward(w, l, normalize(x)))
  }
  const star = normalize(tf.slice(x, [0, 0, 0], [-1, 1, c.width]).reshape([-1, c.width]))
  return { star, memory, bias }
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
  const noise = linear(embedNoise(sigma), w['noise.in'], w['noise.inBias'])
  const condition = silu(noise)
  let x: tf.Tensor = tf.add(tf.mul(scaled.reshape([batch, slots, 1]), w['asked.value']), w['asked.identity'])
  const bias = tf.concat([given.bias, maskBias(askedMask)], 3)
  for (let l = 0; l < c.layers; l++) {
    const modulation = linear(condition, w[`block${l}.modulate`], w[`block${l}.modulateBias`])
    const [scale1, shift1, scale2, shift2] = tf.split(modulation.reshape([batch, 1, 4 * c.width]), 4, -1)
    const first = tf.add(tf.mul(normalize(x), tf.add(scale1, 1)), shift1)
    const parts = split(linear(first, w[`block${l}.qkv`], w[`block${l}.qkvBias`]), c.heads)
    const mixed = attend(parts.queries, [given.memory[l], parts.memory], bias)
    x = tf.add(x, linear(mixed, w[`block${l}.mix`], w[`block${l}.mixBias`]))
    const second = tf.add(tf.mul(normalize(x), tf.add(scale2, 1)), shift2)
    x = tf.add(x, feedForward(w, l, second))
  }
  return tf.add(tf.sum(tf.mul(normalize(x), w['asked.out']), -1), w['asked.outBias'])
}

/** [B, C] unnormalised log probabilities of the classes. */
export function classify(w: Weights, star: tf.Tensor): tf.Tensor {
  const inner = linear(star, w['class.in'], w['class.inBias'])
  return linear(silu(inner), w['class.out'], w['class.outBias'])
}

/** Scale and shift of each block of the posterior head, for each star and noise level: [B, K, 1, 2 W] a block. */
export function conditionHead(w: Weights, c: StarModelConfig, star: tf.Tensor, noise: tf.Tensor): readonly tf.Tensor[] {
  // star [B, D], noise [B or 1, K, 17]
  const [batch] = star.shape
  const levels = noise.shape[1] as number
  const fromStar = tf.matMul(star as tf.Tensor2D, w['head.star'] as tf.Tensor2D).reshape([batch, 1, c.headWidth])
  const fromNoise = tf
    .matMul(noise.reshape([-1, 2 * NOISE_FREQUENCIES + 1]) as tf.Tensor2D, w['head.noise'] as tf.Tensor2D)
    .reshape([noise.shape[0], levels, c.headWidth])
  const sum = tf.add(tf.add(fromStar, fromNoise), w['head.conditionBias'])
  const condition = silu(sum)
  return Array.from({ length: c.headBlocks }, (_, b) =>
    linear(condition, w[`head${b}.modulate`], w[`head${b}.modulateBias`]).reshape([batch, levels, 1, 2 * c.headWidth]),
  )
}

/**
 * Raw output F of the posterior head: one vector of all parameters, denoised from the star's embedding.
 *
 * @param scaled [B, K, S, 7] noisy parameters times c_in
 * @param modulations from `conditionHead`, broadcast over the S samples
 * @returns [B, K, S, 7]
 */
export function denoiseHead(
  w: Weights,
  c: StarModelConfig,
  scaled: tf.Tensor,
  modulations: readonly tf.Tensor[],
): tf.Tensor {
  let x = linear(scaled, w['head.in'], w['head.inBias'])
  modulations.forEach((modulation, b) => {
    const [scale, shift] = tf.split(modulation, 2, -1)
    const flat = x.reshape([-1, c.headWidth]) as tf.Tensor2D
    const up = tf.matMul(flat, w[`head${b}.up`] as tf.Tensor2D).reshape(x.shape)
    const modulated = tf.add(tf.mul(up, tf.add(scale, 1)), shift)
    x = tf.add(x, linear(silu(modulated), w[`head${b}.down`], w[`head${b}.downBias`]))
  })
  return linear(x, w['head.out'], w['head.outBias'])
}
