// What a night makes of a spectrum: photons, sky, an imperfect calibration, dead pixels.
import { fillNormals } from '../../math/normals.ts'
import type { Rng } from '../../math/rng.ts'
import { type SkyLine, skyLines } from './skyLines.ts'
import { expOfNodesInto, NODE_STEP, nodeCount } from './smoothFactor.ts'
import { factAt, LOG10_STEP, type SpectrographFacts } from './spectrographFacts.ts'

export interface SpectrumNight {
  /** Median signal over noise of a pixel from 5600 to 6800 Angstrom, above 0. */
  readonly signalToNoise: number
  /** Flux of the sky's continuum over that of the star from 5600 to 6800 Angstrom, 0 up. */
  readonly skyRatio: number
  /** Stated over true errors, above 0; 1 where the survey knows its errors. */
  readonly errorRatio: number
}

/** The last spectrum that was observed, in buffers that the next one is written into. */
export interface ObservedSpectrum {
  /** [P] in the survey's unit; 0 where nothing was measured. */
  readonly fluxes: Float32Array
  /** [P] as stated; 0 where nothing was measured. */
  readonly ivars: Float32Array
  /** [P] bits of `spectrographFacts`. */
  readonly masks: Int32Array
}

export interface SpectrumNoise {
  /**
   * @param flux [P] without noise
   * @returns undefined unless signal over noise and errors are above 0, the sky from 0, and the star shines from 5600 to 6800 Angstrom
   */
  observe(flux: Float64Array, night: SpectrumNight, rng: Rng): ObservedSpectrum | undefined
}

const MEASURED_ANGSTROM = [5600, 6800] as const
/** Every so many pixels is looked at for a median. */
const STRIDE = 8
const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2)
/** Sky this much above its continuum has the survey's bit for it. */
const BRIGHT = 4
/** Terms of the calibration error beyond its level. */
const TERMS = 4
/** Level of a relative flux, log10 of counts. */
const LEVEL_DEX = [1.5, 4] as const
/** Runs of dead pixels in a spectrum, 0 to below this, of 1 to MAX_RUN pixels. */
const RUNS = 4
const MAX_RUN = 4

/** Pixels of the lines of the sky, each line's in a row: value is its height over the sky's continuum. */
interface SkyProfile {
  readonly first: number
  readonly heights: Float32Array
}

/**
 * Counts are those of the star, the sky and the detector; the exposure is as long as the signal over noise wants. A sky line leaves a share of itself, drawn once for each line;
 * the calibration is off by a smooth factor (Legendre polynomials up to the fourth, each as large), which the stated errors follow but do not tell of.
 */
