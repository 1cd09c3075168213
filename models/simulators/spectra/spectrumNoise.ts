// What a night makes of a spectrum: photons, sky, an imperfect calibration, dead pixels.
import { fillNormals } from '../../math/normals.ts'
import type { Rng } from '../../math/rng.ts'
import { airGases } from './airGases.ts'
import { type SkyLine, skyLines } from './skyLines.ts'
import { expOfNodesInto, nodeCount } from './smoothFactor.ts'
import { FWHM_PER_SIGMA, factAt, pixelLog10Step, type SpectrographFacts } from './spectrographFacts.ts'

export interface SpectrumNight {
  /** Median signal over noise of a pixel within the survey's `measuredAngstrom`, above 0. */
  readonly signalToNoise: number
  /** Flux of the sky's continuum over that of the star there, 0 up. */
  readonly skyRatio: number
  /** Stated over true errors, above 0; 1 where the survey knows its errors. */
  readonly errorRatio: number
}

/** The last spectrum that was observed, in buffers that the next one is written into. */
export interface ObservedSpectrum {
  /** [P] in the survey's unit; 0 where nothing was measured, as between chips. */
  readonly fluxes: Float32Array
  /** [P] as stated; 0 where nothing was measured. */
  readonly ivars: Float32Array
  /** [P] bits of `spectrographFacts`. */
  readonly masks: Int32Array
}

export interface SpectrumNoise {
  /**
   * @param flux [P] without noise
   * @returns undefined unless signal over noise and errors are above 0, the sky from 0, and the star shines where they are told
   */
  observe(flux: Float64Array, night: SpectrumNight, rng: Rng): ObservedSpectrum | undefined
}

/** Every so many pixels is looked at for a median. */
const STRIDE = 8
/** Sky this much above its continuum has the survey's bit for it. */
const BRIGHT = 4
/** The same for the optical depth of the air. */
const THICK_AIR = 0.05
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
  const gases = facts.air === null ? [] : airGases(facts, angstrom)
  const airBit = facts.air === null ? 0 : 1 << facts.air.bit.bit
  const depths = new Float64Array(count)
  for (const { opticalDepths } of gases) for (let p = 0; p < count; p++) depths[p] += opticalDepths[p]
  for (let p = 0; p < count; p++) if (depths[p] > THICK_AIR) brightBits[p] |= airBit
  const efficiencyAt = (one: number) => factAt(facts.efficiency.angstrom, facts.efficiency.share, one)
  /** Flux per count: pixels are as wide as their wavelength, photons carry the less the redder, and the air takes some. */
  const perCount = angstrom.map((one, p) => ((facts.readAngstrom / one) ** 2 / efficiencyAt(one)) * Math.exp(depths[p]))
  const read = facts.readShare * efficiencyAt(facts.readAngstrom)
  const unmeasured = pixelsBetween(facts.chipsAngstrom, angstrom)
  const [from, to] = facts.measuredAngstrom.map(edge => angstrom.findIndex(one => one > edge))
  const looked = Array.from({ length: Math.floor((to - from) / STRIDE) }, (_, k) => from + k * STRIDE)
  const normals = new Float32Array(count)
  const fluxes = new Float32Array(count)
  const ivars = new Float32Array(count)
  const masks = new Int32Array(count)
  const residuals = new Float32Array(count)
  const { nodeStep } = facts.grid
  const lnFactor = new Float64Array(nodeCount(count, nodeStep))
  const factor = new Float64Array(count)
  const airFactor = new Float64Array(count)

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
      airFactor.fill(1)
      for (const { opticalDepths } of gases) {
        const left = (facts.air?.residualShare ?? 0) * rng.normal()
        for (let p = 0; p < count; p++) airFactor[p] -= left * opticalDepths[p]
      }
      const terms = drawCalibration(facts, level, rng)
      fillNormals(rng, normals)
      for (let k = 0; k < lnFactor.length; k++)
        lnFactor[k] = lnCalibrationAt(terms, (2 * k * nodeStep) / (count - 1) - 1)
      expOfNodesInto(lnFactor, factor, nodeStep)
      for (let p = 0; p < count; p++) {
        const error = Math.sqrt(varianceAt(p) / exposure)
        fluxes[p] = factor[p] * (flux[p] * airFactor[p] + residuals[p] + error * normals[p])
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
      for (const [first, end] of unmeasured) {
        fluxes.fill(0, first, end)
        ivars.fill(0, first, end)
        masks.fill(dead, first, end)
      }
      return { fluxes, ivars, masks }
    },
  }
}

/** Runs of pixels before, between and behind the chips. */
function pixelsBetween(
  chips: SpectrographFacts['chipsAngstrom'],
  angstrom: Float64Array,
): (readonly [number, number])[] {
  if (chips === null) return []
  const placeOf = (edge: number) => angstrom.findIndex(one => one > edge)
  const ends = [0, ...chips.flat().map(placeOf), angstrom.length]
  return Array.from({ length: ends.length / 2 }, (_, k) => [ends[2 * k], ends[2 * k + 1]] as const)
}

function profileOf(line: SkyLine, facts: SpectrographFacts, angstrom: Float64Array): SkyProfile | undefined {
  const { vacuumAngstrom, ewAngstrom } = line
  const { resolution, firstLog10 } = facts
  const log10Step = pixelLog10Step(facts)
  const sigma = vacuumAngstrom / factAt(resolution.angstrom, resolution.power, vacuumAngstrom) / FWHM_PER_SIGMA
  const place = (Math.log10(vacuumAngstrom) - firstLog10) / log10Step
  const reach = 5 * (sigma / (vacuumAngstrom * log10Step * Math.LN10))
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
