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
