import { expect, test } from 'vitest'
import { importanceOf } from '../../../models/calibration/importance.ts'
import { createRng } from '../../../models/math/rng.ts'
import { logNormal } from '../../../models/math/special.ts'

const COUNT = 20_000

test('normal samples that are too wide are worth what the closed form says', () => {
  const rng = createRng(3)
  const sd = 1.5
  const x = Float64Array.from({ length: COUNT }, () => sd * rng.normal())
  const { weights, effectiveSize, logEvidence, logEvidenceErr } = importanceOf(
    x.map(value => 2 + logNormal(value, 0, 1)),
    x.map(value => logNormal(value, 0, sd)),
  )
  // The mean square of p / q under q is sd^2 / sqrt(2 sd^2 - 1). Error of the estimate: 1%, 5 of them are allowed.
  const wanted = COUNT / (sd ** 2 / Math.sqrt(2 * sd ** 2 - 1))
  expect(Math.abs(effectiveSize / wanted - 1)).toBeLessThan(0.05)
  // Four standard errors: one seed in 16,000 would fail.
  expect(logEvidenceErr).toBeLessThan(0.01)
  expect(Math.abs((logEvidence as number) - 2)).toBeLessThan(4 * (logEvidenceErr as number))
  const variance = x.reduce((sum, value, i) => sum + weights[i] * value * value, 0)
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / effectiveSize))
})

test('samples of the target itself are all worth one', () => {
  const { effectiveSize, logEvidenceErr } = importanceOf([-1, -2, -3], [-4, -5, -6])
  expect(effectiveSize).toBeCloseTo(3, 12)
  expect(logEvidenceErr).toBeCloseTo(0, 7)
})

test('samples where the target is nothing are worth nothing, and say no evidence', () => {
  const nothing = Number.NEGATIVE_INFINITY
  expect(importanceOf([nothing, -1], [0, 0]).effectiveSize).toBeCloseTo(1, 12)
  expect(importanceOf([nothing, nothing], [0, 0])).toMatchObject({ effectiveSize: 0, logEvidence: null })
})

test('what cannot be weighed is refused', () => {
  expect(() => importanceOf([], [])).toThrow(RangeError)
  expect(() => importanceOf([1], [1, 2])).toThrow(RangeError)
  expect(() => importanceOf([Number.NaN], [1])).toThrow(RangeError)
})
