import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  chiSquareUniform,
  fractionalRanks,
  kolmogorovSmirnov,
  rankHistogram,
  uniformityPValue,
} from '../../../models/calibration/rankStatistics.ts'
import { createRng } from '../../../models/math/rng.ts'
import { gaussianToy } from './gaussianToy.ts'

interface UniformityCase {
  readonly ranks: readonly number[]
  readonly binCount: number
  readonly kolmogorov: { readonly statistic: number; readonly pValue: number }
  readonly chiSquare: { readonly statistic: number; readonly pValue: number }
}

const cases: readonly UniformityCase[] = JSON.parse(
  readFileSync(new URL('../../golden/calibration/uniformity.json', import.meta.url), 'utf8'),
)

for (const { ranks, binCount, kolmogorov, chiSquare } of cases) {
  test(`both tests of ${ranks.length} ranks with p ${kolmogorov.pValue.toPrecision(3)} agree with SciPy`, () => {
    const values = Float64Array.from(ranks)
    const k = kolmogorovSmirnov(values)
    expect(k.statistic).toBeCloseTo(kolmogorov.statistic, 12)
    expect(Math.abs(k.pValue - kolmogorov.pValue)).toBeLessThan(ranks.length < 200 ? 6e-4 : 1e-4)
    const c = chiSquareUniform(values, binCount)
    expect(c.statistic).toBeCloseTo(chiSquare.statistic, 9)
    expect(c.pValue).toBeCloseTo(chiSquare.pValue, 10)
  })
}

test('the Kolmogorov tail is continuous where its two series meet', () => {
  // Ranks whose largest distance puts the corrected statistic just below and just above one.
  const pAt = (distance: number) =>
    kolmogorovSmirnov(Float64Array.from({ length: 400 }, (_, i) => Math.min(1, (i + 1) / 400 - 0.00125 + distance)))
      .pValue
  const steps = Array.from({ length: 200 }, (_, k) => pAt(0.0455 + k * 0.00002))
  const jumps = steps.slice(1).map((p, k) => Math.abs(p - steps[k]))
  expect(Math.max(...jumps)).toBeLessThan(3 * (jumps[0] + jumps[jumps.length - 1]))
})

test('a calibrated posterior passes in all of 40 repeats at p 1e-4 (false alarm below 1%)', () => {
  for (let seed = 0; seed < 40; seed++) {
    const draws = gaussianToy(300, 50, seed)
    const ranks = fractionalRanks(draws, 0, createRng(seed, 2))
    expect(uniformityPValue(ranks, 20)).toBeGreaterThan(1e-4)
  }
})

test('p-values of a calibrated posterior fall below 0.1 about as often as they should', () => {
  // Twice the smaller of two p-values: at most 10% below 0.1. 300 repeats, so 4 sigma above 30 is 51; false alarm 1e-4.
  let low = 0
  for (let seed = 0; seed < 300; seed++) {
    const draws = gaussianToy(60, 19, 1000 + seed)
    if (uniformityPValue(fractionalRanks(draws, 1, createRng(seed, 2)), 6) < 0.1) low++
  }
  expect(low).toBeLessThan(51)
  expect(low).toBeGreaterThan(6)
})

for (const [what, fault] of [
  ['30% too wide', { widthFactor: 1.3 }],
  ['25% too narrow', { widthFactor: 0.75 }],
  ['shifted by a fifth of its width', { shift: 0.2 }],
] as const) {
  test(`a posterior ${what} is caught with 1000 stars at p below 1e-4`, () => {
    const draws = gaussianToy(1000, 100, 5, fault)
    expect(uniformityPValue(fractionalRanks(draws, 0, createRng(5, 2)), 20)).toBeLessThan(1e-4)
  })
}

test('ties change nothing: rounded draws of a calibrated posterior keep uniform ranks', () => {
  // Rounding to 0.5 leaves about five values; counted as below or equal, ranks would pile up.
  const draws = gaussianToy(1000, 100, 8, { step: 0.5 })
  expect(uniformityPValue(fractionalRanks(draws, 0, createRng(8, 2)), 20)).toBeGreaterThan(1e-3)
})

test('a truth below, above or among its draws has its rank in the right cell', () => {
  const draws = {
    names: ['a'],
    starCount: 3,
    sampleCount: 3,
    truths: Float64Array.of(0, 9, 2),
    samples: Float64Array.of(1, 2, 3, 1, 2, 3, 1, 2, 3),
  }
  const [below, above, tied] = fractionalRanks(draws, 0, createRng(1))
  expect(below).toBeLessThan(1 / 4)
  expect(above).toBeGreaterThan(3 / 4)
  expect(tied).toBeGreaterThan(1 / 4)
  expect(tied).toBeLessThan(3 / 4)
})

test('a histogram counts every rank once, and refuses to have no bins', () => {
  const counts = rankHistogram(Float64Array.of(0, 0.49, 0.5, 1), 2)
  expect(Array.from(counts)).toEqual([2, 2])
  expect(() => rankHistogram(new Float64Array(1), 0)).toThrow(RangeError)
  expect(() => chiSquareUniform(new Float64Array(1), 1)).toThrow(RangeError)
})
