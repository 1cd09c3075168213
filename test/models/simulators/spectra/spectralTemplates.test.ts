import { expect, test } from 'vitest'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { builtInTemplates } from '../../../../models/simulators/spectra/spectralTemplates.ts'
import { createOpticalPhotospheres } from '../../../../models/simulators/xp/xpStarlight.ts'

const grid = fineGrids.optical

const templates = builtInTemplates()
const photospheres = createOpticalPhotospheres()
const flux = new Float32Array(grid.count)
const sun = { family: 'kurucz', teffK: 5777, loggDex: 4.44, fehDex: 0 } as const

function meanBetween(from: number, to: number): number {
  let [sum, width] = [0, 0]
  for (let i = Math.ceil(grid.placeOf(from)); i < grid.placeOf(to); i++) {
    sum += flux[i] * grid.angstrom[i]
    width += grid.angstrom[i]
  }
  return sum / width
}

test('blurred to what the atmospheres know, templates are the atmospheres', () => {
  const log10 = new Float64Array(photospheres.wavelengthsNm.length)
  for (const star of [sun, { ...sun, teffK: 9600, loggDex: 4 }, { ...sun, family: 'btSettl', teffK: 3300 } as const]) {
    expect(templates.fluxInto(star, grid, flux)).toBe(true)
    expect(photospheres.logFluxInto(star, log10)).toBe(true)
    for (let from = 3800; from < 10_000; from += 400) {
      const isInside = (_: number, k: number) => {
        const angstrom = 10 * photospheres.wavelengthsNm[k]
        return angstrom > from && angstrom < from + 400
      }
      const inside = log10.map(dex => 10 ** dex).filter(isInside)
      const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length
      // Bands of M dwarfs are others on the sky.
      expect(Math.abs(meanBetween(from, from + 400) / mean - 1)).toBeLessThan(star.teffK < 4000 ? 0.05 : 0.025)
    }
  }
})

test('lines are sharper than in the atmospheres, where atoms have them', () => {
  expect(templates.fluxInto(sun, grid, flux)).toBe(true)
  const depth = (vacuum: number) => 1 - flux[Math.floor(grid.placeOf(vacuum))] / meanBetween(vacuum - 30, vacuum + 30)
  for (const vacuum of [3934.78, 4862.68, 5185.05, 5891.58, 6564.61, 8544.44])
    expect(depth(vacuum)).toBeGreaterThan(0.25)
  for (const vacuum of [5800, 6050, 7050, 9800]) expect(Math.abs(depth(vacuum))).toBeLessThan(0.06)
})

test('a node halfway between two lies between them, and interpolation is continuous there', () => {
  const at = (teffK: number) => {
    expect(templates.fluxInto({ ...sun, teffK }, grid, flux)).toBe(true)
    return Float32Array.from(flux)
  }
  const [low, node, high, beside] = [at(5500), at(5750), at(6000), at(5750.001)]
  let worst = 0
  node.forEach((value, i) => {
    // In a line that grows faster than the star brightens it is the other way round, by less than a tenth.
    expect(value).toBeGreaterThan(0.9 * Math.min(low[i], high[i]))
    expect(value).toBeLessThan(1.1 * Math.max(low[i], high[i]))
    worst = Math.max(worst, Math.abs(beside[i] / value - 1))
  })
  expect(worst).toBeLessThan(1e-4)
})

test('outside the coverage there is no spectrum, and what was there stays', () => {
  flux.fill(7)
  const outside = [
    { teffK: 2400 },
    { teffK: 12_100 },
    { teffK: Number.NaN },
    { loggDex: -0.1 },
    { loggDex: 5.6 },
    { fehDex: -1.6 },
    { fehDex: 0.4 },
    // No model of Kurucz is so hot and so large.
    { teffK: 11_500, loggDex: 0.2 },
  ]
  for (const change of outside) expect(templates.fluxInto({ ...sun, ...change }, grid, flux)).toBe(false)
  expect(flux.every(value => value === 7)).toBe(true)
})
