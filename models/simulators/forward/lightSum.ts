// The light of a star with all that shines beside it, as one spectrum: photospheres and black bodies of dust.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { type AtmosphereFamily, createAtmospheres } from '../photosphere/atmosphere.ts'
import { lnBlackBody } from '../photosphere/atmosphereTables.ts'
import { SPECTRUM_WIDTH } from '../photosphere/narrowBands.ts'
import { BIN_COUNT, binCentresUm } from '../photosphere/wavelengths.ts'

/** Solar radius over 10 pc, squared. */
const DILUTION = (CM_PER_RSUN / (10 * CM_PER_PC)) ** 2
/** Dust is no hotter than about 1600 K: shortward of this it does not shine. */
const DUST_FROM_UM = 1
const FIRST_DUST_BIN = binCentresUm.findIndex(um => um >= DUST_FROM_UM)

export interface Photosphere {
  readonly family: AtmosphereFamily
  readonly logTeffK: number
  readonly logRadiusRsun: number
  readonly loggDex: number
  readonly fehDex: number
}

export interface LightSum {
  /** [300] mean F_lambda at 10 pc without foreground dust, erg/s/cm2/A. */
  readonly flux: Float64Array
  /** [328] the same, and behind it the details of narrow bands: of each photosphere by its share of the light, none of dust. */
  readonly spectrum: Float64Array
  /** Those in the sum, for who wants their lines too. */
  readonly photospheres: readonly Photosphere[]
  clear(): void
  /** Adds a photosphere; false outside the atmospheres, and then nothing is added. */
  addStar(family: AtmosphereFamily, logTeffK: number, logRadiusRsun: number, loggDex: number, fehDex: number): boolean
  /**
   * Adds dust that emits as a black body a share of a star's luminosity.
   * @param logTeffK, logRadiusRsun of the star
   */
  addDust(logTeffK: number, logRadiusRsun: number, temperatureK: number, luminosityRatio: number): void
}

/** Room for one spectrum, used again for the next star; its answers are exact sums. */
export function createLightSum(): LightSum {
  const atmospheres = createAtmospheres()
  const spectrum = new Float64Array(SPECTRUM_WIDTH)
  const flux = spectrum.subarray(0, BIN_COUNT)
  const surface = new Float64Array(SPECTRUM_WIDTH)
  const photospheres: Photosphere[] = []
  return {
    flux,
    spectrum,
    photospheres,
    clear() {
      spectrum.fill(0)
      photospheres.length = 0
    },
    addStar(family, logTeffK, logRadiusRsun, loggDex, fehDex) {
      if (!atmospheres.surfaceFluxInto(family, 10 ** logTeffK, loggDex, fehDex, surface)) return false
      const factor = DILUTION * 10 ** (2 * logRadiusRsun)
      for (let i = 0; i < SPECTRUM_WIDTH; i++) spectrum[i] += factor * surface[i]
      photospheres.push({ family, logTeffK, logRadiusRsun, loggDex, fehDex })
      return true
    },
    addDust(logTeffK, logRadiusRsun, temperatureK, luminosityRatio) {
      // L_i = ratio 4 pi R^2 sigma Teff^4, spread as pi B(T_i) / (sigma T_i^4).
      const area = DILUTION * 10 ** (2 * logRadiusRsun) * luminosityRatio * (10 ** logTeffK / temperatureK) ** 4
      for (let i = FIRST_DUST_BIN; i < BIN_COUNT; i++)
        flux[i] += area * Math.exp(lnBlackBody(temperatureK, binCentresUm[i]))
    },
  }
}
