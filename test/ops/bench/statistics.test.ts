import { expect, test } from 'vitest'
import { median, medianRanks, spreadOf } from '../../../ops/bench/statistics.ts'

test('the median of an odd and an even number of values', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
})

// Tables of 95% intervals of the median, e.g. Conover, Practical Nonparametric Statistics, 3rd ed., table A3.
for (const [n, low, high] of [
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [10, 2, 9],
  [15, 4, 12],
  [20, 6, 15],
  [25, 8, 18],
]) {
  test(`of ${n} values the median lies between ranks ${low} and ${high} with 95%`, () => {
    expect(medianRanks(n)).toEqual({ low, high })
  })
}

test('the ranks are the narrowest whose binomial coverage reaches the probability', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
  const coverage = (n: number, low: number) => {
    let tail = 0
    for (let k = 0; k < low; k++) tail += choose(n, k) / 2 ** n
    return 1 - 2 * tail
  }
  for (let n = 6; n < 60; n++) {
    const { low, high } = medianRanks(n)
    expect(high).toBe(n + 1 - low)
    expect(coverage(n, low)).toBeGreaterThanOrEqual(0.95)
    expect(coverage(n, low + 1)).toBeLessThan(0.95)
  }
})

test('few values give their whole range', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 })
})
