// The list of weights of a network, and their seeded initial values.
import type * as tf from '@tensorflow/tfjs'
import type { Rng } from '../math/rng.ts'

/** A network's weights by name, as tensors of a graph. */
export type Weights = Readonly<Record<string, tf.Tensor>>

export interface WeightSpec {
  readonly name: string
  readonly shape: readonly number[]
  /** Standard deviation of the initial Gaussian; 0 starts at `start`. */
  readonly sd: number
  readonly start: number
}

/** Gaussian weights with variance 1 / fan-in. */
export function dense(name: string, shape: readonly number[], gain = 1): WeightSpec {
  const fanIn = shape[shape.length - 2]
  return { name, shape, sd: gain / Math.sqrt(fanIn), start: 0 }
}

/** Weights that all start at one value, such as biases at 0. */
export function constant(name: string, shape: readonly number[], start: number): WeightSpec {
  return { name, shape, sd: 0, start }
}

/** Gaussian weights of a given standard deviation. */
export function gaussian(name: string, shape: readonly number[], sd: number): WeightSpec {
  return { name, shape, sd, start: 0 }
}

/** The same under other names: those of a network within another. */
export function prefixed(specs: readonly WeightSpec[], prefix: string): readonly WeightSpec[] {
  return specs.map(spec => ({ ...spec, name: prefix + spec.name }))
}

/** The weights of a network within another, under its own names. */
export function withoutPrefix<Value>(weights: Readonly<Record<string, Value>>, prefix: string): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  )
}

/** Initial values by name. */
export function drawWeights(specs: readonly WeightSpec[], rng: Rng): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(spec => {
      const size = spec.shape.reduce((a, b) => a * b, 1)
      const values = new Float32Array(size).fill(spec.start)
      if (spec.sd > 0) for (let i = 0; i < size; i++) values[i] = spec.sd * rng.normal()
      return [spec.name, values]
    }),
  )
}
