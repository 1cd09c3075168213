import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import type { Condition } from '../../../models/questions/question.ts'
import { addCondition, effectiveCount, normalizedWeights, resample } from '../../../models/questions/reweighting.ts'

const N = 40_000
const feh = { name: 'fehDex', quantity: 'fehDex', offsetDex: null } as const
const rng = createRng(91)
const draws = Float64Array.from({ length: N }, () => rng.normal())

function weighed(condition: Condition) {
  const logWeights = new Float64Array(N)
  addCondition(condition, draws, logWeights)
  const weights = normalizedWeights(logWeights)
  const mean = weights.reduce((sum, weight, i) => sum + weight * draws[i], 0)
  const variance = weights.reduce((sum, weight, i) => sum + weight * (draws[i] - mean) ** 2, 0)
  return { weights, mean, variance, effective: effectiveCount(weights) }
}

test('a normal prior and a measurement give the normal posterior of the textbook', () => {
  const [value, err] = [0.8, 0.5]
  const { mean, variance, effective } = weighed({ ...feh, kind: 'measured', value, err })
  const expected = { mean: value / (1 + err ** 2), variance: err ** 2 / (1 + err ** 2) }
  // Five standard errors of the effective draws.
  expect(Math.abs(mean - expected.mean)).toBeLessThan(5 * Math.sqrt(expected.variance / effective))
  expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / effective))
  // (E w)^2 / E w^2 of a likelihood exp(-(x - m)^2 / 2 s^2) under a standard normal x.
  const logMoment = (k: number) => -0.5 * Math.log(1 + k / err ** 2) - (0.5 * k * value ** 2) / (err ** 2 + k)
  const share = Math.exp(2 * logMoment(1) - logMoment(2))
  expect(Math.abs(effective / (N * share) - 1)).toBeLessThan(0.03)
})

test('bounds give the truncated normal, and their probability', () => {
  const { weights, mean, effective } = weighed({ ...feh, kind: 'within', low: 1, high: null })
  const density = Math.exp(-0.5) / Math.sqrt(2 * Math.PI)
  const tail = 0.158655253931457
  const share = weights.filter(weight => weight > 0).length / N
  expect(Math.abs(share - tail)).toBeLessThan(5 * Math.sqrt((tail * (1 - tail)) / N))
  expect(effective).toBeCloseTo(share * N, 6)
  expect(Math.abs(mean - density / tail)).toBeLessThan(5 * Math.sqrt(0.2 / effective))
})

test('a condition is weighed in the unit of its name', () => {
  const logWeights = new Float64Array(2)
  const distance = { name: 'distancePc', quantity: 'logDistancePc', offsetDex: 0 } as const
  addCondition({ ...distance, kind: 'measured', value: 100, err: 50 }, [2, Math.log10(150)], logWeights)
  expect(logWeights[0]).toBeCloseTo(0, 12)
  expect(logWeights[1]).toBeCloseTo(-0.5, 12)
  addCondition({ ...distance, kind: 'within', low: null, high: 120 }, [2, Math.log10(150)], logWeights)
  expect([...logWeights.map(one => Number(Number.isFinite(one)))]).toEqual([1, 0])
})

test('where no draw has any weight nothing is effective', () => {
  const weights = normalizedWeights(new Float64Array(5).fill(Number.NEGATIVE_INFINITY))
  expect([...weights]).toEqual([0, 0, 0, 0, 0])
  expect(effectiveCount(weights)).toBe(0)
  // Far below what a double holds as a probability.
  expect([...normalizedWeights(Float64Array.of(-1e6, -1e6))]).toEqual([0.5, 0.5])
})

test('each draw is taken as often as its weight says, to within one, in an order that tells nothing', () => {
  const weights = Float64Array.of(0, 0.5, 0.26, 0, 0.24)
  const chosen = resample(weights, 1000, createRng(3))
  const counts = [0, 1, 2, 3, 4].map(i => chosen.filter(one => one === i).length)
  weights.forEach((weight, i) => {
    expect(Math.abs(counts[i] - 1000 * weight)).toBeLessThan(1)
  })
  const early = chosen.subarray(0, 500).filter(one => one === 1).length
  // A hypergeometric count: 250 with a standard deviation of 7.9.
  expect(Math.abs(early - 250)).toBeLessThan(45)
})
