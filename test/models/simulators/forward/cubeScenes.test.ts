import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { lackingIn, type YsoCube } from '../../../../models/simulators/dust/cubeSeds.ts'
import { createCubeScenes } from '../../../../models/simulators/forward/cubeScenes.ts'
import { binCentresUm } from '../../../../models/simulators/photosphere/wavelengths.ts'

const MODELS = 900
/** Flat in F_nu: 1, 10 and 100 mJy in the three apertures; model 0 has a hole in the widest. */
const cube: YsoCube = {
  modelCount: MODELS,
  wavelengthsUm: Float64Array.of(0.01, 1, 5000),
  aperturesAu: Float64Array.of(100, 1000, 1e5),
  distanceCm: 3.0856775814913674e18 * 10,
  parameters: new Map([
    ['star.radius', new Float64Array(MODELS).fill(2)],
    ['star.temperature', Float64Array.from({ length: MODELS }, (_, k) => 4000 + k)],
    ['inclination', Float64Array.from({ length: MODELS }, (_, k) => (90 * (k + 0.5)) / MODELS)],
  ]),
  fluxNow(model, aperture, out) {
    if (model === 0 && aperture === 2) return false
    out.fill(10 ** aperture)
    return true
  },
}
const scenes = createCubeScenes(new Map([['s---s-i', cube]]))

test('models are seen as often from each direction of the sphere', () => {
  const rng = createRng(3, 0xc0be)
  const cosines: number[] = []
  let tries = 0
  for (; cosines.length < 3000; tries++) {
    const scene = scenes.draw('s---s-i', rng)
    if (scene === null) continue
    expect(scene.atmosphere).toBeNull()
    expect(scene.yso.starTeffK).toBe(Math.round(4000 + (scene.yso.inclinationDeg * MODELS) / 90 - 0.5))
    cosines.push(Math.cos((scene.yso.inclinationDeg * Math.PI) / 180))
  }
  cosines.sort((a, b) => a - b)
  const distance = Math.max(...cosines.map((cosine, i) => Math.abs(cosine - (i + 0.5) / cosines.length)))
  expect(distance).toBeLessThan(1.95 / Math.sqrt(cosines.length))
  // The mean sine of an even angle is 2 / pi.
  expect(Math.abs(3000 / tries - 2 / Math.PI)).toBeLessThan(0.03)
})

test('light grows between apertures with the logarithm of the radius, and not beyond them', () => {
  const rng = createRng(4, 0xc0be)
  while (scenes.draw('s---s-i', rng)?.yso.starTeffK === 4000);
  const radii = [20, 100, Math.sqrt(1e5), 1000, 1e4, 1e5, 1e7]
  const fluxes = radii.map(() => new Float64Array(binCentresUm.length))
  scenes.see(radii, fluxes)
  const bin = 100
  // 1 mJy at 1 micron is 1e-26 c / lambda^2 erg/s/cm2/A.
  const perMjy = (1e-26 * 2.99792458e10 * 1e4) / (binCentresUm[bin] * 1e-4) ** 2 / 1e12
  const expected = [1, 1, 5.5, 10, 55, 100, 100]
  expected.forEach((mjy, k) => void expect(fluxes[k][bin] / perMjy).toBeCloseTo(mjy, 4))
})

test('what a cube lacks to be that of a set is told by column and model', () => {
  expect(lackingIn('s---s-i', cube)).toBeNull()
  expect(lackingIn('sp--s-i', cube)).toEqual({ column: 'disk.mass', model: 0 })
  const holed = new Map(cube.parameters).set(
    'inclination',
    Float64Array.from({ length: MODELS }, (_, k) => (k === 7 ? NaN : 1)),
  )
  expect(lackingIn('s---s-i', { modelCount: MODELS, parameters: holed })).toEqual({ column: 'inclination', model: 7 })
})
