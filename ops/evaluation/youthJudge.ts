// P(young) on clusters that are known to be young or old: how well it sorts.
import { medianOf, rocCurve } from '../../models/index.ts'
import { causes } from './causes.ts'
import type { YouthGroup, YouthKind, YouthReport } from './evaluationReport.ts'
import { type InferredStar, youngProbability } from './inferredStar.ts'
import type { ClusterFacts } from './literatureAges.ts'
import type { StarGroup } from './realStar.ts'

/** Young means younger than 100 Myr (log age 8) to the model: clusters this near to that border judge nothing. */
const BORDER_LOG_AGE_YR = [7.85, 8.3] as const
const EMBEDDED_LOG_AGE_YR = 7.2

export interface AgedGroup {
  readonly group: StarGroup
  readonly kind: YouthKind
  /** As published; null for stars of no cluster. */
  readonly logAgeYr: number | null
}

interface KnownGroup extends AgedGroup {
  readonly stars: readonly InferredStar[]
}

/** Groups by whether their stars are young; of two tables of one cluster that which says more. */
export function agedGroups(
  groups: readonly StarGroup[],
  facts: ReadonlyMap<string, ClusterFacts>,
): readonly AgedGroup[] {
  return withoutRepeats(groups).map(group => {
    const logAgeYr = group.cluster === null ? null : publishedAge(facts.get(group.cluster))
    return { group, kind: kindOf(logAgeYr), logAgeYr }
  })
}

export function judgeYouth(
  groups: readonly StarGroup[],
  facts: ReadonlyMap<string, ClusterFacts>,
  stars: readonly InferredStar[],
): YouthReport {
  const known = agedGroups(groups, facts).map((aged): KnownGroup => {
    return { ...aged, stars: stars.filter(star => star.group === aged.group.name && star.isMember) }
  })
  const isEmbedded = ({ logAgeYr }: KnownGroup) => logAgeYr !== null && logAgeYr < EMBEDDED_LOG_AGE_YR
  const cool = causes.find(({ name }) => name === 'cool')
  const isCool = (star: InferredStar) => cool?.applies(star) === true
  const all = () => true
  return {
    groups: known.filter(one => one.stars.length > 0).map(describeGroup),
    curves: [
      curveOf('all young clusters', known, all, all),
      curveOf('below 15 Myr', known, isEmbedded, all),
      curveOf('30 to 50 Myr', known, one => !isEmbedded(one), all),
      curveOf('stars below 3,900 K', known, all, isCool),
      curveOf('stars above 3,900 K', known, all, star => !isCool(star)),
    ].filter(curve => curve !== null),
  }
}

/** Of two tables of one cluster that with more surveys, and then more stars: no star may count twice. */
function withoutRepeats(groups: readonly StarGroup[]): readonly StarGroup[] {
  const isBetter = (a: StarGroup, b: StarGroup) =>
    a.surveys.length > b.surveys.length || (a.surveys.length === b.surveys.length && a.stars.length > b.stars.length)
  return groups.filter(
    group =>
      group.cluster === null ||
      !groups.some(other => other !== group && other.cluster === group.cluster && isBetter(other, group)),
  )
}

function publishedAge(facts: ClusterFacts | undefined): number | null {
  if (facts === undefined || facts.logAgeYrRange === null) return null
  return medianOf([...facts.ages.map(age => age.logAgeYr), ...facts.logAgeYrRange])
}

/** Stars of no cluster are field stars that were not chosen by youth. */
function kindOf(logAgeYr: number | null): YouthKind {
  if (logAgeYr === null || logAgeYr > BORDER_LOG_AGE_YR[1]) return 'old'
  return logAgeYr < BORDER_LOG_AGE_YR[0] ? 'young' : 'border'
}

function describeGroup({ group, kind, stars }: KnownGroup): YouthGroup {
  const probabilities = stars.map(({ posterior }) => youngProbability(posterior))
  const above = (limit: number) => probabilities.filter(p => p > limit).length / probabilities.length
  return {
    title: group.title,
    kind,
    starCount: stars.length,
    medianProbability: medianOf(probabilities),
    aboveHalf: above(0.5),
    aboveNinety: above(0.9),
  }
}

function curveOf(
  title: string,
  known: readonly KnownGroup[],
  isWanted: (young: KnownGroup) => boolean,
  isCounted: (star: InferredStar) => boolean,
): YouthReport['curves'][number] | null {
  const pick = (kind: YouthKind, wanted: (one: KnownGroup) => boolean) =>
    known.filter(one => one.kind === kind && wanted(one)).flatMap(one => one.stars.filter(isCounted))
  const [young, old] = [pick('young', isWanted), pick('old', () => true)]
  if (young.length === 0 || old.length === 0) return null
  const predicted = Float64Array.from([...young, ...old], ({ posterior }) => Math.min(1, youngProbability(posterior)))
  const curve = rocCurve(
    predicted,
    Array.from(predicted, (_, i) => i < young.length),
  )
  return curve === null ? null : { title, curve }
}
