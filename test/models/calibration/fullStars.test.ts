import { expect, test } from 'vitest'
import { createPilotSimulator, createPixelNights, drawFullStars } from '../../../models/index.ts'

const simulator = createPilotSimulator({ missing: 'natural', hasSpectra: true })
/** Quicker than atmospheres, and as they are without stars below 3000 K. */
const templates = {
  fluxInto: ({ teffK }: { readonly teffK: number }, _: unknown, out: Float32Array) =>
    teffK > 3000 && out.fill(1e6).length > 0,
}
const needed = ['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag']
const draw = (seed: number, count: number, maxDraws = 1000) => [
  ...drawFullStars(simulator, createPixelNights(['boss'], templates), ['logAgeYr', 'avMag'], { seed, count, maxDraws }),
]

test('everybody has seen each star, and each has its truth', () => {
  const batches = draw(3, 60)
  const stars = batches.flatMap(batch => batch.stars)
  expect(stars.length).toBe(60)
  for (const { given, spectra, pixels } of stars) {
    expect(given.map(({ quantity }) => quantity)).toEqual(expect.arrayContaining(needed))
    expect(spectra?.map(({ name }) => name)).toEqual(['bpSpectrum', 'rpSpectrum'])
    expect(pixels?.map(({ survey }) => survey)).toEqual(['boss'])
  }
  expect(batches.flatMap(({ truths }) => [...truths]).every(Number.isFinite)).toBe(true)
  expect(batches.flatMap(({ truths }) => [...truths]).length).toBe(120)
  expect(batches.flatMap(({ classIndex }) => [...classIndex]).length).toBe(60)
})

test('they come as few at a time as a model is asked about, since their pixels are long', () => {
  const sizes = draw(3, 80).map(({ stars }) => stars.length)
  expect(Math.max(...sizes)).toBe(32)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(80)
})

test('the same seed draws the same stars, and fewer are given where too few are found', () => {
  expect(draw(3, 5)).toEqual(draw(3, 5))
  expect(draw(3, 5)).not.toEqual(draw(4, 5))
  const some = draw(3, 1000, 40).flatMap(({ stars }) => stars)
  expect(some.length).toBeGreaterThan(0)
  expect(some.length).toBeLessThan(40)
})
