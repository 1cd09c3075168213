// A tfjs backend that records instead of computing: network code in tfjs -> one ONNX graph.
import * as tf from '@tensorflow/tfjs'
import { TRACER_BACKEND, withBackend } from './backends.ts'
import type { ElementType, Value } from './graphBuilder.ts'
import { GraphBuilder } from './graphBuilder.ts'
import { kernels } from './kernels.ts'
import { castTo } from './lowering.ts'
import { encodeOnnx } from './onnxGraph.ts'
import type { TensorData, TensorSpec, TracedGraph } from './tensorSpec.ts'
import { checkSpecs, checkTensorData } from './tensorSpec.ts'

// What tfjs assumes of every float32 backend.
const EPSILON = 1e-7

export type Tensors = Record<string, tf.Tensor>

/** A network: one tensor per input in, named tensors out. It must be synchronous and may not look at values. */
export type NetworkFunction = (inputs: Tensors) => Tensors

export interface Constant extends TensorSpec {
  readonly data: TensorData
}

/** Weights by name as constants of a graph. */
export function constantsOf(
  specs: readonly TensorSpec[],
  weights: Readonly<Record<string, Float32Array>>,
): readonly Constant[] {
  return specs.map(({ name, shape }) => ({ name, shape, data: weights[name] }))
}

class TracerBackend extends tf.KernelBackend {
  private graph: GraphBuilder | null = null
  private values = new Map<object, Value>()

  begin(): GraphBuilder {
    if (this.graph !== null) throw new TypeError('a trace cannot start inside another trace')
    this.graph = new GraphBuilder()
    return this.graph
  }

  end(): void {
    this.graph = null
    this.values.clear()
  }

  current(): GraphBuilder {
    if (this.graph === null) throw new TypeError('a traced tensor was used after its trace had ended')
    return this.graph
  }

  hold(value: Value): tf.TensorInfo {
    const dataId = {}
    this.values.set(dataId, value)
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType }
  }

  lookUp(tensor: tf.TensorInfo, kernelName: string): Value {
    const value = this.values.get(tensor.dataId)
    if (value === undefined) {
      throw new TypeError(
        `${kernelName}: a tensor made outside the trace was used in it; pass it as an input or as one of the constants`,
      )
    }
    return value
  }

  override write(values: tf.backend_util.TypedArray, shape: number[], dtype: tf.DataType): object {
    const graph = this.current()
    if (dtype === 'string' || dtype === 'complex64') throw new TypeError(`a traced tensor cannot hold ${dtype} values`)
    return this.hold(graph.constant(values, shape, dtype as ElementType)).dataId
  }

  override read(): never {
    throw new TypeError('a tensor was read while its graph was being traced: values exist only when the graph runs')
  }

  override readSync(): never {
    return this.read()
  }

  override disposeData(dataId: object): boolean {
    return this.values.delete(dataId)
  }

  override numDataIds(): number {
    return this.values.size
  }

  override refCount(dataId: object): number {
    return this.values.has(dataId) ? 1 : 0
  }

  override incRef(): void {}

  override memory() {
    return { unreliable: true }
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return EPSILON
  }

  override timerAvailable(): boolean {
    return false
  }

  override dispose(): void {}
}

let tracer: TracerBackend | null = null

function openTracer(): TracerBackend {
  if (tracer !== null) return tracer
  const backend = new TracerBackend()
  // Priority 0: tfjs never chooses the tracer by itself.
  tf.registerBackend(TRACER_BACKEND, () => backend, 0)
  for (const [kernelName, lower] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACER_BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const values: Record<string, Value> = {}
        for (const [name, tensor] of Object.entries(inputs)) {
          if (tensor) values[name] = backend.lookUp(tensor, kernelName)
        }
        const result = lower({ graph: backend.current(), inputs: values, attrs: attrs ?? {} })
        return Array.isArray(result) ? result.map(value => backend.hold(value)) : backend.hold(result)
      },
    })
  }
  tracer = backend
  return backend
}

/** tfjs's own message for a missing kernel, turned into ours. */
function explain(error: unknown): unknown {
  const kernel = error instanceof Error ? /^Kernel '(\w+)' not registered/.exec(error.message) : null
  if (kernel === null) return error
  return new TypeError(
    `the tfjs kernel '${kernel[1]}' has no ONNX form here; add it to a table in models/engine or build the step from others`,
  )
}

/** Random numbers made while tracing would be frozen into the graph; they belong in its inputs. */
function withoutChance<T>(work: () => T): T {
  const { random } = Math
  Math.random = () => {
    throw new TypeError('random numbers were drawn while tracing; pass them to the graph as an input')
  }
  try {
    return work()
  } finally {
    Math.random = random
  }
}

/**
 * Record `build` once and return it as ONNX (opset 18). The same call gives the same bytes.
 *
 * @param inputs what the graph will be fed, fixed shapes
 * @param build gets one tensor per input and per constant, by name; returns the outputs by name
 * @param constants weights to keep inside the graph, so that it is complete by itself
 * @returns outputs are always float32: int32 (exact to 2^24) and bool results are converted
 * @throws TypeError when a value is read while tracing, a random number drawn, or a kernel has no ONNX form
 */
export function traceGraph(
  inputs: readonly TensorSpec[],
  build: NetworkFunction,
  constants: readonly Constant[] = [],
): TracedGraph {
  checkSpecs('traceGraph', [...inputs, ...constants])
  for (const constant of constants) checkTensorData('traceGraph', constant, constant.data)
  const backend = openTracer()
  const graph = backend.begin()
  try {
    return withBackend(TRACER_BACKEND, () => {
      const outputs = tf.tidy(() => recordOutputs(backend, graph, inputs, constants, build))
      return { bytes: encodeOnnx(graph.content()), inputs: [...inputs], outputs }
    })
  } catch (error) {
    throw explain(error)
  } finally {
    backend.end()
  }
}

function recordOutputs(
  backend: TracerBackend,
  graph: GraphBuilder,
  inputs: readonly TensorSpec[],
  constants: readonly Constant[],
  build: NetworkFunction,
): TensorSpec[] & tf.TensorContainer {
  const tensors: Tensors = {}
  for (const { name, shape, dtype } of inputs) {
    tensors[name] = tf.engine().makeTensorFromTensorInfo(backend.hold(graph.input(name, shape, dtype ?? 'float32')))
  }
  for (const { name, shape, dtype, data } of constants) {
    const value = graph.constant(data, shape, dtype ?? 'float32')
    tensors[name] = tf.engine().makeTensorFromTensorInfo(backend.hold(value))
  }
  const results = withoutChance(() => build(tensors))
  const outputs = Object.entries(results).map(([name, tensor]) => {
    graph.output(name, castTo(graph, backend.lookUp(tensor, `output '${name}'`), 'float32'))
    return { name, shape: [...tensor.shape] }
  })
  // A kept tensor would outlive the tidy around it.
  for (const tensor of Object.values(results)) tensor.dispose()
  checkSpecs('traceGraph', [...inputs, ...outputs])
  return outputs as TensorSpec[] & tf.TensorContainer
}
