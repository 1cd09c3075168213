// Every kernel of the table, traced and run by onnxruntime, against tfjs's own CPU backend on the same random input.
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { runEagerly } from '../../../models/engine/eager.ts'
import { kernels } from '../../../models/engine/kernels.ts'
import { layerKernels } from '../../../models/engine/layerKernels.ts'
import { Session } from '../../../models/engine/session.ts'
import type { TensorData, TensorSpec } from '../../../models/engine/tensorSpec.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import type { KernelCase, Operand } from './kernelCases.ts'
import { kernelCases } from './kernelCases.ts'
import { fillRandom } from './randomArrays.ts'

function dataOf(operand: Operand, seed: number): TensorData {
  const size = operand.shape.reduce((n, k) => n * k, 1)
  const values = operand.values ?? fillRandom(size, operand.low, operand.high, seed)
  return operand.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values, Math.floor)
}

async function check({ kernel, inputs, attrs }: KernelCase) {
  const operands = Object.entries(inputs).map(([name, operand], n) => ({
    name,
    operand: operand as Operand,
    data: dataOf(operand as Operand, n + 7),
  }))
  const fed = operands.filter(({ operand }) => !operand.isConstant)
  const specs: TensorSpec[] = fed.map(({ name, operand }) => ({
    name: `in${name}`,
    shape: operand.shape,
    dtype: operand.dtype === 'float32' ? 'float32' : 'int32',
  }))
  const feeds = Object.fromEntries(fed.map(({ name, data }) => [`in${name}`, data]))
  const shapes: number[][][] = []
  const build = (tensors: Record<string, tf.Tensor>) => {
    const named = operands.map(({ name, operand, data }) => {
      const tensor = operand.isConstant
        ? tf.tensor(data, [...operand.shape], operand.dtype === 'bool' ? 'int32' : operand.dtype)
        : tensors[`in${name}`]
      return [name, operand.dtype === 'bool' ? tensor.cast('bool') : tensor] as const
    })
    const given = Array.isArray(inputs) ? named.map(([, tensor]) => tensor) : Object.fromEntries(named)
    const result = tf.engine().runKernel(kernel, given as unknown as tf.NamedTensorMap, attrs as tf.NamedAttrMap) as
      | tf.Tensor
      | tf.Tensor[]
    const outputs = [result].flat()
    shapes.push(outputs.map(tensor => tensor.shape))
    return Object.fromEntries(outputs.map((tensor, n) => [`out${n}`, tensor]))
  }
  const expected = runEagerly(specs, build, feeds)
  const session = await Session.open(traceGraph(specs, build))
  const got = await session.run(feeds)
  await session.close()
  expect(shapes[1]).toEqual(shapes[0])
  for (const [name, want] of Object.entries(expected)) {
    const largest = want.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
    expect(got[name].length).toBe(want.length)
    want.forEach((value, n) => {
      const actual = got[name][n]
      // Where a sum cancels, the digits lost are those of its terms: hence the floor at 1% of the largest value.
      const isClose =
        Object.is(actual, value) ||
        actual === value ||
        Math.abs(actual - value) <= 1e-5 * Math.max(Math.abs(value), 0.01 * largest)
      if (!isClose) expect.fail(`${kernel} ${JSON.stringify(attrs)} ${name}[${n}]: ${actual} instead of ${value}`)
    })
  }
}

// Our own kernels are judged in layers.test.ts: tfjs has none of that name.
for (const kernel of Object.keys(kernels).filter(name => !(name in layerKernels))) {
  test(`${kernel} traced agrees with the CPU backend within 1e-5`, async () => {
    const own = kernelCases.filter(entry => entry.kernel === kernel)
    expect(own.length).toBeGreaterThan(0)
    for (const entry of own) await check(entry)
  })
}

test('batch axes that cross in a product broadcast, as the tiled product shows', async () => {
  // tfjs's CPU backend refuses this broadcast, so the judge is the same product with both sides tiled out first.
  const specs = [
    { name: 'a', shape: [4, 1, 2, 3] },
    { name: 'b', shape: [1, 3, 3, 2] },
  ]
  const feeds = { a: fillRandom(24, -1, 1, 1), b: fillRandom(18, -1, 1, 2) }
  const session = await Session.open(traceGraph(specs, ({ a, b }) => ({ out: tf.matMul(a, b) })))
  const got = await session.run(feeds)
  await session.close()
  const want = runEagerly(specs, ({ a, b }) => ({ out: tf.matMul(a.tile([1, 3, 1, 1]), b.tile([4, 1, 1, 1])) }), feeds)
  got.out.forEach((value, n) => {
    expect(Math.abs(value - want.out[n])).toBeLessThan(1e-5)
  })
})
