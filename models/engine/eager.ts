// The same network function without ONNX: on tfjs's own CPU backend, which judges the traced graphs,
// or on tfjs-node(-gpu) where somebody has installed it.

import * as tf from '@tensorflow/tfjs'
import { FusionError } from '../../schemas/index.ts'
import { withBackend } from './backends.ts'
import type { TensorData, TensorSpec } from './tensorSpec.ts'
import { checkSpecs, checkTensorData } from './tensorSpec.ts'
import type { NetworkFunction, Tensors } from './tracer.ts'

export type NativePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'

/** Run `build` on the backend that is in place now. */
function runOn(
  backendName: string,
  specs: readonly TensorSpec[],
  build: NetworkFunction,
  feeds: Readonly<Record<string, TensorData>>,
) {
  checkSpecs('runEagerly', specs)
  const results: Record<string, Float32Array> = {}
  withBackend(backendName, () =>
    tf.tidy(() => {
      const tensors: Tensors = {}
      for (const spec of specs) {
        const data: unknown = feeds[spec.name]
        checkTensorData('runEagerly', spec, data)
        tensors[spec.name] = tf.tensor(data, [...spec.shape], spec.dtype ?? 'float32')
      }
      for (const [name, tensor] of Object.entries(build(tensors))) {
        results[name] = Float32Array.from(tensor.dataSync())
      }
    }),
  )
  return results
}

/**
 * Run a network function on tfjs's own CPU backend: slow, independent of ONNX, and so the judge of every traced graph.
 *
 * @returns each output's values as float32, by name
 * @throws TypeError or RangeError when the feeds do not match `specs`
 */
export function runEagerly(
  specs: readonly TensorSpec[],
  build: NetworkFunction,
  feeds: Readonly<Record<string, TensorData>>,
): Record<string, Float32Array> {
  return runOn('cpu', specs, build, feeds)
}

/**
 * Load TensorFlow's native backend and return a runner like `runEagerly` that uses it.
 *
 * @throws FusionError CONFIG_INVALID when the package is not installed
 */
export async function openNative(packageName: NativePackage): Promise<typeof runEagerly> {
  try {
    await import(packageName)
  } catch (cause) {
    throw new FusionError(
      'CONFIG_INVALID',
      `Engine '${packageName}' is not installed here; run 'npm install ${packageName}' or choose the engine 'onnx'.`,
      { cause, detail: { package: packageName } },
    )
  }
  return (specs, build, feeds) => runOn('tensorflow', specs, build, feeds)
}
