import { expect, test } from 'vitest'
import { agreementOf, calibratedDifferences, createRng, middleHalf } from '../../../models/index.ts'

const about = (middle: number, half: number) => ({ q16: middle - half, q50: middle, q84: middle + half })

/** N truths of a Gaussian prior and their exact posteriors by two instruments whose errors may be misjudged. */
function gaussianPair(count: number, prior: number, errors: readonly [number, number], misjudged = 1) {
  const rng = createRng(71)
  const posteriors = [0, 1].map(() => [] as ReturnType<typeof about>[])
  for (let i = 0; i < count; i++) {
    const truth = prior * rng.normal()
    for (const k of [0, 1]) {
      const measured = truth + errors[k] * rng.normal()
      const claimed = k === 1 ? errors[k] / misjudged : errors[k]
      const share = prior ** 2 / (prior ** 2 + claimed ** 2)
      posteriors[k].push(about(share * measured, claimed * Math.sqrt(share)))
    }
  }
  return posteriors
}

for (const errors of [
  [0.1, 0.2],
  [1, 0.3],
  [2, 3],
  [1, 1],
] as const) {
  test(`exact posteriors of errors ${errors.join(' and ')} under a prior of 1 agree as expected`, () => {
    const count = 40_000
    const [first, second] = gaussianPair(count, 1, errors)
    const { mean, width, expectedWidth, beyondTwo, expectedBeyondTwo } = agreementOf(first, second, 1)
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count))
    expect(Math.abs(width / expectedWidth - 1)).toBeLessThan(0.02)
    const noise = Math.sqrt(Math.max(expectedBeyondTwo, 1e-4) / count)
    expect(Math.abs(beyondTwo - expectedBeyondTwo)).toBeLessThan(4 * noise)
  })
}

test('good data differ as widths say, data that tell nothing do not differ at all', () => {
  const known = agreementOf([about(0, 1e-4)], [about(1e-4, 1e-4)], 1)
  expect(known.expectedWidth).toBeCloseTo(1, 6)
  expect(known.expectedBeyondTwo).toBeCloseTo(0.0455, 4)
  const unknown = agreementOf([about(0, 1)], [about(0, 1)], 1)
  expect([unknown.expectedWidth, unknown.expectedBeyondTwo, unknown.width]).toEqual([0, 0, 0])
})

test('an instrument that claims errors half as large shows', () => {
  const [first, second] = gaussianPair(20_000, 1, [0.1, 0.2], 2)
  const { width, expectedWidth, beyondTwo, expectedBeyondTwo } = agreementOf(first, second, 1)
  expect(width / expectedWidth).toBeGreaterThan(1.4)
  expect(beyondTwo).toBeGreaterThan(3 * expectedBeyondTwo)
})

test('differences are second less first over the quadrature; two without width that are equal do not differ', () => {
  expect([...calibratedDifferences([about(1, 3), about(2, 0)], [about(6, 4), about(2, 0)])]).toEqual([1, 0])
})

test('other stars are refused, and none', () => {
  expect(() => agreementOf([], [], 1)).toThrow(RangeError)
  expect(() => agreementOf([about(0, 1)], [], 1)).toThrow(RangeError)
})

test('half of the middle 68% of an even spread is 0.3413 of its length', () => {
  expect(middleHalf(Array.from({ length: 1001 }, (_, k) => k))).toBeCloseTo(341.34, 1)
  expect(middleHalf([4])).toBe(0)
})
