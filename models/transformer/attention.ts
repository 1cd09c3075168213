// Masked multi-head attention in plain tfjs. Tokens lie slot by slot: all stars' first tokens, then all second ones; so a
// head is a stride away from the next, which a matrix product reads without a copy.
import * as tf from '@tensorflow/tfjs'
import { maskedSoftmax } from '../engine/layers.ts'

export interface KeysAndValues {
  /** [T, B H, D / H] */
  readonly keys: tf.Tensor3D
  /** [T, B H, D / H] */
  readonly values: tf.Tensor3D
}

/** x [R, I] @ weight [I, O] + bias [O] */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias)
}

/** [T B, D] -> [T, B H, D / H] */
export function splitHeads(x: tf.Tensor, tokens: number, heads: number): tf.Tensor3D {
  const [rows, width] = x.shape as [number, number]
  return x.reshape([tokens, (rows / tokens) * heads, width / heads])
}

/** [T, B H, D / H] -> [T B, D] */
function joinHeads(x: tf.Tensor3D, heads: number): tf.Tensor {
  const [tokens, columns, perHead] = x.shape
  return x.reshape([(tokens * columns) / heads, heads * perHead])
}

/**
 * 0 where a token is seen, -1e9 where not: the attention mask M_E. All tokens see the same ones, [B, T] -> [B H, 1, T], or
 * each has its own, [B, Q, T] -> [B H, Q, T].
 */
export function maskBias(mask: tf.Tensor, heads: number): tf.Tensor {
  const [batch, tokens] = [mask.shape[0], mask.shape[mask.rank - 1] as number]
  const askers = mask.rank === 3 ? (mask.shape[1] as number) : 1
  const bias = tf.mul(tf.sub(mask, 1), 1e9).reshape([batch, 1, askers * tokens])
  return tf.tile(bias, [1, heads, 1]).reshape([batch * heads, askers, tokens])
}

/**
 * Scaled dot-product attention.
 *
 * @param queries [T, B H, D / H]
 * @param sources keys and values that are attended to, one after another
 * @param bias [B H, 1 or T, sum of source tokens] from `maskBias`
 * @returns [T B, D]
 * Source: Vaswani et al. 2017, arXiv:1706.03762, equation 1.
 */
export function attend(
  queries: tf.Tensor3D,
  sources: readonly KeysAndValues[],
  bias: tf.Tensor,
  heads: number,
): tf.Tensor {
  const byHead = (x: tf.Tensor3D) => tf.transpose(x, [1, 0, 2])
  const join = (parts: tf.Tensor3D[]) => (parts.length === 1 ? parts[0] : tf.concat(parts, 0))
  const keys = byHead(join(sources.map(s => s.keys)))
  const values = byHead(join(sources.map(s => s.values)))
  const similarity = tf.mul(tf.matMul(byHead(queries), keys, false, true), 1 / Math.sqrt(queries.shape[2]))
  const shares = maskedSoftmax(similarity, bias) as tf.Tensor3D
  return joinHeads(byHead(tf.matMul(shares, values)), heads)
}

/** What all samples of one star attend to, readied once. */
export interface SharedKeys {
  /** [H, T, D / H], over the square root of the last */
  readonly keys: tf.Tensor3D
  /** [H, T, D / H + 1] the values and a one; zeros where a token is not seen, whose shares then come to nothing. */
  readonly values: tf.Tensor3D
  /** [H, 1, T] from `maskBias` */
  readonly bias: tf.Tensor
}

/** @param memory keys and values of one star [T, H, D / H]; @param bias [H, 1, T] from `maskBias` */
export function shareKeys({ keys, values }: KeysAndValues, bias: tf.Tensor): SharedKeys {
  const [tokens, heads, perHead] = keys.shape
  const byHead = (x: tf.Tensor3D) => tf.transpose(x, [1, 0, 2]) as tf.Tensor3D
  const isSeen = tf.cast(tf.greater(bias, -1), 'float32').reshape([heads, tokens, 1])
  return {
    keys: tf.mul(byHead(keys), 1 / Math.sqrt(perHead)),
    values: tf.concat([tf.mul(byHead(values), isSeen), isSeen], 2) as tf.Tensor3D,
    bias,
  }
}

/**
 * Attention where all rows are samples of one star: each token attends to the star's keys, which are there once, and to
 * the tokens of its own sample. The same as `attend` on keys and values repeated for each sample.
 *
 * The two are weighed apart and their sums then joined, so that no large tensor is turned into the other's layout.
 * Source of the joining: Milakov & Gimelshein 2018, arXiv:1805.02867.
 *
 * @param queries [A, S H, D / H]; @param own keys and values of the same shape
 * @returns [A S, D]
 */
export function attendShared(queries: tf.Tensor3D, given: SharedKeys, own: KeysAndValues, heads: number): tf.Tensor {
  const [asked, columns, perHead] = queries.shape
  const rows = (asked * columns) / heads
  const swap = (x: tf.Tensor) => tf.transpose(x as tf.Tensor3D, [1, 0, 2]) as tf.Tensor3D
  const wide = (x: tf.Tensor) => x.reshape([rows, heads, -1])
  const weigh = (logits: tf.Tensor) => {
    const top = tf.max(logits, -1, true)
    return { top, weights: tf.exp(tf.maximum(tf.sub(logits, top), -FAINT)) as tf.Tensor3D }
  }
  const byHead = swap(wide(queries))
  const star = weigh(tf.add(tf.matMul(byHead, given.keys, false, true), given.bias))
  const [starFound, starSum] = tf.split(swap(tf.matMul(star.weights, given.values)), [perHead, 1], 2)
  const toOwn = tf.matMul(tf.mul(swap(queries), 1 / Math.sqrt(perHead)) as tf.Tensor3D, swap(own.keys), false, true)
  const sample = weigh(toOwn)
  const sampleFound = wide(swap(tf.matMul(sample.weights, swap(own.values))))
  const sampleSum = wide(swap(tf.sum(sample.weights, -1, true)))
  const [starTop, sampleTop] = [swap(star.top), wide(swap(sample.top))]
  const top = tf.maximum(starTop, sampleTop)
  const [ofStar, ofSample] = [tf.exp(tf.sub(starTop, top)), tf.exp(tf.sub(sampleTop, top))]
  const sum = tf.add(tf.mul(ofStar, starSum), tf.mul(ofSample, sampleSum))
  const found = tf.add(tf.mul(starFound, tf.div(ofStar, sum)), tf.mul(sampleFound, tf.div(ofSample, sum)))
  return found.reshape([rows, heads * perHead])
}

/** Shares of exp(-40) are lost in any sum of float32, and far above its subnormal numbers, which are slow. */
const FAINT = 40
