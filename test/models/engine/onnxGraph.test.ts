import * as tf from '@tensorflow/tfjs'
import onnxProto from 'onnx-proto'
import { expect, test } from 'vitest'
import { traceGraph } from '../../../models/engine/tracer.ts'

const graph = traceGraph(
  [
    { name: 'x', shape: [5, 3] },
    { name: 'ids', shape: [2], dtype: 'int32' },
  ],
  ({ x, ids }) => ({ out: tf.leakyRelu(tf.matMul(tf.gather(x, ids), tf.tensor2d([[1], [2], [4]])), 0.25) }),
)
const model = onnxProto.onnx.ModelProto.decode(graph.bytes)

test('the bytes are a model of opset 18 under the public schema, with the names and shapes given', () => {
  expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 18]])
  const ports = [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])].map(({ name, type }) => [
    name,
    type?.tensorType?.elemType,
    type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue)),
  ])
  expect(ports).toEqual([
    ['x', 1, [5, 3]],
    ['ids', 6, [2]],
    ['out', 1, [2, 1]],
  ])
})

test('weights are stored as little-endian float32 and attributes with their types', () => {
  const [weight] = model.graph?.initializer ?? []
  expect(weight.dims?.map(Number)).toEqual([3, 1])
  expect([...new Float32Array(Uint8Array.from(weight.rawData ?? []).buffer)]).toEqual([1, 2, 4])
  const nodes = new Map(model.graph?.node?.map(node => [node.opType, node.attribute]))
  expect([...nodes.keys()]).toEqual(['Gather', 'MatMul', 'LeakyRelu'])
  expect(nodes.get('LeakyRelu')).toMatchObject([{ name: 'alpha', f: 0.25 }])
  expect(Number(nodes.get('Gather')?.[0].i)).toBe(0)
})

test('no node is of a domain outside the ONNX standard', () => {
  expect(model.graph?.node?.every(node => !node.domain)).toBe(true)
})
