import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readJointFile, writeJointFile } from '../../../models/joint/jointFile.ts'
import { jointRecipe, jointSampling } from '../../../models/joint/jointRecipe.ts'
import { sampleJoint, sampleRows } from '../../../models/joint/jointSampler.ts'
import { type JointModel, type JointRecipe, trainJoint } from '../../../models/joint/jointTrainer.ts'
import { createRng } from '../../../models/math/rng.ts'
import { removeBestState } from '../../../models/training/bestState.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
const variables = [
  { name: 'theta', role: 'parameter' as const, bounds: null },
  { name: 'x', role: 'data' as const, bounds: null },
]

/** theta standard normal, |theta| seen with noise of 0.3: two modes, of equal weight by symmetry. */
function foldedRows(count: number): Float64Array {
  const rng = createRng(17)
  const rows = new Float64Array(2 * count)
  for (let i = 0; i < count; i++) {
    rows[2 * i] = rng.normal()
    rows[2 * i + 1] = Math.abs(rows[2 * i]) + 0.3 * rng.normal()
  }
  return rows
}

const small: JointRecipe = {
  ...jointRecipe(1, 10_000),
  steps: 900,
  warmupSteps: 20,
  network: { ...jointRecipe(1, 10_000).network, width: 32, blocks: 2 },
  batch: { ...jointRecipe(1, 10_000).batch, rows: 256, sigmaMin: 0.02 },
}
const table = { variables, values: foldedRows(4000) }
let trained: JointModel | null = null

test('two modes are found, where they are and of equal weight', async () => {
  const training = await trainJoint(table, small)
  trained = training.model
  expect(training.bestLoss).toBeLessThan(0.9)
  expect(training.history.at(-1)?.step).toBe(900)
  const request = { given: new Map([[1, 1.5]]), asked: [0], count: 4000, seed: 3 }
  const samples = await sampleJoint([training.model], request, { ...jointSampling, levels: 24 })
  // p(theta | x) on a grid, by hand: the modes are where x - theta balances the prior, at +-1.376.
  const grid = Array.from({ length: 2001 }, (_, i) => -5 + i / 200)
  const density = grid.map(t => Math.exp(-0.5 * t * t - 0.5 * ((1.5 - Math.abs(t)) / 0.3) ** 2))
  const total = density.reduce((a, b) => a + b, 0)
  const size = grid.reduce((sum, t, i) => sum + (Math.abs(t) * density[i]) / total, 0)
  const spread = Math.sqrt(grid.reduce((sum, t, i) => sum + ((Math.abs(t) - size) ** 2 * density[i]) / total, 0))
  const sizes = samples.map(Math.abs)
  const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length
  const sd = Math.sqrt(sizes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sizes.length)
  // 900 steps are few: within a fifth of the width, and a weight within 8%.
  expect(Math.abs(mean - size)).toBeLessThan(0.2 * spread)
  expect(Math.abs(sd / spread - 1)).toBeLessThan(0.25)
  expect(Math.abs(samples.filter(value => value > 0).length / 4000 - 0.5)).toBeLessThan(0.08)
  // Between the modes there is next to nothing.
  expect(sizes.filter(value => value < 0.5).length / 4000).toBeLessThan(0.03)
})

test('a linear Gaussian table is answered in every direction by its closed form', async () => {
  const rng = createRng(23)
  const values = new Float64Array(6000)
  for (let i = 0; i < values.length; i += 2) {
    values[i] = 2 + 3 * rng.normal()
    values[i + 1] = 1 - 0.5 * values[i] + rng.normal()
  }
  const { model } = await trainJoint({ variables, values }, { ...small, steps: 60 })
  const answer = async (given: number, value: number, asked: number) => {
    const request = { given: new Map([[given, value]]), asked: [asked], count: 4000, seed: 5 }
    const samples = await sampleJoint([model], request, { ...jointSampling, levels: 24 })
    const mean = samples.reduce((a, b) => a + b, 0) / samples.length
    return { mean, sd: Math.sqrt(samples.reduce((sum, v) => sum + (v - mean) ** 2, 0) / samples.length) }
  }
  // x given theta = 5: -1.5 +- 1. Errors: 3000 rows and 4000 samples, 0.02 each, and a network of 60 steps.
  const forward = await answer(0, 5, 1)
  expect(Math.abs(forward.mean + 1.5)).toBeLessThan(0.12)
  expect(Math.abs(forward.sd - 1)).toBeLessThan(0.08)
  // theta given x = 2: precision 1 / 9 + 1 / 4, mean (2 / 9 - 0.5 (2 - 1)) / precision.
  const precision = 1 / 9 + 0.25
  const backward = await answer(1, 2, 0)
  expect(Math.abs(backward.mean - (2 / 9 - 0.5) / precision)).toBeLessThan(0.2)
  expect(Math.abs(backward.sd * Math.sqrt(precision) - 1)).toBeLessThan(0.08)
})

