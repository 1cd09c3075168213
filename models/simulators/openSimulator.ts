// From a checked recipe to the simulator that draws its stars.
import { FusionError } from '../../schemas/index.ts'
import type { YsoCubes } from './dust/cubeSeds.ts'
import { createForwardSimulator } from './forward/forwardSimulator.ts'
import { photometricSurvey } from './forward/observableBands.ts'
import type { Rebirth } from './forward/starOrigins.ts'
import type { ForwardRecipe, MissingRule } from './forwardRecipe.ts'
import { createPilotSimulator, type MissingMode } from './pilot.ts'
import { withRandomGaps } from './randomGaps.ts'
import type { Simulator } from './simulator.ts'

/** What the surveys leave out, before anything goes at random. */
const missingMode: Readonly<Record<MissingRule, MissingMode>> = {
  natural: 'natural',
  none: 'none',
  random50: 'none',
  patterns: 'mixed',
}

/** The survey that has spectra and no photometry. */
const SPECTRA = 'gaiaXp'

/**
 * The stars of a recipe.
 * @param cubes open, where a component names some
 * @param rebirth see `Rebirth`; the pilot's stars have none
 * @throws FusionError CONFIG_INVALID where it has a survey that cannot be drawn, or no star is within its limits
 */
export function openSimulator(
  recipe: ForwardRecipe,
  cubes: YsoCubes = new Map(),
  rebirth: Rebirth | null = null,
): Simulator {
  const isPilot = recipe.components[0].kind === 'pilot'
  if (isPilot && recipe.surveys.includes(SPECTRA))
    throw refusal(recipe.name, `asks for ${SPECTRA}, but the stars of 'pilot' have no spectra`)
  const simulator = isPilot
    ? createPilotSimulator({ missing: missingMode[recipe.missing] })
    : openForward(recipe, cubes, rebirth)
  return recipe.missing === 'random50' ? withRandomGaps(simulator, 0.5) : simulator
}

function openForward(recipe: ForwardRecipe, cubes: YsoCubes, rebirth: Rebirth | null): Simulator {
  const { components, name } = recipe
  // The pilot stands alone: the recipe's check sees to it.
  const drawn = components.filter(component => component.kind !== 'pilot')
  if (recipe.surveys.includes(SPECTRA) && !recipe.surveys.includes('gaiaDr3')) {
    throw refusal(name, `asks for ${SPECTRA} without gaiaDr3, whose stars the spectra are of`, 'add gaiaDr3')
  }
  const surveys = recipe.surveys.flatMap(survey => {
    if (survey === SPECTRA) return []
    const found = photometricSurvey(survey)
    if (found !== undefined) return [found]
    throw refusal(name, `asks for ${survey}, which cannot be simulated yet`)
  })
  try {
    return createForwardSimulator(recipe, drawn, surveys, cubes, rebirth)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw refusal(name, `cannot be drawn: ${error.message}`)
  }
}

function refusal(name: string, problem: string, remedy = 'leave it out'): FusionError {
  return new FusionError('CONFIG_INVALID', `The recipe ${name} ${problem}; ${remedy}.`)
}
