// Giants in shells, planetary nebulae and Be stars: F_lambda at 10 pc from drawn numbers.
import { C2_UM_K, CM_PER_PC, STEFAN_BOLTZMANN, SUN_TEFF_K } from '../../../schemas/index.ts'
import { createAtmospheres } from '../photosphere/atmosphere.ts'
import { binCentresUm } from '../photosphere/wavelengths.ts'
import { passShell } from './dustShell.ts'
import { addBlackBody, addLine, addShape, energyOf, LONG_COUNT, lengthen, longCentresUm } from './emissionGrid.ts'
import { carbonInto, pahShape, silicate } from './shellOpacity.ts'

/** Numbers of an object by name, as in `contaminantFacts`. */
export type Drawn = Readonly<Record<string, number>>
export type Painter = (drawn: Drawn, light: Float64Array) => void

/** Energy at 10 pc of one solar luminosity, erg/s/cm2. */
export const SOLAR_ENERGY = 3.828e33 / (4 * Math.PI * (10 * CM_PER_PC) ** 2)
const GIANT_MASS_MSUN = 1.5

/** Lines of a nebula over H beta at 10,000 K; metal lines as in bright nebulae, the 5007 line is drawn. */
const nebularLines = [
  [0.3727, 0.6],
  [0.4861, 1],
  [0.6563, 2.86],
  [0.9069, 0.2],
  [0.9531, 0.5],
  [1.083, 0.6],
  [1.282, 0.163],
  [1.875, 0.332],
  [2.058, 0.02],
  [2.122, 0.02],
  [2.166, 0.0275],
  [2.626, 0.045],
  [4.051, 0.078],
  [7.46, 0.025],
  [8.99, 0.2],
  [10.51, 0.5],
  [12.81, 0.2],
  [15.56, 0.9],
  [18.71, 0.3],
  [25.89, 0.5],
] as const
/** Per Hz over H beta: free-free of a Gaunt factor of 1.2 and half as much of recombination (Osterbrock & Ferland 2006). */
const CONTINUUM_OVER_H_BETA_PER_HZ = 1.0e-14
const GAS_K = 10_000
/** Bins below 0.2 um, where gas and dust take their energy. */
const ULTRAVIOLET_BINS = binCentresUm.findIndex(um => um > 0.2)

/** Main-sequence radii of B stars, larger by the lower gravity: Pecaut & Mamajek 2013, ApJS 208, 9. */
export function beStarLuminosityLsun(teffK: number, loggDex: number): number {
  const radiusRsun = 2.2 * (teffK / 10_000) * 10 ** (0.4 * (4.2 - loggDex))
  return radiusRsun ** 2 * (teffK / SUN_TEFF_K) ** 4
}

/** Painters share one set of atmospheres and rooms. */
export function createStellarPainters(): Record<'agbOxygen' | 'agbCarbon' | 'planetaryNebula' | 'beStar', Painter> {
  const atmospheres = createAtmospheres()
  const shape = new Float64Array(LONG_COUNT)
  const opacity = new Float64Array(LONG_COUNT)

  /** A photosphere of this luminosity, of which hot stars send a part below 0.1 um. */
  function shine(light: Float64Array, teffK: number, loggDex: number, luminosityLsun: number): void {
    if (!atmospheres.surfaceFluxInto('btSettl', teffK, loggDex, 0, light))
      throw new RangeError(`contaminants: there is no atmosphere of ${teffK} K and log g ${loggDex}`)
    lengthen(light)
    const factor = (luminosityLsun * SOLAR_ENERGY) / (STEFAN_BOLTZMANN * teffK ** 4)
    for (let i = 0; i < LONG_COUNT; i++) light[i] *= factor
  }

  return {
    agbOxygen({ teffK, logLuminosityLsun, tau10, innerTemperatureK }, light) {
      const logg = 4.44 + Math.log10(GIANT_MASS_MSUN) - logLuminosityLsun + 4 * Math.log10(teffK / SUN_TEFF_K)
      shine(light, teffK, Math.min(0.5, Math.max(-1, logg)), 10 ** logLuminosityLsun)
      passShell(light, silicate, tau10, innerTemperatureK)
    },
    agbCarbon({ teffK, logLuminosityLsun, tau11, innerTemperatureK, sicShare }, light) {
      // No atmosphere here has more carbon than oxygen, and water bands would be wrong: a black body.
      light.fill(0)
      addBlackBody(light, teffK, 0, (10 ** logLuminosityLsun * SOLAR_ENERGY) / STEFAN_BOLTZMANN)
      carbonInto(sicShare, opacity)
      passShell(light, opacity, tau11, innerTemperatureK)
    },
    planetaryNebula(drawn, light) {
      const star = 10 ** drawn.logLuminosityLsun * SOLAR_ENERGY
      shine(light, drawn.teffK, 5, 10 ** drawn.logLuminosityLsun)
      shape.fill(0)
      for (let i = 0; i < LONG_COUNT; i++) {
        const um = longCentresUm[i]
        const perHz = CONTINUUM_OVER_H_BETA_PER_HZ * Math.exp(-C2_UM_K / (um * GAS_K))
        shape[i] = um > 0.12 ? (perHz * 2.998e14) / (um ** 2 * 1e4) : 0
      }
      for (const [um, ratio] of nebularLines) addLine(shape, um, ratio)
      addLine(shape, 0.5, drawn.oxygenRatio * 1.34)
      // What gas and dust shine with they have from the star's ultraviolet, beginning with what lies below the bins.
      const hidden = Math.max(0, star - energyOf(light))
      const ultraviolet = energyOf(light, ULTRAVIOLET_BINS)
      const wanted = energyOf(shape) * drawn.hBetaShare * star + drawn.dustShare * star
      const scale = Math.min(1, (hidden + ultraviolet) / wanted)
      const left = ultraviolet > 0 ? 1 - Math.max(0, wanted * scale - hidden) / ultraviolet : 1
      for (let i = 0; i < ULTRAVIOLET_BINS; i++) light[i] *= left
      const dust = scale * drawn.dustShare * star
      addShape(light, shape, energyOf(shape) * drawn.hBetaShare * star * scale)
      shape.fill(0)
      addBlackBody(shape, drawn.dustTemperatureK, 1, 1)
      addShape(light, shape, dust * (1 - drawn.hotShare - drawn.pahShare))
      shape.fill(0)
      addBlackBody(shape, drawn.hotTemperatureK, 1, 1)
      addShape(light, shape, dust * drawn.hotShare)
      addShape(light, pahShape, dust * drawn.pahShare)
    },
    beStar({ teffK, loggDex, excess, slope }, light) {
      shine(light, teffK, loggDex, beStarLuminosityLsun(teffK, loggDex))
      const anchor = binCentresUm.findIndex(um => um >= 2.2)
      const gasK = 0.6 * teffK
      const gas = (um: number) =>
        um ** (-slope - 2) * -Math.expm1(-((um / 0.6) ** 2)) * Math.exp(-C2_UM_K / (um * gasK))
      const factor = (excess * light[anchor]) / gas(longCentresUm[anchor])
      for (let i = 0; i < LONG_COUNT; i++) light[i] += factor * gas(longCentresUm[i])
    },
  }
}
