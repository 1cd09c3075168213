// What model colours of cool dwarfs lack, from the observed mean sequence.
import { placeOn } from '../../math/grid.ts'

/**
 * Cool dwarfs are redder in BP and G than BT-Settl has them: magnitudes to add at full strength.
 * Differences of the mean dwarf sequence of Pecaut & Mamajek 2013 (version 2022.04.16) from the model colours, at one temperature.
 * PHOENIX lacks a quarter more.
 */
const coolDefect = {
  teffK: Float64Array.of(1500, 2630, 2740, 2810, 2930, 3060, 3110, 3210, 3270, 3430, 3560, 3700),
  gMag: Float64Array.of(0.08, 0.08, 0.06, 0.05, 0.06, 0.07, 0.05, 0.05, 0.03, 0.03, 0.01, 0),
  bpMag: Float64Array.of(0.5, 0.5, 0.6, 0.46, 0.38, 0.35, 0.28, 0.26, 0.21, 0.17, 0.05, 0),
} as const

/**
 * The defect at a temperature.
 * @param strength 0 leaves the model spectra as they are, 1 meets the mean dwarf sequence; a declared nuisance
 * @param out [2] receives magnitudes to add to G and to BP; 0 for stars that are not cool
 */
export function coolDefectInto(logTeffK: number, strength: number, out: Float64Array): void {
  const { teffK } = coolDefect
  const place = placeOn(teffK, 10 ** logTeffK)
  out.fill(0)
  if (place < 0 || place === teffK.length - 1) return
  const low = Math.floor(place)
  const at = (column: Float64Array) => column[low] + (column[low + 1] - column[low]) * (place - low)
  out[0] = strength * at(coolDefect.gMag)
  out[1] = strength * at(coolDefect.bpMag)
}
