// From a checked recipe to the simulator that draws its stars.
import { FusionError } from '../../schemas/index.ts'
import type { ForwardRecipe, MissingRule } from './forwardRecipe.ts'
import { createPilotSimulator } from './pilot.ts'
import { withRandomGaps } from './randomGaps.ts'
import type { Simulator } from './simulator.ts'
import type { MissingMode } from './surveySelection.ts'

/** What the surveys leave out, before anything goes at random. */
const missingMode: Readonly<Record<MissingRule, MissingMode>> = {
  natural: 'natural',
  none: 'none',
  random50: 'none',
  patterns: 'mixed',
}

/**
 * The stars of a recipe.
 * @throws FusionError CONFIG_INVALID where it has a component that cannot be drawn
 */
export function openSimulator(recipe: ForwardRecipe): Simulator {
  const { components, missing } = recipe
  const other = components.find(({ kind }) => kind !== 'pilot')
  if (other !== undefined) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The recipe ${recipe.name} has the component '${other.kind}', for which there is no simulator yet; use 'pilot'.`,
    )
  }
  const simulator = createPilotSimulator({ missing: missingMode[missing] })
  return missing === 'random50' ? withRandomGaps(simulator, 0.5) : simulator
}
