// What the sky has beside our lines: mean spectra of dwarfs that BOSS saw, over ours of the same temperatures.
import { intervalOf } from '../../math/grid.ts'
import { fineGrids } from './fineGrid.ts'
import { meanSpectra, meanSpectrumAngstrom, meanSpectrumBin, meanSpectrumBins } from './meanSpectra.ts'

const { log10Step, placeOf } = fineGrids.optical

/** A bin of the means is so many fine bins; the middle of the first lies in this one, and so far behind its middle. */
const FINE_PER_BIN = Math.round(Math.log10(meanSpectrumAngstrom(1) / meanSpectrumAngstrom(0)) / log10Step)
const firstPlace = placeOf(meanSpectrumAngstrom(0)) - 0.5
const FIRST_PLACE = Math.round(firstPlace)
/** Sigma, in fine bins, of the spectrograph (R 1,800) and of the mean over six of them, together. */
const SEEN_SIGMA = 2.7
/** Sigma, in bins, beyond which all is shape: colours, dust and calibration are not touched. 0.03 in ln of the wavelength. */
const SHAPE_SIGMA = 43
const seenKernel = gaussianKernel(SEEN_SIGMA, firstPlace - FIRST_PLACE)
const shapeKernel = gaussianKernel(SHAPE_SIGMA, 0)
/** Of types with few stars a bin may be all noise. */
const MAX_LN = 1
/** Lines that chromospheres fill, in stars below such a temperature: Ca II H and K, H delta to alpha. */
const ACTIVE_BELOW_K = 4200
const ACTIVE_ANGSTROM = [3934.8, 3969.6, 4102.9, 4341.7, 4862.7, 6564.6] as const
const ACTIVE_WIDTH = 0.003

/** Of hotter stars no mean was taken, and from here on nothing is changed. */
const NOTHING_FROM_K = 10_000
/** Weak lines of metals, which ours lack, go between the first and the zeroth power of the abundance. */
const ABUNDANCE_POWER = 0.5
/** From such a depth on it is a line. */
const LINE_LN = 0.02

/** Gravity of a dwarf, log10 of cm/s2, on the axis of the templates. */
export const dwarfLoggDex = (teffK: number) => (teffK > 6500 ? 4 : teffK > 4000 ? 4.5 : 5)

export interface SeenLines {
  /**
   * [9490] by which the lines of a photosphere are to be multiplied; below the types as for the coolest.
   * @param lines `linesAsSeen` of ours of the photosphere
   * @param dwarf those of a dwarf of that temperature with the Sun's abundance
   */
  factors(teffK: number, fehDex: number, lines: Float64Array, dwarf: Float64Array): Float32Array
}

/**
 * Both are divided by what they are when blurred over 3% of the wavelength; what is left of theirs over what is left of ours is linear in
 * 1 / Teff between types. Only dwarfs of about the Sun's abundance were averaged, so of other stars: what ours lack is absorbed as in dwarfs,
 * more or less of it by abundance; where our lines are too strong in dwarfs, they are made weaker as far as there are any.
 *
 * @param ours `linesAsSeen` of a dwarf of ours, null where there is none
 */
export function createSeenLines(ours: (teffK: number) => Float64Array | null): SeenLines {
  const measures = meanSpectra()
    .filter(({ isJudge }) => !isJudge)
    .sort((a, b) => a.teffK - b.teffK)
  const teffs = [...measures.map(({ teffK }) => teffK), NOTHING_FROM_K]
  const types = measures.map(({ teffK, fluxes }) => {
    const made = ours(teffK)
    if (made === null) return new Float64Array(meanSpectrumBins)
    const seen = logOverShape(Float64Array.from(fluxes))
    return seen.map((ln, j) =>
      isOfChromosphere(teffK, j) ? 0 : Math.max(-MAX_LN, Math.min(MAX_LN, ln - made[j])) || 0,
    )
  })
  types.push(new Float64Array(meanSpectrumBins))
  return {
    factors(teffK, fehDex, lines, dwarf) {
      const within = Math.max(teffs[0], Math.min(teffs[teffs.length - 1], teffK))
      const t = intervalOf(teffs, within)
      const share = (1 / within - 1 / teffs[t]) / (1 / teffs[t + 1] - 1 / teffs[t])
      const lns = types[t].map((ln, j) => {
        const change = ln + share * (types[t + 1][j] - ln)
        if (change < 0) return change * 10 ** (ABUNDANCE_POWER * fehDex)
        return dwarf[j] < -LINE_LN ? change * Math.max(0, Math.min(1, lines[j] / dwarf[j])) || 0 : change
      })
      return Float32Array.from(fineGrids.optical.angstrom, angstrom =>
        Math.exp(linearAt(lns, meanSpectrumBin(angstrom))),
      )
    },
  }
}

/** Cool dwarfs of the field are active: what their chromospheres add is simulated elsewhere. */
function isOfChromosphere(teffK: number, j: number): boolean {
  return (
    teffK < ACTIVE_BELOW_K &&
    ACTIVE_ANGSTROM.some(line => Math.abs(Math.log(meanSpectrumAngstrom(j) / line)) < ACTIVE_WIDTH)
  )
}

/** Nothing is known beyond the ends, so nothing is changed there. */
function linearAt(node: Float64Array, place: number): number {
  const j = Math.floor(place)
  if (j < 0 || j + 1 >= node.length) return 0
  return node[j] + (place - j) * (node[j + 1] - node[j])
}

/**
 * Lines of ours as the mean spectra would have them: ln of the flux over what it is when blurred; NaN where there is no light.
 *
 * @param flux [9490] on the fine bins
 * @returns [1483]
 */
export function linesAsSeen(flux: Float32Array): Float64Array {
  const fine = Float64Array.from(flux)
  const bins = new Float64Array(meanSpectrumBins)
  return logOverShape(bins.map((_, j) => meanAround(fine, FIRST_PLACE + FINE_PER_BIN * j, seenKernel)))
}

function logOverShape(flux: Float64Array): Float64Array {
  return flux.map((value, j) => {
    const shape = meanAround(flux, j, shapeKernel)
    return value > 0.02 * shape ? Math.log(value / shape) : Number.NaN
  })
}

/** Shares of the bins within four sigma of a place that lies so far behind the bin in the middle. */
function gaussianKernel(sigma: number, behind: number): Float64Array {
  const half = Math.ceil(4 * sigma)
  return Float64Array.from({ length: 2 * half + 1 }, (_, k) => Math.exp(-0.5 * ((k - half - behind) / sigma) ** 2))
}

/** Weighed mean of what there is of the values around one. */
function meanAround(values: Float64Array, middle: number, kernel: Float64Array): number {
  const from = middle - (kernel.length - 1) / 2
  const end = Math.min(kernel.length, values.length - from)
  let [sum, weights] = [0, 0]
  for (let k = Math.max(0, -from); k < end; k++) {
    sum += kernel[k] * values[from + k]
    weights += kernel[k]
  }
  return sum / weights
}
