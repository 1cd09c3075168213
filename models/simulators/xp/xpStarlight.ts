// A star's optical spectrum on Earth, finely enough for XP: model atmosphere, radius, distance, dust.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { loadGrid } from '../../grids/gridFile.ts'
import { type Grid, interpolate, placeOn } from '../../math/grid.ts'
import { extinctionLaw } from '../photosphere/extinctionLaws.ts'
import type { DistantStar } from '../photosphere/syntheticPhotometry.ts'

export const opticalFamilies = ['btSettl', 'kurucz'] as const
export type OpticalFamily = (typeof opticalFamilies)[number]

export interface OpticalStar extends DistantStar {
  readonly family: OpticalFamily
}

export interface XpStarlight {
  /** 325 to 1100 nm at a resolving power of 250. */
  readonly wavelengthsNm: Float64Array
  /**
   * @param out [wavelengths] receives W/m2/nm; untouched when the answer is false
   * @returns false where no model reaches, outside the R_V of the law, and unless radius and distance are positive
   */
  fluxInto(star: OpticalStar, out: Float64Array): boolean
}

/** Temperatures between which one family goes over to the other, which alone reaches further. */
const kuruczFadesK = [3500, 4000] as const
const btSettlFadesK = [6500, 7000] as const
const RSUN_PC = CM_PER_RSUN / CM_PER_PC
/** From erg/s/cm2/A. */
export const LN_W_M2_NM = Math.log(1e-2)

/** What a photosphere is, without its size. */
export type OpticalPhotosphere = Pick<OpticalStar, 'family' | 'teffK' | 'loggDex' | 'fehDex'>

export interface OpticalPhotospheres {
  /** 325 to 1100 nm at a resolving power of 250. */
  readonly wavelengthsNm: Float64Array
  /**
   * Flux at the surface.
   * @param out [wavelengths] receives log10 of erg/s/cm2/A; untouched when the answer is false
   * @returns false where no model reaches
   */
  logFluxInto(photosphere: OpticalPhotosphere, out: Float64Array): boolean
}

/**
 * The log of the flux is interpolated linearly in 1 / Teff, log g and [Fe/H] between 2000 and 35,000 K, -1.5 and 0.3 dex.
 *
 * Accuracy: spectra between the nodes return within 1.2% rms (Kurucz) and 1 to 4% (BT-Settl, worst in giants), the mean of a spectrum within 1.1%.
 * Source: models/grids/ORIGIN.md.
 */
export function createOpticalPhotospheres(): OpticalPhotospheres {
  const tables: Readonly<Record<OpticalFamily, Grid>> = {
    btSettl: inInverseTeff(loadGrid('btSettlOptical')),
    kurucz: inInverseTeff(loadGrid('kuruczOptical')),
  }
  const count = tables.kurucz.width
  const own = new Float64Array(count)
  const other = new Float64Array(count)
  const places = new Float64Array(3)

  function tableInto(family: OpticalFamily, star: OpticalPhotosphere, out: Float64Array): boolean {
    const table = tables[family]
    places[0] = placeOn(table.axes[0], star.fehDex)
    places[1] = placeOn(table.axes[1], -1 / star.teffK)
    places[2] = placeOn(table.axes[2], star.loggDex)
    return interpolate(table, places, out)
  }

  return {
    wavelengthsNm: opticalWavelengths(count),
    logFluxInto(star, out) {
      const { family, teffK } = star
      if (!(teffK > 0)) return false
      const [low, high] = family === 'kurucz' ? kuruczFadesK : btSettlFadesK
      const rising = Math.min(Math.max((teffK - low) / (high - low), 0), 1)
      // Share of the other family: BT-Settl takes over from Kurucz in the cool, Kurucz from BT-Settl in the hot.
      const share = family === 'kurucz' ? 1 - rising : rising
      const second = family === 'kurucz' ? 'btSettl' : 'kurucz'
      if (share < 1 && !tableInto(family, star, own)) return false
      if (share > 0 && !tableInto(second, star, other)) return false
      if (share === 1) out.set(other)
      else for (let k = 0; k < count; k++) out[k] = share > 0 ? own[k] + share * (other[k] - own[k]) : own[k]
      return true
    },
  }
}

export interface OpticalDust {
  /**
   * Dims a spectrum.
   * @param lnFlux [wavelengths] natural logarithm of the flux; untouched when the answer is false
   * @returns false outside the R_V of the law, and unless the extinction is from 0 up
   */
  dimLn(avMag: number, rv: number, lnFlux: Float64Array): boolean
}

/** @param law a name of `extinctionLawNames` */
export function createOpticalDust(law: string, wavelengthsNm: Float64Array): OpticalDust {
  const { factorsAt, rvRange } = extinctionLaw(law)
  const factors = Array.from(wavelengthsNm, nm => factorsAt(nm / 1000))
  const [one, inverse, inverseSquare, linear] = [0, 1, 2, 3].map(t => Float64Array.from(factors, f => f[t]))
  return {
    dimLn(avMag, rv, lnFlux) {
      if (!(rv >= rvRange[0] && rv <= rvRange[1] && avMag >= 0 && avMag < Number.POSITIVE_INFINITY)) return false
      const perMag = 0.4 * Math.LN10 * avMag
      for (let k = 0; k < lnFlux.length; k++) {
        const ratio = one[k] + (inverse[k] + inverseSquare[k] / rv) / rv + linear[k] * rv
        lnFlux[k] -= perMag * ratio
      }
      return true
    },
  }
}

/**
 * Accuracy: that of `createOpticalPhotospheres`.
 * @param law a name of `extinctionLawNames`
 */
export function createXpStarlight(law: string): XpStarlight {
  const { wavelengthsNm, logFluxInto } = createOpticalPhotospheres()
  const dust = createOpticalDust(law, wavelengthsNm)
  const lnFlux = new Float64Array(wavelengthsNm.length)
  return {
    wavelengthsNm,
    fluxInto(star, out) {
      const { avMag, rv, radiusRsun, distancePc } = star
      const lnDilution = 2 * Math.log((radiusRsun * RSUN_PC) / distancePc)
      if (!(radiusRsun > 0 && distancePc > 0 && Number.isFinite(lnDilution))) return false
      if (!logFluxInto(star, lnFlux)) return false
      for (let k = 0; k < lnFlux.length; k++) lnFlux[k] = Math.LN10 * lnFlux[k] + lnDilution + LN_W_M2_NM
      if (!dust.dimLn(avMag, rv, lnFlux)) return false
      for (let k = 0; k < lnFlux.length; k++) out[k] = Math.exp(lnFlux[k])
      return true
    },
  }
}

function inInverseTeff(grid: Grid): Grid {
  const [feh, teff, logg] = grid.axes
  return { ...grid, axes: [feh, teff.map(kelvin => -1 / kelvin), logg] }
}

/** The wavelengths of the tables, evenly spaced in their logarithm. */
function opticalWavelengths(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => 325 * (1100 / 325) ** (k / (count - 1)))
}
