// What the posteriors of its stars say of each cluster of the demo, beside the literature.
import { type AgeInterval, type AgePrior, type ClusterAge, clusterAge, mixtureAge } from '../../models/index.ts'
import { type Posterior, readSamples, type Star } from '../../schemas/index.ts'
import type { DemoCluster, DemoPlan } from '../demo/demoPlan.ts'
import type { CatalogueEntry } from '../stars/catalogueWriter.ts'

export interface ClusterSummary {
  readonly cluster: DemoCluster
  readonly starCount: number
  /** One age for all of its stars, stacked: spread, outliers and the prior are allowed for. */
  readonly age: ClusterAge
  /** Log ages of its stars one by one, dex(yr): their samples joined, as many of each. */
  readonly mixture: AgeInterval
  readonly youngProbability: number
  /** Median and 68% of its stars' samples joined, pc. */
  readonly distancePc: { readonly q16: number; readonly q50: number; readonly q84: number }
}

/** The cluster whose file a star's sources came from; `null` for a star that no cluster's file names. */
export function clusterOf(star: Star, plan: DemoPlan): string | null {
  for (const { origin } of star.sources) {
    const file = plan.files.find(one => origin.startsWith(`${one.file} row `))
    if (file !== undefined && file.cluster !== null) return file.cluster
  }
  return null
}

/**
 * One summary for each cluster that has stars, in the order of the plan.
 * @param prior of one star's log age, as the model was trained under it
 */
export function summarizeClusters(
  plan: DemoPlan,
  entries: readonly CatalogueEntry[],
  prior: AgePrior,
): readonly ClusterSummary[] {
  const members = new Map<string, Posterior[]>()
  for (const { star, posterior } of entries) {
    const name = clusterOf(star, plan)
    if (name === null) continue
    const known = members.get(name)
    if (known === undefined) members.set(name, [posterior])
    else known.push(posterior)
  }
  return plan.clusters.flatMap(cluster => {
    const posteriors = members.get(cluster.cluster)
    if (posteriors === undefined) return []
    const logAges = posteriors.map(posterior => columnOf(posterior, 'logAgeYr'))
    // Joining samples and taking quantiles is the same for any quantity.
    const { q16, q50, q84 } = mixtureAge(posteriors.map(posterior => columnOf(posterior, 'logDistancePc')))
    return [
      {
        cluster,
        starCount: posteriors.length,
        age: clusterAge(logAges, prior),
        mixture: mixtureAge(logAges),
        youngProbability: posteriors.reduce((sum, one) => sum + one.youngProbability, 0) / posteriors.length,
        distancePc: { q16: 10 ** q16, q50: 10 ** q50, q84: 10 ** q84 },
      },
    ]
  })
}

function columnOf(posterior: Posterior, name: string): Float32Array {
  const { sampleNames, sampleCount } = posterior
  const start = sampleNames.indexOf(name) * sampleCount
  return readSamples(posterior).subarray(start, start + sampleCount)
}
