// Ages of clusters: every member's posterior stacked in two ways, beside the literature.
import { type AgePrior, clusterAge, medianOf, mixtureAge, type StarPosterior } from '../../models/index.ts'
import { causes } from './causes.ts'
import type { ClusterReport, SimulatedReport } from './evaluationReport.ts'
import { type InferredStar, samplesOf } from './inferredStar.ts'
import type { ClusterFacts } from './literatureAges.ts'
import type { StarGroup } from './realStar.ts'

const MIN_MEMBERS = 10

/** @returns `null` where too few members were inferred */
export function judgeCluster(
  group: StarGroup,
  facts: ClusterFacts,
  stars: readonly InferredStar[],
  prior: AgePrior,
): ClusterReport | null {
  const members = stars.filter(star => star.group === group.name && star.isMember)
  if (members.length < MIN_MEMBERS) return null
  const cool = causes.find(({ name }) => name === 'cool')
  const isCool = (star: InferredStar) => cool?.applies(star) === true
  const parts = [members.filter(isCool), members.filter(star => !isCool(star))]
  const [coolAge, hotAge] = parts.map(part =>
    parts.some(one => one.length < MIN_MEMBERS) ? null : clusterAge(part.map(agesOf), prior),
  )
  return {
    group: group.name,
    title: group.title,
    surveys: group.surveys,
    mixture: mixtureAge(members.map(agesOf)),
    age: clusterAge(members.map(agesOf), prior),
    cool: coolAge,
    hot: hotAge,
    literature: facts.ages,
    logAgeYrRange: facts.logAgeYrRange,
    avMag: medianOf(members.map(({ posterior }) => medianOf(samplesOf(posterior, 'avMag')))),
    avMagRange: facts.avMagRange,
  }
}

export function judgeSimulated(
  logAgeYr: number,
  posteriors: readonly StarPosterior[],
  prior: AgePrior,
): SimulatedReport {
  const samples = posteriors.map(posterior => samplesOf(posterior, 'logAgeYr'))
  return { logAgeYr, mixture: mixtureAge(samples), age: clusterAge(samples, prior) }
}

function agesOf({ posterior }: InferredStar): Float32Array {
  return samplesOf(posterior, 'logAgeYr')
}