test('samples are the same for a seed, however many are drawn, and others for another', async () => {
  const model = trained as JointModel
  const draw = (count: number, seed: number) =>
    sampleJoint([model], { given: new Map([[1, 0.5]]), asked: [0], count, seed }, { ...jointSampling, levels: 8 })
  const many = await draw(1500, 1)
  expect(many).toHaveLength(1500)
  expect([...(await draw(700, 1))]).toEqual([...many.subarray(0, 700)])
  expect((await draw(700, 2))[0]).not.toBe(many[0])
  // Twice the same network is that network.
  const twice = await sampleJoint(
    [model, model],
    { given: new Map([[1, 0.5]]), asked: [0], count: 700, seed: 1 },
    { ...jointSampling, levels: 8 },
  )
  twice.forEach((value, i) => {
    expect(value).toBeCloseTo(many[i], 5)
  })
})

test('a sample may have an observation of its own', async () => {
  const model = trained as JointModel
  const [levels, count] = [{ ...jointSampling, levels: 8 }, 1200]
  const draw = (rows: readonly number[]) =>
    sampleRows([model], { given: [1], rows, asked: [0], count, seed: 1 }, levels)
  const alike = await draw(new Array<number>(count).fill(0.5))
  const one = await draw([0.5])
  alike.forEach((value, i) => {
    expect(value).toBeCloseTo(one[i], 4)
  })
  const rows = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 0.5 : 2.5))
  const mixed = await draw(rows)
  const size = (wanted: number) =>
    mixed.reduce((sum, value, i) => sum + (i % 2 === wanted ? Math.abs(value) / (count / 2) : 0), 0)
  expect(size(0)).toBeLessThan(0.9)
  expect(size(1)).toBeGreaterThan(1.6)
  await expect(draw([0.5, 2.5])).rejects.toThrow(/one row a sample/)
})

test('what is neither given nor asked is drawn all the same, and left out', async () => {
  const model = trained as JointModel
  const draw = (asked: number[]) =>
    sampleJoint([model], { given: new Map(), asked, count: 5, seed: 4 }, { ...jointSampling, levels: 8 })
  const [both, turned, x] = [await draw([0, 1]), await draw([1, 0]), await draw([1])]
  for (let row = 0; row < 5; row++) {
    expect([turned[2 * row + 1], turned[2 * row]]).toEqual([...both.subarray(2 * row, 2 * row + 2)])
    expect(x[row]).toBe(both[2 * row + 1])
  }
})

test('a question must ask something, and not what it gives', async () => {
  const model = trained as JointModel
  const ask = (given: Map<number, number>, asked: number[]) =>
    sampleJoint([model], { given, asked, count: 1, seed: 1 }, jointSampling)
  await expect(ask(new Map(), [])).rejects.toThrow(/nothing is asked/)
  await expect(ask(new Map([[0, 1]]), [0])).rejects.toThrow(/both given and asked/)
})

test('a training that was stopped goes on to the same weights, to the bit', async () => {
  const recipe = { ...small, steps: 40 }
  const whole = await trainJoint(table, recipe)
  const statePath = join(folder, 'run', 'training.state')
  const stop = new AbortController()
  const stopped = trainJoint(table, recipe, {
    statePath,
    signal: stop.signal,
    onProgress: ({ step }) => {
      if (step === 23) stop.abort(new Error('stopped'))
    },
  })
  await expect(stopped).rejects.toThrow('stopped')
  expect(existsSync(statePath)).toBe(true)
  const other = trainJoint(table, { ...recipe, seed: 2 }, { statePath })
  await expect(other).rejects.toThrow(/belongs to another training or is damaged/)
  const resumed = await trainJoint(table, recipe, { statePath })
  expect(resumed.history[0].step).toBe(24)
  expect(resumed.model.weights).toEqual(whole.model.weights)
  removeBestState(statePath)
  expect(existsSync(statePath)).toBe(false)
})

test('too few rows are refused', async () => {
  const values = foldedRows(40)
  await expect(trainJoint({ variables, values }, small)).rejects.toThrow(/40 rows are too few to train on/)
})

test('models come back from their folder as they were; a damaged one is refused', () => {
  const path = join(folder, 'model')
  const card = { task: 'folded', simulations: 4000, seed: 1, recipe: small, heldOutLosses: [0.5, 0.5] }
  const model = trained as JointModel
  writeJointFile(path, card, [model, model])
  const back = readJointFile(path)
  expect(back.card).toEqual(JSON.parse(JSON.stringify(card)))
  expect(back.models).toEqual([model, model])
  const weightsPath = join(path, 'weights.bin')
  const bytes = readFileSync(weightsPath)
  bytes[100] ^= 1
  writeFileSync(weightsPath, bytes)
  expect(() => readJointFile(path)).toThrow(/weights\.bin is not what .* was written with/)
  writeFileSync(join(path, 'model.json'), '{')
  expect(() => readJointFile(path)).toThrow(/is not JSON/)
  writeFileSync(join(path, 'model.json'), '{"format":1,"card":{"task":"folded"}}')
  expect(() => readJointFile(path)).toThrow(/is of an earlier birthline.*birthline task folded train/)
  writeFileSync(join(path, 'model.json'), '{"format":2}')
  expect(() => readJointFile(path)).toThrow(/is no model of a task/)
  expect(() => readJointFile(join(folder, 'nowhere'))).toThrow(/There is no model in .*nowhere/)
})
