import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { runEagerly } from '../../../models/engine/eager.ts'
import { gelu, maskedSoftmax, normalize, silu } from '../../../models/engine/layers.ts'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import { fillRandom } from './randomArrays.ts'

type Layer = (x: tf.Tensor) => tf.Tensor

const [N, D] = [6, 8]
const isSeen = [true, false, true, true, false, true, true, true]

/** The same layers in float64, one row at a time, with no step shared. */
const rows: [string, Layer, (row: number[]) => number[]][] = [
  [
    'normalize',
    x => normalize(x),
    row => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length
      const variance = row.reduce((sum, value) => sum + value ** 2, 0) / row.length - mean ** 2
      return row.map(value => (value - mean) / Math.sqrt(variance + 1e-5))
    },
  ],
  ['silu', silu, row => row.map(value => value / (1 + Math.exp(-value)))],
  [
    'maskedSoftmax',
    x => maskedSoftmax(x, tf.tensor1d(isSeen.map(seen => (seen ? 0 : -1e9)))),
    row => {
      const exps = row.map((value, i) => (isSeen[i] ? Math.exp(value) : 0))
      const sum = exps.reduce((a, b) => a + b, 0)
      return exps.map(exp => exp / sum)
    },
  ],
  ['gelu', gelu, row => row.map(value => value * normalDistribution(value))],
]

/** Phi by its Taylor series, good to 1e-12 for |x| < 5 (Abramowitz & Stegun 26.2.10). */
function normalDistribution(x: number): number {
  let sum = 0
  let term = x
  for (let n = 0; n < 120; n++) {
    sum += term / (2 * n + 1)
    term *= -(x * x) / (2 * (n + 1))
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI)
}

const specs = [
  { name: 'x', shape: [N, D] },
  { name: 'weight', shape: [N, D] },
]
const feeds = { x: fillRandom(N * D, -3.5, 3.5, 11), weight: fillRandom(N * D, -1, 1, 12) }

for (const [name, layer, rowOf] of rows) {
  const build = ({ x, weight }: Record<string, tf.Tensor>) => ({
    out: layer(x),
    gradient: tf.grad(input => tf.sum(tf.mul(layer(input), weight)))(x),
  })
  const apply = (flat: number[]) => Array.from({ length: N }, (_, n) => rowOf(flat.slice(n * D, (n + 1) * D))).flat()

  test(`${name} and its gradient equal a float64 program, traced and eager, within 2e-5`, async () => {
    const session = await Session.open(traceGraph(specs, build))
    const traced = await session.run(feeds)
    await session.close()
    const flat = [...feeds.x]
    const values = apply(flat)
    const step = 1e-4
    const slopes = flat.map((_, i) => {
      const [above, below] = [step, -step].map(shift =>
        apply(flat.map((value, j) => (j === i ? value + shift : value))),
      )
      return above.reduce((sum, value, j) => sum + ((value - below[j]) / (2 * step)) * feeds.weight[j], 0)
    })
    for (const got of [traced, runEagerly(specs, build, feeds)]) {
      values.forEach((value, i) => {
        expect(Math.abs(got.out[i] - value)).toBeLessThan(2e-5)
      })
      slopes.forEach((slope, i) => {
        expect(Math.abs(got.gradient[i] - slope)).toBeLessThan(2e-5)
      })
    }
  })

  test(`${name} alone gives the same values as beside its gradient, within 1e-6`, async () => {
    // Without a gradient onnxruntime is free to merge the steps into one.
    const session = await Session.open(traceGraph([specs[0]], ({ x }) => ({ out: layer(x) })))
    const { out } = await session.run({ x: feeds.x })
    await session.close()
    const both = runEagerly(specs, build, feeds)
    out.forEach((value, i) => {
      expect(Math.abs(value - both.out[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)))
    })
  })
}

test('what a masked softmax rules out is 0 and gets no gradient, even where all that counts lies far below', async () => {
  const bias = isSeen.map(seen => (seen ? 0 : -1e9))
  const build = ({ x }: Record<string, tf.Tensor>) => ({
    out: maskedSoftmax(x, tf.tensor1d(bias)),
    gradient: tf.grad(input => tf.sum(tf.square(maskedSoftmax(input, tf.tensor1d(bias)))))(x),
  })
  const x = Float32Array.from(isSeen, (seen, i) => (seen ? -500 + i : 500))
  const spec = { name: 'x', shape: [1, D] }
  const session = await Session.open(traceGraph([spec], build))
  const traced = await session.run({ x })
  await session.close()
  for (const { out, gradient } of [traced, runEagerly([spec], build, { x })]) {
    isSeen.forEach((seen, i) => {
      if (!seen) expect([Math.abs(out[i]), Math.abs(gradient[i])]).toEqual([0, 0])
    })
    expect(Math.abs(out.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-6)
  }
})
