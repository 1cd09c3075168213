// The same on real stars of clusters whose age is published: members of young ones are wanted, those of old ones are not.
import { rocCurve } from '../../models/index.ts'
import type { ClusterFacts } from '../evaluation/literatureAges.ts'
import type { RealStar, StarGroup } from '../evaluation/realStar.ts'
import { agedGroups } from '../evaluation/youthJudge.ts'
import type { SurveySet } from '../value/surveySets.ts'

export interface LabelledGroup {
  readonly title: string
  readonly reference: string
  readonly isYoung: boolean
  readonly stars: readonly RealStar[]
}

/** What a star needs to count for a set; W3 and W4 come where they are bright enough. */
const spare = ['w3Mag', 'w4Mag']

/** Members of clusters that are young or old, and not near the border. */
export function labelledGroups(
  groups: readonly StarGroup[],
  facts: ReadonlyMap<string, ClusterFacts>,
): readonly LabelledGroup[] {
  return agedGroups(groups, facts).flatMap(({ group: { title, reference, stars }, kind }) =>
    kind === 'border'
      ? []
      : [{ title, reference, isYoung: kind === 'young', stars: stars.filter(({ isMember }) => isMember) }],
  )
}

/** Groups with the stars that all of a set's surveys have seen; those without any are left out. */
export function groupsSeenBy(groups: readonly LabelledGroup[], set: SurveySet): readonly LabelledGroup[] {
  const needed = set.observables.filter(name => !spare.includes(name))
  const isSeen = ({ input }: RealStar) =>
    needed.every(name => input.given.some(one => one.quantity === name && !one.isLimit))
  return groups.map(group => ({ ...group, stars: group.stars.filter(isSeen) })).filter(({ stars }) => stars.length > 0)
}

export interface RealGroup {
  readonly title: string
  readonly reference: string
  readonly isYoung: boolean
  readonly count: number
  readonly passed: readonly number[]
}

export interface RealQuality {
  readonly name: string
  /** In the order of `realThresholds`: of young stars those that pass, of old ones, and the young among all that pass. */
  readonly byThreshold: readonly {
    readonly threshold: number
    readonly completeness: number
    readonly oldPassed: number
    readonly purity: number | null
  }[]
  readonly area: number
  readonly areaErr: number
  readonly groups: readonly RealGroup[]
}

export const realThresholds = [0.1, 0.5, 0.9] as const

/**
 * @param scores [N] of the stars of the groups, one group after the other; null for those not judged
 * @returns null where no young or no old star was judged
 */
export function judgeReal(
  groups: readonly LabelledGroup[],
  name: string,
  scores: readonly (number | null)[],
): RealQuality | null {
  let at = 0
  const judged = groups.map(group => {
    const from = at
    at += group.stars.length
    const own = scores.slice(from, at).filter(score => score !== null)
    return { ...group, own }
  })
  const young = judged.filter(({ isYoung }) => isYoung).flatMap(({ own }) => own)
  const old = judged.filter(({ isYoung }) => !isYoung).flatMap(({ own }) => own)
  const curve =
    young.length === 0 || old.length === 0
      ? null
      : rocCurve(
          Float64Array.from([...young, ...old]),
          Array.from({ length: young.length + old.length }, (_, i) => i < young.length),
        )
  if (curve === null) return null
  const above = (of: readonly number[], threshold: number) => of.filter(score => score >= threshold).length
  return {
    name,
    byThreshold: realThresholds.map(threshold => {
      const [hits, alarms] = [above(young, threshold), above(old, threshold)]
      return {
        threshold,
        completeness: hits / young.length,
        oldPassed: alarms / old.length,
        purity: hits + alarms === 0 ? null : hits / (hits + alarms),
      }
    }),
    area: curve.area,
    areaErr: curve.areaErr,
    groups: judged.map(({ title, reference, isYoung, own }) => ({
      ...{ title, reference, isYoung, count: own.length },
      passed: realThresholds.map(threshold => above(own, threshold)),
    })),
  }
}
