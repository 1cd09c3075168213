// A star model of a few hundred weights, none of them zero: nothing may hide behind a zero, as it could after the start.
import * as tf from '@tensorflow/tfjs'
import { createRng, type Rng } from '../../../models/math/rng.ts'
import { type StarModelConfig, starModelWeights } from '../../../models/transformer/starModelConfig.ts'
import type { Weights } from '../../../models/transformer/weights.ts'

export const smallConfig: StarModelConfig = {
  width: 8,
  heads: 2,
  layers: 2,
  hidden: 12,
  headWidth: 10,
  headBlocks: 3,
  classCount: 4,
}

export function normals(rng: Rng, shape: readonly number[], sd = 1): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => sd * rng.normal()),
    [...shape],
  )
}

export function smallWeights(): Weights {
  const rng = createRng(21)
  return Object.fromEntries(starModelWeights(smallConfig).map(({ name, shape }) => [name, normals(rng, shape, 0.35)]))
}
