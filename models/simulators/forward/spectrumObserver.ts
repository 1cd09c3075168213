// Which stars Gaia publishes BP and RP spectra of, and what it publishes.
import type { Rng } from '../../math/rng.ts'
import { measureStates, type SurveyDraws } from '../surveys/surveyObserver.ts'
import { observableIndex } from '../surveys/tableGaps.ts'
import { createXpObserver, hasTransits, XP_LIMIT_MAG, type XpObservation } from '../xp/xpSimulation.ts'
import { createOpticalLight, type Light } from './opticalLight.ts'

const G = observableIndex('gMag')
const BANDS = ['gMag', 'bpMag', 'rpMag'].map(observableIndex)

export interface SpectrumObserver {
  /**
   * @param light null for a source that has no spectrum
   * @param draws what Gaia measured of the same star
   * @returns undefined where nothing is published; else in buffers that the next star is written into
   */
  observe(light: Light | null, draws: SurveyDraws, rng: Rng): XpObservation | undefined
}

/**
 * Published are sources that Gaia has in G, BP and RP, measured brighter than G 17.65, of more than 15 transits in either band (Gaia DR3
 * documentation, section 5.3.6). Not followed are its cut on the quality of the spectral shape, and the 137,000 sources taken in beside these: white dwarfs,
 * ultra-cool dwarfs, galaxies and calibrators.
 */
export function createSpectrumObserver(): SpectrumObserver {
  const optical = createOpticalLight()
  const observer = createXpObserver(optical.wavelengthsNm)
  const flux = new Float64Array(optical.wavelengthsNm.length)
  return {
    observe(light, draws, rng) {
      if (light === null || !BANDS.every(k => draws.states[k] === measureStates.measured)) return undefined
      if (!(draws.values[G] < XP_LIMIT_MAG) || !optical.fluxInto(light, flux)) return undefined
      const found = observer.observe(flux, rng)
      return found !== undefined && hasTransits(found.transits) ? found : undefined
    },
  }
}
