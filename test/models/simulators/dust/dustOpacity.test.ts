import { expect, test } from 'vitest'
import {
  binWidthsUm,
  dust,
  dustRows,
  fade,
  planck,
  rowOf,
  rowOfEmission,
  rowTemperatureK,
} from '../../../../models/simulators/dust/dustOpacity.ts'
import { sedWavelengthsUm } from '../../../../models/simulators/dust/modelSets.ts'
import { STEFAN_BOLTZMANN as SIGMA } from '../../../../schemas/index.ts'

/** By the logarithms, at a wavelength. */
function at(values: Float64Array, wavelengthUm: number): number {
  const i = sedWavelengthsUm.findIndex(w => w > wavelengthUm)
  const t = Math.log(wavelengthUm / sedWavelengthsUm[i - 1]) / Math.log(sedWavelengthsUm[i] / sedWavelengthsUm[i - 1])
  return values[i - 1] * (values[i] / values[i - 1]) ** t
}

test('the dust reddens by the ratio it was made for', () => {
  // B and V at the wavelengths of Weingartner & Draine 2001: A_V / (A_B - A_V) = 5.5.
  const [b, v] = [at(dust.extinction, 0.44), at(dust.extinction, 0.55)]
  expect(v / (b - v)).toBeGreaterThan(4.9)
  expect(v / (b - v)).toBeLessThan(6)
})

test('extinction falls towards the infrared and rises at 10 micron', () => {
  expect(at(dust.extinction, 0.55)).toBeGreaterThan(at(dust.extinction, 2.2))
  expect(at(dust.absorption, 9.7)).toBeGreaterThan(2 * at(dust.absorption, 7.5))
  // Draine's dust in the submillimetre: absorption with lambda^-2, within a few hundredths.
  const slope = Math.log(at(dust.absorption, 200) / at(dust.absorption, 800)) / Math.log(4)
  expect(slope).toBeGreaterThan(1.8)
  expect(slope).toBeLessThan(2.2)
})

test('sums over the bins are integrals: Stefan and Boltzmann', () => {
  for (const temperature of [10, 100, 1000, 10_000]) {
    const sum = sedWavelengthsUm.reduce((total, w, i) => total + planck(w, temperature) * binWidthsUm[i], 0)
    expect((sum * Math.PI) / (SIGMA * temperature ** 4)).toBeCloseTo(1, 2)
  }
})

test('rows are found by temperature and by emission', () => {
  const { emission: emissionRows, planckMean: planckMeanRows, rosseland: rosselandRows } = dustRows()
  for (const temperature of [10, 20, 300, 1500]) {
    const row = rowOf(temperature)
    expect(Math.abs(rowTemperatureK(row) / temperature - 1)).toBeLessThan(0.00126)
    expect(rowOfEmission(emissionRows[row] * 1.0001)).toBe(row)
    expect(rosselandRows[row]).toBeGreaterThan(0)
    // Emission is 4 sigma T^4 times the Planck mean.
    const expected = 4 * SIGMA * rowTemperatureK(row) ** 4 * planckMeanRows[row]
    expect(Math.abs(emissionRows[row] / expected - 1)).toBeLessThan(0.01)
  }
  expect(rowOf(1e-3)).toBe(0)
})

test('the quick exponential is the exponential', () => {
  for (let x = 0; x < 31; x += 0.0137) expect(Math.abs(fade(x) / Math.exp(-x) - 1)).toBeLessThan(7e-7)
  expect(fade(40)).toBe(0)
})
