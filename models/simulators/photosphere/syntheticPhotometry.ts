// Spectrum -> magnitudes: dust dims the spectrum itself, the passbands then see what is left.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { type AtmosphereFamily, createAtmospheres } from './atmosphere.ts'
import { type ExtinctionLawName, extinctionLaw } from './extinctionLaws.ts'
import { detailsFromFlux, FIRST_NARROW_BAND, hasNarrowBand, lnDetail, SPECTRUM_WIDTH } from './narrowBands.ts'
import { loadPassbands, passbandIndices, passbandNames } from './passbands.ts'
import { BIN_COUNT } from './wavelengths.ts'

/** Solar radius over 10 pc, as magnitudes. */
const DILUTION_MAG = 5 * Math.log10(CM_PER_RSUN / (10 * CM_PER_PC))
/** Optical depth of one magnitude. */
const DEPTH_PER_MAG = Math.LN10 / 2.5
const MAG_PER_LN = -2.5 / Math.LN10

/** Largest extinction that is answered: beyond it no bin of the optical holds a number. */
export const LARGEST_AV_MAG = 100

/** A star as it stands in the sky: its photosphere, how far, and behind how much dust. */
export interface DistantStar {
  readonly teffK: number
  readonly loggDex: number
  readonly fehDex: number
  readonly radiusRsun: number
  readonly distancePc: number
  readonly avMag: number
  readonly rv: number
}

export interface PhotometricStar extends DistantStar {
  readonly family: AtmosphereFamily
  readonly law: ExtinctionLawName
}

export interface SyntheticPhotometry {
  /**
   * Magnitudes of a star behind dust, in the systems of the bands (Vega; AB for SDSS and Pan-STARRS).
   *
   * @param bandIndices places in `passbandNames`, from `passbandIndices`
   * @param out one magnitude for each of `bandIndices`; meaningless when the answer is false
   * @returns false outside the atmospheres, the law's R_V, or 0 to 100 mag of extinction; for a radius or distance that is not positive
   */
  magnitudesInto(star: PhotometricStar, bandIndices: Int32Array, out: Float64Array): boolean
  /** The same from plain numbers, for loops over many stars. */
  magnitudesOfNumbers(
    family: AtmosphereFamily,
    teffK: number,
    loggDex: number,
    fehDex: number,
    radiusRsun: number,
    distancePc: number,
    avMag: number,
    rv: number,
    law: ExtinctionLawName,
    bandIndices: Int32Array,
    out: Float64Array,
  ): boolean
  /**
   * Magnitudes of any spectrum, in erg/s/cm2/A at the telescope.
   *
   * @param flux [300] mean F_lambda in the bins; [328] with the details of narrow bands behind it, as `surfaceFluxInto` and sums of it have
   * @returns false when a band sees no flux at all, or something that is no number
   */
  magnitudesOfFlux(flux: ArrayLike<number>, bandIndices: Int32Array, out: Float64Array): boolean
  /**
   * The same behind dust. A bin without light stays without.
   *
   * @returns false outside the law's R_V or 0 to 100 mag of extinction too
   */
  magnitudesBehindDust(
    flux: ArrayLike<number>,
    avMag: number,
    rv: number,
    law: ExtinctionLawName,
    bandIndices: Int32Array,
    out: Float64Array,
  ): boolean
}

/** Places of all 29 bands. */
export const allPassbands: Int32Array = passbandIndices(passbandNames)

/**
 * Photometry on the 300 bins. A band sums flux times weight; where its edge cuts a bin the moments of its weights tell which part of the
 * bin it sees, and the spectrum is a straight line there. Narrow bands get what the bins lose of them from the grids (`narrowBands.ts`).
 *
 * Accuracy against integrating the native spectra behind up to 5 mag of dust: within 0.002 mag; below 3000 K 0.007 in BP and 0.006 in u,
 * below 3900 K 0.004 in BP; a spectrum without details (300 numbers) misses up to 0.07 in narrow bands; see docs/forward-model.md.
 */
