// What can run a graph, and why one of them cannot: onnxruntime says of a library no more than that it did not load.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** `cuda` is a card of NVIDIA's, `webgpu` any card that Vulkan, Metal or Direct3D knows. */
export type Device = 'cpu' | 'cuda' | 'webgpu'

export const devices: readonly Device[] = ['cpu', 'cuda', 'webgpu']

/** What onnxruntime loads for CUDA, and does not bring along. */
const cudaLibraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']

/** Where those are looked for: beside onnxruntime's own library. */
export function providerFolder(): string {
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return join(home, 'bin', 'napi-v6', process.platform, process.arch)
}

/**
 * Why a device could not be opened, in the words of the loader or of the runtime.
 *
 * @param message what onnxruntime said when it was asked to open it
 */
export function deviceProblem(device: Device, message: string, folder = providerFolder()): string {
  const missing = device === 'cuda' ? cudaLibraries.map(name => loadProblem(join(folder, name))) : []
  const [first] = missing.filter(problem => problem !== null)
  if (first !== undefined) return first
  // Of an assertion of theirs, what comes behind it.
  const [line] = message.replace(/^[\s\S]*? was false\. /, '').split('\n')
  return line.trim()
}

/** The loader's reason; null when the library loads. */
function loadProblem(file: string): string | null {
  if (!existsSync(file)) return `${file} is not there`
  try {
    process.dlopen({ exports: {} }, file)
    return null
  } catch (error) {
    const { message } = error as Error
    // The loader found all it needs: it is no addon of Node's, or it looks for what onnxruntime puts in place first.
    return /did not self-register|Provider_GetHost/.test(message) ? null : message
  }
}
