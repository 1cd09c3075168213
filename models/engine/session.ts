// Runs a traced graph: ONNX bytes -> onnxruntime. It knows nothing of tfjs, so that a worker need not load it.
import * as ort from 'onnxruntime-node'
import { FusionError } from '../../schemas/index.ts'
import { type Device, deviceProblem, missingLibrary } from './devices.ts'
import type { TensorData, TensorSpec, TracedGraph } from './tensorSpec.ts'
import { checkTensorData } from './tensorSpec.ts'

// What goes wrong is thrown, reason and all; the runtime need not print it too.
ort.env.logLevel = 'fatal'

export interface SessionOptions {
  /** Threads inside one operation. 1 is the default: workers, not operations, share out the cores. */
  readonly intraOpNumThreads?: number
  readonly device?: Device
}

const where = 'Session.run'

function specsOf(metadata: readonly ort.InferenceSession.ValueMetadata[]): TensorSpec[] {
  return metadata.map(entry => {
    if (!entry.isTensor || (entry.type !== 'float32' && entry.type !== 'int32')) {
      throw new FusionError(
        'MODEL_MISMATCH',
        `The model's '${entry.name}' is not a float32 or int32 tensor; trace it with this project.`,
      )
    }
    const shape = entry.shape.map(length => {
      if (typeof length === 'number') return length
      throw new FusionError(
        'MODEL_MISMATCH',
        `The model's '${entry.name}' has the free axis '${length}'; fix its shape and export it again.`,
      )
    })
    return { name: entry.name, shape, dtype: entry.type }
  })
}

function tensorOf(spec: TensorSpec, data: TensorData): ort.Tensor {
  return data instanceof Int32Array
    ? new ort.Tensor('int32', data, spec.shape)
    : new ort.Tensor('float32', data, spec.shape)
}

function refusal(device: Device, reason: string, cause?: unknown): FusionError {
  const message = `The device '${device}' cannot be opened here (${reason}); see docs/gpu.md, or choose the device 'cpu'.`
  return new FusionError('CONFIG_INVALID', message, { cause, detail: { device, reason } })
}

/** An open graph. Runs are pure: the same feeds give the same bits on one machine. Close it when done. */
export class Session {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
  private inner: ort.InferenceSession | null

  private constructor(inner: ort.InferenceSession) {
    this.inner = inner
    this.inputs = specsOf(inner.inputMetadata)
    this.outputs = specsOf(inner.outputMetadata)
  }

  /**
   * @throws FusionError MODEL_MISMATCH when the bytes are no model that can be run, CONFIG_INVALID when the device is not there
   */
  static async open(graph: TracedGraph | Uint8Array, options: SessionOptions = {}): Promise<Session> {
    const bytes = graph instanceof Uint8Array ? graph : graph.bytes
    const device = options.device ?? 'cpu'
    if (!ort.listSupportedBackends().some(backend => backend.name === device)) {
      throw new FusionError(
        'CONFIG_INVALID',
        `This installation of onnxruntime has no '${device}'; choose the device 'cpu'.`,
      )
    }
    // Asked in vain, WebGPU would print of it what nobody can catch.
    const missing = device === 'webgpu' ? missingLibrary(device) : null
    if (missing !== null) throw refusal(device, missing)
    try {
      const inner = await ort.InferenceSession.create(bytes, {
        executionProviders: [device],
        intraOpNumThreads: options.intraOpNumThreads ?? 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      })
      return new Session(inner)
    } catch (cause) {
      if (cause instanceof FusionError) throw cause
      if (device !== 'cpu') {
        throw refusal(device, deviceProblem(device, (cause as Error).message), cause)
      }
      const [reason] = (cause as Error).message.split('\n')
      throw new FusionError(
        'MODEL_MISMATCH',
        `onnxruntime cannot read this model (${reason}); trace or train it again.`,
        { cause },
      )
    }
  }

  /**
   * @param feeds one array per input, by name
   * @returns one new array per output, by name
   * @throws TypeError or RangeError when feeds do not match the inputs, TypeError after close
   */
  async run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, Float32Array>> {
    if (this.inner === null) throw new TypeError(`${where}: the session is closed`)
    const inputs: Record<string, ort.Tensor> = {}
    for (const spec of this.inputs) {
      const data: unknown = feeds[spec.name]
      checkTensorData(where, spec, data)
      inputs[spec.name] = tensorOf(spec, data)
    }
    const fetched = await this.inner.run(inputs)
    return Object.fromEntries(this.outputs.map(({ name }) => [name, fetched[name].data as Float32Array]))
  }

  async close(): Promise<void> {
    const inner = this.inner
    this.inner = null
    await inner?.release()
  }
}
