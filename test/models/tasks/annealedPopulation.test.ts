import { expect, test } from 'vitest'
import { createRng, type Rng } from '../../../models/math/rng.ts'
import { annealPopulation, type StartDensity } from '../../../models/tasks/annealedPopulation.ts'

const square = (half: number): StartDensity => ({
  width: 2,
  scales: Float64Array.of(half, half),
  drawInto(rng: Rng, point: Float64Array) {
    point[0] = half * (2 * rng.uniform() - 1)
    point[1] = half * (2 * rng.uniform() - 1)
  },
  logAt: point => (Math.abs(point[0]) <= half && Math.abs(point[1]) <= half ? 0 : -Infinity),
})

test('two narrow modes of other sizes and weights, far apart, are both found in their shares', () => {
  // 0.3 N((-6, 5), 0.02^2) + 0.7 N((7, -3), 0.2^2): a walker alone would never cross.
  const mode = (p: Float64Array, x: number, y: number, sd: number, share: number) =>
    Math.log(share / sd ** 2) - ((p[0] - x) ** 2 + (p[1] - y) ** 2) / (2 * sd * sd)
  const density = {
    width: 2,
    logAt(p: Float64Array) {
      const [a, b] = [mode(p, -6, 5, 0.02, 0.3), mode(p, 7, -3, 0.2, 0.7)]
      return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))
    },
  }
  const rng = createRng(2)
  let [left, count, spreadLeft, spreadRight] = [0, 0, 0, 0]
  for (let run = 0; run < 6; run++) {
    const { points, sweep } = annealPopulation(density, square(10), 1000, rng)
    sweep(30)
    for (let i = 0; i < points.length; i += 2, count++) {
      if (points[i] < 0) {
        left++
        spreadLeft += (points[i] + 6) ** 2
      } else spreadRight += (points[i] - 7) ** 2
    }
  }
  expect(Math.abs(left / count - 0.3)).toBeLessThan(0.06)
  expect(Math.abs(Math.sqrt(spreadLeft / left) / 0.02 - 1)).toBeLessThan(0.08)
  expect(Math.abs(Math.sqrt(spreadRight / (count - left)) / 0.2 - 1)).toBeLessThan(0.08)
})

test('a density that no walker touches is refused', () => {
  const nowhere = { width: 2, logAt: () => -Infinity }
  expect(() => annealPopulation(nowhere, square(1), 50, createRng(1))).toThrow('no walker of 50 finds the density')
})

test('the same stream of chance gives the same walkers', () => {
  const density = { width: 2, logAt: (p: Float64Array) => -50 * (p[0] - p[1] ** 2) ** 2 - p[1] ** 2 }
  const run = () => {
    const { points, sweep } = annealPopulation(density, square(3), 100, createRng(5))
    sweep(5)
    return points
  }
  expect(run()).toEqual(run())
})
