// The condition mask M_C (given or asked) of training rows, fresh for each row.
// M_E follows from it: a slot that is neither given nor asked has no token and nobody attends to it.
import type { Rng } from '../math/rng.ts'
import { ASKED_SLOTS, modelSpectra, OBSERVABLE_COUNT } from './layout.ts'

/** [18] per quantity, observables then parameters: 1 given, 0 not. Asked are a subset of the others. */
export interface ConditionMask {
  readonly given: Uint8Array
  readonly asked: Uint8Array
  /** [2] of `modelSpectra`: 1 given, should the star have it; none is ever asked. */
  readonly givenSpectra: Uint8Array
}

/**
 * Draws what is given and what is asked: posterior, joint, likelihood, or random subsets, equally often.
 *
 * @param observed [11] 1 where the star has the observable
 * @param rng seeded
 * Source: Gloeckler et al. 2024, arXiv:2404.09636, section 3.1, with a mask per row instead of per batch.
 */
export function drawConditionMask(observed: Uint8Array, rng: Rng): ConditionMask {
  const given = new Uint8Array(ASKED_SLOTS)
  const asked = new Uint8Array(ASKED_SLOTS)
  const kind = Math.floor(rng.uniform() * 5)
  const givenChance = kind === 3 ? 0.3 : 0.7
  for (let i = 0; i < ASKED_SLOTS; i++) {
    const isObservable = i < OBSERVABLE_COUNT
    if (isObservable && observed[i] === 0) continue
    const coin = rng.uniform()
    if (kind === 0) given[i] = isObservable ? 1 : 0
    else if (kind === 1) given[i] = 0
    else if (kind === 2) given[i] = isObservable ? 0 : 1
    else given[i] = coin < givenChance ? 1 : 0
    asked[i] = 1 - given[i]
  }
  // Marginals: some of what is asked is left out, so that a marginal costs only its own tokens.
  const keepChance = rng.uniform() < 0.5 ? 1 : 0.3 + 0.7 * rng.uniform()
  for (let i = 0; i < ASKED_SLOTS; i++) if (asked[i] === 1 && rng.uniform() > keepChance) asked[i] = 0
  if (asked.every(bit => bit === 0)) askOne(given, asked, observed, rng)
  const spectrumChance = kind === 0 ? 1 : kind <= 2 ? 0 : givenChance
  const givenSpectra = Uint8Array.from(modelSpectra, () => (rng.uniform() < spectrumChance ? 1 : 0))
  return { given, asked, givenSpectra }
}

function askOne(given: Uint8Array, asked: Uint8Array, observed: Uint8Array, rng: Rng): void {
  const possible = [...given.keys()].filter(i => i >= OBSERVABLE_COUNT || observed[i] === 1)
  const chosen = possible[Math.floor(rng.uniform() * possible.length)]
  given[chosen] = 0
  asked[chosen] = 1
}
