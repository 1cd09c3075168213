// What an ablation says over its seeds: means and spreads, and the share of the gap that each condition wins back.
import type { AblationCell } from './ablationRun.ts'
import { gapCost, type ParameterScore, wonBack } from './adaptationScore.ts'

/** Over seeds; the spread is the standard deviation of a seed, 0 where there is but one. */
export interface SeedMean {
  readonly mean: number
  readonly spread: number
}

export interface ConditionSummary {
  readonly condition: string
  /** On the sky's stars: biases in units of the oracle's scatter, and how far coverage is off. */
  readonly bias: SeedMean
  readonly coverage: SeedMean
  /** Of a seed's gap from the first condition to the last; null where a seed has no gap. */
  readonly biasWonBack: SeedMean | null
  readonly coverageWonBack: SeedMean | null
  readonly eachWonBack: readonly { readonly bias: number | null; readonly coverage: number | null }[]
  readonly c2st: SeedMean
  /** On the simulations' stars: mean over parameters of the scatter over that of the first condition, and coverage as above. */
  readonly simulatedScatter: SeedMean
  readonly simulatedCoverage: SeedMean
  readonly sky: readonly ParameterSummary[]
  readonly simulated: readonly ParameterSummary[]
}

export type ParameterSummary = { readonly name: string } & Readonly<
  Record<Exclude<keyof ParameterScore, 'name'>, SeedMean>
>

const scoreNames = ['bias', 'scatter', 'covered68', 'covered90'] as const

/** @throws RangeError when there is no value */
export function seedMean(values: readonly number[]): SeedMean {
  if (values.length === 0) throw new RangeError('seedMean: no seed')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return { mean, spread: 0 }
  return { mean, spread: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) }
}

/**
 * @param cells of `runAblation`: every seed has the same conditions, the gap lies between the first and the last
 * @throws RangeError when a seed lacks a condition
 */
export function summarizeAblation(cells: readonly AblationCell[]): readonly ConditionSummary[] {
  const conditions = [...new Set(cells.map(({ condition }) => condition))]
  const seeds = [...new Set(cells.map(({ seed }) => seed))]
  const cellOf = (seed: number, condition: string) => {
    const found = cells.find(cell => cell.seed === seed && cell.condition === condition)
    if (found === undefined) throw new RangeError(`summarizeAblation: seed ${seed} lacks '${condition}'`)
    return found
  }
  return conditions.map(condition => {
    const each = seeds.map(seed => {
      const [cell, none, oracle] = [condition, conditions[0], conditions[conditions.length - 1]].map(one =>
        cellOf(seed, one),
      )
      const scales = oracle.sky.map(({ scatter }) => scatter)
      const [adapted, without, withLabels] = [cell, none, oracle].map(({ sky }) => gapCost(sky, scales))
      const ratios = cell.simulated.map(({ scatter }, p) => scatter / none.simulated[p].scatter)
      return {
        cell,
        adapted,
        won: {
          bias: wonBack(without.bias, adapted.bias, withLabels.bias),
          coverage: wonBack(without.coverage, adapted.coverage, withLabels.coverage),
        },
        simulatedScatter: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
        simulatedCoverage: gapCost(cell.simulated, scales).coverage,
      }
    })
    const meanWon = (kind: 'bias' | 'coverage') => {
      const shares = each.flatMap(({ won }) => won[kind] ?? [])
      return shares.length < each.length ? null : seedMean(shares)
    }
    const scoresOf = (side: 'sky' | 'simulated') =>
      each[0].cell[side].map(({ name }, p) => ({
        name,
        ...(Object.fromEntries(
          scoreNames.map(score => [score, seedMean(each.map(({ cell }) => cell[side][p][score]))]),
        ) as Omit<ParameterSummary, 'name'>),
      }))
    return {
      condition,
      bias: seedMean(each.map(({ adapted }) => adapted.bias)),
      coverage: seedMean(each.map(({ adapted }) => adapted.coverage)),
      biasWonBack: meanWon('bias'),
      coverageWonBack: meanWon('coverage'),
      eachWonBack: each.map(({ won }) => won),
      c2st: seedMean(each.map(({ cell }) => cell.c2st)),
      simulatedScatter: seedMean(each.map(one => one.simulatedScatter)),
      simulatedCoverage: seedMean(each.map(one => one.simulatedCoverage)),
      sky: scoresOf('sky'),
      simulated: scoresOf('simulated'),
    }
  })
}
