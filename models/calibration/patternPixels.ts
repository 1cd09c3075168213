// Spectra with pixels of the stars of a missing pattern: those that its names ask for, each in a night of its own.
import { pixelModalities } from '../encoders/modalities.ts'
import { createRng } from '../math/rng.ts'
import type { GivenPixels } from '../posterior.ts'
import type { Simulation } from '../simulators/simulator.ts'
import { createSpectralTemplates } from '../simulators/spectra/spectralTemplates.ts'
import { spectrographNames } from '../simulators/spectra/spectrographFacts.ts'
import { createPixelNights } from '../training/instrumentStars.ts'

const PURPOSE = 0x9a7e

export interface PatternPixels {
  /** Whether the pattern has nothing else: photometry is then withheld, as of a star that no table was delivered of. */
  readonly isAlone: boolean
  /**
   * @param index of the star among all of its seed, by which its nights are drawn
   * @returns null where one of the instruments has no spectrum of star i
   */
  draw(simulation: Simulation, i: number, index: number): readonly GivenPixels[] | null
}

/**
 * @param given names of observables and spectra
 * @throws TypeError for a spectrum that is not simulated
 */
export function patternPixels(given: readonly string[], seed: number): PatternPixels {
  const asked = pixelModalities.filter(({ spectrumName }) => given.includes(spectrumName))
  if (asked.length === 0) return { isAlone: false, draw: () => [] }
  const surveys = asked.map(({ name }) => {
    const survey = spectrographNames.find(one => one === name)
    if (survey === undefined) throw new TypeError(`spectra of ${name} are not simulated`)
    return survey
  })
  const nights = createPixelNights(surveys, createSpectralTemplates())
  const rng = createRng(seed, PURPOSE)
  return {
    isAlone: asked.length === given.length,
    draw(simulation, i, index) {
      rng.seek(index)
      const pixels = nights(simulation, i, rng).flatMap(one => (one === null ? [] : [one]))
      return pixels.length === surveys.length ? pixels : null
    },
  }
}
