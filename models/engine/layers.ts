// Steps of a network that are worth writing by hand: as plain tfjs they walk over large tensors twice as often.
// Each has its own gradient; the traced form of each is one node, or a pattern that onnxruntime makes one of.
import * as tf from '@tensorflow/tfjs'
import { TRACER_BACKEND } from './backends.ts'

const isTracing = () => tf.engine().backendName === TRACER_BACKEND

type Saved = tf.Tensor | tf.Tensor[]
const listOf = (saved: Saved) => [saved].flat()

/** Rows of the last axis to mean 0 and variance 1, with 1 / standard deviation beside them. */
function normalizeRows(x: tf.Tensor, epsilon: number): tf.Tensor[] {
  if (isTracing()) return tf.engine().runKernel('LayerNorm', { x }, { epsilon }) as unknown as tf.Tensor[]
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon))
  return [tf.mul(centred, inverse), inverse]
}

/**
 * Layer normalisation without gain and bias.
 *
 * @param x [..., D]
 * @returns [..., D], each row with mean 0 and variance 1
 * Source: Ba et al. 2016, arXiv:1607.06450.
 */
export function normalize(x: tf.Tensor, epsilon = 1e-5): tf.Tensor {
  return tf.customGrad((input, save) => {
    const [value, inverse] = normalizeRows(input as tf.Tensor, epsilon)
    ;(save as tf.GradSaveFunc)([value, inverse])
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: Saved) => {
        const [y, scale] = listOf(saved)
        const along = tf.mul(y, tf.mean(tf.mul(dy, y), -1, true))
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along), scale)
      },
    }
  })(x)
}

/** x sigmoid(x). Source: Elfwing et al. 2018, arXiv:1702.03118. */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((input, save) => {
    const s = tf.sigmoid(input as tf.Tensor)
    const value = tf.mul(input as tf.Tensor, s)
    ;(save as tf.GradSaveFunc)([s, value])
    return {
      value,
      // s + y (1 - s), one pass shorter than through x
      gradFunc: (dy: tf.Tensor, saved: Saved) => {
        const [gate, y] = listOf(saved)
        return tf.mul(dy, tf.add(gate, tf.sub(y, tf.mul(y, gate))))
      },
    }
  })(x)
}

/** x Phi(x), with the exact normal distribution function. Source: Hendrycks & Gimpel 2016, arXiv:1606.08415. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const twicePhi = (half: tf.Tensor) => tf.add(tf.erf(half), 1)
  return tf.customGrad((input, save) => {
    const t = input as tf.Tensor
    ;(save as tf.GradSaveFunc)([t])
    const plain = () => tf.mul(tf.mul(t, twicePhi(tf.mul(t, Math.SQRT1_2))), 0.5)
    return {
      value: isTracing() ? (tf.engine().runKernel('Gelu', { x: t }) as tf.Tensor) : plain(),
      gradFunc: (dy: tf.Tensor, saved: Saved) => {
        // With w = x / sqrt 2 the slope is (1 + erf w) / 2 + w exp(-w^2) / sqrt pi; the factor goes into the exponent.
        const w = tf.mul(listOf(saved)[0], Math.SQRT1_2)
        const density = tf.exp(tf.sub(Math.log(2 / Math.sqrt(Math.PI)), tf.square(w)))
        return tf.mul(tf.mul(dy, tf.add(twicePhi(w), tf.mul(w, density))), 0.5)
      },
    }
  })(x)
}

// exp(-40) is lost in any sum of float32, and far above its subnormal numbers, on which processors are many times slower:
// what is ruled out is brought here before it is set to 0.
const FAINT = 40

/**
 * Softmax over the last axis of logits of which some are ruled out; those come out as 0.
 *
 * @param logits [..., T]
 * @param bias broadcast to it; 0 where a logit counts, far below -40 where not. Nothing flows back into it.
 */
export function maskedSoftmax(logits: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.customGrad((input, save) => {
    const masked = tf.add(input as tf.Tensor, bias)
    const floor = tf.sub(tf.max(masked, -1, true), FAINT)
    const isSeen = tf.cast(tf.greater(bias, -1), 'float32')
    const value = tf.mul(tf.softmax(tf.maximum(masked, floor), -1), isSeen)
    ;(save as tf.GradSaveFunc)([value])
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: Saved) => {
        const [y] = listOf(saved)
        const slope = tf.mul(dy, y)
        return tf.sub(slope, tf.mul(y, tf.sum(slope, -1, true)))
      },
    }
  })(logits)
}
