import { expect, test } from 'vitest'
import { coTermPerCm, moleculeLines, moleculeShares } from '../../../../models/simulators/spectra/moleculeLines.ts'
import { createLayer } from '../../../../models/simulators/spectra/oneLayer.ts'

test('CO has its measured levels, and the heads of its bands where stars show them', () => {
  // Fundamental and overtones of 12C16O, 1/cm (Guelachvili 1979; HITRAN).
  const zero = coTermPerCm(0, 0)
  expect(coTermPerCm(1, 0) - zero).toBeCloseTo(2143.271, 2)
  expect(coTermPerCm(2, 0) - zero).toBeCloseTo(4260.062, 2)
  expect(coTermPerCm(3, 0) - zero).toBeCloseTo(6350.439, 2)
  // J = 1 lies 2 B0 above, 3.84503 1/cm: the microwave line at 115,271 MHz.
  expect(coTermPerCm(0, 1) - zero).toBeCloseTo(115_271.202 / 29_979.2458, 4)
  // Heads as stars show them, 1.558, 1.578, 1.598 and 1.619 um (Origlia+ 1993; Rayner+ 2009), in Angstrom.
  const [co] = moleculeLines(createLayer(3600, 2, 0), 0)
  for (const [v, angstrom] of [
    [0, 15_582],
    [1, 15_780.5],
    [2, 15_982],
    [3, 16_189.5],
  ]) {
    let head = Number.POSITIVE_INFINITY
    for (let j = 0; j < 100; j++) head = Math.min(head, 1e8 / (coTermPerCm(v + 3, j + 1) - coTermPerCm(v, j)))
    expect(Math.abs(head - angstrom)).toBeLessThan(6)
    expect(co.lines.some(({ vacuumAngstrom }) => Math.abs(vacuumAngstrom - head) < 0.01)).toBe(true)
  }
})

test('carbon is in CO in cool stars and in atoms in hot ones, and OH comes later', () => {
  // Asplund+ 2009: 10^(8.43 - 12) carbon nuclei per hydrogen.
  const carbon = 10 ** (8.43 - 12)
  expect(moleculeShares(3000, 1e17, 0).CO / carbon).toBeCloseTo(1, 2)
  expect(moleculeShares(7500, 1e17, 0).CO / carbon).toBeLessThan(0.001)
  expect(moleculeShares(3000, 1e17, 0).OH).toBeGreaterThan(30 * moleculeShares(4500, 1e17, 0).OH)
  // No more than there is of the nuclei.
  for (const temperatureK of [1500, 2500, 4000, 6000]) {
    const { CO, OH } = moleculeShares(temperatureK, 1e16, 0)
    expect(CO).toBeLessThanOrEqual(carbon * (1 + 1e-9))
    expect(CO + OH).toBeLessThanOrEqual(10 ** (8.69 - 12) * (1 + 1e-9))
  }
})
