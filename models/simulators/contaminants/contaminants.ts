// What looks young in the infrared and is not: giants in shells, planetary nebulae, galaxies, active nuclei, Be stars.
import type { Rng } from '../../math/rng.ts'
import { passbandIndices } from '../photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../photosphere/syntheticPhotometry.ts'
import { BIN_COUNT } from '../photosphere/wavelengths.ts'
import { drawSpread } from '../recipeDraws.ts'
import type { Spread } from '../recipeFields.ts'
import { type ContaminantKind, contaminantFacts } from './contaminantFacts.ts'
import { energyOf, LONG_COUNT } from './emissionGrid.ts'
import { createExtragalacticPainters } from './extragalacticContaminants.ts'
import { createStellarPainters, type Drawn, type Painter } from './stellarContaminants.ts'

export interface Contaminant {
  readonly kind: ContaminantKind
  /** Whether the spectrum is that at the telescope, before Galactic dust; else at 10 pc. */
  readonly isAtTelescope: boolean
  /** Share of the light within the 300 bins and out to 3 mm that lies beyond 31 um. */
  readonly farInfraredShare: number
  /** The drawn numbers by the names of `contaminantFacts`, with `w1Mag` of what is seen at the telescope. */
  readonly numbers: Drawn
}

export interface Contaminants {
  /**
   * Draws one by the priors of `contaminantFacts`.
   * @param flux [300] receives F_lambda in erg/s/cm2/A
   */
  drawInto(kind: ContaminantKind, rng: Rng, flux: Float64Array): Contaminant
  /**
   * The spectrum of given numbers.
   * @param numbers every one of the kind's, and `w1Mag` of a galaxy or nucleus
   * @throws RangeError when one is missing or outside its bounds
   */
  paintInto(kind: ContaminantKind, numbers: Drawn, flux: Float64Array): Contaminant
}

/** A normal number keeps within so many sigma. */
const NORMAL_REACH = 3

function boundsOf(spread: Spread): readonly [number, number] {
  if (spread.law === 'fixed') return [spread.value, spread.value]
  if (spread.law === 'normal')
    return [spread.mean - NORMAL_REACH * spread.sigma, spread.mean + NORMAL_REACH * spread.sigma]
  return [spread.from, spread.to]
}

function checkNumbers(kind: ContaminantKind, given: Drawn): void {
  const { numbers, place } = contaminantFacts[kind]
  for (const { name, spread } of numbers) {
    const [low, high] = boundsOf(spread)
    if (!(given[name] >= low && given[name] <= high))
      throw new RangeError(`contaminants: ${name} of ${kind} is ${given[name]}, not from ${low} to ${high}`)
  }
  if (place.law === 'isotropic' && !Number.isFinite(given.w1Mag))
    throw new RangeError(`contaminants: w1Mag of ${kind} is ${given.w1Mag}, not a magnitude`)
}

/** Room for one spectrum, used again for the next. */
export function createContaminants(): Contaminants {
  const painters: Record<ContaminantKind, Painter> = { ...createStellarPainters(), ...createExtragalacticPainters() }
  const photometry = createSyntheticPhotometry()
  const w1 = passbandIndices(['w1Mag'])
  const magnitude = new Float64Array(1)
  const light = new Float64Array(LONG_COUNT)

  function paintInto(kind: ContaminantKind, numbers: Drawn, flux: Float64Array): Contaminant {
    checkNumbers(kind, numbers)
    painters[kind](numbers, light)
    const isAtTelescope = contaminantFacts[kind].place.law === 'isotropic'
    let factor = 1
    if (isAtTelescope) {
      // A shape of a total of 1 is some hundred magnitudes off, and still well within what a double holds.
      if (!photometry.magnitudesOfFlux(light, w1, magnitude))
        throw new RangeError(`contaminants: the ${kind} has no light in W1`)
      factor = 10 ** (0.4 * (magnitude[0] - numbers.w1Mag))
    }
    for (let i = 0; i < BIN_COUNT; i++) flux[i] = light[i] * factor
    return { kind, isAtTelescope, farInfraredShare: 1 - energyOf(light, BIN_COUNT) / energyOf(light), numbers }
  }

  return {
    paintInto,
    drawInto(kind, rng, flux) {
      const { numbers, place } = contaminantFacts[kind]
      const drawn: Record<string, number> = {}
      for (const { name, spread } of numbers) drawn[name] = drawSpread(spread, ...boundsOf(spread), rng)
      if (place.law === 'isotropic') {
        const [bright, faint] = place.w1Mag
        const least = 10 ** (place.slope * (bright - faint))
        drawn.w1Mag = faint + Math.log10(least + (1 - least) * rng.uniform()) / place.slope
      }
      return paintInto(kind, drawn, flux)
    },
  }
}
