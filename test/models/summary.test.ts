import { expect, test } from 'vitest'
import { createRng } from '../../models/math/rng.ts'
import { summarize } from '../../models/summary.ts'

test('the summary of Gaussian samples gives the Gaussian back', () => {
  const rng = createRng(8)
  const summary = summarize(
    'logAgeYr',
    Float32Array.from({ length: 40_000 }, () => 7 + 0.5 * rng.normal()),
  )
  // Five standard errors of the mean are 0.0125; of the outer quantiles, 0.035.
  expect(Math.abs(summary.mean - 7)).toBeLessThan(0.0125)
  expect(Math.abs(summary.sd - 0.5)).toBeLessThan(0.01)
  for (const [quantile, z] of [
    [summary.q025, -1.96],
    [summary.q16, -1],
    [summary.q50, 0],
    [summary.q84, 1],
    [summary.q975, 1.96],
  ]) {
    expect(Math.abs(quantile - (7 + 0.5 * z))).toBeLessThan(0.035)
  }
})

test('one sample is its own summary, with no spread', () => {
  expect(summarize('avMag', Float32Array.of(1.5))).toMatchObject({ mean: 1.5, sd: 0, q025: 1.5, q50: 1.5, q975: 1.5 })
})

test('no samples are refused', () => {
  expect(() => summarize('avMag', new Float32Array(0))).toThrow(RangeError)
})
