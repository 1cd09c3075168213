// All parameters of a network in one flat vector: where each begins, and the way there and back.
import type { TensorSpec } from './tensorSpec.ts'
import { checkSpecs, checkTensorData, sizeOf } from './tensorSpec.ts'

export interface ParameterLayout {
  readonly parameters: readonly TensorSpec[]
  readonly offsets: readonly number[]
  /** Number of floats in the flat vector. */
  readonly size: number
}

/** Parameters one after another, in the order given; throws RangeError for a repeated name, TypeError for int32. */
export function layOut(parameters: readonly TensorSpec[]): ParameterLayout {
  checkSpecs('layOut', parameters)
  const offsets: number[] = []
  let size = 0
  for (const { name, shape, dtype } of parameters) {
    if (dtype === 'int32') throw new TypeError(`layOut: parameter '${name}' is int32; only float32 can be trained`)
    offsets.push(size)
    size += sizeOf(shape)
  }
  return { parameters, offsets, size }
}

/** Named arrays -> one flat vector; throws TypeError or RangeError when one is absent or has the wrong length. */
export function packParameters(layout: ParameterLayout, values: Readonly<Record<string, Float32Array>>): Float32Array {
  const flat = new Float32Array(layout.size)
  layout.parameters.forEach((spec, i) => {
    const data: unknown = values[spec.name]
    checkTensorData('packParameters', spec, data)
    flat.set(data, layout.offsets[i])
  })
  return flat
}

/** One flat vector -> named arrays, copied out. */
export function unpackParameters(layout: ParameterLayout, flat: Float32Array): Record<string, Float32Array> {
  if (flat.length !== layout.size) {
    throw new RangeError(`unpackParameters: the layout holds ${layout.size} floats and got ${flat.length}`)
  }
  return Object.fromEntries(
    layout.parameters.map(({ name, shape }, i) => [
      name,
      flat.slice(layout.offsets[i], layout.offsets[i] + sizeOf(shape)),
    ]),
  )
}
