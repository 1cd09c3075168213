// What can run a graph, and why one of them cannot: onnxruntime says of a library no more than that it did not load.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'

/** `cuda` is a card of NVIDIA's, `webgpu` any card that Vulkan, Metal or Direct3D knows. */
export type Device = 'cpu' | 'cuda' | 'webgpu'

export const devices: readonly Device[] = ['cpu', 'cuda', 'webgpu']

/** What onnxruntime loads for CUDA, and does not bring along; it is looked for beside its own library. */
const cudaLibraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']
/** What WebGPU speaks to the card through, where it is not part of the system. */
const VULKAN = 'libvulkan.so.1'

/** Where onnxruntime's binding lies. */
export function providerFolder(): string {
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return join(home, 'bin', 'napi-v6', process.platform, process.arch)
}

/** Which library a device lacks here, in the words of the loader; null where all that is looked for loads. */
export function missingLibrary(device: Device, folder = providerFolder()): string | null {
  const wanted = {
    cpu: [],
    cuda: cudaLibraries.map(name => join(folder, name)),
    webgpu: process.platform === 'linux' ? [VULKAN] : [],
  }
  for (const file of wanted[device] ?? []) {
    const problem = loadProblem(file)
    if (problem !== null) return problem
  }
  return null
}

/**
 * Why a device could not be opened, in the words of the loader or of the runtime.
 *
 * @param message what onnxruntime said when it was asked to open it
 */
export function deviceProblem(device: Device, message: string, folder = providerFolder()): string {
  // Of an assertion of theirs, what comes behind it.
  const [line] = message.replace(/^[\s\S]*? was false\. /, '').split('\n')
  return missingLibrary(device, folder) ?? line.trim()
}

/** The loader's reason; null when the library loads. */
function loadProblem(file: string): string | null {
  if (file.includes(sep) && !existsSync(file)) return `${file} is not there`
  try {
    process.dlopen({ exports: {} }, file)
    return null
  } catch (error) {
    const { message } = error as Error
    // The loader found all it needs: it is no addon of Node's, or it looks for what onnxruntime puts in place first.
    return /did not self-register|Provider_GetHost/.test(message) ? null : message
  }
}

// What the CUDA and WebGPU providers, and the libraries below them, say when memory ends or a buffer may not be that large.
const memorySentences =
  /out of memory|failed to allocate|ALLOC_FAILED|bad_alloc|smaller than requested bytes|exceeds? the max|larger than the max/i

/** Whether a device refused for want of memory; fewer rows at a time may do then. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return memorySentences.test(error.message) || isOutOfMemory(error.cause)
}
