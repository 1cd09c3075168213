import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  deviceProblem,
  devices,
  isOutOfMemory,
  missingLibrary,
  providerFolder,
} from '../../../models/engine/devices.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('of CUDA the first library that is missing or does not load is named, with the words of the loader', () => {
  const said = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library'
  expect(deviceProblem('cuda', said, folder)).toBe(`${join(folder, 'libonnxruntime_providers_shared.so')} is not there`)
  writeFileSync(join(folder, 'libonnxruntime_providers_shared.so'), 'no library')
  expect(deviceProblem('cuda', said, folder)).toMatch(/libonnxruntime_providers_shared\.so/)
  expect(deviceProblem('cuda', said, folder)).not.toMatch(/is not there/)
})

test("where all loads the runtime's own sentence is told, without the place in its source", () => {
  const said =
    '/src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n'
  expect(deviceProblem('cpu', said)).toBe('Failed to get a WebGPU adapter: No supported adapters')
  expect(deviceProblem('cpu', 'out of order\nand more')).toBe('out of order')
})

test('the folder for libraries is that of the binding', () => {
  expect(providerFolder()).toMatch(/onnxruntime-node.bin.napi-v6/)
})

test('the processor comes first: it is there anywhere', () => {
  expect(devices[0]).toBe('cpu')
})

test('nothing is looked for on behalf of the processor', () => {
  expect(missingLibrary('cpu')).toBeNull()
})

test('the end of memory is told from other failures, also where it is the cause of one', () => {
  const ended = new Error(
    '[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Failed to allocate memory for requested buffer of size 8',
  )
  expect(isOutOfMemory(ended)).toBe(true)
  expect(isOutOfMemory(new Error('CUDA failure 2: out of memory'))).toBe(true)
  expect(isOutOfMemory(new Error('it did not open', { cause: ended }))).toBe(true)
  expect(isOutOfMemory(new Error('CUDA failure 35: CUDA driver version is insufficient'))).toBe(false)
  expect(isOutOfMemory('out of memory')).toBe(false)
})
