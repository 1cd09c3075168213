// No template has its lines quite right: those of a star are stronger and weaker than ours, all together and by regions of the spectrum.
import { ramp } from '../../math/ramp.ts'
import type { Rng } from '../../math/rng.ts'
import type { FineGrid } from './fineGrid.ts'

/** Even in the logarithm, 1.5% of the wavelength apart, from before the optical to behind the H band. */
const LN_STEP = 0.015
const FIRST_LN_ANGSTROM = Math.log(3500)
const KNOTS = 108
/** What is wider is no line: half of the width, in ln of the wavelength, of the mean that lines are told from. */
const SHAPE_LN_HALF = 0.015
/** Standard deviations of ln of the strength, as of the mean spectra that judge the templates: docs/simulated-spectra.md. */
const STAR_GAIN = 0.05
const [LEAST_KNOT_GAIN, MORE_KNOT_GAIN] = [0.22, 0.2]

/** Standard deviation at a knot: F stars and hotter, and M dwarfs, are farther from the templates than those between. */
const knotGain = (teffK: number) =>
  LEAST_KNOT_GAIN + MORE_KNOT_GAIN * (ramp(teffK, 4300, 3700) + ramp(teffK, 5800, 6600))

/**
 * How much stronger the lines of a star are than those of its template.
 *
 * @returns [108] ln of the strength at knots from 3500 to 17,400 Angstrom in vacuum
 */
export function drawLineGains(teffK: number, rng: Rng): readonly number[] {
  const ofStar = STAR_GAIN * rng.normal()
  const spread = knotGain(teffK)
  return Array.from({ length: KNOTS }, () => ofStar + spread * rng.normal())
}

/** Whether they are of all knots and finite, or none at all. */
export const areLineGains = (lnGains: readonly number[]) =>
  (lnGains.length === 0 || lnGains.length === KNOTS) && lnGains.every(Number.isFinite)

/**
 * Makes lines stronger about the mean over 3% of the wavelength, in place; no flux falls below zero.
 *
 * @param flux [grid.count]
 * @param lnGains of `drawLineGains`; between knots their exponential is linear. None: nothing changes
 */
export function scaleLines(grid: FineGrid, flux: Float32Array, lnGains: readonly number[]): void {
  if (lnGains.length === 0) return
  const { count, lnStep } = grid
  const half = Math.round(SHAPE_LN_HALF / lnStep)
  const perBin = lnStep / LN_STEP
  const firstPlace = (Math.log(grid.angstrom[0]) - FIRST_LN_ANGSTROM) / LN_STEP
  const sums = sumsBefore(flux)
  let i = 0
  for (let knot = Math.floor(firstPlace); i < count; knot++) {
    const gain = Math.exp(lnGains[knot])
    const rise = Math.exp(lnGains[knot + 1]) - gain
    const until = Math.min(count, Math.ceil((knot + 1 - firstPlace) / perBin))
    for (; i < until; i++) {
      const from = i < half ? 0 : i - half
      const end = i + half < count ? i + half + 1 : count
      const shape = (sums[end] - sums[from]) / (end - from)
      const scaled = shape + (gain + (firstPlace + i * perBin - knot) * rise) * (flux[i] - shape)
      flux[i] = scaled > 0 ? scaled : 0
    }
  }
}

/** [count + 1] sums of all values before a place. */
function sumsBefore(values: Float32Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i]
    sums[i + 1] = sum
  }
  return sums
}
