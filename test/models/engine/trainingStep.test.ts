import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import type { OptimizerOptions } from '../../../models/engine/optimizerOptions.ts'
import { packParameters, unpackParameters } from '../../../models/engine/parameterLayout.ts'
import { startingState, TrainingSession } from '../../../models/engine/trainingSession.ts'
import { traceTrainingStep } from '../../../models/engine/trainingStep.ts'
import { fillRandom } from './randomArrays.ts'

const [N, K] = [16, 3]
const parameters = [
  { name: 'weight', shape: [K, 1] },
  { name: 'offset', shape: [1] },
]
const batch = [
  { name: 'x', shape: [N, K] },
  { name: 'y', shape: [N, 1] },
]
const start = { weight: Float32Array.of(0.5, -1, 2), offset: Float32Array.of(0.1) }
const data = { x: fillRandom(N * K, -1, 1, 3), y: fillRandom(N, -4, 4, 4) }

function traceRegression(options: Partial<OptimizerOptions> = {}, pieces = 1) {
  return traceTrainingStep({
    parameters,
    batch,
    pieces,
    options,
    loss: (p, b) => {
      const residual = tf.sub(tf.add(tf.matMul(b.x, p.weight), p.offset), b.y)
      return {
        loss: tf.mean(tf.square(residual)),
        metrics: { bias: tf.mean(residual), perColumn: tf.mean(tf.mul(residual, b.x), 0) },
      }
    },
  })
}

/** Value, gradient and residuals of the regression, in float64, flat as [weight, offset]. */
function differentiate(flat: number[]) {
  const residual = Array.from({ length: N }, (_, n) => {
    const sum = [0, 1, 2].reduce((total, k) => total + data.x[n * K + k] * flat[k], flat[K])
    return sum - data.y[n]
  })
  const gradient = flat.map(
    (_, k) => (2 / N) * residual.reduce((sum, r, n) => sum + r * (k < K ? data.x[n * K + k] : 1), 0),
  )
  return { loss: residual.reduce((sum, r) => sum + r * r, 0) / N, gradient, residual }
}

for (const options of [
  { clipNorm: null },
  { clipNorm: 0.5, weightDecay: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, averageDecay: 0.15 },
]) {
  for (const pieces of [1, 4])
    test(`five steps equal Adam written by hand in float64 (pieces ${pieces}, ${JSON.stringify(options)})`, async () => {
      const traced = traceRegression(options, pieces)
      const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
      const { beta1, beta2, epsilon, clipNorm, weightDecay, averageDecay } = traced.options
      let flat = [...start.weight, ...start.offset]
      let average = [...flat]
      const m = flat.map(() => 0)
      const v = flat.map(() => 0)
      for (let t = 1; t <= 5; t++) {
        const rate = 0.1 / t
        const { loss, gradient, residual } = differentiate(flat)
        const norm = Math.hypot(...gradient)
        const shrink = clipNorm === null ? 1 : Math.min(1, clipNorm / norm)
        flat = flat.map((value, k) => {
          const g = gradient[k] * shrink
          m[k] = beta1 * m[k] + (1 - beta1) * g
          v[k] = beta2 * v[k] + (1 - beta2) * g * g
          const direction = m[k] / (1 - beta1 ** t) / (Math.sqrt(v[k] / (1 - beta2 ** t)) + epsilon)
          return value - rate * (direction + (k < K ? weightDecay * value : 0))
        })
        const decay = Math.min(averageDecay, (1 + t) / (10 + t))
        average = average.map((value, k) => decay * value + (1 - decay) * flat[k])
        const result = await session.step(data, rate)
        expect(result.loss).toBeCloseTo(loss, 4)
        expect(result.gradientNorm).toBeCloseTo(norm, 4)
        expect(result.metrics.bias[0]).toBeCloseTo(
          residual.reduce((sum, r) => sum + r / N, 0),
          4,
        )
        // The loss's own gradient is twice this mean.
        expect(result.metrics.perColumn.length).toBe(K)
        result.metrics.perColumn.forEach((value, k) => {
          expect(2 * value).toBeCloseTo(gradient[k], 4)
        })
      }
      const state = session.readState()
      expect(state.step).toBe(5)
      flat.forEach((value, k) => {
        expect(state.parameters[k]).toBeCloseTo(value, 5)
        expect(state.average[k]).toBeCloseTo(average[k], 5)
      })
      await session.close()
    })
}

