import { expect, test } from 'vitest'
import { fitScale, scaleValue, unscaleValue } from '../../../models/joint/variableScale.ts'
import { createRng } from '../../../models/math/rng.ts'

const rng = createRng(1)
const uniforms = Float64Array.from({ length: 5000 }, () => 3 + 4 * rng.uniform())

test('an open variable is standardised', () => {
  const scale = fitScale([1, 3], null, 'x')
  expect(scale).toEqual({ bounds: null, mean: 2, sd: 1 })
  expect(scaleValue(scale, 5)).toBe(3)
  expect(unscaleValue(scale, 3)).toBe(5)
})

test('a bounded variable becomes open and comes back, and no latent leaves the bounds', () => {
  const scale = fitScale(uniforms, [3, 7], 'x')
  const latents = uniforms.map(value => scaleValue(scale, value))
  expect(Math.abs(latents.reduce((a, b) => a + b, 0) / latents.length)).toBeLessThan(1e-9)
  expect(latents.reduce((a, b) => a + b * b, 0) / latents.length).toBeCloseTo(1, 9)
  for (const [i, latent] of latents.entries()) expect(unscaleValue(scale, latent)).toBeCloseTo(uniforms[i], 8)
  for (const latent of [-1e6, -40, 40, 1e6]) {
    expect(unscaleValue(scale, latent)).toBeGreaterThanOrEqual(3)
    expect(unscaleValue(scale, latent)).toBeLessThanOrEqual(7)
  }
  expect(Number.isFinite(scaleValue(scale, 3))).toBe(true)
  expect(Number.isFinite(scaleValue(scale, 7))).toBe(true)
})

test('far from its bounds the scale is all but straight, and near them it rises without end', () => {
  const scale = fitScale(uniforms, [3, 7], 'x')
  const at = (value: number) => scaleValue(scale, value)
  // d open / d share = 1 + 0.02 / (s (1 - s)): 1.08 in the middle, 1.125 at a fifth.
  const slope = (value: number) => (at(value + 1e-4) - at(value - 1e-4)) / 2e-4
  expect(slope(3.8) / slope(5)).toBeCloseTo(1.125 / 1.08, 4)
  expect(at(7 - 1e-6) - at(7 - 1e-4)).toBeGreaterThan(4 * slope(5) * 0.02 * 4)
})

test('what cannot be scaled is refused by name', () => {
  expect(() => fitScale([1, Number.NaN], null, 'flux')).toThrow(/flux cannot be NaN/)
  expect(() => fitScale([1, 8], [0, 7], 'flux')).toThrow(/flux cannot be 8/)
  expect(() => fitScale([2, 2, 2], null, 'flux')).toThrow(/flux is the same in all rows/)
})
