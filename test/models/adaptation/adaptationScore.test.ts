import { expect, test } from 'vitest'
import { adaptationWeights } from '../../../models/adaptation/adaptationNetwork.ts'
import {
  answerStars,
  gapCost,
  type ParameterScore,
  scoreDraws,
  scoreStars,
  wonBack,
} from '../../../models/adaptation/adaptationScore.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { photometryModality, xpModality } from '../../../models/encoders/modalities.ts'
import { layOut, packParameters } from '../../../models/engine/parameterLayout.ts'
import { createRng } from '../../../models/math/rng.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'
import { inventedStars, smallNetwork } from './inventedStars.ts'

/** Samples 1 to 99 of every star. */
const even = Array.from({ length: 99 }, (_, k) => k + 1)

test('bias is the median error, scatter its robust width', () => {
  const truths = [48, 49, 47, 40, 50]
  const [score] = scoreDraws(
    posteriorDraws(['x'], Float64Array.from(truths), Float64Array.from(truths.flatMap(() => even))),
  )
  // Medians are 50: errors 2, 1, 3, 10, 0; their median 2, distances from it 0, 1, 1, 8, 2.
  expect(score.bias).toBe(2)
  expect(score.scatter).toBeCloseTo(1.4826, 12)
})

test('coverage counts truths within the central intervals', () => {
  // The central 68% goes from 16 to 84, 90% from 5 to 95.
  const truths = [50.5, 20.5, 10.5, 90.5, 1.5, 98.5, 30.5, 70.5, 99.5, 0.5]
  const [score] = scoreDraws(
    posteriorDraws(['x'], Float64Array.from(truths), Float64Array.from(truths.flatMap(() => even))),
  )
  expect(score.covered68).toBeCloseTo(0.4, 12)
  expect(score.covered90).toBeCloseTo(0.6, 12)
})

const scoreOf = (bias: number, covered68: number, covered90: number): ParameterScore => ({
  ...{ name: 'x', bias, scatter: 1, covered68, covered90 },
})

test('the cost of a gap is hand-made', () => {
  const scores = [scoreOf(0.3, 0.58, 0.9), scoreOf(-0.8, 0.68, 0.7)]
  const cost = gapCost(scores, [0.1, 0.2])
  // Biases are 3 and 4 scatters.
  expect(cost.bias).toBeCloseTo(Math.sqrt(12.5), 12)
  expect(cost.coverage).toBeCloseTo((0.1 + 0 + 0 + 0.2) / 4, 12)
})

test('what is won back is counted from without to with labels', () => {
  expect(wonBack(0.5, 0.5, 0.1)).toBe(0)
  expect(wonBack(0.5, 0.1, 0.1)).toBe(1)
  expect(wonBack(0.5, 0.3, 0.1)).toBeCloseTo(0.5, 12)
  expect(wonBack(0.5, 0.7, 0.1)).toBeCloseTo(-0.5, 12)
  expect(wonBack(0.1, 0.3, 0.1)).toBeNull()
})

test('a star is answered alike whatever stands beside it, and corrections count for real ones alone', async () => {
  const specs = adaptationWeights(smallNetwork)
  const drawn = drawWeights(specs, createRng(4))
  for (const [name, values] of Object.entries(drawn)) if (name.endsWith('correction.outBias')) values.fill(0.7)
  const weights = packParameters(layOut(specs), drawn)
  const request = { isReal: false, sampleCount: 8, seed: 3 }
  const many = inventedStars(30, 6, 0)
  const [all, few] = await Promise.all(
    [many, inventedStars(3, 6, 0)].map(stars => answerStars(weights, smallNetwork, stars, request)),
  )
  const D = smallNetwork.encoder.sharedWidth
  expect(few.embeddings).toEqual(all.embeddings.slice(0, 3 * D))
  expect(few.samples).toEqual(all.samples.slice(0, 3 * 3 * 8))
  expect(all.embeddings.slice(25 * D).some(value => value !== 0)).toBe(true)
  const real = await answerStars(weights, smallNetwork, many, { ...request, isReal: true })
  expect(real.embeddings).not.toEqual(all.embeddings)
  // What is not read changes nothing, whatever it holds.
  const photometryAlone = { ...smallNetwork, reads: [photometryModality.name] }
  const xp = `${xpModality.name}.features`
  const otherXp = { ...many, columns: { ...many.columns, [xp]: new Float32Array(many.columns[xp].length) } }
  const [one, other] = await Promise.all(
    [many, otherXp].map(stars => answerStars(weights, photometryAlone, stars, request)),
  )
  expect(other).toEqual(one)
  expect(one.embeddings).not.toEqual(all.embeddings)
  expect(scoreStars(many, all).map(({ name }) => name)).toEqual(['logAgeYr', 'logTeffK', 'avMag'])
})
