// Which variables a training row is given and which it is asked, drawn anew for each row.
import type { Rng } from '../math/rng.ts'
import type { JointVariable } from './jointTable.ts'

export interface JointQuestion {
  readonly given: readonly number[]
  readonly asked: readonly number[]
}

/** How often each kind is drawn; what is left of 1 are random subsets. */
export interface QuestionShares {
  /** All parameters given all data. */
  readonly posterior: number
  readonly joint: number
  /** All data given all parameters. */
  readonly likelihood: number
}

/** Source: Gloeckler et al. 2024, arXiv:2404.09636, section 3.1, with a question per row instead of per batch. */
export function drawQuestion(
  variables: readonly Pick<JointVariable, 'role'>[],
  shares: QuestionShares,
  rng: Rng,
): JointQuestion {
  const all = [...variables.keys()]
  const isParameter = (i: number) => variables[i].role === 'parameter'
  const isData = (i: number) => !isParameter(i)
  const split = (isGiven: (i: number) => boolean): JointQuestion => ({
    given: all.filter(isGiven),
    asked: all.filter(i => !isGiven(i)),
  })
  const kind = rng.uniform()
  const hasBoth = all.some(isParameter) && all.some(isData)
  if (hasBoth && kind < shares.posterior) return split(isData)
  if (kind < shares.posterior + shares.joint) return split(() => false)
  if (hasBoth && kind < shares.posterior + shares.joint + shares.likelihood) return split(isParameter)
  const chance = 0.15 + 0.7 * rng.uniform()
  const coins = all.map(() => rng.uniform() < chance)
  if (coins.every(Boolean)) coins[rng.integer(all.length)] = false
  return split(i => coins[i])
}
