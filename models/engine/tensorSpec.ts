// The engine's vocabulary for what goes in and out of a graph: named tensors of fixed shape.

export type SpecDtype = 'float32' | 'int32'

/** One named tensor of a graph; `dtype` is float32 where absent. */
export interface TensorSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype?: SpecDtype
}

export type TensorData = Float32Array | Int32Array

/** A network written as ONNX: open it with `Session.open`, or save `bytes` as an ordinary .onnx file. */
export interface TracedGraph {
  readonly bytes: Uint8Array
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}

/** Zeros for each tensor, by name. */
export function emptyArrays(specs: readonly TensorSpec[]): Record<string, Float32Array> {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]))
}

/**
 * Check that `data` has the type and length that `spec` promises.
 *
 * @throws TypeError for the wrong array type, RangeError for the wrong length; `where` opens the sentence
 */
export function checkTensorData(where: string, spec: TensorSpec, data: unknown): asserts data is TensorData {
  const dtype = spec.dtype ?? 'float32'
  const isRight = dtype === 'int32' ? data instanceof Int32Array : data instanceof Float32Array
  if (!isRight) {
    const expected = dtype === 'int32' ? 'Int32Array' : 'Float32Array'
    throw new TypeError(`${where}: tensor '${spec.name}' needs a ${expected}`)
  }
  const { length } = data as TensorData
  if (length !== sizeOf(spec.shape)) {
    throw new RangeError(`${where}: tensor '${spec.name}' needs [${spec.shape}] values and got ${length}`)
  }
}

/** Check that names are given once each and shapes are whole numbers; throws RangeError. */
export function checkSpecs(where: string, specs: readonly TensorSpec[]): void {
  const seen = new Set<string>()
  for (const { name, shape } of specs) {
    if (name === '' || seen.has(name)) throw new RangeError(`${where}: tensor name '${name}' is empty or given twice`)
    seen.add(name)
    if (shape.some(length => !Number.isInteger(length) || length < 1)) {
      throw new RangeError(
        `${where}: tensor '${name}' has shape [${shape}]; every length must be a whole number above 0`,
      )
    }
  }
}
