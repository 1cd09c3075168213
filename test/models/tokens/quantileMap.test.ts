import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { fitQuantileMap, fromLatent, toLatent } from '../../../models/tokens/quantileMap.ts'

function exponentialDraws(count: number): Float64Array {
  const rng = createRng(7)
  return Float64Array.from({ length: count }, () => -Math.log(1 - rng.uniform()))
}

test('the latents of prior draws are standard normal', () => {
  const draws = exponentialDraws(40_000)
  const map = fitQuantileMap(draws)
  const z = draws.map(x => toLatent(map, x))
  const mean = z.reduce((a, b) => a + b, 0) / z.length
  const variance = z.reduce((a, b) => a + b * b, 0) / z.length - mean ** 2
  // Fitted on the same draws: only interpolation between knots 0.1 apart is left, well under these bounds.
  expect(Math.abs(mean)).toBeLessThan(0.005)
  expect(Math.abs(variance - 1)).toBeLessThan(0.01)
})

test('a value goes to its latent and back', () => {
  const map = fitQuantileMap(exponentialDraws(20_000))
  for (const value of [0.001, 0.1, 0.7, 2, 5]) expect(fromLatent(map, toLatent(map, value))).toBeCloseTo(value, 9)
})

test('the median of an exponential has latent zero', () => {
  const map = fitQuantileMap(exponentialDraws(100_000))
  // Standard error of the median's quantile is 0.5 / sqrt(N) * sqrt(2 pi) = 0.004; five of them.
  expect(Math.abs(toLatent(map, Math.LN2))).toBeLessThan(0.02)
})

test('no latent leaves the support', () => {
  const draws = exponentialDraws(5000)
  const map = fitQuantileMap(draws)
  const smallest = Math.min(...draws)
  const largest = Math.max(...draws)
  for (const z of [-50, -6, 6, 50]) {
    expect(fromLatent(map, z)).toBeGreaterThanOrEqual(smallest)
    expect(fromLatent(map, z)).toBeLessThanOrEqual(largest * (1 + 1e-9))
  }
})

test('a prior with a spike stays invertible', () => {
  const rng = createRng(3)
  const draws = Float64Array.from({ length: 5000 }, () => (rng.uniform() < 0.5 ? 0 : rng.uniform()))
  const map = fitQuantileMap(draws)
  for (let k = 1; k < map.values.length; k++) expect(map.values[k]).toBeGreaterThan(map.values[k - 1])
})

test('too few draws are refused', () => {
  expect(() => fitQuantileMap(new Float64Array(10))).toThrow(RangeError)
})
