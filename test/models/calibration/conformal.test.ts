import { expect, test } from 'vitest'
import {
  conformalMargin,
  equalLevels,
  modelLevelAt,
  rankMap,
  recalibrate,
} from '../../../models/calibration/conformal.ts'
import { centralCredibilities, coverageAt } from '../../../models/calibration/coverage.ts'
import { drawsOf, posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { fractionalRanks, uniformityPValue } from '../../../models/calibration/rankStatistics.ts'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf, probit } from '../../../models/math/special.ts'
import { gaussianToy } from './gaussianToy.ts'

test('the margin is the order statistic that the theorem names', () => {
  const truths = Float64Array.of(5, 1, 2, 3, 4, 6, 7, 8, 9)
  const zeros = new Float64Array(9)
  // Scores are the truths themselves; ceil(10 x 0.8) = 8th of nine.
  expect(conformalMargin(truths, zeros, zeros, 0.8)).toBe(8)
  expect(conformalMargin(truths, zeros, zeros, 0.95)).toBe(Number.POSITIVE_INFINITY)
  expect(() => conformalMargin(truths, zeros, new Float64Array(3), 0.8)).toThrow(RangeError)
})

test('corrected intervals keep the promised coverage on new stars, averaged over calibration sets', () => {
  // 49 stars at 0.8: the promise is between 0.80 and 0.82. 600 sets of 50 new stars: noise 0.0033; four of them.
  let held = 0
  for (let seed = 0; seed < 600; seed++) {
    const rng = createRng(seed, 9)
    const stars = (count: number) => Float64Array.from({ length: count }, () => 2 * rng.normal())
    const lows = new Float64Array(49).fill(-1)
    const margin = conformalMargin(
      stars(49),
      lows,
      lows.map(low => -low),
      0.8,
    )
    held += stars(50).filter(truth => Math.abs(truth) <= 1 + margin).length
  }
  expect(held / 30_000).toBeGreaterThan(0.8 - 0.0132)
  expect(held / 30_000).toBeLessThan(0.82 + 0.0132)
})

test('evenly spread ranks give the identity, and draws come back as they were', () => {
  const ranks = Float64Array.from({ length: 999 }, (_, i) => (i + 1) / 1000)
  const map = rankMap(ranks, equalLevels(21))
  for (const level of [0, 0.013, 0.5, 0.77, 1]) expect(modelLevelAt(map, level)).toBeCloseTo(level, 12)
  const rng = createRng(1)
  const draws = Float32Array.from({ length: 64 }, () => rng.normal())
  recalibrate(draws, map, -10, 10).forEach((value, i) => {
    expect(value).toBeCloseTo(draws[i], 5)
  })
})

test('the learned level is the one the Gaussian says for posteriors of two thirds the right width', () => {
  const draws = gaussianToy(20_000, 50, 21, { widthFactor: 2 / 3 })
  const map = rankMap(fractionalRanks(draws, 0, createRng(21)), equalLevels(11))
  for (const level of [0.2, 0.5, 0.8]) {
    // Right quantile z sits at 1.5 z of the narrow posterior. Noise at most 0.0035; four of them and the 1/51 step's blur.
    expect(Math.abs(modelLevelAt(map, level) - normalCdf(1.5 * probit(level)))).toBeLessThan(0.02)
  }
})

