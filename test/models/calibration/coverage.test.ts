import { expect, test } from 'vitest'
import {
  centralCredibilities,
  coverageAt,
  hpdCredibilities,
  wilsonInterval,
} from '../../../models/calibration/coverage.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { fractionalRanks, uniformityPValue } from '../../../models/calibration/rankStatistics.ts'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf, probit } from '../../../models/math/special.ts'
import { gaussianToy } from './gaussianToy.ts'

const levels = [0.5, 0.68, 0.95]

test('central and highest-density intervals of a calibrated posterior hold what they claim', () => {
  const draws = gaussianToy(2000, 99, 11)
  const rng = createRng(11)
  for (const credibilities of [centralCredibilities(fractionalRanks(draws, 0, rng)), hpdCredibilities(draws, 0, rng)]) {
    // 4 standard errors at three levels, twice: false alarm 4e-4.
    for (const { level, covered, standardErr } of coverageAt(credibilities, levels)) {
      expect(Math.abs(covered - level)).toBeLessThan(4 * standardErr)
    }
  }
})

for (const widthFactor of [0.7, 1.4]) {
  test(`intervals ${widthFactor} times the right width cover what the Gaussian says`, () => {
    const draws = gaussianToy(4000, 400, 12, { widthFactor })
    const found = coverageAt(centralCredibilities(fractionalRanks(draws, 0, createRng(12))), levels)
    for (const { level, covered } of found) {
      const expected = 2 * normalCdf(widthFactor * probit((1 + level) / 2)) - 1
      // 4 standard errors at most 0.032.
      expect(Math.abs(covered - expected)).toBeLessThan(0.032)
    }
  })
}

test('a shift makes both kinds of interval hold too little', () => {
  const draws = gaussianToy(2000, 100, 13, { shift: 1 })
  const rng = createRng(13)
  expect(coverageAt(centralCredibilities(fractionalRanks(draws, 0, rng)), [0.68])[0].covered).toBeLessThan(0.6)
  expect(coverageAt(hpdCredibilities(draws, 0, rng), [0.68])[0].covered).toBeLessThan(0.6)
})

/** Posterior and truth both from two narrow peaks at -2 and 2 with weights 0.8 and 0.2. */
function twoPeaks(starCount: number, sampleCount: number, weight: number, seed: number) {
  const rng = createRng(seed)
  const draw = (left: number) => (rng.uniform() < left ? -2 : 2) + 0.2 * rng.normal()
  const truths = Float64Array.from({ length: starCount }, () => draw(0.8))
  return posteriorDraws(
    ['a'],
    truths,
    Float64Array.from({ length: starCount * sampleCount }, () => draw(weight)),
  )
}

test('highest-density credibility is uniform for two peaks too', () => {
  const ranks = hpdCredibilities(twoPeaks(1500, 64, 0.8, 14), 0, createRng(14))
  expect(uniformityPValue(ranks, 16)).toBeGreaterThan(1e-3)
})

test('a truth in the gap between two peaks is in no small region, though the central interval holds it', () => {
  const peaks = twoPeaks(1, 400, 0.5, 15)
  const draws = { ...peaks, truths: Float64Array.of(0) }
  expect(hpdCredibilities(draws, 0, createRng(1))[0]).toBeGreaterThan(0.99)
  expect(centralCredibilities(fractionalRanks(draws, 0, createRng(1)))[0]).toBeLessThan(0.2)
})

test('nearest-neighbour ranks equal those of a search through all pairs', () => {
  const rng = createRng(16)
  const samples = Float64Array.from({ length: 60 * 20 }, () => rng.normal() ** 3)
  const truths = Float64Array.from({ length: 60 }, () => rng.normal() ** 3)
  const draws = posteriorDraws(['a'], truths, samples)
  const found = hpdCredibilities(draws, 0, createRng(2))
  for (let star = 0; star < 60; star++) {
    const points = [truths[star], ...samples.slice(star * 20, star * 20 + 20)]
    const reach = points.map(
      (x, i) =>
        points
          .filter((_, j) => j !== i)
          .map(y => Math.abs(y - x))
          .sort((a, b) => a - b)[3],
    )
    // Round(sqrt(20)) = 4 neighbours.
    const denser = reach.filter(value => value < reach[0] - 1e-12).length
    expect(Math.floor(found[star] * 21)).toBeGreaterThanOrEqual(denser)
    expect(Math.floor(found[star] * 21)).toBeLessThanOrEqual(
      reach.filter(value => value <= reach[0] + 1e-12).length - 1,
    )
  }
})

test('the Wilson interval has its textbook values and never leaves 0 to 1', () => {
  // Roots of (p - f)^2 = z^2 p (1 - p) / n, put back into the equation.
  for (const [fraction, count] of [
    [0.3, 50],
    [0.97, 200],
    [0.5, 10],
  ] as const) {
    for (const p of wilsonInterval(fraction, count)) {
      expect(((p - fraction) ** 2 * count) / (p * (1 - p))).toBeCloseTo(1.959963984540054 ** 2, 9)
    }
  }
  expect(wilsonInterval(0, 10)[0]).toBe(0)
  expect(wilsonInterval(1, 10)[1]).toBeCloseTo(1, 12)
  expect(() => coverageAt(new Float64Array(0), levels)).toThrow(RangeError)
})
