import { expect, test } from 'vitest'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { hBandLines } from '../../../../models/simulators/spectra/hBandLines.ts'
import { type LineModel, lineTransmission } from '../../../../models/simulators/spectra/lineAbsorption.ts'
import { lineModels } from '../../../../models/simulators/spectra/lineModels.ts'

const grid = fineGrids.hBand
const at = (teffK: number, loggDex: number, fehDex: number, model: LineModel = lineModels.hBand) =>
  lineTransmission(model, teffK, loggDex, fehDex)
const sun = at(5777, 4.44, 0)

/** Deepest within 0.3 Angstrom as an instrument of R = 22,500 sees it, and where. */
function seen(left: Float64Array, vacuum: number) {
  const sigma = 1 / (22_500 * 2.3548 * grid.lnStep)
  const middle = Math.round(grid.placeOf(vacuum))
  let [depth, place] = [0, middle]
  for (let i = middle - 6; i <= middle + 6; i++) {
    let [sum, weights] = [0, 0]
    for (let k = -12; k <= 12; k++) {
      const weight = Math.exp(-0.5 * (k / sigma) ** 2)
      sum += weight * (1 - left[i + k])
      weights += weight
    }
    if (sum / weights > depth) [depth, place] = [sum / weights, i]
  }
  return { depth, angstrom: grid.angstrom[place] }
}

test('lines stand at their wavelengths in vacuum', () => {
  // Of the lists that APOGEE's tools use, and NIST: vacuum.
  for (const vacuum of [
    15_167.21, 15_172.52, 15_652.79, 15_745.01, 15_964.42, 16_064.4, 16_723.52, 16_755.14, 16_767.93,
  ]) {
    const { depth, angstrom } = seen(sun, vacuum)
    expect(depth).toBeGreaterThan(0.05)
    expect(Math.abs(angstrom - vacuum)).toBeLessThan(0.06)
  }
  expect(hBandLines.every(({ vacuumAngstrom }) => vacuumAngstrom > 15_100 && vacuumAngstrom < 17_000)).toBe(true)
})

test('lines grow with abundance, fade with temperature, and narrow in giants', () => {
  const poor = at(5777, 4.44, -1)
  const hot = at(7500, 4.2, 0)
  for (const vacuum of [15_652.79, 15_745.01, 16_723.52]) {
    expect(seen(sun, vacuum).depth).toBeGreaterThan(1.3 * seen(poor, vacuum).depth)
    expect(seen(sun, vacuum).depth).toBeGreaterThan(1.2 * seen(hot, vacuum).depth)
  }
  // The wings of strong lines are signs of dwarfs: of atoms alone, for CO stands beside.
  const atoms = { ...lineModels.hBand, molecules: () => [] }
  const [dwarf, giant] = [at(4500, 4.6, 0, atoms), at(4500, 2, 0, atoms)]
  const wing = (left: Float64Array) => 1 - left[Math.round(grid.placeOf(16_723.52 + 1.5))]
  expect(wing(dwarf)).toBeGreaterThan(2 * wing(giant))
})

test('CO is deeper in giants than in dwarfs, OH in cool stars', () => {
  // The head of 6-3, without the atoms.
  const alone = { ...lineModels.hBand, lines: [] }
  const head = (teffK: number, loggDex: number) => seen(at(teffK, loggDex, 0, alone), 16_189.8).depth
  expect(head(4200, 1.5)).toBeGreaterThan(1.3 * head(4200, 4.6))
  expect(head(4200, 1.5)).toBeGreaterThan(2 * head(5200, 1.5))
  // OH at 15,572.8 in vacuum (Smith+ 2013): plain in Arcturus, some percent in the Sun.
  expect(seen(at(4286, 1.66, -0.5), 15_573.03).depth).toBeGreaterThan(0.1)
  expect(seen(sun, 15_573.03).depth).toBeLessThan(0.05)
})

test('Brackett lines are the strongest of A stars, 10 Angstrom within a factor of 2, and weak in the Sun', () => {
  const alone = { ...lineModels.hBand, lines: [], molecules: () => [] }
  const widthOf = (left: Float64Array) => {
    let sum = 0
    for (let i = 0; i < grid.count; i++) {
      if (Math.abs(grid.angstrom[i] - 16_811.1) < 60) sum += (1 - left[i]) * grid.angstrom[i] * grid.lnStep
    }
    return sum
  }
  // Meyer+ 1998, ApJ 508, 397: near 10 Angstrom in early A dwarfs, next to nothing in K stars.
  const ew = widthOf(at(9600, 4, 0, alone))
  expect(ew).toBeGreaterThan(5)
  expect(ew).toBeLessThan(20)
  expect(widthOf(at(5777, 4.44, 0, alone))).toBeLessThan(2.5)
  expect(widthOf(at(4500, 4.6, 0, alone))).toBeLessThan(0.1)
})
