// What the posteriors of its stars say of each cluster of the demo: their samples joined, beside the literature.
import { type Posterior, readSamples, type Star } from '../../schemas/index.ts'
import type { DemoCluster, DemoPlan } from '../demo/demoPlan.ts'
import type { CatalogueEntry } from '../stars/catalogueWriter.ts'

export interface ClusterSummary {
  readonly cluster: DemoCluster
  readonly starCount: number
  /** Samples of all stars joined, as many of each: a stack, in dex(yr). */
  readonly logAgeYr: Float32Array
  /** [low, median, high] of the stack: 16%, 50%, 84%. */
  readonly logAgeInterval: Quantiles
  readonly youngProbability: number
  /** [low, median, high] of the stacked distances, pc. */
  readonly distancePcInterval: Quantiles
}

export type Quantiles = readonly [low: number, median: number, high: number]

/** The cluster whose file a star's sources came from; `null` for a star that no cluster's file names. */
export function clusterOf(star: Star, plan: DemoPlan): string | null {
  for (const { origin } of star.sources) {
    const file = plan.files.find(one => origin.startsWith(`${one.file} row `))
    if (file !== undefined && file.cluster !== null) return file.cluster
  }
  return null
}

/** One summary for each cluster that has stars, in the order of the plan. */
export function summarizeClusters(plan: DemoPlan, entries: readonly CatalogueEntry[]): readonly ClusterSummary[] {
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
    const logAgeYr = stack(posteriors, 'logAgeYr')
    const logDistancePc = stack(posteriors, 'logDistancePc')
    return [
      {
        cluster,
        starCount: posteriors.length,
        logAgeYr,
        logAgeInterval: quantiles(logAgeYr),
        youngProbability: posteriors.reduce((sum, one) => sum + one.youngProbability, 0) / posteriors.length,
        distancePcInterval: quantiles(logDistancePc.map(value => 10 ** value)),
      },
    ]
  })
}

function stack(posteriors: readonly Posterior[], name: string): Float32Array {
  const count = Math.min(...posteriors.map(({ sampleCount }) => sampleCount))
  const joined = new Float32Array(count * posteriors.length)
  for (const [i, posterior] of posteriors.entries()) {
    const start = posterior.sampleNames.indexOf(name) * posterior.sampleCount
    joined.set(readSamples(posterior).subarray(start, start + count), i * count)
  }
  return joined
}

function quantiles(values: Float32Array): Quantiles {
  const sorted = values.slice().sort()
  const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))]
  return [at(0.158655), at(0.5), at(0.841345)]
}
