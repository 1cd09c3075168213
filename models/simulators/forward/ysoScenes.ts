// A young star in its dust, drawn and seen through apertures: by the dust model that is built in.
import type { Rng } from '../../math/rng.ts'
import { drawYso, type ModelSet, sedWavelengthsUm, type Yso } from '../dust/modelSets.ts'
import { createYsoSed, createYsoSeds } from '../dust/ysoSed.ts'
import { createYsoSpectra } from '../dust/ysoSpectrum.ts'
import type { ForwardRecipe } from '../forwardRecipe.ts'
import { atmosphereFamilies } from '../photosphere/atmosphere.ts'
import { binCentresUm } from '../photosphere/wavelengths.ts'
import { createNameDraw } from '../recipeDraws.ts'
import { createLightSum } from './lightSum.ts'
import { REFERENCE_PC } from './opticalLight.ts'

export interface YsoScene {
  readonly yso: Yso
  /** A place in `atmosphereFamilies`; `null` where the spectrum is not of them. */
  readonly atmosphere: number | null
}

export interface YsoScenes {
  /**
   * The next object of a set, from any side.
   * @returns null where it cannot be seen
   */
  draw(set: ModelSet, rng: Rng): YsoScene | null
  /**
   * The object that was drawn, at 10 pc.
   * @param aperturesAu radii, rising
   * @param fluxes [apertures] each [300] receives erg/s/cm2/A
   */
  see(aperturesAu: readonly number[], fluxes: readonly Float64Array[]): void
}

/** Of all stars of the sets, and the Sun's abundance. */
export const LOGG_DEX = 4
export const FEH_DEX = 0
const LONGEST_UM = binCentresUm[binCentresUm.length - 1]

/**
 * Objects by the ranges of their sets, as likely to be seen from any direction of the sphere. The dust is warmed by the star's own
 * photosphere, which beyond the bins is dark in the ultraviolet and goes on as lambda^-4 in the infrared.
 */
export function createYsoScenes(recipe: Pick<ForwardRecipe, 'atmospheres'>): YsoScenes {
  const seds = createYsoSeds()
  const spectra = createYsoSpectra(binCentresUm)
  const light = createLightSum()
  const atmospheres = createNameDraw(atmosphereFamilies, recipe.atmospheres)
  const starLight = new Float64Array(sedWavelengthsUm.length)
  let inclinationDeg = 0
  return {
    draw(set, rng) {
      const drawn = drawYso(set, rng)
      const yso = { ...drawn, inclinationDeg: (Math.acos(rng.uniform()) * 180) / Math.PI }
      const atmosphere = atmospheres.draw(rng)
      const logs = [Math.log10(yso.starTeffK), Math.log10(yso.starRadiusRsun)] as const
      light.clear()
      if (!light.addStar(atmosphereFamilies[atmosphere], ...logs, LOGG_DEX, FEH_DEX)) return null
      starLightInto(light.flux, starLight)
      seds.place(yso, starLight)
      inclinationDeg = yso.inclinationDeg
      return { yso, atmosphere }
    },
    see(aperturesAu, fluxes) {
      const sed = createYsoSed(aperturesAu)
      seds.see(inclinationDeg, sed)
      fluxes.forEach((flux, a) => void spectra.fluxInto(sed, a, REFERENCE_PC, light.flux, flux))
    },
  }
}

/** From the 300 bins to the 200 wavelengths of the dust. */
function starLightInto(flux: Float64Array, out: Float64Array): void {
  let bin = 0
  for (let i = 0; i < out.length; i++) {
    const um = sedWavelengthsUm[i]
    if (um < binCentresUm[0]) out[i] = 0
    else if (um >= LONGEST_UM) out[i] = flux[flux.length - 1] * (LONGEST_UM / um) ** 4
    else {
      while (binCentresUm[bin + 1] <= um) bin++
      const part = Math.log(um / binCentresUm[bin]) / Math.log(binCentresUm[bin + 1] / binCentresUm[bin])
      out[i] = flux[bin] + part * (flux[bin + 1] - flux[bin])
    }
  }
}
