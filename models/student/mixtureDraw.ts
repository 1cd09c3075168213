// Samples by a few calls of a student: clean, noisy, clean again, each time one of what the mixture says.
import * as tf from '@tensorflow/tfjs'
import type { TensorSpec } from '../engine/tensorSpec.ts'
import type { Weights } from '../transformer/weights.ts'
import { sampleMixture } from './mixture.ts'
import { firstMixture, laterMixture, type MixtureConfig } from './mixtureNetwork.ts'

/** The random numbers of so many samples: uniform `chances` choose among normal distributions, `normals` are standard. */
export function drawInputs({ levels, parameterCount }: MixtureConfig, samples: number): readonly TensorSpec[] {
  const calls = levels.length + 1
  return [
    { name: 'chances', shape: [calls, samples, 1] },
    { name: 'normals', shape: [2 * calls - 1, samples, parameterCount] },
  ]
}

/**
 * @param known [1, D] from `readData`; @param input see `drawInputs`
 * @returns [S, A] white parameters
 */
export function drawWhite(w: Weights, c: MixtureConfig, known: tf.Tensor, input: Weights): tf.Tensor {
  const calls = c.levels.length + 1
  const [, samples, a] = input.normals.shape as [number, number, number]
  const chances = tf.split(input.chances, calls, 0).map(one => one.reshape([samples, 1]))
  const normals = tf.split(input.normals, 2 * calls - 1, 0).map(one => one.reshape([samples, a]))
  let clean = sampleMixture(firstMixture(w, c, known), chances[0], normals[0])
  c.levels.forEach((sigma, l) => {
    const noisy = tf.add(clean, tf.mul(normals[2 * l + 1], sigma))
    clean = sampleMixture(laterMixture(w, c, l, known, noisy), chances[l + 1], normals[2 * l + 2])
  })
  return clean
}