test('linear regression is learned to its closed-form solution within 1e-3', async () => {
  const traced = traceRegression({ clipNorm: null })
  const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
  for (let t = 0; t < 3000; t++) await session.step(data, 0.05 * (1 - t / 3000))
  const learned = session.readState().parameters
  await session.close()
  // At the solution the normal equations X'(Xw - y) = 0 hold; their matrix is well conditioned here.
  const { gradient } = differentiate([...learned])
  for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-3)
})

for (const pieces of [1, 2])
  test(`a run resumed from its state continues to the bit (pieces ${pieces})`, async () => {
    const traced = traceRegression({}, pieces)
    const whole = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
    const first = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
    for (let t = 0; t < 6; t++) await whole.step(data, 0.01)
    for (let t = 0; t < 3; t++) await first.step(data, 0.01)
    const resumed = await TrainingSession.open(traced, first.readState())
    const rewound = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
    rewound.writeState(first.readState())
    for (let t = 0; t < 3; t++) {
      await resumed.step(data, 0.01)
      await rewound.step(data, 0.01)
    }
    expect(resumed.readState()).toEqual(whole.readState())
    expect(rewound.readState()).toEqual(whole.readState())
    for (const session of [whole, first, resumed, rewound]) await session.close()
  })

for (const pieces of [1, 4])
  test(`a step whose loss is not finite reports null and changes nothing (pieces ${pieces})`, async () => {
    const traced = traceRegression({}, pieces)
    const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
    await session.step(data, 0.01)
    const before = session.readState()
    const result = await session.step({ ...data, y: new Float32Array(N).fill(Number.POSITIVE_INFINITY) }, 0.01)
    expect(result.loss).toBeNull()
    expect(session.readState()).toEqual(before)
    expect((await session.step(data, 0.01)).loss).not.toBeNull()
    await session.close()
  })

test('a state handed out is a copy that later steps do not touch', async () => {
  const traced = traceRegression()
  const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
  const state = session.readState()
  const kept = structuredClone(state)
  for (let t = 0; t < 3; t++) await session.step(data, 0.01)
  expect(state).toEqual(kept)
  await session.close()
})

test('two steps at once are refused', async () => {
  const traced = traceRegression()
  const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
  const running = session.step(data, 0.01)
  await expect(session.step(data, 0.01)).rejects.toThrow(/await the step before/)
  await running
  await session.close()
})

test('a parameter that the loss ignores is named', () => {
  const trace = () =>
    traceTrainingStep({ parameters, batch, loss: (p, b) => tf.mean(tf.square(tf.matMul(b.x, p.weight))) })
  expect(trace).toThrow(/does not depend on offset/)
})

test('a loss that is not a single number is refused', () => {
  expect(() =>
    traceTrainingStep({ parameters, batch, loss: (p, b) => tf.add(tf.matMul(b.x, p.weight), p.offset) }),
  ).toThrow(/not a single number/)
})

test('a state of another network raises MODEL_MISMATCH', async () => {
  await expect(TrainingSession.open(traceRegression(), startingState(new Float32Array(7)))).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
  })
})

test('rows that do not make equal pieces are refused', () => {
  expect(() => traceRegression({}, 3)).toThrow(/'x' has 16 rows, which do not make 3 equal pieces/)
})

test('a batch of the wrong length is refused, cut or not', async () => {
  for (const pieces of [1, 4]) {
    const traced = traceRegression({}, pieces)
    const session = await TrainingSession.open(traced, startingState(packParameters(traced.layout, start)))
    await expect(session.step({ ...data, y: new Float32Array(12) }, 0.01)).rejects.toThrow(
      /'y' needs \[16,1\] values and got 12/,
    )
    await session.close()
  }
})

test('tracing a step leaves no tensor behind', () => {
  const before = tf.memory().numTensors
  traceRegression()
  expect(tf.memory().numTensors).toBe(before)
})

test('unpacking undoes packing', () => {
  const { layout } = traceRegression()
  expect(unpackParameters(layout, packParameters(layout, start))).toEqual(start)
  expect(() => packParameters(layout, { weight: start.weight })).toThrow(/'offset' needs a Float32Array/)
  expect(() => unpackParameters(layout, new Float32Array(2))).toThrow(RangeError)
})
