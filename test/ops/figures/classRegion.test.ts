import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { classRegion } from '../../../ops/figures/classRegion.ts'

const frame = { x: { low: -10, high: 10 }, y: { low: -20, high: 20 } }
const gaussian = (count: number) => {
  const rng = createRng(8)
  const pairs = Array.from({ length: count }, () => [rng.normal(), 2 * rng.normal()])
  return { xs: pairs.map(([x]) => x), ys: pairs.map(([, y]) => y) }
}

test('the region of 90% of a round heap reaches sqrt(-2 ln 0.1) of its widths', () => {
  const { extent } = classRegion(gaussian(20_000), frame)
  const reach = Math.sqrt(-2 * Math.log(0.1))
  for (const [{ low, high }, width] of [
    [extent.x, 1],
    [extent.y, 2],
  ] as const) {
    expect(Math.abs(high / (reach * width) - 1)).toBeLessThan(0.2)
    expect(Math.abs(low / (reach * width) + 1)).toBeLessThan(0.2)
  }
})

test('one star far off is no part of what is shown', () => {
  const { xs, ys } = gaussian(500)
  const { extent } = classRegion({ xs: [...xs, 9], ys: [...ys, 18] }, frame)
  expect(extent.x.high).toBeLessThan(5)
  expect(extent.y.high).toBeLessThan(10)
})

test('a class in a single point has a region', () => {
  const { extent, marks } = classRegion({ xs: Array(200).fill(1), ys: Array(200).fill(3) }, frame)
  expect(extent.x.low < 1 && extent.x.high > 1 && extent.y.low < 3 && extent.y.high > 3).toBe(true)
  expect(marks('#000000', '')).toHaveLength(1)
})
