import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { memoryTrend } from '../../../ops/bench/memoryTrend.ts'

const hour = (sizeMiB: (minutes: number) => number) =>
  Array.from({ length: 720 }, (_, i) => ({ minutes: i / 12, sizeMiB: sizeMiB(i / 12) }))

test('a straight line has its slope, and no spread', () => {
  const { slopeMiBPerHour, lowMiBPerHour, highMiBPerHour } = memoryTrend(hour(minutes => 200 + 2 * minutes))
  for (const slope of [slopeMiBPerHour, lowMiBPerHour, highMiBPerHour]) expect(slope).toBeCloseTo(120, 9)
})

test('what fills at first, and peaks of a collector, do not count as growth', () => {
  const rng = createRng(2)
  const { slopeMiBPerHour, lowMiBPerHour, highMiBPerHour } = memoryTrend(
    hour(minutes => Math.min(300, 100 + 20 * minutes) + (rng.integer(10) === 0 ? 150 : 3 * rng.normal())),
  )
  expect(Math.abs(slopeMiBPerHour)).toBeLessThan(1)
  expect(lowMiBPerHour).toBeLessThan(0)
  expect(highMiBPerHour).toBeGreaterThan(0)
})

test('the interval holds the slope of noisy lines about as often as it says', () => {
  const rng = createRng(3)
  let held = 0
  for (let turn = 0; turn < 200; turn++) {
    const { lowMiBPerHour, highMiBPerHour } = memoryTrend(hour(minutes => 0.5 * minutes + 10 * rng.normal()))
    if (lowMiBPerHour <= 30 && 30 <= highMiBPerHour) held += 1
  }
  // Binomial with p = 0.95: fewer than 178 of 200 has a chance of 3e-4.
  expect(held).toBeGreaterThanOrEqual(178)
})

test('a leak is seen through noise', () => {
  const rng = createRng(4)
  expect(memoryTrend(hour(minutes => minutes + 20 * rng.normal())).lowMiBPerHour).toBeGreaterThan(0)
})

test('too few samples have no slope', () => {
  expect(() => memoryTrend(hour(() => 1).slice(0, 8))).toThrow(RangeError)
})
