import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { distanceBase, distanceFromLatent, distanceToLatent } from '../../../models/tokens/distanceBase.ts'
import { fitQuantileMap } from '../../../models/tokens/quantileMap.ts'

// Log distance uniform from 10 pc to 10 kpc: the posterior then has a density that is easy to integrate otherwise.
const rng = createRng(11)
const prior = fitQuantileMap(Float64Array.from({ length: 200_000 }, () => 1 + 3 * rng.uniform()))

/** Quantile of log distance by brute force on a fine grid, sharing no code with the table. */
function bruteQuantile(parallaxMas: number, errMas: number, probability: number): number {
  const count = 300_000
  const weights = Float64Array.from({ length: count }, (_, i) => {
    const logDistance = 1 + (3 * (i + 0.5)) / count
    return Math.exp(-0.5 * ((parallaxMas - 10 ** (3 - logDistance)) / errMas) ** 2)
  })
  const total = weights.reduce((a, b) => a + b, 0)
  let sum = 0
  for (let i = 0; i < count; i++) {
    sum += weights[i]
    if (sum >= probability * total) return 1 + (3 * (i + 0.5)) / count
  }
  return 4
}

for (const [parallax, err] of [
  [7.36, 0.02],
  [2, 0.5],
  [0.3, 0.2],
  [-0.4, 0.3],
]) {
  test(`quantiles for a parallax of ${parallax} +- ${err} mas equal brute force`, () => {
    const base = distanceBase(prior, parallax, err)
    for (const [z, probability] of [
      [-1, 0.158655],
      [0, 0.5],
      [1, 0.841345],
    ]) {
      const expected = bruteQuantile(parallax, err, probability)
      // The prior table carries the noise of its draws; 4% of the posterior's width covers it and the table's cells.
      expect(Math.abs(distanceFromLatent(base, z) - expected)).toBeLessThan(0.04 * base.halfWidthDex + 1e-5)
    }
  })
}

test('a precise parallax gives its inverse, with the relative error', () => {
  const base = distanceBase(prior, 10, 0.01)
  expect(base.median).toBeCloseTo(2, 4)
  expect(base.halfWidthDex / (0.001 / Math.LN10)).toBeCloseTo(1, 2)
})

test('without a parallax the prior is left', () => {
  const base = distanceBase(prior, null, 0)
  expect(base.median).toBeCloseTo(2.5, 1)
  for (const z of [-2, -0.5, 1.5]) expect(distanceToLatent(base, distanceFromLatent(base, z))).toBeCloseTo(z, 9)
})

test('a distance goes to its latent and back', () => {
  const base = distanceBase(prior, 5, 0.3)
  for (const x of [2.2, 2.3, 2.35]) expect(distanceFromLatent(base, distanceToLatent(base, x))).toBeCloseTo(x, 9)
})

test('a parallax that no distance of the prior explains still gives a finite, increasing table', () => {
  for (const [parallax, err] of [
    [900, 0.02],
    [-80, 0.05],
    [0, 1e-3],
  ]) {
    const base = distanceBase(prior, parallax, err)
    expect(base.z.length).toBeGreaterThanOrEqual(2)
    for (let j = 1; j < base.z.length; j++) {
      expect(base.z[j]).toBeGreaterThan(base.z[j - 1])
      expect(base.logDistancePc[j]).toBeGreaterThan(base.logDistancePc[j - 1])
    }
    expect(Number.isFinite(base.median) && base.halfWidthDex > 0).toBe(true)
  }
})

test('an error of zero is refused', () => {
  expect(() => distanceBase(prior, 5, 0)).toThrow(RangeError)
})
