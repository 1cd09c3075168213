import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf } from '../../../models/math/special.ts'
import { densityCurve, densityGrid, medianAndInterval, quantileOf, rangeOf } from '../../../ops/figures/density.ts'

const normals = (seed: number, count: number) => {
  const rng = createRng(seed)
  return Float64Array.from({ length: count }, () => rng.normal())
}

test('quantiles are linear between sorted values', () => {
  expect(quantileOf([0, 10, 20, 30], 0.5)).toBe(15)
  expect(quantileOf([0, 10], 0)).toBe(0)
  expect(quantileOf([7], 0.9)).toBe(7)
  expect(medianAndInterval([4, 2, 0, 1, 3])[1]).toBe(2)
})

test('the density of many normals is the normal density', () => {
  const range = { low: -4, high: 4 }
  const { points, densities } = densityCurve(normals(1, 40_000), range, 160)
  const apart = points.map((x, k) => Math.abs(densities[k] - Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)))
  // Bandwidth 0.11 lowers the peak by 0.6%; counting noise there is below 0.006.
  expect(Math.max(...apart)).toBeLessThan(0.02)
  expect(densities.reduce((sum, value) => sum + value * 0.05, 0)).toBeCloseTo(1, 6)
})

test('a density at a hard edge does not sink', () => {
  const rng = createRng(2)
  const uniform = Float64Array.from({ length: 40_000 }, () => rng.uniform())
  const { densities } = densityCurve(uniform, { low: 0, high: 1 }, 50)
  expect(densities[0]).toBeGreaterThan(0.93)
  expect(densities[49]).toBeGreaterThan(0.93)
})

test('contours of two normals hold the shares they are drawn for', () => {
  const [xs, ys] = [normals(3, 20_000), normals(4, 20_000)]
  const range = { low: -5, high: 5 }
  const size = 80
  const { values, levels } = densityGrid(xs, ys, range, range, size, [0.95, 0.68])
  const inside = (level: number) => {
    let count = 0
    for (let i = 0; i < xs.length; i++) {
      const [column, row] = [Math.floor((xs[i] + 5) * 8), Math.floor((ys[i] + 5) * 8)]
      if (column >= 0 && column < size && row >= 0 && row < size && values[row * size + column] >= level) count++
    }
    return count / xs.length
  }
  // Smoothing widens both regions by a few percent of their area.
  expect(Math.abs(inside(levels[0]) - 0.95)).toBeLessThan(0.02)
  expect(Math.abs(inside(levels[1]) - 0.68)).toBeLessThan(0.04)
  expect(levels[1]).toBeGreaterThan(levels[0])
})

test('rows of the grid are y and columns are x', () => {
  const { values } = densityGrid([0.9, 0.91], [0.1, 0.11], { low: 0, high: 1 }, { low: 0, high: 1 }, 10, [0.5])
  expect(values.indexOf(Math.max(...values))).toBe(1 * 10 + 9)
})

test('a range holds nearly all samples and a constant still has one', () => {
  const samples = normals(5, 10_000)
  const { low, high } = rangeOf(samples)
  const outside = samples.filter(x => x < low || x > high).length / 10_000
  expect(outside).toBeLessThan(0.004)
  expect(normalCdf(low)).toBeLessThan(0.004)
  const flat = rangeOf([3, 3, 3])
  expect(flat.high).toBeGreaterThan(flat.low)
})
