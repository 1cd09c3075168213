// The spectrum of a young star in its dust as seen from a distance, on any wavelengths.
import { CM_PER_PC } from '../../../schemas/index.ts'
import { WAVELENGTHS } from './dustOpacity.ts'
import { sedWavelengthsUm } from './modelSets.ts'
import type { YsoSed } from './ysoSed.ts'

const UM_PER_ANGSTROM = 1e-4
const LOG_FIRST = Math.log(sedWavelengthsUm[0])
const LOG_STEP = Math.log(sedWavelengthsUm[1] / sedWavelengthsUm[0])

/** Lays views of young stars on wavelengths of one's own. */
export interface YsoSpectra {
  /**
   * Flux that arrives, erg/s/cm2/A: what is left of the star, scattered starlight and the dust's own.
   *
   * @param sed a view of the object
   * @param aperture which of its apertures
   * @param starFlux of the bare star at the same distance on these wavelengths, erg/s/cm2/A
   * @throws RangeError on an aperture that the view lacks, a distance not above 0, or arrays of another length
   */
  fluxInto(sed: YsoSed, aperture: number, distancePc: number, starFlux: ArrayLike<number>, out: Float64Array): void
}

/**
 * @param wavelengthsUm any within 0.01 and 5000 micron
 * @throws RangeError on a wavelength beyond
 */
export function createYsoSpectra(wavelengthsUm: ArrayLike<number>): YsoSpectra {
  const count = wavelengthsUm.length
  const lower = new Uint16Array(count)
  const share = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const at = (Math.log(wavelengthsUm[i]) - LOG_FIRST) / LOG_STEP
    if (!(at > -1e-9 && at < WAVELENGTHS - 1 + 1e-9))
      throw new RangeError(`createYsoSpectra: ${wavelengthsUm[i]} um is not within 0.01 and 5000`)
    lower[i] = Math.max(0, Math.min(WAVELENGTHS - 2, Math.floor(at)))
    share[i] = Math.min(1, Math.max(0, at - lower[i]))
  }
  return {
    fluxInto(sed, aperture, distancePc, starFlux, out) {
      if (!Number.isInteger(aperture) || !(aperture >= 0 && aperture < sed.aperturesAu.length))
        throw new RangeError(`YsoSpectra: no aperture ${aperture} of ${sed.aperturesAu.length}`)
      if (!(distancePc > 0 && Number.isFinite(distancePc)))
        throw new RangeError('YsoSpectra: a distance lies above 0 pc')
      if (starFlux.length !== count || out.length !== count)
        throw new RangeError(`YsoSpectra: ${count} wavelengths, but ${starFlux.length} and ${out.length} fluxes`)
      const dilution = UM_PER_ANGSTROM / (4 * Math.PI * (distancePc * CM_PER_PC) ** 2)
      const from = aperture * WAVELENGTHS
      for (let i = 0; i < count; i++) {
        const low = lower[i]
        const part = share[i]
        const star = Math.exp(-between(sed.starDepth, low, part)) + between(sed.scattered, from + low, part)
        out[i] = starFlux[i] * star + dilution * between(sed.thermal, from + low, part)
      }
    },
  }
}

/** Straight in the logarithms; straight where one side is nothing. */
function between(values: Float64Array, low: number, part: number): number {
  const a = values[low]
  const b = values[low + 1]
  return a > 0 && b > 0 ? a * (b / a) ** part : a + part * (b - a)
}
