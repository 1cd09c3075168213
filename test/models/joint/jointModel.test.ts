import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import { createJointBatches, jointBatchSpecs } from '../../../models/joint/jointBatch.ts'
import { jointLoss } from '../../../models/joint/jointLoss.ts'
import { denoiseJoint, type JointInput, jointWeights } from '../../../models/joint/jointModel.ts'
import { drawQuestion } from '../../../models/joint/jointQuestion.ts'
import { fitBase, jointTableOf } from '../../../models/joint/jointTable.ts'
import { createRng } from '../../../models/math/rng.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'

const variables = ['a', 'b', 'c'].map((name, i) => ({
  name,
  role: i < 2 ? ('parameter' as const) : ('data' as const),
  bounds: null,
}))
const config = {
  variableCount: 3,
  width: 16,
  blocks: 2,
  conditionWidth: 8,
  givenOctaves: 3,
  spreadFrom: 'question' as const,
}
const rng = createRng(5)
const specs = jointWeights(config).map(spec => ({ ...spec, sd: 0.3 }))
const weights = drawWeights(specs, rng)
const values = Float64Array.from({ length: 900 }, () => rng.normal())
const { base, latents } = fitBase({ variables, values }, 0)
const options = {
  rows: 16,
  rowsPerQuestion: 2,
  sigmaMin: 0.01,
  sigmaMax: 10,
  questions: { posterior: 0.3, joint: 0.2, likelihood: 0.2 },
}
const batch = createJointBatches({ variables }, base, latents, options, 1).make(7)
const shapes = jointBatchSpecs(16, 3)

beforeAll(() => tf.setBackend('cpu'))

const tensors = (
  arrays: Readonly<Record<string, Float32Array>>,
  specs: readonly { name: string; shape: readonly number[] }[],
) => Object.fromEntries(specs.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape])]))
const input = () => tensors(batch, shapes)
const output = (feeds: Record<string, tf.Tensor>, w = tensors(weights, specs)) =>
  denoiseJoint(w, config, feeds as unknown as JointInput).dataSync() as Float32Array

test('before it has learned anything the Gaussian’s guess stands', () => {
  const fresh = tensors(drawWeights(jointWeights(config), createRng(1)), specs)
  expect(output(input(), fresh).every(value => value === 0)).toBe(true)
})

test('what is neither given nor asked changes nothing, to the bit', () => {
  const before = output(input())
  const moved = { ...batch, given: batch.given.slice(), noisy: batch.noisy.slice() }
  const isHidden = (i: number) => batch.mask[i] === 0
  const isUnasked = (i: number) => batch.asked[i] === 0
  for (let i = 0; i < 48; i++) {
    if (isHidden(i)) moved.given[i] += 5
    if (isUnasked(i)) for (let k = 0; k < 4; k++) moved.noisy[4 * i + k] -= 2
  }
  expect(moved.given).not.toEqual(batch.given)
  expect(moved.noisy).not.toEqual(batch.noisy)
  expect(output(tensors(moved, shapes))).toEqual(before)
})

test('a row’s answer does not depend on the rows beside it', () => {
  const first = output(input())
  const other = createJointBatches({ variables }, base, latents, options, 1).make(8)
  const mixed = Object.fromEntries(
    shapes.map(({ name, shape }) => {
      const size = shape.slice(1).reduce((a, b) => a * b, 1)
      const copy = other[name].slice()
      copy.set(batch[name].subarray(0, size))
      return [name, copy]
    }),
  )
  const second = output(tensors(mixed, shapes))
  for (let i = 0; i < 3; i++) expect(second[i]).toBeCloseTo(first[i], 5)
})

