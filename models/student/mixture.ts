// Mixtures of normal distributions as tensors: how probable a value is, and samples.
import * as tf from '@tensorflow/tfjs'
import type { Mixture } from './mixtureNetwork.ts'

/** Log of the sum of exponentials over the last axis; the gradient is the softmax. */
function logSumExp(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((input, save) => {
    const t = input as tf.Tensor
    const top = tf.max(t, -1, true)
    const sum = tf.add(tf.log(tf.sum(tf.exp(tf.sub(t, top)), -1, true)), top)
    ;(save as tf.GradSaveFunc)([t])
    return {
      value: sum.reshape(t.shape.slice(0, -1)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor | tf.Tensor[]) =>
        tf.mul(tf.softmax([saved].flat()[0]), dy.reshape([...dy.shape, 1])),
    }
  })(x)
}

/** The pairs (i, j), j < i, in the order of shears. */
const pairsOf = (parameters: number) =>
  Array.from({ length: parameters }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat()

/** [rows, columns] ones at (r, c). */
function ones(places: readonly (readonly [number, number])[], rows: number, columns: number): tf.Tensor2D {
  const values = new Float32Array(rows * columns)
  for (const [r, c] of places) values[r * columns + c] = 1
  return tf.tensor2d(values, [rows, columns])
}

/** What each component's normal distribution was before it was scaled, sheared and moved. @param values [R, A] @returns [R, K, A] */
export function whitenBy({ means, logScales, shears }: Mixture, values: tf.Tensor): tf.Tensor {
  const [rows, components, a] = means.shape as [number, number, number]
  let away = tf.sub(values.reshape([rows, 1, a]), means)
  if (shears !== null) {
    const pairs = pairsOf(a)
    const sources = ones(
      pairs.map(([, j], p) => [j, p]),
      a,
      pairs.length,
    )
    const targets = ones(
      pairs.map(([i], p) => [p, i]),
      pairs.length,
      a,
    )
    const flat = away.reshape([rows * components, a]) as tf.Tensor2D
    const taken = tf.mul(tf.matMul(flat, sources), shears.reshape([rows * components, pairs.length]))
    away = tf.sub(flat, tf.matMul(taken as tf.Tensor2D, targets)).reshape([rows, components, a])
  }
  return tf.mul(away, tf.exp(tf.neg(logScales)))
}

/** Mean of minus the log density, without the constant of a standard normal. @param values [R, A] */
export function mixtureLoss(mixture: Mixture, values: tf.Tensor): tf.Scalar {
  const { logits, logScales } = mixture
  const squares = tf.square(whitenBy(mixture, values))
  const logDensity = tf.neg(tf.add(tf.mul(tf.sum(squares, -1), 0.5), tf.sum(logScales, -1)))
  return tf.mean(tf.sub(logSumExp(logits), logSumExp(tf.add(logits, logDensity)))) as tf.Scalar
}

/**
 * One sample a row.
 *
 * @param mixture of S rows, or of one that all samples share
 * @param chance [S, 1] uniform numbers, which choose the component; @param normals [S, A]
 * @returns [S, A]
 */
export function sampleMixture(mixture: Mixture, chance: tf.Tensor, normals: tf.Tensor): tf.Tensor {
  const { logits, means, scales, shears } = mixture
  const [rows, components] = means.shape as [number, number, number]
  const samples = chance.shape[0] as number
  const upTo = Array.from({ length: components }, (_, k) => Array.from({ length: k + 1 }, (_, j) => [j, k] as const))
  const share = tf.softmax(logits)
  const cumulated = tf.matMul(share as tf.Tensor2D, ones(upTo.flat(), components, components))
  // Rounding may leave the last sum below a chance near 1.
  const isBelow = tf.concat(
    [tf.cast(tf.less(tf.slice(cumulated, [0, 0], [rows, components - 1]), chance), 'float32'), tf.zeros([samples, 1])],
    1,
  )
  const before = tf.concat([tf.ones([samples, 1]), tf.slice(isBelow, [0, 0], [samples, components - 1])], 1)
  const chosen = tf.sub(before, isBelow)
  const pick = (x: tf.Tensor) => {
    const count = x.shape[2] as number
    if (rows === 1) return tf.matMul(chosen as tf.Tensor2D, x.reshape([components, count]) as tf.Tensor2D)
    return tf.sum(tf.mul(x, chosen.reshape([samples, components, 1])), 1)
  }
  const steps = tf.mul(normals, pick(scales))
  const centre = pick(means)
  if (shears === null) return tf.add(centre, steps)
  return tf.add(centre, shear(steps, pick(shears)))
}

/** What standard normal values are in a mixture of one row and one component: the inverse of `whitenBy`. @param white [S, A] */
export function unwhitenBy({ means, scales, shears }: Mixture, white: tf.Tensor): tf.Tensor {
  const a = white.shape[1] as number
  const steps = tf.mul(white, scales.reshape([1, a]))
  const centre = means.reshape([1, a])
  if (shears === null) return tf.add(steps, centre)
  return tf.add(shear(steps, shears.reshape([1, -1])), centre)
}

/** What each parameter takes from those before it, added. @param steps [S, A]; @param shears [S or 1, A (A - 1) / 2] */
function shear(steps: tf.Tensor, shears: tf.Tensor): tf.Tensor {
  const a = steps.shape[1] as number
  const taken = tf.split(shears, shears.shape[1] as number, 1)
  const away: tf.Tensor[] = tf.split(steps, a, 1)
  pairsOf(a).forEach(([i, j], p) => {
    away[i] = tf.add(away[i], tf.mul(taken[p], away[j]))
  })
  return tf.concat(away, 1)
}
