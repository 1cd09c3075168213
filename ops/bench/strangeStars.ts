// Stars that no model was trained on, made from simulated ones: what a measure of familiarity is to tell.
import { fileURLToPath } from 'node:url'
import {
  createPilotSimulator,
  createRng,
  drawSimulatedStars,
  openSimulator,
  type Rng,
  type StarInput,
} from '../../models/index.ts'
import { readRecipe } from '../simulation/recipeFile.ts'

/** Fresh stars of the pilot's simulator, with all their gaps. */
export function usualStars(seed: number, count: number): readonly StarInput[] {
  return drawSimulatedStars(createPilotSimulator(), null, [], { seed, count, maxDraws: count }).stars
}

const bandsOf = ({ given }: StarInput) => given.flatMap(({ quantity }, i) => (quantity.endsWith('Mag') ? [i] : []))
const chosen = (from: readonly number[], rng: Rng) => from[Math.floor(rng.uniform() * from.length)]

/** One band, any, is a magnitude too bright or too faint; stars with fewer than two bands are left out. */
export function shiftedStars(stars: readonly StarInput[], seed: number): readonly StarInput[] {
  const rng = createRng(seed)
  return stars.flatMap(star => {
    const bands = bandsOf(star)
    if (bands.length < 2) return []
    const [place, shift] = [chosen(bands, rng), rng.uniform() < 0.5 ? 1 : -1]
    return [{ ...star, given: star.given.map((one, i) => (i === place ? { ...one, value: one.value + shift } : one)) }]
  })
}

/** Two bands, any, have changed places. */
export function swappedStars(stars: readonly StarInput[], seed: number): readonly StarInput[] {
  const rng = createRng(seed)
  return stars.flatMap(star => {
    const bands = bandsOf(star)
    if (bands.length < 2) return []
    const a = chosen(bands, rng)
    const b = chosen(
      bands.filter(band => band !== a),
      rng,
    )
    const from = (i: number) => (i === a ? b : i === b ? a : i)
    return [{ ...star, given: star.given.map((one, i) => ({ ...one, value: star.given[from(i)].value })) }]
  })
}

export const strangers = ['agbOxygen', 'agbCarbon', 'planetaryNebula', 'galaxy', 'agn', 'beStar'] as const

/** What the forward model knows as looking young and not being so, as Gaia, 2MASS and WISE see it. */
export async function strangersOf(
  kind: (typeof strangers)[number],
  seed: number,
  count: number,
): Promise<readonly StarInput[]> {
  const recipe = await readRecipe('impostors', fileURLToPath(new URL('.', import.meta.url)), seed)
  const simulator = openSimulator({
    ...recipe,
    components: recipe.components.flatMap(one =>
      one.kind === 'contaminants' ? [{ ...one, share: 1, parts: { [kind]: 1 } }] : [],
    ),
    surveys: ['gaiaDr3', 'twoMass', 'allWise'],
  })
  return drawSimulatedStars(simulator, null, [], { seed, count, maxDraws: count }).stars
}
