// The small draws of a recipe: a number of a spread, a name of weights.
import type { Rng } from '../math/rng.ts'
import type { Spread, Weights } from './recipeFields.ts'

/** A number of the spread; a normal is redrawn until it lies within the bounds */
export function drawSpread(spread: Spread, min: number, max: number, rng: Rng): number {
  switch (spread.law) {
    case 'fixed':
      return spread.value
    case 'linear':
      return spread.from + rng.uniform() * (spread.to - spread.from)
    case 'log':
      return spread.from * (spread.to / spread.from) ** rng.uniform()
    case 'normal':
      return drawNormal(spread.mean, spread.sigma, min, max, rng)
  }
}

const MAX_TRIES = 100

/** Of a normal that hardly reaches the bounds the nearer bound is taken in the end. */
function drawNormal(mean: number, sigma: number, min: number, max: number, rng: Rng): number {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const x = mean + sigma * rng.normal()
    if (x >= min && x <= max) return x
  }
  return Math.min(max, Math.max(min, mean))
}

/** Indices into `names`, by their weights. */
export interface NameDraw {
  draw(rng: Rng): number
  /** Among those whose bit is set; -1 where none of them has a weight. */
  drawAmong(bits: number, rng: Rng): number
}

/** @param names at most 31 */
export function createNameDraw<N extends string>(names: readonly N[], weights: Weights<N>): NameDraw {
  const parts = Float64Array.from(names, name => weights[name] ?? 0)
  const drawAmong = (bits: number, rng: Rng) => {
    let total = 0
    for (let i = 0; i < parts.length; i++) if ((bits >> i) & 1) total += parts[i]
    if (!(total > 0)) return -1
    let rest = rng.uniform() * total
    let last = -1
    for (let i = 0; i < parts.length; i++) {
      if (!((bits >> i) & 1) || parts[i] === 0) continue
      last = i
      rest -= parts[i]
      if (rest < 0) return i
    }
    return last
  }
  const all = 2 ** parts.length - 1
  return { drawAmong, draw: rng => drawAmong(all, rng) }
}
