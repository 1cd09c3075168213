import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { twoSampleAccuracy } from '../../../models/calibration/twoSample.ts'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf } from '../../../models/math/special.ts'

interface Pair {
  readonly name: string
  readonly width: number
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly accuracy: number
}

const pairs: readonly Pair[] = JSON.parse(
  readFileSync(new URL('../../golden/calibration/twoSample.json', import.meta.url), 'utf8'),
)

for (const pair of pairs) {
  test(`the ${pair.name} sets are told apart as well as scikit-learn's network does`, () => {
    const found = twoSampleAccuracy(Float64Array.from(pair.first), Float64Array.from(pair.second), pair.width)
    // 800 points: noise of either accuracy 0.016, shared in part because the points are the same.
    expect(Math.abs(found - pair.accuracy)).toBeLessThan(0.04)
  })
}

const gaussian = (count: number, width: number, shift: number, seed: number) => {
  const rng = createRng(seed)
  return Float64Array.from({ length: count * width }, (_, i) => rng.normal() + (i % width === 0 ? shift : 0))
}

test('equal distributions cannot be told apart', () => {
  // 1200 points: noise 0.0144; four of them.
  expect(Math.abs(twoSampleAccuracy(gaussian(600, 3, 0, 1), gaussian(600, 3, 0, 2), 3) - 0.5)).toBeLessThan(0.058)
})

test('two Gaussians apart by two sigma are told apart as often as the best rule can', () => {
  const found = twoSampleAccuracy(gaussian(600, 2, 0, 3), gaussian(600, 2, 2, 4), 2)
  // The best rule is right with Phi(1) = 0.841; noise 0.0106; four of them.
  expect(Math.abs(found - normalCdf(1))).toBeLessThan(0.043)
})

test('the same seed gives the same accuracy, and rows must be whole', () => {
  const [a, b] = [gaussian(60, 2, 0, 5), gaussian(60, 2, 1, 6)]
  expect(twoSampleAccuracy(a, b, 2)).toBe(twoSampleAccuracy(a, b, 2))
  expect(() => twoSampleAccuracy(a, b, 7)).toThrow(RangeError)
  expect(() => twoSampleAccuracy(a.slice(0, 6), b, 2)).toThrow(RangeError)
})
