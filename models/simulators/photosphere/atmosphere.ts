// Model atmospheres: effective temperature, gravity and abundance -> the flux that leaves the star's surface.
import { intervalOf } from '../../math/grid.ts'
import { type AtmosphereFamily, atmosphereFamilies, completeTable } from './atmosphereTables.ts'
import { detailsToFlux, SPECTRUM_WIDTH } from './narrowBands.ts'
import { BIN_COUNT } from './wavelengths.ts'

export { type AtmosphereFamily, atmosphereFamilies }

/** Temperatures, gravities and abundances for which there is an answer. */
export const atmosphereRange = {
  teffK: [2000, 150_000],
  loggDex: [-1, 9.5],
  fehDex: [-3, 0.5],
} as const

export interface Atmospheres {
  /**
   * Mean F_lambda at the surface in each of the 300 bins, erg/s/cm2/A.
   *
   * @param out [300], or [328] to have behind it the details of narrow bands, as fluxes too; untouched when the answer is false
   * @returns false outside `atmosphereRange`
   */
  surfaceFluxInto(
    family: AtmosphereFamily,
    teffK: number,
    loggDex: number,
    fehDex: number,
    out: Float64Array | Float32Array,
  ): boolean
  /**
   * The same as its natural logarithm, which is what is interpolated: cheaper for who multiplies it by exp(-tau) anyway.
   * @param out [300], or [328] to have behind it the details of narrow bands, which are logarithms
   */
  lnSurfaceFluxInto(
    family: AtmosphereFamily,
    teffK: number,
    loggDex: number,
    fehDex: number,
    out: Float64Array | Float32Array,
  ): boolean
}

function isWithin(x: number, [low, high]: readonly [number, number]): boolean {
  return x >= low && x <= high
}

/**
 * The log of the flux is interpolated linearly in 1 / Teff, log g and [Fe/H].
 *
 * Families keep apart wherever their models reach. Below 4000 K kurucz goes over to BT-Settl; above 12,000 K all are ATLAS9;
 * BT-Settl's abundances other than the Sun's are PHOENIX's changes; from log g -1 to 0 the spectrum of log g 0 stands in;
 * black bodies from log g 6.5, beyond 50,000 K, and for gravities more than 1 dex from any model. Everything blends over one step of the grid.
 *
 * Accuracy: docs/forward-model.md. Source: models/grids/ORIGIN.md.
 */
export function createAtmospheres(): Atmospheres {
  function lnSurfaceFluxInto(
    family: AtmosphereFamily,
    teffK: number,
    loggDex: number,
    fehDex: number,
    out: Float64Array | Float32Array,
  ): boolean {
    const range = atmosphereRange
    if (!isWithin(teffK, range.teffK) || !isWithin(loggDex, range.loggDex) || !isWithin(fehDex, range.fehDex))
      return false
    const table = completeTable(family)
    const gravities = table.loggDex
    const logg = Math.min(gravities[gravities.length - 1], Math.max(gravities[0], loggDex))
    const t = intervalOf(table.teffK, teffK)
    const g = intervalOf(gravities, logg)
    const z = intervalOf(table.fehDex, fehDex)
    const wt = (1 / teffK - 1 / table.teffK[t]) / (1 / table.teffK[t + 1] - 1 / table.teffK[t])
    const wg = (logg - gravities[g]) / (gravities[g + 1] - gravities[g])
    const wz = (fehDex - table.fehDex[z]) / (table.fehDex[z + 1] - table.fehDex[z])
    const strideT = gravities.length * SPECTRUM_WIDTH
    const strideZ = table.teffK.length * strideT
    const a = z * strideZ + t * strideT + g * SPECTRUM_WIDTH
    const f = table.lnFlux
    const [w00, w01, w10, w11] = [(1 - wt) * (1 - wg), (1 - wt) * wg, wt * (1 - wg), wt * wg]
    const [b, c, d] = [a + SPECTRUM_WIDTH, a + strideT, a + strideT + SPECTRUM_WIDTH]
    const width = Math.min(out.length, SPECTRUM_WIDTH)
    if (wz === 0) {
      for (let i = 0; i < width; i++) out[i] = w00 * f[a + i] + w01 * f[b + i] + w10 * f[c + i] + w11 * f[d + i]
      return true
    }
    const [v00, v01, v10, v11] = [w00 * wz, w01 * wz, w10 * wz, w11 * wz]
    const [u00, u01, u10, u11] = [w00 - v00, w01 - v01, w10 - v10, w11 - v11]
    const [ra, rb, rc, rd] = [a + strideZ, b + strideZ, c + strideZ, d + strideZ]
    for (let i = 0; i < width; i++) {
      const poor = u00 * f[a + i] + u01 * f[b + i] + u10 * f[c + i] + u11 * f[d + i]
      out[i] = poor + v00 * f[ra + i] + v01 * f[rb + i] + v10 * f[rc + i] + v11 * f[rd + i]
    }
    return true
  }

  return {
    lnSurfaceFluxInto,
    surfaceFluxInto(family, teffK, loggDex, fehDex, out) {
      if (!lnSurfaceFluxInto(family, teffK, loggDex, fehDex, out)) return false
      for (let i = 0; i < BIN_COUNT; i++) out[i] = Math.exp(out[i])
      if (out.length >= SPECTRUM_WIDTH) detailsToFlux(out)
      return true
    },
  }
}