test('knots nearer to the ends follow truths whose tails are heavier than those of the draws', () => {
  // A tenth of the truths scatters twice as far as said: the truth at model level p stands at `lawOf(p)`.
  const lawOf = (level: number) => 0.9 * level + 0.1 * normalCdf(probit(level) / 2)
  const lawInverse = (wanted: number) => {
    let [low, high] = [1e-12, 1 - 1e-12]
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2
      if (lawOf(middle) < wanted) low = middle
      else high = middle
    }
    return low
  }
  const ranks = Float64Array.from({ length: 9999 }, (_, i) => lawInverse((i + 1) / 10_000))
  const map = rankMap(ranks, Float64Array.of(0, 0.025, 0.1, 0.5, 0.9, 0.975, 1))
  for (const level of [0.025, 0.1, 0.9, 0.975]) expect(modelLevelAt(map, level)).toBeCloseTo(lawInverse(level), 4)
  // Between knots it is a straight line, and outside there is nothing.
  expect(modelLevelAt(map, 0.3)).toBeCloseTo((lawInverse(0.1) + lawInverse(0.5)) / 2, 4)
  expect([modelLevelAt(map, -1), modelLevelAt(map, 2)]).toEqual([0, 1])
  const equal = rankMap(ranks, equalLevels(11))
  expect(modelLevelAt(map, 0.975)).toBeGreaterThan(modelLevelAt(equal, 0.975) + 0.005)
})

for (const [what, fault] of [
  ['too narrow', { widthFactor: 0.7 }],
  ['too wide', { widthFactor: 1.5 }],
  ['shifted', { shift: 0.6 }],
] as const) {
  test(`draws of ${what} posteriors are calibrated after a map learned on other stars`, () => {
    const learn = gaussianToy(6000, 128, 22, fault)
    const map = rankMap(fractionalRanks(learn, 0, createRng(22)), equalLevels(41))
    const fresh = gaussianToy(1500, 128, 23, fault)
    const truths = Float64Array.from({ length: 1500 }, (_, i) => fresh.truths[2 * i])
    const corrected = new Float32Array(1500 * 128)
    for (let i = 0; i < 1500; i++) {
      corrected.set(recalibrate(Float32Array.from(drawsOf(fresh, i, 0)), map, -100, 100), i * 128)
    }
    const ranks = fractionalRanks(posteriorDraws(['a'], truths, corrected), 0, createRng(24))
    expect(uniformityPValue(ranks, 20)).toBeGreaterThan(1e-3)
    for (const { level, covered } of coverageAt(centralCredibilities(ranks), [0.68, 0.95])) {
      expect(Math.abs(covered - level)).toBeLessThan(0.03)
    }
    const before = fractionalRanks(fresh, 0, createRng(24))
    expect(uniformityPValue(before, 20)).toBeLessThan(1e-6)
  })
}

test('the order of draws is kept and bounds are respected', () => {
  const map = rankMap(
    Float64Array.from({ length: 400 }, (_, i) => (((i + 0.5) / 400 - 0.5) * 0.5 + 0.5) ** 3),
    equalLevels(21),
  )
  const rng = createRng(2)
  const draws = Float32Array.from({ length: 100 }, () => rng.normal() ** 2)
  const out = recalibrate(draws, map, 0, 1.5)
  expect(Math.min(...out)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...out)).toBeLessThanOrEqual(1.5)
  const byBefore = Array.from(draws.keys()).sort((a, b) => draws[a] - draws[b])
  for (let i = 1; i < 100; i++) expect(out[byBefore[i]]).toBeGreaterThanOrEqual(out[byBefore[i - 1]])
})

test('equal draws are moved to quantiles of their own, in the order in which they were drawn', () => {
  // Ranks that are squares of uniform ones: the corrected median is the model's first quartile.
  const map = rankMap(
    Float64Array.from({ length: 999 }, (_, i) => ((i + 1) / 1000) ** 2),
    equalLevels(11),
  )
  const [second, first, third, last] = recalibrate(Float32Array.of(3, 1, 3, 5), map, 0, 10)
  expect(first).toBeLessThan(second)
  expect(second).toBeLessThan(third)
  expect(third).toBeLessThan(last)
})

test('too few ranks or draws are refused', () => {
  expect(() => rankMap(new Float64Array(5), equalLevels(6))).toThrow(RangeError)
  expect(() => rankMap(new Float64Array(5), equalLevels(1))).toThrow(RangeError)
  expect(() => recalibrate(new Float32Array(1), rankMap(new Float64Array(5), equalLevels(3)), 0, 1)).toThrow(RangeError)
})