export function createSyntheticPhotometry(): SyntheticPhotometry {
  const bands = loadPassbands()
  const atmospheres = createAtmospheres()
  const spectrum = new Float64Array(SPECTRUM_WIDTH)
  /** Its bins, without the details of narrow bands. */
  const flux = spectrum.subarray(0, BIN_COUNT)
  /** How much the flux rises across each bin. */
  const rise = new Float64Array(BIN_COUNT)

  /** Photon-weighted mean of a spectrum whose rises are in `rise`. */
  function meanFlux(index: number, bins: ArrayLike<number>): number {
    const { firstBin, weights, moments } = bands[index]
    let sum = 0
    for (let k = 0; k < weights.length; k++) sum += weights[k] * bins[firstBin + k] + moments[k] * rise[firstBin + k]
    return sum
  }

  function magnitudesOfNumbers(
    family: AtmosphereFamily,
    teffK: number,
    loggDex: number,
    fehDex: number,
    radiusRsun: number,
    distancePc: number,
    avMag: number,
    rv: number,
    law: ExtinctionLawName,
    bandIndices: Int32Array,
    out: Float64Array,
  ): boolean {
    if (!(radiusRsun > 0 && distancePc > 0 && avMag >= 0 && avMag <= LARGEST_AV_MAG)) return false
    const { rvRange, binTerms } = extinctionLaw(law)
    if (!(rv >= rvRange[0] && rv <= rvRange[1])) return false
    const isDetailed = hasNarrowBand(bandIndices)
    if (!atmospheres.lnSurfaceFluxInto(family, teffK, loggDex, fehDex, isDetailed ? spectrum : flux)) return false
    dim(flux, binTerms, avMag * DEPTH_PER_MAG, rv)
    const shift = -5 * Math.log10((radiusRsun * 10) / distancePc) - DILUTION_MAG
    if (!seenInto(flux, bandIndices, shift, out)) return false
    if (isDetailed) addDetails(bandIndices, binTerms, avMag, rv, out)
    return true
  }

  /** Adds what the bins lose of the narrow bands; the details stand in `spectrum`. */
  function addDetails(
    bandIndices: Int32Array,
    terms: readonly (Float64Array | undefined)[],
    avMag: number,
    rv: number,
    out: Float64Array,
  ): void {
    for (let b = 0; b < bandIndices.length; b++)
      if (bandIndices[b] >= FIRST_NARROW_BAND)
        out[b] += MAG_PER_LN * lnDetail(bandIndices[b], spectrum, terms, avMag * DEPTH_PER_MAG, rv)
  }

  function seenInto(bins: ArrayLike<number>, bandIndices: Int32Array, shiftMag: number, out: Float64Array): boolean {
    risesInto(bins, rise)
    for (let b = 0; b < bandIndices.length; b++) {
      const index = bandIndices[b]
      const sum = meanFlux(index, bins)
      if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false
      out[b] = MAG_PER_LN * Math.log(sum) + bands[index].zeroPointMag + shiftMag
    }
    return true
  }

  function addGivenDetails(
    given: ArrayLike<number>,
    bandIndices: Int32Array,
    terms: readonly (Float64Array | undefined)[],
    avMag: number,
    rv: number,
    out: Float64Array,
  ): true {
    if (given.length < SPECTRUM_WIDTH || !hasNarrowBand(bandIndices)) return true
    detailsFromFlux(given, spectrum)
    addDetails(bandIndices, terms, avMag, rv, out)
    return true
  }

  return {
    magnitudesOfNumbers,
    magnitudesBehindDust(given, avMag, rv, law, bandIndices, out) {
      const { rvRange, binTerms } = extinctionLaw(law)
      if (!(avMag >= 0 && avMag <= LARGEST_AV_MAG && rv >= rvRange[0] && rv <= rvRange[1])) return false
      for (let i = 0; i < BIN_COUNT; i++) flux[i] = Math.log(given[i])
      dim(flux, binTerms, avMag * DEPTH_PER_MAG, rv)
      return seenInto(flux, bandIndices, 0, out) && addGivenDetails(given, bandIndices, binTerms, avMag, rv, out)
    },
    magnitudesInto: (star, bandIndices, out) =>
      magnitudesOfNumbers(
        star.family,
        star.teffK,
        star.loggDex,
        star.fehDex,
        star.radiusRsun,
        star.distancePc,
        star.avMag,
        star.rv,
        star.law,
        bandIndices,
        out,
      ),
    magnitudesOfFlux: (given, bandIndices, out) =>
      seenInto(given, bandIndices, 0, out) && addGivenDetails(given, bandIndices, [], 0, 1, out),
  }
}

/** Turns ln flux into flux behind dust, with one exponential a bin. */
function dim(flux: Float64Array, terms: readonly (Float64Array | undefined)[], depth: number, rv: number): void {
  const inverse = depth / rv
  addInto(flux, terms[0], -depth)
  addInto(flux, terms[1], -inverse)
  addInto(flux, terms[2], -inverse / rv)
  addInto(flux, terms[3], -depth * rv)
  for (let i = 0; i < BIN_COUNT; i++) flux[i] = Math.exp(flux[i])
}

/** The smaller of the steps to both neighbours, 0 at peaks and troughs: a straight line in a bin that never overshoots them. */
function risesInto(flux: ArrayLike<number>, out: Float64Array): void {
  let before = 0
  for (let i = 0; i < BIN_COUNT - 1; i++) {
    const after = flux[i + 1] - flux[i]
    if (before > 0 && after > 0) out[i] = before < after ? before : after
    else if (before < 0 && after < 0) out[i] = before > after ? before : after
    else out[i] = 0
    before = after
  }
  out[BIN_COUNT - 1] = 0
}

function addInto(sum: Float64Array, term: Float64Array | undefined, factor: number): void {
  if (term === undefined || factor === 0) return
  for (let i = 0; i < BIN_COUNT; i++) sum[i] += term[i] * factor
}
