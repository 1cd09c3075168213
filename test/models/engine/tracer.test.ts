import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'

const x = { name: 'x', shape: [2, 3] }
const feeds = { x: Float32Array.of(1, -2, 3, -4, 5, -6) }

async function runOnce(graph: ReturnType<typeof traceGraph>, given: Parameters<Session['run']>[0]) {
  const session = await Session.open(graph)
  const result = await session.run(given)
  await session.close()
  return result
}

test('reading a value while tracing is refused', () => {
  expect(() => traceGraph([x], inputs => ({ out: tf.scalar(inputs.x.dataSync()[0]) }))).toThrow(
    /read while its graph was being traced/,
  )
  expect(() => traceGraph([x], inputs => ({ out: tf.scalar(Number(inputs.x.arraySync())) }))).toThrow(TypeError)
})

test('a kernel without an ONNX form is named in a TypeError', () => {
  const trace = () =>
    traceGraph([{ name: 'x', shape: [8] }], inputs => ({ out: tf.abs(tf.fft(tf.complex(inputs.x, inputs.x))) }))
  expect(trace).toThrow(TypeError)
  expect(trace).toThrow(/kernel 'Complex' has no ONNX form/)
})

test('random numbers drawn while tracing are refused, and Math.random works again afterwards', () => {
  expect(() => traceGraph([x], inputs => ({ out: tf.add(inputs.x, tf.randomNormal([2, 3])) }))).toThrow(
    /random numbers were drawn/,
  )
  expect(Math.random()).toBeLessThan(1)
})

test('a tensor made outside the trace is refused', () => {
  const outside = tf.tensor([1, 2, 3])
  expect(() => traceGraph([x], inputs => ({ out: tf.add(inputs.x, outside) }))).toThrow(/made outside the trace/)
  expect([...outside.dataSync()]).toEqual([1, 2, 3])
  outside.dispose()
})

test('a trace inside a trace is refused', () => {
  expect(() =>
    traceGraph([x], inputs => {
      traceGraph([x], inner => inner)
      return inputs
    }),
  ).toThrow(/inside another trace/)
})

test('names that are repeated and shapes with a zero are refused', () => {
  expect(() => traceGraph([x, x], inputs => ({ out: inputs.x }))).toThrow(/given twice/)
  expect(() => traceGraph([x], inputs => ({ x: inputs.x }))).toThrow(/given twice/)
  expect(() => traceGraph([{ name: 'x', shape: [0, 3] }], inputs => ({ out: inputs.x }))).toThrow(RangeError)
})

test('the same network gives the same bytes', () => {
  const trace = () => traceGraph([x], inputs => ({ out: tf.softmax(tf.mul(inputs.x, tf.tensor1d([1, 2, 3]))) })).bytes
  expect(Buffer.from(trace()).equals(trace())).toBe(true)
})

test('zeros, ones and fills of any size take no room in the file', () => {
  const graph = traceGraph([{ name: 'x', shape: [1000, 1000] }], inputs => {
    const [gradient] = tf.grads(input =>
      tf.sum(tf.mul(tf.add(input, tf.ones([1000, 1000])), tf.fill([1000, 1000], 3))),
    )([inputs.x])
    return { gradient, zeros: tf.zeros([1000, 1000]), like: tf.zerosLike(inputs.x), fill: tf.fill([1000, 1000], 2) }
  })
  expect(graph.bytes.length).toBeLessThan(2000)
})

test('a constant used many times and a step repeated are kept once', () => {
  const table = Array.from({ length: 1000 }, (_, i) => i)
  const repeat = (times: number) =>
    traceGraph([{ name: 'x', shape: [1000] }], inputs => {
      const sums = Array.from({ length: times }, () => tf.exp(tf.mul(inputs.x, tf.tensor1d(table))))
      return { out: tf.concat(sums.map(sum => sum.expandDims(0))) }
    }).bytes.length
  expect(repeat(20) - repeat(2)).toBeLessThan(200)
})

test('steps that no output needs are left out', () => {
  const lean = traceGraph([x], inputs => ({ out: tf.exp(inputs.x) }))
  const idle = traceGraph([x], inputs => {
    tf.mul(
      tf.sin(inputs.x),
      tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    )
    return { out: tf.exp(inputs.x) }
  })
  expect(idle.bytes.length).toBeLessThan(lean.bytes.length + 20)
})

test('tracing leaves no tensor behind and the former backend in place', () => {
  tf.engine().startScope()
  const before = [tf.memory().numTensors, tf.getBackend()]
  traceGraph([x], inputs => ({ out: tf.grad(input => tf.sum(tf.square(input)))(inputs.x) }))
  expect(() =>
    traceGraph([x], () => {
      throw new Error('a mistake in the network')
    }),
  ).toThrow('a mistake in the network')
  expect([tf.memory().numTensors, tf.getBackend()]).toEqual(before)
  tf.engine().endScope()
})

test('weights given as constants make the graph complete by itself', async () => {
  const graph = traceGraph([x], inputs => ({ out: tf.matMul(inputs.x, inputs.w) }), [
    { name: 'w', shape: [3, 1], data: Float32Array.of(1, 10, 100) },
  ])
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x'])
  const { out } = await runOnce(graph, feeds)
  expect([...out]).toEqual([281, -554])
})

test('an input, a constant and the same tensor twice can each be an output', async () => {
  const graph = traceGraph([x], inputs => {
    const sum = tf.add(inputs.x, 1)
    return {
      plain: inputs.x,
      fill: tf.ones([2]),
      one: sum,
      two: sum,
      whole: tf.cast(inputs.x, 'int32'),
      isAbove: tf.greater(inputs.x, 0),
    }
  })
  const got = await runOnce(graph, feeds)
  expect([...got.plain]).toEqual([...feeds.x])
  expect([...got.fill]).toEqual([1, 1])
  expect([...got.one]).toEqual([2, -1, 4, -3, 6, -5])
  expect(got.two).toEqual(got.one)
  expect([...got.whole]).toEqual([...feeds.x])
  expect([...got.isAbove]).toEqual([1, 0, 1, 0, 1, 0])
  expect(graph.outputs.map(({ name, shape }) => [name, shape])).toContainEqual(['fill', [2]])
})
