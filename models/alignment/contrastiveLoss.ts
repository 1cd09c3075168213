// The contrastive loss: what one instrument sees of a star against what the others see of it and of the batch's other stars.
import * as tf from '@tensorflow/tfjs'
import { unitTensor } from './groundCost.ts'

/** A learnt temperature goes no lower, so that logits stay within 100. */
export const LEAST_TEMPERATURE = 0.01

/** Added to a logit that must not count. */
const NEVER = -1e9

/**
 * Each embedding z_i of a star against the mean of the star's others, among the same means of all stars in the batch.
 * A star that only one instrument saw has no others of its own, but others may be told from it. With no star seen twice the loss is 0.
 *
 * Source: van den Oord et al. 2018, arXiv:1807.03748, InfoNCE; a learnt temperature as in Radford et al. 2021, arXiv:2103.00020.
 *
 * @param embeddings one [B, D] for each of two or more modalities; rows that are not present may hold any finite number
 * @param present [B, modalities], 1 or 0
 * @param logTemperature of the cosines; a scalar tensor is learnt
 */
export function contrastiveLoss(
  embeddings: readonly tf.Tensor[],
  present: tf.Tensor,
  logTemperature: tf.Tensor | number,
): tf.Scalar {
  if (embeddings.length < 2) throw new RangeError(`contrastiveLoss: ${embeddings.length} modalities have no others`)
  const masks = tf.split(present, embeddings.length, 1)
  const units = embeddings.map((z, i) => tf.mul(unitTensor(z), masks[i]))
  const sum = tf.addN(units)
  const seen = tf.sum(present, 1, true)
  const floor = Math.log(LEAST_TEMPERATURE)
  const logFloored =
    typeof logTemperature === 'number' ? tf.scalar(Math.max(floor, logTemperature)) : tf.maximum(logTemperature, floor)
  const sharpness = tf.exp(tf.neg(logFloored))
  const parts = units.map((unit, i) => {
    // The direction of a mean is that of the sum.
    const others = unitTensor(tf.sub(sum, unit))
    const hasOthers = tf.cast(tf.greater(tf.sub(seen, masks[i]), 0.5), 'float32')
    const cosines = tf.matMul(unit as tf.Tensor2D, others as tf.Tensor2D, false, true)
    const barred = tf.mul(tf.sub(1, hasOthers.reshape([1, -1])), NEVER)
    const logits = tf.add(tf.mul(cosines, sharpness), barred)
    const own = tf.mul(tf.sum(tf.mul(unit, others), 1, true), sharpness)
    const counts = tf.mul(masks[i], hasOthers)
    const surprise = tf.sub(tf.logSumExp(logits, 1, true), own)
    return {
      loss: tf.sum(tf.mul(tf.where(tf.greater(counts, 0.5), surprise, tf.zerosLike(surprise)), counts)),
      count: tf.sum(counts),
    }
  })
  const count = tf.addN(parts.map(part => part.count))
  return tf.div(tf.addN(parts.map(part => part.loss)), tf.maximum(count, 1)) as tf.Scalar
}
