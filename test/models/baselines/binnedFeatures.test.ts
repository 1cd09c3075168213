import { expect, test } from 'vitest'
import { binFeatures } from '../../../models/baselines/binnedFeatures.ts'

test('few values: an edge between each two; many: bins of equal counts', () => {
  const few = binFeatures(Float64Array.of(3, 1, 2, 1, 4, 1), 1)
  expect([...few.thresholds[0]]).toEqual([1.5, 2.5, 3.5])
  expect([...few.bins[0]]).toEqual([2, 0, 1, 0, 3, 0])
  const count = 2550
  const many = binFeatures(
    Float64Array.from({ length: count }, (_, i) => (i * 7) % count),
    1,
  )
  expect(many.thresholds[0].length).toBe(254)
  const counts = new Array<number>(255).fill(0)
  for (const bin of many.bins[0]) counts[bin]++
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(9)
  expect(Math.max(...counts)).toBeLessThanOrEqual(11)
})

test('a value that is not finite is refused', () => {
  expect(() => binFeatures(Float64Array.of(1, Number.NaN), 1)).toThrow(RangeError)
})
