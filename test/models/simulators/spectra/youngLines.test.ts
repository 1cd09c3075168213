import { expect, test } from 'vitest'
import { airToVacuum } from '../../../../models/simulators/spectra/airWavelengths.ts'
import { fineGrids, LIGHT_KM_PER_S } from '../../../../models/simulators/spectra/fineGrid.ts'
import {
  absorbLithium,
  addBlackBody,
  addEmission,
  emissionNames,
  levelNear,
  VEIL_ANGSTROM,
} from '../../../../models/simulators/spectra/youngLines.ts'

const grid = fineGrids.optical

/** A veil as bright as the light at 6500 Angstrom times the ratio. */
function addVeil(flux: Float32Array, ratio: number, temperatureK: number): void {
  addBlackBody(grid, flux, temperatureK, VEIL_ANGSTROM, ratio * levelNear(grid, flux, VEIL_ANGSTROM))
}

const flat = () => new Float32Array(grid.count).fill(2)

/** Light above a level of 2, in Angstrom of it, with its middle and width, within 40 Angstrom. */
function lineIn(flux: Float32Array, airAngstrom: number) {
  const vacuum = airToVacuum(airAngstrom)
  let [sum, first, second] = [0, 0, 0]
  for (let i = Math.round(grid.placeOf(vacuum - 40)); i < grid.placeOf(vacuum + 40); i++) {
    const x = grid.angstrom[i] - vacuum
    const light = (flux[i] / 2 - 1) * grid.angstrom[i] * grid.lnStep
    sum += light
    first += light * x
    second += light * x * x
  }
  return { ew: sum, shift: first / sum, sigma: Math.sqrt(second / sum - (first / sum) ** 2) }
}

test('an emission line has the equivalent width, the place and the width that were asked for', () => {
  for (const [line, air, fwhm] of [
    ['hAlpha', 6562.8, 300],
    ['hBeta', 4861.33, 200],
    ['ca8542', 8542.09, 120],
  ] as const) {
    const flux = flat()
    addEmission(grid, flux, [{ line, ewAngstrom: 12.5, fwhmKmPerS: fwhm }])
    const { ew, shift, sigma } = lineIn(flux, air)
    expect(ew).toBeCloseTo(12.5, 3)
    expect(Math.abs(shift)).toBeLessThan(0.03)
    const bin = grid.lnStep * airToVacuum(air)
    const own = (fwhm / LIGHT_KM_PER_S / (2 * Math.sqrt(2 * Math.LN2))) * airToVacuum(air)
    expect(sigma / Math.sqrt(own ** 2 + bin ** 2 / 12)).toBeCloseTo(1, 2)
  }
})

test('lines add up in any order, absorption is the negative of emission, and a width of nothing is refused', () => {
  const lines = emissionNames.map((line, k) => ({ line, ewAngstrom: 1 + k, fwhmKmPerS: 150 }))
  const [forwards, backwards] = [flat(), flat()]
  addEmission(grid, forwards, lines)
  addEmission(grid, backwards, [...lines].reverse())
  forwards.forEach((value, i) => {
    expect(Math.abs(value - backwards[i])).toBeLessThan(1e-5)
  })
  addEmission(grid, forwards, [])
  const filled = flat()
  addEmission(grid, filled, [
    { line: 'hAlpha', ewAngstrom: 3, fwhmKmPerS: 100 },
    { line: 'hAlpha', ewAngstrom: -3, fwhmKmPerS: 100 },
  ])
  expect(filled.every(value => Math.abs(value - 2) < 1e-6)).toBe(true)
  expect(() => addEmission(grid, flat(), [{ line: 'hAlpha', ewAngstrom: 1, fwhmKmPerS: 0 }])).toThrow(RangeError)
})

test('lithium takes its equivalent width and never all of the light', () => {
  for (const ew of [0.05, 0.4, 0.6, 2]) {
    const flux = flat()
    absorbLithium(grid, flux, ew)
    expect(-lineIn(flux, 6707.81).ew).toBeCloseTo(ew, 3)
    expect(Math.min(...flux)).toBeGreaterThan(0.3)
  }
  const none = flat()
  absorbLithium(grid, none, 0)
  expect(none).toEqual(flat())
})

test('the veil is a black body, as bright as asked for at 6500 Angstrom, and weakens lines by 1 + r', () => {
  const flux = flat()
  absorbLithium(grid, flux, 0.5)
  const before = lineIn(flux, 6707.81).ew
  addVeil(flux, 0.8, 9000)
  const at = (angstrom: number) => flux[Math.floor(grid.placeOf(angstrom))] - 2
  expect(at(6500) / 2).toBeCloseTo(0.8, 3)
  // Planck's law, in constants of its own.
  const planck = (angstrom: number) => angstrom ** -5 / (Math.exp(14_387.77 / (angstrom * 1e-4) / 9000) - 1)
  for (const angstrom of [3700, 4500, 8000, 10_000]) {
    expect(at(angstrom) / at(6500) / (planck(angstrom) / planck(6500))).toBeCloseTo(1, 3)
  }
  // The veil is not flat: against the same light without the line, the line is weaker by what the veil adds there.
  const level = 1 + at(airToVacuum(6707.81) + 12) / 2
  const own = flat()
  addVeil(own, 0.8, 9000)
  const veiled = own.map((value, i) => 2 * (flux[i] / value))
  expect(lineIn(veiled, 6707.81).ew / (before / level)).toBeCloseTo(1, 2)
})
