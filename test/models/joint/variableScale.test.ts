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
  // The normal quantile of a uniform is standard normal: mean within 4 / sqrt 5000, a quarter of them below -0.6745.
  expect(Math.abs(latents.reduce((a, b) => a + b, 0) / latents.length)).toBeLessThan(1e-9)
  expect(Math.abs(latents.filter(z => z < -0.6745).length / 5000 - 0.25)).toBeLessThan(0.025)
  for (const [i, latent] of latents.entries()) expect(unscaleValue(scale, latent)).toBeCloseTo(uniforms[i], 8)
  for (const latent of [-1e6, -40, 40, 1e6]) {
    expect(unscaleValue(scale, latent)).toBeGreaterThanOrEqual(3)
    expect(unscaleValue(scale, latent)).toBeLessThanOrEqual(7)
  }
  expect(Number.isFinite(scaleValue(scale, 3))).toBe(true)
  expect(Number.isFinite(scaleValue(scale, 7))).toBe(true)
})

test('what cannot be scaled is refused by name', () => {
  expect(() => fitScale([1, Number.NaN], null, 'flux')).toThrow(/flux cannot be NaN/)
  expect(() => fitScale([1, 8], [0, 7], 'flux')).toThrow(/flux cannot be 8/)
  expect(() => fitScale([2, 2, 2], null, 'flux')).toThrow(/flux is the same in all rows/)
})
