// The update of a training step: clipping, Adam and the moving average, on one flat vector of all parameters.
import * as tf from '@tensorflow/tfjs'
import type { OptimizerOptions } from './optimizerOptions.ts'
import { rateNames, stateNames } from './optimizerOptions.ts'
import type { ParameterLayout } from './parameterLayout.ts'
import { sizeOf } from './tensorSpec.ts'

function decayMask(layout: ParameterLayout): tf.Tensor {
  return tf.concat(layout.parameters.map(({ shape }) => tf.fill([sizeOf(shape)], shape.length >= 2 ? 1 : 0)))
}

/**
 * One update, as tfjs steps to be traced.
 *
 * Adam as in Kingma & Ba 2015 (arXiv:1412.6980, algorithm 1), decay decoupled as in Loshchilov & Hutter 2019
 * (arXiv:1711.05101), clipping by global norm as in Pascanu et al. 2013 (arXiv:1211.5063).
 *
 * @param inputs [P] vectors and [] scalars, by `stateNames` and `rateNames`
 * @param gradient [P]
 * @returns the new vectors, and the gradient's norm before clipping, which is finite only if every slope is
 */
export function updateByAdam(
  layout: ParameterLayout,
  options: OptimizerOptions,
  inputs: Readonly<Record<string, tf.Tensor>>,
  gradient: tf.Tensor,
): Record<string, tf.Tensor> {
  const { beta1, beta2, epsilon, clipNorm, weightDecay } = options
  const [flat, m, v, average] = stateNames.map(name => inputs[name])
  const [learningRate, firstCorrection, secondCorrection, averageDecay] = rateNames.map(name => inputs[name])

  const norm = tf.sqrt(tf.sum(tf.square(gradient)))
  const g = clipNorm === null ? gradient : tf.mul(gradient, tf.div(clipNorm, tf.maximum(norm, clipNorm)))
  const newM = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1))
  const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2))
  const direction = tf.div(tf.mul(newM, firstCorrection), tf.add(tf.sqrt(tf.mul(newV, secondCorrection)), epsilon))
  const pull = weightDecay > 0 ? tf.mul(flat, tf.mul(decayMask(layout), weightDecay)) : null
  const newFlat = tf.sub(flat, tf.mul(pull ? tf.add(direction, pull) : direction, learningRate))
  const newAverage = tf.add(newFlat, tf.mul(tf.sub(average, newFlat), averageDecay))
  return {
    '.newParameters': newFlat,
    '.newFirstMoment': newM,
    '.newSecondMoment': newV,
    '.newAverage': newAverage,
    '.gradientNorm': norm,
  }
}
