// What the posteriors of its stars say of each cluster of the demo, beside the literature.
import { type AgeInterval, type AgePrior, type ClusterAge, clusterAge, mixtureAge } from '../../models/index.ts'
import { type Posterior, type SampleColumns, type Star, sampleColumn } from '../../schemas/index.ts'
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

/** A star of a cluster. */
interface Member {
  readonly logAgesYr: Float32Array
  readonly logDistancesPc: Float32Array
  readonly youngProbability: number
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
 * One summary for each cluster that has stars, in the order of the plan; a star whose samples are lost does not count.
 * @param samplesOf looks up the samples of a posterior, `null` where they are lost
 * @param prior of one star's log age, as the model was trained under it
 */
export async function summarizeClusters(
  plan: DemoPlan,
  entries: readonly CatalogueEntry[],
  samplesOf: (posterior: Posterior) => Promise<SampleColumns | null>,
  prior: AgePrior,
): Promise<readonly ClusterSummary[]> {
  const clusters = new Map<string, Member[]>()
  for (const { star, posterior } of entries) {
    const name = clusterOf(star, plan)
    const samples = name === null ? null : await samplesOf(posterior)
    if (name === null || samples === null) continue
    const member = {
      logAgesYr: sampleColumn(samples, 'logAgeYr').slice(),
      logDistancesPc: sampleColumn(samples, 'logDistancePc').slice(),
      youngProbability: posterior.youngProbability,
    }
    const known = clusters.get(name)
    if (known === undefined) clusters.set(name, [member])
    else known.push(member)
  }
  return plan.clusters.flatMap(cluster => {
    const members = clusters.get(cluster.cluster)
    if (members === undefined) return []
    const logAges = members.map(({ logAgesYr }) => logAgesYr)
    // Joining samples and taking quantiles is the same for any quantity.
    const { q16, q50, q84 } = mixtureAge(members.map(({ logDistancesPc }) => logDistancesPc))
    return [
      {
        cluster,
        starCount: members.length,
        age: clusterAge(logAges, prior),
        mixture: mixtureAge(logAges),
        youngProbability: members.reduce((sum, one) => sum + one.youngProbability, 0) / members.length,
        distancePc: { q16: 10 ** q16, q50: 10 ** q50, q84: 10 ** q84 },
      },
    ]
  })
}
