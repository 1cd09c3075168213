import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adaptationWeights } from '../../../models/adaptation/adaptationNetwork.ts'
import { answerStars, scoreStars } from '../../../models/adaptation/adaptationScore.ts'
import {
  type AdaptationOptions,
  type AdaptationRecipe,
  adaptationBatch,
  trainAdaptation,
} from '../../../models/adaptation/adaptationTrainer.ts'
import { type AlignmentTerm, alignmentDefaults } from '../../../models/alignment/alignmentRecipe.ts'
import { layOut } from '../../../models/engine/parameterLayout.ts'
import { inventedDomain, inventedStars, smallNetwork } from './inventedStars.ts'

const domain = inventedDomain(400, 40)
const alignmentOf = (weights: Partial<Record<AlignmentTerm, number>>): AdaptationRecipe['alignment'] => ({
  ...alignmentDefaults,
  schedules: {
    ...alignmentDefaults.schedules,
    ...Object.fromEntries(Object.entries(weights).map(([term, weight]) => [term, { kind: 'constant', weight }])),
  },
  ...{ slackShare: 1, plainShare: 0.5, entropyShare: 0.2 },
})
const recipe: AdaptationRecipe = {
  ...{ seed: 5, steps: 12, warmupSteps: 3, peakLearningRate: 5e-3, averageDecay: 0.9, transportRows: null },
  ...{ rows: { stars: 12, pairs: 4 }, network: smallNetwork, alignment: alignmentOf({}) },
}
const plain: AdaptationOptions = { workFolder: null }
const freshFolder = () => mkdtempSync(join(tmpdir(), 'adaptation-'))

test('losses of no weight change nothing', async () => {
  const none = await trainAdaptation(domain, recipe, plain)
  const zero = alignmentOf({ contrastive: 0, exact: 0, keypoint: 0, pairs: 0 })
  const zeroed = await trainAdaptation(domain, { ...recipe, alignment: zero }, plain)
  expect(zeroed.weights).toEqual(none.weights)
  const some = await trainAdaptation(domain, { ...recipe, alignment: alignmentOf({ pairs: 1 }) }, plain)
  expect(some.weights).not.toEqual(none.weights)
})

test('the same seed gives the same weights, stopped in between or not', async () => {
  const aligned = { ...recipe, alignment: alignmentOf({ contrastive: 0.1, exact: 0.1, pairs: 1 }) }
  const whole = await trainAdaptation(domain, aligned, plain)
  const workFolder = freshFolder()
  const controller = new AbortController()
  const stopped = await trainAdaptation(domain, aligned, {
    ...{ workFolder, signal: controller.signal },
    onStep: step => {
      if (step === 5) controller.abort()
    },
  })
  expect(stopped).toMatchObject({ isFinished: false, step: 5, posteriorLoss: null })
  const resumed = await trainAdaptation(domain, aligned, { workFolder })
  expect(resumed).toMatchObject({ isFinished: true, step: 12 })
  expect(resumed.weights).toEqual(whole.weights)
  await expect(trainAdaptation(domain, recipe, { workFolder })).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
})

test('weights that are given are begun from', async () => {
  const start = new Float32Array(layOut(adaptationWeights(smallNetwork)).size).fill(0.1)
  const begun = await trainAdaptation(domain, { ...recipe, steps: 0 }, { ...plain, start })
  expect(begun.weights).toEqual(start)
})

test('every loss can be trained with, Gromov-Wasserstein on fewer rows', async () => {
  const alignment = alignmentOf({ contrastive: 0.1, exact: 0.1, sinkhorn: 0.1, gromov: 0.1, pairs: 1 })
  const all = { ...recipe, steps: 2, transportRows: 6, alignment }
  const shapes = new Map(adaptationBatch(all).map(({ name, shape }) => [name, shape]))
  expect(shapes.get('plan.gromov')).toEqual([6, 6])
  expect(shapes.get('weights')).toEqual([5])
  const { weights, posteriorLoss } = await trainAdaptation(domain, all, plain)
  expect(weights.every(Number.isFinite)).toBe(true)
  expect(posteriorLoss).toSatisfy(Number.isFinite)
  const keypoint = { ...recipe, steps: 2, alignment: alignmentOf({ keypoint: 1 }) }
  expect((await trainAdaptation(domain, keypoint, plain)).isFinished).toBe(true)
})

test('pairs teach what a shift of the other world means', async () => {
  const long = { ...recipe, steps: 300, rows: { stars: 48, pairs: 16 }, warmupSteps: 20 }
  const tests = inventedStars(200, 9, 0.8)
  const biasOf = async (weights: Float32Array) => {
    const answers = await answerStars(weights, smallNetwork, tests, { isReal: true, sampleCount: 40, seed: 1 })
    return Math.abs(scoreStars(tests, answers)[0].bias)
  }
  const none = await trainAdaptation(domain, long, plain)
  const paired = await trainAdaptation(domain, { ...long, alignment: alignmentOf({ pairs: 1 }) }, plain)
  // A shift of 0.8 in features that stand for 0.5 dex each is 0.4 dex of age.
  expect(await biasOf(none.weights)).toBeGreaterThan(0.25)
  expect(await biasOf(paired.weights)).toBeLessThan(0.12)
})