export function createSpectrumNoise(facts: SpectrographFacts, angstrom: Float64Array): SpectrumNoise {
  const count = angstrom.length
  const profiles = skyLines.flatMap(line => profileOf(line, facts, angstrom) ?? [])
  const sky = new Float32Array(count).fill(1)
  for (const { first, heights } of profiles)
    heights.forEach((height, k) => {
      sky[first + k] += height
    })
  const bright = facts.brightSkyBit === null ? 0 : 1 << facts.brightSkyBit.bit
  const dead = facts.noDataBit === null ? 0 : 1 << facts.noDataBit.bit
  const brightBits = Int32Array.from(sky, level => (level > BRIGHT ? bright : 0))
  /** Flux per count: pixels are as wide as their wavelength, and photons carry the less the redder. */
  const perCount = angstrom.map(
    one => (6500 / one) ** 2 / factAt(facts.efficiency.angstrom, facts.efficiency.share, one),
  )
  const read = facts.readShare * factAt(facts.efficiency.angstrom, facts.efficiency.share, 6500)
  const [from, to] = MEASURED_ANGSTROM.map(edge => angstrom.findIndex(one => one > edge))
  const looked = Array.from({ length: Math.floor((to - from) / STRIDE) }, (_, k) => from + k * STRIDE)
  const normals = new Float32Array(count)
  const fluxes = new Float32Array(count)
  const ivars = new Float32Array(count)
  const masks = new Int32Array(count)
  const residuals = new Float32Array(count)
  const lnFactor = new Float64Array(nodeCount(count))
  const factor = new Float64Array(count)

  return {
    observe(flux, { signalToNoise, skyRatio, errorRatio }, rng) {
      const level = medianOf(looked.map(p => flux[p]))
      if (!(signalToNoise > 0 && skyRatio >= 0 && errorRatio > 0 && level > 0)) return undefined
      const skyFlux = skyRatio * level
      const detector = read * skyFlux
      // Variance of a pixel's flux in an exposure of length 1.
      const varianceAt = (p: number) => (flux[p] + sky[p] * skyFlux + detector * perCount[p]) * perCount[p]
      const reached = medianOf(looked.map(p => flux[p] / Math.sqrt(varianceAt(p))))
      const exposure = (signalToNoise / reached) ** 2
      if (!(exposure > 0 && exposure < Number.POSITIVE_INFINITY)) return undefined
      residuals.fill(0)
      for (const { first, heights } of profiles) {
        const left = facts.skyResidualShare * skyFlux * rng.normal()
        for (let k = 0; k < heights.length; k++) residuals[first + k] += left * heights[k]
      }
      const terms = drawCalibration(facts, level, rng)
      fillNormals(rng, normals)
      for (let k = 0; k < lnFactor.length; k++)
        lnFactor[k] = lnCalibrationAt(terms, (2 * k * NODE_STEP) / (count - 1) - 1)
      expOfNodesInto(lnFactor, factor)
      for (let p = 0; p < count; p++) {
        const error = Math.sqrt(varianceAt(p) / exposure)
        fluxes[p] = factor[p] * (flux[p] + residuals[p] + error * normals[p])
        const stated = factor[p] * error * errorRatio
        ivars[p] = 1 / (stated * stated)
      }
      masks.set(brightBits)
      for (let runs = rng.integer(RUNS); runs > 0; runs--) {
        const first = rng.integer(count)
        const last = Math.min(count, first + 1 + rng.integer(MAX_RUN))
        fluxes.fill(0, first, last)
        ivars.fill(0, first, last)
        masks.fill(dead, first, last)
      }
      return { fluxes, ivars, masks }
    },
  }
}

function profileOf(line: SkyLine, facts: SpectrographFacts, angstrom: Float64Array): SkyProfile | undefined {
  const { vacuumAngstrom, ewAngstrom } = line
  const { resolution, firstLog10 } = facts
  const sigma = vacuumAngstrom / factAt(resolution.angstrom, resolution.power, vacuumAngstrom) / FWHM_PER_SIGMA
  const place = (Math.log10(vacuumAngstrom) - firstLog10) / LOG10_STEP
  const reach = 5 * (sigma / (vacuumAngstrom * LOG10_STEP * Math.LN10))
  const first = Math.max(0, Math.ceil(place - reach))
  const last = Math.min(angstrom.length - 1, Math.floor(place + reach))
  if (last < first) return undefined
  const peak = ewAngstrom / (sigma * Math.sqrt(2 * Math.PI))
  const heights = Float32Array.from({ length: last - first + 1 }, (_, k) => {
    return peak * Math.exp(-0.5 * ((angstrom[first + k] - vacuumAngstrom) / sigma) ** 2)
  })
  return { first, heights }
}

/** Factors of the Legendre polynomials 0 to 4 in the ln of the calibration. */
function drawCalibration({ calibrationLn, fluxScale }: SpectrographFacts, level: number, rng: Rng): Float64Array {
  const terms = new Float64Array(TERMS + 1)
  // The mean square of the k-th polynomial is 1 / (2 k + 1).
  for (let k = 1; k <= TERMS; k++) terms[k] = calibrationLn * Math.sqrt((2 * k + 1) / TERMS) * rng.normal()
  if (fluxScale === 'absolute') terms[0] = calibrationLn * rng.normal()
  else {
    const dex = LEVEL_DEX[0] + (LEVEL_DEX[1] - LEVEL_DEX[0]) * rng.uniform()
    terms[0] = dex * Math.LN10 - Math.log(level)
  }
  return terms
}

function lnCalibrationAt(terms: Float64Array, x: number): number {
  const x2 = x * x
  const second = terms[2] * (1.5 * x2 - 0.5)
  const third = terms[3] * x * (2.5 * x2 - 1.5)
  const fourth = terms[4] * ((4.375 * x2 - 3.75) * x2 + 0.375)
  return terms[0] + terms[1] * x + second + third + fourth
}

function medianOf(values: number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1]
}
