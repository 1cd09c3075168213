import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { runEagerly } from '../../../models/engine/eager.ts'
import { Session } from '../../../models/engine/session.ts'
import { sizeOf } from '../../../models/engine/tensorSpec.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import { fillRandom } from './randomArrays.ts'
import { blockBatch, blockLoss, blockLossFloat64, blockParameters } from './transformerBlock.ts'

async function runTraced(...[specs, build, feeds]: Parameters<typeof runEagerly>) {
  const session = await Session.open(traceGraph(specs, build))
  const result = await session.run(feeds)
  await session.close()
  return result
}

test('gradients of a transformer block equal central differences of a float64 program within 1e-4', async () => {
  const specs = [...blockParameters, ...blockBatch]
  const feeds = Object.fromEntries(
    specs.map((spec, i) => [spec.name, fillRandom(sizeOf(spec.shape), -0.9, 0.9, i + 1)]),
  )
  const names = blockParameters.map(({ name }) => name)
  const got = await runTraced(
    specs,
    inputs => {
      const { value, grads } = tf.valueAndGrads((...weights) =>
        blockLoss(Object.fromEntries(names.map((name, i) => [name, weights[i]])), inputs).asScalar(),
      )(names.map(name => inputs[name]))
      return { loss: value, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, grads[i]])) }
    },
    feeds,
  )
  const doubles = Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, Float64Array.from(data)]))
  expect(got.loss[0]).toBeCloseTo(blockLossFloat64(doubles, doubles), 5)
  const step = 1e-5
  for (const name of names) {
    for (let i = 0; i < doubles[name].length; i++) {
      const at = doubles[name][i]
      const [above, below] = [at + step, at - step].map(value => {
        doubles[name][i] = value
        return blockLossFloat64(doubles, doubles)
      })
      doubles[name][i] = at
      // Truncation (1e-10) and float64 rounding (1e-11) are far below the float32 rounding that the bound allows for.
      const slope = (above - below) / (2 * step)
      expect(Math.abs(got[`d ${name}`][i] - slope), `${name}[${i}]`).toBeLessThan(1e-4 * Math.max(Math.abs(slope), 0.1))
    }
  }
})

type Step = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor
const range = (length: number) => Array.from({ length }, (_, i) => i)

