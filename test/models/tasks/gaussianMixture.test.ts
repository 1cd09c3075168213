import { expect, test } from 'vitest'
import { normalCdf } from '../../../models/math/special.ts'
import { gaussianMixture } from '../../../models/tasks/gaussianMixture.ts'

const COUNT = 20_000
const conditional = (given: readonly (number | null)[], seed = 1) =>
  gaussianMixture.conditional?.(given, seed, COUNT) ?? new Float64Array(0)
const column = (rows: Float64Array, width: number, k: number) => rows.filter((_, i) => i % width === k)
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

test('far from the bounds the posterior is the two Gaussians about the data, half each', () => {
  const rows = conditional([null, null, 2, -3])
  const [p, q] = [column(rows, 2, 0), column(rows, 2, 1)]
  expect(Math.abs(mean(p) - 2)).toBeLessThan(0.03)
  expect(Math.abs(mean(q) + 3)).toBeLessThan(0.03)
  // Kurtosis tells the two scales from one: E z^4 = 3 (1 + 0.0001) / 2; standard error 0.09.
  expect(Math.abs(mean(p.map(value => (value - 2) ** 2)) - 0.505)).toBeLessThan(0.03)
  expect(Math.abs(mean(p.map(value => (value - 2) ** 4)) - 1.50015)).toBeLessThan(0.3)
  // Both dimensions share the scale: E z1^2 z2^2 = (1 + 0.0001) / 2.
  const shared = p.map((value, i) => (value - 2) ** 2 * (q[i] + 3) ** 2)
  expect(Math.abs(mean(shared) - 0.50005)).toBeLessThan(0.08)
})

test('a pair that lies close says which Gaussian it was', () => {
  // Distances 0.05: density narrow / wide = 100 exp(-0.125) in one dimension is 10 exp(-0.12375).
  const narrow = 10 * Math.exp(-0.12375)
  const rows = conditional([1, null, 1.05, 4])
  const share = mean(rows.map(value => (value - 4) ** 2))
  const expected = (0.01 * narrow + 1) / (narrow + 1)
  expect(Math.abs(share - expected)).toBeLessThan(0.025)
})

test('outside the prior only the tail that reaches in is left, and it weighs the wide Gaussian up', () => {
  const rows = conditional([null, null, 11, 0])
  const p = column(rows, 2, 0)
  expect(p.every(value => value <= 10)).toBe(true)
  // The narrow one is ten of its own deviations outside: nothing of it is left. Mean of a truncated normal, 11 - hazard(1).
  const hazard = Math.exp(-0.5) / Math.sqrt(2 * Math.PI) / normalCdf(-1)
  expect(Math.abs(mean(p) - (11 - hazard))).toBeLessThan(0.015)
  const far = conditional([null, null, 16, 0])
  const tail = Math.exp(-18) / Math.sqrt(2 * Math.PI) / normalCdf(-6)
  expect(Math.abs(mean(column(far, 2, 0)) - (16 - tail))).toBeLessThan(0.006)
  expect(() => conditional([null, null, 1e3, 0])).toThrow('too far from the prior')
})
