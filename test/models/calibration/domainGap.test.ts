import { expect, test } from 'vitest'
import { domainGap, type GapSample } from '../../../models/calibration/domainGap.ts'
import { createRng } from '../../../models/math/rng.ts'

/** Two correlated normals; the second set is moved and stretched in the second column. */
function sample(count: number, shift: number, scale: number, correlation = 0.8): GapSample {
  const rng = createRng(7)
  const draw = (by: number, over: number, rho: number) => {
    const out = new Float64Array(2 * count)
    for (let i = 0; i < count; i++) {
      const a = rng.normal()
      out[2 * i] = a
      out[2 * i + 1] = by + over * (rho * a + Math.sqrt(1 - rho * rho) * rng.normal())
    }
    return out
  }
  return { real: draw(0, 1, 0.8), simulated: draw(shift, scale, correlation), features: ['gMag', 'bpMag-rpMag'] }
}

// 600 stars a side: a score scatters by 0.35 / sqrt(600) = 0.0143, so 0.06 is passed by chance once in 30,000 runs; the seeds are fixed.
const once = { seeds: [1], maxStars: 600 }

test('equal populations cannot be told apart', () => {
  const gap = domainGap(sample(600, 0, 1), once)
  expect(gap.starCount).toBe(600)
  expect(Math.abs(gap.accuracy - 0.5)).toBeLessThan(0.06)
})

test('a shifted colour is found, named, and its shift told', () => {
  const gap = domainGap(sample(600, 1, 1), once)
  expect(gap.separators[0].feature).toBe('bpMag-rpMag')
  expect(gap.separators[0].medianShift).toBeCloseTo(1, 0)
  // Two normals one sigma apart differ most half way: 2 Phi(0.5) - 1.
  expect(Math.abs(gap.separators[0].ksStatistic - 0.3829)).toBeLessThan(0.06)
  // With the correlation the shift is 1 / 0.6 sigma: the normal distribution at 0.83.
  expect(Math.abs(gap.accuracy - 0.7977)).toBeLessThan(0.06)
})

test('a wrong width shows in the ratio of widths and not in the shift', () => {
  const [first] = domainGap(sample(600, 0, 2), once).separators
  expect(first.feature).toBe('bpMag-rpMag')
  expect(Math.abs(first.widthRatio - 2)).toBeLessThan(0.2)
  expect(Math.abs(first.medianShift)).toBeLessThan(0.2)
})

test('a wrong correlation is found though each feature alone is right', () => {
  const gap = domainGap(sample(600, 0, 1, -0.8), once)
  expect(gap.accuracy).toBeGreaterThan(0.7)
  expect(gap.separators[0].ksStatistic).toBeLessThan(0.1)
})

test('rows that are not whole, few or not numbers are refused', () => {
  const good = sample(50, 0, 1)
  const seeds = { seeds: [1], maxStars: 50 }
  expect(() => domainGap({ ...good, real: new Float64Array(81) }, seeds)).toThrow(/81 real values in rows of 2/)
  expect(() => domainGap({ ...good, real: new Float64Array(60) }, seeds)).toThrow(RangeError)
  expect(() =>
    domainGap({ ...good, simulated: good.simulated.map((x, i) => (i === 3 ? Number.NaN : x)) }, seeds),
  ).toThrow(/simulated value is not a number/)
})