// Each is differentiated in both x and y; inputs lie in 0.2 .. 1.8, where all of them are smooth.
const steps: [string, number[], number[], Step][] = [
  ['matMul', [3, 4], [4, 2], (x, y) => tf.matMul(x, y)],
  ['matMul, both transposed', [2, 4, 3], [2, 5, 4], (x, y) => tf.matMul(x, y, true, true)],
  ['matMul, left transposed, broadcast', [2, 4, 3], [1, 4, 5], (x, y) => tf.matMul(x, y, true, false)],
  ['matMul, right transposed, broadcast', [1, 4, 3], [2, 5, 3], (x, y) => tf.matMul(x, y, false, true)],
  ['matMul, one matrix for a batch', [2, 3, 4], [4, 5], (x, y) => tf.matMul(x, y)],
  ['matMul, one transposed matrix for a batch', [2, 3, 4], [5, 4], (x, y) => tf.matMul(x, y, false, true)],
  ['matMul, transposed batch, one matrix', [2, 4, 3], [4, 5], (x, y) => tf.matMul(x, y, true, false)],
  ['einsum', [2, 3, 2, 2], [2, 4, 2, 2], (x, y) => tf.einsum('bthd,bshd->bhts', x, y)],
  ['einsum that sums axes of its own', [2, 3, 4], [2], (x, y) => tf.mul(tf.einsum('bij->b', x), y)],
  ['add, broadcast', [2, 3, 4], [3, 1], (x, y) => tf.add(x, y)],
  ['mul, broadcast', [2, 1, 4], [3, 1], (x, y) => tf.mul(x, y)],
  ['div, broadcast', [2, 3], [3], (x, y) => tf.div(x, y)],
  ['sub and squaredDifference', [2, 3], [3], (x, y) => tf.add(tf.sub(x, y), tf.squaredDifference(x, y))],
  ['pow', [5], [5], (x, y) => tf.pow(x, y)],
  ['atan2', [5], [5], (x, y) => tf.atan2(x, y)],
  ['tile and broadcastTo', [1, 3], [3], (x, y) => tf.mul(tf.tile(x, [4, 2]), tf.broadcastTo(tf.tile(y, [2]), [4, 6]))],
  [
    'where',
    [2, 3],
    [3],
    (x, y) => tf.where(tf.logicalOr(tf.less(x, 0.8), tf.logicalNot(tf.less(y, 1.2))), x, tf.broadcastTo(y, [2, 3])),
  ],
  ['split in one piece', [2, 3], [3], (x, y) => tf.mul(tf.split(x, 1)[0], tf.split(y, 1)[0])],
  [
    'concat, slice, split, stack',
    [2, 4],
    [2, 4],
    (x, y) => tf.stack(tf.split(tf.concat([x, y.slice([0, 1], [2, 2])], 1), 2, 1)),
  ],
  [
    'unstack, reverse, pad, transpose',
    [2, 3],
    [3, 2],
    (x, y) =>
      tf.mul(
        tf.pad(tf.reverse(x, 1), [
          [1, 0],
          [0, 1],
        ]),
        tf.unstack(
          tf
            .pad(y.transpose(), [
              [1, 0],
              [0, 1],
            ])
            .expandDims(0),
        )[0],
      ),
  ],
  ['gather', [4, 3], [2, 3], (x, y) => tf.mul(tf.gather(x, tf.tensor1d([2, 0], 'int32')), y)],
  ['gather along axis 1', [2, 4], [2, 3], (x, y) => tf.mul(tf.gather(x, tf.tensor1d([1, 1, 3], 'int32'), 1), y)],
  [
    'one-hot lookup',
    [4, 3],
    [2, 3],
    (x, y) => tf.mul(tf.matMul(tf.oneHot(tf.tensor1d([2, 0], 'int32'), 4).toFloat(), x), y),
  ],
  [
    'mean, sum, max, min',
    [3, 4],
    [4],
    (x, y) => tf.addN([tf.mean(x, 0), tf.sum(tf.mul(x, y), 0), tf.max(x, 0), tf.min(x, 0)]),
  ],
  ['softmax and logSoftmax', [3, 4], [3, 4], (x, y) => tf.mul(tf.softmax(x), tf.logSoftmax(y))],
  ['logSumExp', [3, 4], [3], (x, y) => tf.mul(tf.logSumExp(x, 1), y)],
  ['cumsum', [3, 4], [3, 4], (x, y) => tf.mul(tf.cumsum(x, 1), tf.cumsum(y, 0, true, true))],
  ['exp, log, sqrt, rsqrt', [6], [6], (x, y) => tf.addN([tf.exp(x), tf.log(y), tf.sqrt(x), tf.rsqrt(y)])],
  [
    'sin, cos, tan, tanh, atan',
    [6],
    [6],
    (x, y) => tf.addN([tf.sin(x), tf.cos(y), tf.tanh(x), tf.atan(y), tf.tan(tf.mul(x, 0.5))]),
  ],
  [
    'erf, sigmoid, softplus, logSigmoid',
    [6],
    [6],
    (x, y) => tf.addN([tf.erf(x), tf.sigmoid(y), tf.softplus(x), tf.logSigmoid(y)]),
  ],
  [
    'relu, elu, selu, leakyRelu, prelu',
    [6],
    [6],
    (x, y) =>
      tf.addN([tf.relu(x), tf.elu(tf.neg(y)), tf.selu(x), tf.leakyRelu(tf.neg(x), 0.1), tf.prelu(tf.neg(x), y)]),
  ],
  [
    'expm1, log1p, square, reciprocal, abs',
    [6],
    [6],
    (x, y) => tf.addN([tf.expm1(x), tf.log1p(y), tf.square(x), tf.reciprocal(y), tf.abs(x)]),
  ],
  [
    'sinh, cosh, asinh, asin, acos, atanh',
    [6],
    [6],
    (x, y) =>
      tf.addN([
        tf.sinh(x),
        tf.cosh(y),
        tf.asinh(x),
        tf.asin(tf.mul(y, 0.4)),
        tf.acos(tf.mul(x, 0.4)),
        tf.atanh(tf.mul(y, 0.4)),
      ]),
  ],
  ['maximum and minimum, broadcast', [2, 3], [3], (x, y) => tf.add(tf.maximum(x, y), tf.minimum(y, x))],
  [
    'clip, maximum, minimum',
    [6],
    [6],
    (x, y) => tf.addN([tf.clipByValue(x, 0.5, 1.5), tf.maximum(x, y), tf.minimum(x, tf.mul(y, 2))]),
  ],
]

for (const [name, shapeX, shapeY, apply] of steps) {
  test(`gradient of ${name} equals extrapolated central differences within 1e-3`, async () => {
    const point = [shapeX, shapeY].map((shape, i) => fillRandom(sizeOf(shape), 0.2, 1.8, 31 + i))
    const direction = point.map((data, i) => fillRandom(data.length, -1, 1, 41 + i))
    const specs = [
      { name: 'x', shape: shapeX },
      { name: 'y', shape: shapeY },
    ]
    // The outputs are weighted unevenly, so that a gradient of the right sum but the wrong place is seen.
    const weigh = (tensor: tf.Tensor) =>
      tf.tensor(
        range(tensor.size).map(i => Math.cos(1 + i)),
        tensor.shape,
      )
    const valueAt = (h: number) => {
      const [x, y] = point.map((data, i) => data.map((value, j) => value + h * direction[i][j]))
      const { out } = runEagerly(specs, inputs => ({ out: apply(inputs.x, inputs.y) }), { x, y })
      return out.reduce((sum, value, i) => sum + value * Math.cos(1 + i), 0)
    }
    const slopeOver = (h: number) => (valueAt(h) - valueAt(-h)) / (2 * h)
    // Richardson: the error falls as h^4, so that a step of 2% outweighs float32 rounding.
    const want = (4 * slopeOver(0.01) - slopeOver(0.02)) / 3
    const got = await runTraced(
      specs,
      inputs => {
        const [dx, dy] = tf.grads((x, y) => {
          const out = apply(x, y)
          return tf.sum(tf.mul(out, weigh(out)))
        })([inputs.x, inputs.y])
        return { dx, dy }
      },
      { x: point[0], y: point[1] },
    )
    const slope = [got.dx, got.dy].reduce(
      (total, gradient, i) => total + gradient.reduce((sum, value, j) => sum + value * direction[i][j], 0),
      0,
    )
    expect(Math.abs(slope - want)).toBeLessThan(1e-3 * Math.max(1, Math.abs(want)))
  })
}
