import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { BinnedMedian } from '../../../models/math/binnedMedian.ts'

test('the median of a stream is that of the sorted values, to 0.3%', () => {
  const rng = createRng(5)
  for (const [shift, scale] of [
    [0.3, 1],
    [-40, 200],
    [2e-4, 1e-5],
  ]) {
    const values = Array.from({ length: 1001 }, () => shift + scale * rng.normal())
    const binned = new BinnedMedian()
    for (const value of values) binned.add(value)
    const exact = values.sort((a, b) => a - b)[500]
    expect(Math.abs((binned.median() ?? Number.NaN) - exact)).toBeLessThan(0.003 * Math.abs(exact) + 3e-8)
  }
})

test('a quantile is the smallest value that its share does not exceed', () => {
  const binned = new BinnedMedian()
  for (let i = 1; i <= 100; i++) binned.add(i)
  for (const [share, value] of [
    [0.005, 1],
    [0.16, 16],
    [0.84, 84],
    [1, 100],
  ]) {
    expect(Math.abs((binned.quantile(share) ?? Number.NaN) - value)).toBeLessThan(0.003 * value)
  }
  expect(new BinnedMedian().quantile(0.16)).toBeNull()
})

test('nothing has no median, zero is its own, and what is beyond every bin counts at the end', () => {
  const binned = new BinnedMedian()
  expect(binned.median()).toBeNull()
  binned.add(0)
  expect(binned.median()).toBe(0)
  binned.add(1e300)
  binned.add(1e300)
  expect(binned.median()).toBeGreaterThan(5e4)
  for (let i = 0; i < 4; i++) binned.add(-1e300)
  expect(binned.median()).toBeLessThan(-5e4)
})
