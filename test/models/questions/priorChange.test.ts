// A Gaussian parameter under a Gaussian prior: under another one the posterior is known.
import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { addPrior } from '../../../models/questions/priorChange.ts'
import type { Condition } from '../../../models/questions/question.ts'
import { effectiveCount, normalizedWeights } from '../../../models/questions/reweighting.ts'
import { fitQuantileMap } from '../../../models/tokens/quantileMap.ts'

const COUNT = 40_000
const rng = createRng(11)
/** The model's prior: N(7, 1). */
const map = fitQuantileMap(Float64Array.from({ length: 200_000 }, () => 7 + rng.normal()))
/** Seen as 6.6 with an error of 0.8: precisions add. */
const [value, err] = [6.6, 0.8]
const precision = 1 + 1 / err ** 2
const posterior = Float64Array.from(
  { length: COUNT },
  () => (7 + value / err ** 2) / precision + rng.normal() / Math.sqrt(precision),
)
const age = { name: 'logAgeYr', quantity: 'logAgeYr', offsetDex: null, isPrior: true }

function moments(condition: Condition, values: Float64Array) {
  const logWeights = new Float64Array(values.length)
  addPrior(condition, map, values, logWeights)
  const weights = normalizedWeights(logWeights)
  const mean = weights.reduce((sum, weight, i) => sum + weight * values[i], 0)
  const variance = weights.reduce((sum, weight, i) => sum + weight * (values[i] - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(variance), effective: effectiveCount(weights) }
}

test('under another Gaussian prior the weighed posterior is that of the closed form', () => {
  const [centre, width] = [6.2, 0.5]
  const found = moments({ ...age, kind: 'measured', value: centre, err: width }, posterior)
  const wanted = 1 / width ** 2 + 1 / err ** 2
  expect(found.mean).toBeCloseTo((centre / width ** 2 + value / err ** 2) / wanted, 1)
  expect(Math.abs(found.mean - (centre / width ** 2 + value / err ** 2) / wanted)).toBeLessThan(0.02)
  expect(Math.abs(found.sd - 1 / Math.sqrt(wanted))).toBeLessThan(0.02)
  expect(found.effective).toBeGreaterThan(COUNT / 10)
})

test('the prior of the model itself leaves all draws as they are', () => {
  const { effective } = moments({ ...age, kind: 'measured', value: 7, err: 1 }, posterior)
  expect(effective).toBeGreaterThan(0.98 * COUNT)
})

test('even within bounds is even in the unit of the name', () => {
  // Draws of the prior itself, so that the weighed ones have the wanted prior.
  const own = Float64Array.from({ length: COUNT }, () => 7 + rng.normal())
  const even = moments({ ...age, kind: 'within', low: 6.5, high: 7.5 }, own)
  expect(Math.abs(even.mean - 7)).toBeLessThan(0.02)
  expect(Math.abs(even.sd - 1 / Math.sqrt(12))).toBeLessThan(0.02)
  const inMyr: Condition = {
    name: 'ageMyr',
    quantity: 'logAgeYr',
    offsetDex: 6,
    isPrior: true,
    kind: 'within',
    low: 1,
    high: 21,
  }
  const logWeights = new Float64Array(COUNT)
  addPrior(inMyr, map, own, logWeights)
  const mean = normalizedWeights(logWeights).reduce((sum, weight, i) => sum + weight * 10 ** (own[i] - 6), 0)
  expect(Math.abs(mean - 11)).toBeLessThan(0.4)
})

test('a prior that is far away is worth few draws', () => {
  expect(moments({ ...age, kind: 'measured', value: 11, err: 0.1 }, posterior).effective).toBeLessThan(20)
})
