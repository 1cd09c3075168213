// What an ablation on the real sky says over its seeds: of each group, and of all groups of a parameter together.
import { type SeedMean, seedMean } from './ablationSummary.ts'
import { gapCost } from './adaptationScore.ts'
import type { SkyCell } from './skyAblation.ts'
import type { SkyScore } from './skyScore.ts'

/** Of one measure, and in how many seeds it is smaller than that of the first condition. */
export interface SkyMeasure extends SeedMean {
  readonly betterSeeds: number
}

/** Of all groups that have labels of a parameter, every group weighing the same; biases and scatters in its unit. */
export interface SkyParameter {
  readonly name: string
  readonly groupCount: number
  /** Root of the mean square. */
  readonly bias: SkyMeasure
  readonly scatter: SkyMeasure
  /** Mean distance of what the 68% and 90% intervals hold from what they claim. */
  readonly coverage: SkyMeasure
  /** Root of the mean square of what clusters' ages from all their stars are off by; null where there is no cluster. */
  readonly stack: SkyMeasure | null
}

const scoreNames = ['starCount', 'bias', 'scatter', 'covered68', 'covered90'] as const

export type SkyGroupSummary = Readonly<Record<(typeof scoreNames)[number], SeedMean>> & {
  readonly group: string
  readonly name: string
  readonly stackBias: SeedMean | null
}

export interface SkySummary {
  readonly condition: string
  readonly parameters: readonly SkyParameter[]
  readonly groups: readonly SkyGroupSummary[]
  readonly c2st: SeedMean
  /** On the simulations' stars: mean over parameters of the scatter over that of the first condition, and how far coverage is off. */
  readonly simulatedScatter: SeedMean
  readonly simulatedCoverage: SeedMean
}

const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
const ones = (scores: readonly unknown[]) => scores.map(() => 1)

/**
 * @param cells of `runSkyAblation`: every seed has the same conditions and groups
 * @throws RangeError when a seed lacks a condition
 */
export function summarizeSky(cells: readonly SkyCell[]): readonly SkySummary[] {
  const conditions = [...new Set(cells.map(({ condition }) => condition))]
  const seeds = [...new Set(cells.map(({ seed }) => seed))]
  const cellsOf = (condition: string) =>
    seeds.map(seed => {
      const found = cells.find(cell => cell.seed === seed && cell.condition === condition)
      if (found === undefined) throw new RangeError(`summarizeSky: seed ${seed} lacks '${condition}'`)
      return found
    })
  const without = cellsOf(conditions[0])
  return conditions.map(condition => {
    const own = cellsOf(condition)
    const measure = (name: string, of: (groups: readonly SkyScore[]) => number): SkyMeasure => {
      const [values, before] = [own, without].map(all =>
        all.map(({ groups }) => of(groups.filter(group => group.name === name))),
      )
      return { ...seedMean(values), betterSeeds: values.filter((value, k) => value < before[k]).length }
    }
    const ratios = own.map(({ simulated }, k) => {
      const each = simulated.map(({ scatter }, p) => scatter / without[k].simulated[p].scatter)
      return each.reduce((sum, ratio) => sum + ratio, 0) / each.length
    })
    return {
      condition,
      parameters: [...new Set(own[0].groups.map(({ name }) => name))].map(name => {
        const groups = own[0].groups.filter(group => group.name === name)
        const stacks = (all: readonly SkyScore[]) => all.flatMap(({ stackBias }) => stackBias ?? [])
        return {
          ...{ name, groupCount: groups.length },
          bias: measure(name, all => gapCost(all, ones(all)).bias),
          scatter: measure(name, all => rms(all.map(({ scatter }) => scatter))),
          coverage: measure(name, all => gapCost(all, ones(all)).coverage),
          stack: stacks(groups).length === 0 ? null : measure(name, all => rms(stacks(all))),
        }
      }),
      groups: own[0].groups.map(({ group, name, stackBias }, g) => ({
        ...{ group, name },
        ...(Object.fromEntries(
          scoreNames.map(score => [score, seedMean(own.map(({ groups }) => groups[g][score]))]),
        ) as Record<(typeof scoreNames)[number], SeedMean>),
        stackBias: stackBias === null ? null : seedMean(own.map(({ groups }) => groups[g].stackBias ?? 0)),
      })),
      c2st: seedMean(own.map(({ c2st }) => c2st)),
      simulatedScatter: seedMean(ratios),
      simulatedCoverage: seedMean(own.map(({ simulated }) => gapCost(simulated, ones(simulated)).coverage)),
    }
  })
}
