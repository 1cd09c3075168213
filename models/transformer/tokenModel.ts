// Tokens through a transformer: given ones are encoded once, asked ones are denoised from that. Knows nothing of stars.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import {
  attend,
  attendShared,
  type KeysAndValues,
  linear,
  maskBias,
  type SharedKeys,
  shareKeys,
  splitHeads,
} from './attention.ts'
import { modulate } from './modulation.ts'
import { constant, dense, type WeightSpec, type Weights } from './weights.ts'

export interface TokenModelConfig {
  /** Width D of a token. */
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width inside a block's feed-forward part. */
  readonly hidden: number
}

/** Frequencies of the noise-level embedding. */
export const NOISE_FREQUENCIES = 8

/** Names and shapes of the weights of all blocks. Biases and modulations start at zero, so each starts as the identity. */
export function blockWeights(c: TokenModelConfig): readonly WeightSpec[] {
  return Array.from({ length: c.layers }, (_, l) => [
    dense(`block${l}.qkv`, [c.width, 3 * c.width]),
    constant(`block${l}.qkvBias`, [3 * c.width], 0),
    dense(`block${l}.mix`, [c.width, c.width], 0.5),
    constant(`block${l}.mixBias`, [c.width], 0),
    dense(`block${l}.up`, [c.width, c.hidden]),
    constant(`block${l}.upBias`, [c.hidden], 0),
    dense(`block${l}.down`, [c.hidden, c.width], 0.5),
    constant(`block${l}.downBias`, [c.width], 0),
    constant(`block${l}.modulate`, [c.width, 4 * c.width], 0),
    constant(`block${l}.modulateBias`, [4 * c.width], 0),
  ]).flat()
}

export interface Encoded {
  /** [B, D] what slot 0 gathered. */
  readonly star: tf.Tensor
  /** Keys and values of the given tokens, one pair a layer: made once, shared by all samples and steps. */
  readonly memory: readonly KeysAndValues[]
  /** [B H, 1, T] additive attention bias of the given tokens. */
  readonly bias: tf.Tensor
}

/** Queries, keys and values of x [T B, D]; queries of the first `asking` tokens only. */
function project(w: Weights, c: TokenModelConfig, l: number, x: tf.Tensor, tokens: number, asking = tokens) {
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
 * @param features [B, T, F] token features, those of slot 0 included
 * @param mask [B, T] 1 where a token is
 */
export function encodeGiven(w: Weights, c: TokenModelConfig, features: tf.Tensor, mask: tf.Tensor): Encoded {
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

/** Finds for the queries of layer l what attention brings them, given the keys and values of the same tokens: [A B, D]. */
type Attend = (l: number, queries: tf.Tensor3D, own: KeysAndValues) => tf.Tensor

/**
 * What the asked tokens hold after the last block; they see the given tokens and one another.
 *
 * @param x [A B, D] embedded tokens, slot by slot
 * @param condition [B, D] what each row is steered by: its noise level
 * @param askedMask [B, A] 1 where a value is asked for; or [B, A, A], 1 where the first of two asked tokens sees the second,
 *   which keeps apart what is to be independent
 * @returns [A B, D]
 */
export function decodeTokens(
  w: Weights,
  c: TokenModelConfig,
  given: Encoded,
  x: tf.Tensor,
  condition: tf.Tensor,
  askedMask: tf.Tensor,
): tf.Tensor {
  const slots = askedMask.shape[1] as number
  const own = maskBias(askedMask, c.heads)
  const ofGiven = askedMask.rank === 3 ? tf.tile(given.bias, [1, slots, 1]) : given.bias
  const bias = tf.concat([ofGiven, own], 2)
  return decode(w, c, x, slots, condition, (l, queries, memory) =>
    attend(queries, [given.memory[l], memory], bias, c.heads),
  )
}

/** Readies what `encodeGiven` made of one star for any number of samples and steps, layer by layer. */
export function shareMemory({ memory, bias }: Encoded): readonly SharedKeys[] {
  return memory.map(one => shareKeys(one, bias))
}

/**
 * As `decodeTokens`, for S samples of one star at one noise level, with every one of the A tokens asked for.
 *
 * @param x [A S, D] embedded tokens, slot by slot
 * @param condition [1, D]
 * @returns [A S, D]
 */
export function decodeSamples(
  w: Weights,
  c: TokenModelConfig,
  shared: readonly SharedKeys[],
  x: tf.Tensor,
  slots: number,
  condition: tf.Tensor,
): tf.Tensor {
  return decode(w, c, x, slots, condition, (l, queries, own) => attendShared(queries, shared[l], own, c.heads))
}

function decode(
  w: Weights,
  c: TokenModelConfig,
  x: tf.Tensor,
  slots: number,
  condition: tf.Tensor,
  attention: Attend,
): tf.Tensor {
  const batch = x.shape[0] / slots
  const modulated = (stream: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
    tf.add(tf.mul(normalize(stream).reshape([slots, batch, c.width]), scale), shift).reshape([slots * batch, c.width])
  let stream = x
  for (let l = 0; l < c.layers; l++) {
    const [scale1, shift1, scale2, shift2] = modulate(w, `block${l}`, condition, 2)
    const parts = project(w, c, l, modulated(stream, scale1, shift1), slots)
    stream = absorb(w, l, stream, attention(l, parts.queries, parts.memory))
    stream = tf.add(stream, feedForward(w, l, modulated(stream, scale2, shift2)))
  }
  return stream
}
