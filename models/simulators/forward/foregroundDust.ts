// The dust before a source, as a recipe has it: which law, and its R_V.
import type { Rng } from '../../math/rng.ts'
import type { ForwardRecipe } from '../forwardRecipe.ts'
import { extinctionLaw, extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { createNameDraw, drawSpread } from '../recipeDraws.ts'

/** A law is asked again for R_V this often before the recipe counts as impossible. */
const MAX_RV_TRIES = 100

export interface ForegroundDust {
  /** A place in `extinctionLawNames`. */
  drawLaw(rng: Rng): number
  /** One that the law was made for. */
  drawRv(law: number, rng: Rng): number
}

/** Laws by the weights of a recipe. */
export function createForegroundDust({ extinction }: Pick<ForwardRecipe, 'extinction'>): ForegroundDust {
  const laws = createNameDraw(extinctionLawNames, extinction.laws)
  return {
    drawLaw: laws.draw,
    drawRv(law, rng) {
      const [low, high] = extinctionLaw(extinctionLawNames[law]).rvRange
      for (let tries = 0; tries < MAX_RV_TRIES; tries++) {
        const rv = drawSpread(extinction.rv, low, high, rng)
        if (rv >= low && rv <= high) return rv
      }
      return Math.min(high, Math.max(low, 3.1))
    },
  }
}
