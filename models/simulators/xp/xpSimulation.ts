// A star -> what Gaia would publish of its BP and RP spectra.
import type { Rng } from '../../math/rng.ts'
import { BASIS_COUNT } from './xpBases.ts'
import { type GaiaMagnitudes, magnitudesOf } from './xpCalibration.ts'
import { createXpNoise, type XpTransits } from './xpNoise.ts'
import { createXpProjection, XP_COUNT } from './xpProjection.ts'
import { createXpStarlight, type OpticalStar } from './xpStarlight.ts'

/** Mean spectra of DR3 are those of sources brighter than this (Gaia DR3 documentation, section 5.3.6), and of 137,000 chosen others, whatever their magnitude. */
export const XP_LIMIT_MAG = 17.65
/** And of more than 15 transits in either band (same section). */
export const LEAST_TRANSITS = 16
/** Transits of RP, log-normal, and the share of them that BP has kept: a round description of five real sources. */
const MEDIAN_TRANSITS = 45
const TRANSITS_SIGMA = 0.4
const BP_SHARE = [0.65, 1] as const
const MOST_TRANSITS = 200

/** The last star that was simulated, in buffers that the next one is written into. */
export interface XpObservation {
  /** [110] without noise, electrons/s, BP before RP. */
  readonly truth: Float64Array
  /** [110] as measured. */
  readonly coefficients: Float64Array
  /** [110] 1 sigma. */
  readonly errors: Float64Array
  readonly transits: XpTransits
  /** Without noise. */
  readonly magnitudes: GaiaMagnitudes
  /** Whether such a source would be in DR3; its numbers are given in any case. */
  readonly isPublished: boolean
}

export interface XpObserver {
  /**
   * @param flux W/m2/nm at the wavelengths
   * @returns undefined for a spectrum without light in one of G, BP and RP, or whose coefficients no noise can be told of
   */
  observe(flux: ArrayLike<number>, rng: Rng): XpObservation | undefined
}

/**
 * Errors are what Gaia would publish; the difference between its calibration and the truth that they leave out (about 0.3% of the flux) is not drawn.
 * @param wavelengthsNm those of `createXpProjection`
 * @throws RangeError as that
 */
export function createXpObserver(wavelengthsNm: ArrayLike<number>): XpObserver {
  const projection = createXpProjection(wavelengthsNm)
  const noise = createXpNoise()
  const truth = new Float64Array(XP_COUNT)
  const coefficients = new Float64Array(XP_COUNT)
  const errors = new Float64Array(XP_COUNT)
  return {
    observe(flux, rng) {
      projection.coefficientsInto(flux, truth)
      const magnitudes = magnitudesOf(truth.subarray(0, BASIS_COUNT), truth.subarray(BASIS_COUNT))
      if (magnitudes === undefined) return undefined
      const transits = drawTransits(rng)
      if (!noise.observeInto(truth, transits, rng, coefficients, errors)) return undefined
      const isPublished = magnitudes.gMag < XP_LIMIT_MAG && hasTransits(transits)
      return { truth, coefficients, errors, transits, magnitudes, isPublished }
    },
  }
}

/** Whether spectra of so many transits are published, if the star is bright enough. */
export function hasTransits({ bp, rp }: XpTransits): boolean {
  return Math.min(bp, rp) >= LEAST_TRANSITS
}

export interface XpSimulation {
  /** @returns undefined where no model spectrum reaches, and for a star without light in one of G, BP and RP */
  observe(star: OpticalStar, rng: Rng): XpObservation | undefined
}

/**
 * A single star behind dust, as `createXpObserver` sees it.
 * @param law a name of `extinctionLawNames`
 */
export function createXpSimulation(law = 'g23'): XpSimulation {
  const starlight = createXpStarlight(law)
  const observer = createXpObserver(starlight.wavelengthsNm)
  const flux = new Float64Array(starlight.wavelengthsNm.length)
  return {
    observe: (star, rng) => (starlight.fluxInto(star, flux) ? observer.observe(flux, rng) : undefined),
  }
}

function drawTransits(rng: Rng): XpTransits {
  const drawn = Math.round(MEDIAN_TRANSITS * Math.exp(TRANSITS_SIGMA * rng.normal()))
  const rp = Math.min(Math.max(drawn, 1), MOST_TRANSITS)
  const share = BP_SHARE[0] + (BP_SHARE[1] - BP_SHARE[0]) * rng.uniform()
  return { bp: Math.max(Math.round(share * rp), 1), rp }
}
