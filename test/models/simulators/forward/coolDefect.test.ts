import { expect, test } from 'vitest'
import { coolDefectInto } from '../../../../models/simulators/forward/coolDefect.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'

const photometry = createSyntheticPhotometry()
const bands = passbandIndices(['gMag', 'bpMag', 'rpMag'])
const magnitudes = new Float64Array(3)
const defect = new Float64Array(2)

/** BP - RP of a dwarf of BT-Settl with so much of the defect. */
function bpRpMag(teffK: number, loggDex: number, strength: number): number {
  photometry.magnitudesOfNumbers('btSettl', teffK, loggDex, 0, 1, 10, 0, 3.1, 'g23', bands, magnitudes)
  coolDefectInto(Math.log10(teffK), strength, defect)
  return magnitudes[1] + defect[1] - magnitudes[2]
}

// Mean dwarfs of Pecaut & Mamajek 2013, version 2022.04.16: M2V, M3V, M4V, M5V, M6V.
test.each([
  [3560, 4.8, 2.23],
  [3430, 4.8, 2.51],
  [3210, 5, 2.94],
  [3060, 5, 3.35],
  [2810, 5, 4.16],
])('at full strength a dwarf of %d K has the BP - RP of the mean sequence', (teffK, loggDex, observed) => {
  expect(Math.abs(bpRpMag(teffK, loggDex, 1) - observed)).toBeLessThan(0.03)
  expect(bpRpMag(teffK, loggDex, 0.5)).toBeLessThan(bpRpMag(teffK, loggDex, 1))
})

test('stars above 3700 K have no defect, and beyond the table nothing is said', () => {
  for (const teffK of [1000, 3700, 5772, 20_000]) {
    coolDefectInto(Math.log10(teffK), 1, defect)
    expect([...defect]).toEqual([0, 0])
  }
})
