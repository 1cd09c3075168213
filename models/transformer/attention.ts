// Masked multi-head attention in plain tfjs; the given side's keys and values are made once and shared.
import * as tf from '@tensorflow/tfjs'

export interface KeysAndValues {
  /** [B, H, T, D / H] */
  readonly keys: tf.Tensor4D
  /** [B, H, T, D / H] */
  readonly values: tf.Tensor4D
}

/** x [..., I] @ weight [I, O] + bias [O], for any number of leading axes. */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const inputs = x.shape[x.shape.length - 1]
  const outputs = weight.shape[1] as number
  const flat = tf.add(tf.matMul(x.reshape([-1, inputs]) as tf.Tensor2D, weight as tf.Tensor2D), bias)
  return flat.reshape([...x.shape.slice(0, -1), outputs])
}

/** [B, T, D] -> [B, H, T, D / H] */
export function splitHeads(x: tf.Tensor, heads: number): tf.Tensor4D {
  const [batch, tokens, width] = x.shape
  return tf.transpose(x.reshape([batch, tokens, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D
}

/**
 * Scaled dot-product attention.
 *
 * @param queries [B, H, T, D / H]
 * @param sources keys and values that are attended to, one after another
 * @param bias [B, 1, 1, sum of source tokens], 0 where a token may be seen and -1e9 where not
 * @returns [B, T, D]
 * Source: Vaswani et al. 2017, arXiv:1706.03762, equation 1.
 */
export function attend(queries: tf.Tensor4D, sources: readonly KeysAndValues[], bias: tf.Tensor): tf.Tensor {
  const [batch, heads, tokens, perHead] = queries.shape
  const keys =
    sources.length === 1
      ? sources[0].keys
      : tf.concat(
          sources.map(s => s.keys),
          2,
        )
  const values =
    sources.length === 1
      ? sources[0].values
      : tf.concat(
          sources.map(s => s.values),
          2,
        )
  const logits = tf.add(tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(perHead)), bias)
  const mixed = tf.matMul(tf.softmax(logits, -1), values)
  return tf.transpose(mixed, [0, 2, 1, 3]).reshape([batch, tokens, heads * perHead])
}