test('the traced graph equals tfjs', async () => {
  const graph = traceGraph([...specs.map(({ name, shape }) => ({ name, shape })), ...shapes], feeds => ({
    output: denoiseJoint(feeds, config, feeds as unknown as JointInput),
    loss: jointLoss(feeds, config, feeds).reshape([1]),
  }))
  const session = await Session.open(graph)
  const traced = await session.run({ ...weights, ...batch })
  await session.close()
  const eager = output(input())
  eager.forEach((value, i) => {
    expect(Math.abs(traced.output[i] - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)))
  })
  const loss = jointLoss(tensors(weights, specs), config, input()).dataSync()[0]
  expect(traced.loss[0]).toBeCloseTo(loss, 4)
})

test('questions part the variables, ask something, and come as often as they should', () => {
  const draws = createRng(9)
  const counts = new Map<string, number>()
  for (let i = 0; i < 4000; i++) {
    const { given, asked } = drawQuestion(variables, { posterior: 0.5, joint: 0.2, likelihood: 0.1 }, draws)
    expect([...given, ...asked].sort()).toEqual([0, 1, 2])
    expect(asked.length).toBeGreaterThan(0)
    counts.set(given.join(), (counts.get(given.join()) ?? 0) + 1)
  }
  // Random subsets add to each: shares of at least what is stated, less four standard errors of 0.8%.
  expect(counts.get('2') ?? 0).toBeGreaterThan(4000 * 0.468)
  expect(counts.get('') ?? 0).toBeGreaterThan(4000 * 0.168)
  expect(counts.get('0,1') ?? 0).toBeGreaterThan(4000 * 0.068)
  expect(counts.size).toBe(7)
})

test('groups that are alike trade places in training rows, whole', () => {
  const rows = Float64Array.from({ length: 400 }, (_, i) => [1, 2, 1.1, 2.1][i % 4] + 0.0001 * Math.floor(i / 4))
  const four = [...variables, { ...variables[2], name: 'd' }]
  const alike = [
    [0, 1],
    [2, 3],
  ]
  const task = { variables: four, neighbours: [[], [], [0], [1]], alike }
  const table = jointTableOf(task, rows)
  expect(table).toEqual({ variables: four, values: rows, parents: task.neighbours, alike })
  const fitted = fitBase(table, 0)
  expect(fitted.base.scales[0]).toEqual(fitted.base.scales[2])
  expect(fitted.base.scales[0]).not.toEqual(fitted.base.scales[1])
  expect(fitted.base.gaussian.mean[0]).toBe(fitted.base.gaussian.mean[2])
  const all = { ...options, rows: 64, questions: { posterior: 0, joint: 0, likelihood: 1 } }
  // The first group lies low of the scale that both share, the second high.
  const turned = (groups: readonly (readonly number[])[]) => {
    const { given } = createJointBatches({ ...table, alike: groups }, fitted.base, fitted.latents, all, 3).make(1)
    return Array.from({ length: 64 }, (_, row) => [given[4 * row] > 0, given[4 * row + 1] > 0])
  }
  expect(turned([]).flat().some(Boolean)).toBe(false)
  const rowsTurned = turned(alike)
  for (const [first, second] of rowsTurned) expect(first).toBe(second)
  // 32 +- 4.
  expect(Math.abs(rowsTurned.filter(([first]) => first).length - 32)).toBeLessThan(18)
})

test('rows in turn share a question, and each sees noise of all levels', () => {
  const many = createJointBatches({ variables }, base, latents, { ...options, rows: 64, rowsPerQuestion: 4 }, 2).make(3)
  const masks = Array.from({ length: 64 }, (_, row) => many.mask.subarray(3 * row, 3 * row + 3).join())
  masks.forEach((mask, row) => {
    expect(mask).toBe(masks[row - (row % 4)])
  })
  expect(new Set(masks).size).toBeGreaterThan(3)
  // One of each quarter of the range, which is even in the logarithm.
  for (let row = 0; row < 64; row += 4) {
    const quarters = Array.from(many.sigma.subarray(row, row + 4), sigma =>
      Math.floor((4 * Math.log(sigma / 0.01)) / Math.log(1000)),
    )
    expect(quarters).toEqual([0, 1, 2, 3])
  }
})
