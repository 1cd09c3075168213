import { expect, test } from 'vitest'
import { airToVacuum } from '../../../../models/simulators/spectra/airWavelengths.ts'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { lineTransmission } from '../../../../models/simulators/spectra/lineAbsorption.ts'
import { lineModels } from '../../../../models/simulators/spectra/lineModels.ts'
import { bandHeadsAngstrom } from '../../../../models/simulators/spectra/molecularBands.ts'

const grid = fineGrids.optical

function equivalentWidth(left: Float64Array, airAngstrom: number, halfAngstrom: number): number {
  const vacuum = airToVacuum(airAngstrom)
  const [from, to] = [grid.placeOf(vacuum - halfAngstrom), grid.placeOf(vacuum + halfAngstrom)].map(Math.round)
  let sum = 0
  for (let i = from; i < to; i++) sum += (1 - left[i]) * grid.angstrom[i] * grid.lnStep
  return sum
}

const sun = lineTransmission(lineModels.optical, 5777, 4.44, 0)

test("the Sun's strongest lines are as strong as they were measured, within a factor of 1.6", () => {
  // Moore, Minnaert & Houtgast 1966: air, Angstrom, within so many Angstrom.
  const measured = [
    ['Ca II K', 3933.66, 20.25, 15],
    ['Ca I', 4226.73, 1.476, 3],
    ['Fe I', 4045.81, 1.174, 2],
    ['Fe I', 4383.54, 1.008, 2],
    ['Mg I b1', 5183.6, 1.584, 3],
    ['Mg I b2', 5172.68, 1.259, 2.5],
    ['Na I D2', 5889.95, 0.752, 2.5],
    ['Na I D1', 5895.92, 0.564, 2.5],
    ['Fe I', 6677.99, 0.125, 1.5],
    ['Ca I', 6162.17, 0.222, 2],
    ['Ca I', 6439.07, 0.16, 1.5],
    ['Fe I', 5615.64, 0.25, 1.5],
    ['K I', 7698.96, 0.15, 2],
    ['Ca II', 8498.02, 1.46, 6],
    ['Ca II', 8542.09, 3.67, 10],
    ['Ca II', 8662.14, 2.6, 10],
    ['H alpha', 6562.8, 4.02, 20],
    ['H beta', 4861.33, 3.68, 20],
    ['H delta', 4101.74, 3.13, 15],
  ] as const
  const ratios = measured.map(([, air, angstrom, half]) => Math.log(equivalentWidth(sun, air, half) / angstrom))
  for (const ratio of ratios) expect(Math.abs(ratio)).toBeLessThan(Math.log(1.6))
  const scatter = Math.sqrt(ratios.reduce((sum, ratio) => sum + ratio ** 2, 0) / ratios.length)
  expect(scatter).toBeLessThan(0.3)
})

test('what was not set by the Sun goes as in stars', () => {
  const at = (teffK: number, loggDex: number, fehDex: number) =>
    lineTransmission(lineModels.optical, teffK, loggDex, fehDex)
  const [a0, k5, k5giant, poor, m2] = [
    at(9600, 4, 0),
    at(4400, 4.6, 0),
    at(4400, 2, 0),
    at(5777, 4.44, -1),
    at(3550, 4.8, 0),
  ]
  // Balmer lines of A0 dwarfs: 12 to 18 Angstrom (Vega: H gamma 14, Gray & Corbally 2009; Peterson 1969).
  for (const air of [4340.47, 4101.74]) {
    expect(equivalentWidth(a0, air, 30)).toBeGreaterThan(11)
    expect(equivalentWidth(a0, air, 30)).toBeLessThan(20)
  }
  expect(equivalentWidth(a0, 3933.66, 15)).toBeLessThan(4)
  // H alpha of K5 dwarfs: about 1 Angstrom.
  expect(equivalentWidth(k5, 6562.8, 10)).toBeLessThan(1.5)
  // Mg b and Na D are signs of dwarfs, the Ca II triplet of giants against K I.
  expect(equivalentWidth(k5, 5183.6, 8)).toBeGreaterThan(1.3 * equivalentWidth(k5giant, 5183.6, 8))
  expect(equivalentWidth(k5, 5889.95, 2.5)).toBeGreaterThan(1.3 * equivalentWidth(k5giant, 5889.95, 2.5))
  // Strong lines grow as the root of the abundance, times what electrons do.
  const growth = equivalentWidth(sun, 5183.6, 8) / equivalentWidth(poor, 5183.6, 8)
  expect(growth).toBeGreaterThan(1.4)
  expect(growth).toBeLessThan(3.2)
  // Bands stand in cool stars only.
  const beyond = Math.ceil(grid.placeOf(bandHeadsAngstrom.TiO[10]))
  expect(m2[beyond] / m2[beyond - 3]).toBeLessThan(0.65)
  expect(sun[beyond] / sun[beyond - 3]).toBeGreaterThan(0.95)
})

test('something is left of the continuum everywhere, and never more than all', () => {
  for (const [teffK, loggDex, fehDex] of [
    [2500, 5.5, 0.3],
    [3000, 0, -1.5],
    [12_000, 5, 0],
  ]) {
    const left = lineTransmission(lineModels.optical, teffK, loggDex, fehDex)
    expect(left.every(share => share > 0 && share <= 1)).toBe(true)
  }
})
