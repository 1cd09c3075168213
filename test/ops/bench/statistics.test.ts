import { expect, test } from 'vitest'
import { median, medianRanks, quantile, spreadOf, windowRate } from '../../../ops/bench/statistics.ts'

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

test('a quantile is one of the values: the smallest that enough of them do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.01, 0.5, 0.9, 0.99, 1].map(share => quantile(values, share))).toEqual([1, 50, 90, 99, 100])
  expect(quantile([7], 0.99)).toBe(7)
  expect(quantile([3, 1], 0.51)).toBe(3)
  expect(() => quantile([], 0.5)).toThrow(RangeError)
})

test('the rate within a window does not hear of the slow ends', () => {
  const steady = Array.from({ length: 100 }, (_, i) => 10_000 + i * 20)
  const times = [
    ...steady.map((time, i) => (i < 10 ? time - 5000 : time)).slice(0, 90),
    ...steady.slice(90).map(time => time + 9000),
  ]
  expect(windowRate(times, { from: 0.1, to: 0.8 })).toBeCloseTo(50, 9)
  expect(() => windowRate([1], { from: 0, to: 1 })).toThrow(RangeError)
  expect(() => windowRate([1, 1], { from: 0, to: 1 })).toThrow(RangeError)
})
