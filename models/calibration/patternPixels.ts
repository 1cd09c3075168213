// Spectra with pixels of the stars of a missing pattern: those that its names ask for, each in a night of its own.
import { pixelModalities } from '../encoders/modalities.ts'
import { createRng } from '../math/rng.ts'
import type { StarInput } from '../posterior.ts'
import type { Simulation } from '../simulators/simulator.ts'
import { spectrographNames } from '../simulators/spectra/spectrographFacts.ts'
import { createNights, spectralStar } from '../training/instrumentStars.ts'

const [PURPOSE, NIGHT_PURPOSE] = [0x9a7e, 0x9a7f]

export interface PatternPixels {
  /** Whether the pattern has nothing else: photometry is then withheld, as of a star that no table was delivered of. */
  readonly isAlone: boolean
  /**
   * Star i of a simulation with its spectra, which are drawn anew each time they are read: thousands of them would fill the memory.
   *
   * @param star what else was measured
   * @param index of the star among all of its seed, by which its nights are drawn
   * @returns null where one of the instruments has no spectrum of it
   */
  give(star: StarInput, simulation: Simulation, i: number, index: number): StarInput | null
}

/**
 * @param given names of observables and spectra
 * @throws TypeError for a spectrum that is not simulated
 */
export function patternPixels(given: readonly string[], seed: number): PatternPixels {
  const asked = pixelModalities.filter(({ spectrumName }) => given.includes(spectrumName))
  const isAlone = asked.length > 0 && asked.length === given.length
  if (asked.length === 0) return { isAlone, give: star => star }
  const surveys = asked.map(({ name }) => {
    const survey = spectrographNames.find(one => one === name)
    if (survey === undefined) throw new TypeError(`spectra of ${name} are not simulated`)
    return survey
  })
  const observe = createNights(surveys)
  return {
    isAlone,
    give(star, simulation, i, index) {
      const rngAt = (purpose: number) => {
        const rng = createRng(seed, purpose)
        rng.seek(index)
        return rng
      }
      // Of the simulation nothing is kept but this.
      const light = spectralStar(simulation, i, rngAt(PURPOSE))
      const take = () => observe(light, rngAt(NIGHT_PURPOSE)).flatMap(one => (one === null ? [] : [one]))
      if (take().length < surveys.length) return null
      const measured = isAlone ? { key: star.key, given: [] } : star
      return {
        ...measured,
        get pixels() {
          return take()
        },
      }
    },
  }
}
