// The tables that the demo ends with: its clusters beside the literature, and some stars.

import type { AgeInterval } from '../../models/index.ts'
import type { CatalogueEntry } from '../stars/catalogueWriter.ts'
import { intervalOf, intervalText } from '../stars/starView.ts'
import { renderTable } from '../terminal/textTable.ts'
import type { ClusterSummary } from './clusterSummary.ts'

function right(title: string) {
  return { title, align: 'right' } as const
}

export function clusterTable(clusters: readonly ClusterSummary[]): readonly string[] {
  const rows = clusters.map(({ cluster, starCount, age, mixture, youngProbability, distancePc }) => [
    cluster.title,
    String(starCount),
    quantilesText(mixture, 2),
    quantilesText(age.logAgeYr, 2),
    `${cluster.logAgeYrLow.toFixed(2)} to ${cluster.logAgeYrHigh.toFixed(2)}`,
    youngProbability.toFixed(2),
    quantilesText(distancePc, 0),
    cluster.distancePc.toFixed(0),
  ])
  const titles = ['Stars', 'log age of stars', 'stacked', 'published', 'P(young)', 'Distance (pc)', 'published'].map(
    right,
  )
  return renderTable([{ title: 'Cluster' }, ...titles], rows)
}

/** Median and 68% interval of each, and how young it is. @param clusterOf title of the star's cluster */
export function starTable(
  entries: readonly CatalogueEntry[],
  clusterOf: (entry: CatalogueEntry) => string,
): readonly string[] {
  const rows = entries.map(entry => {
    const { summaries, youngProbability } = entry.posterior
    const shown = ['log age', 'Teff', 'A_V', 'distance'].map(label => {
      const interval = intervalOf(summaries, label)
      return interval === null ? '' : intervalText(interval)
    })
    return [entry.star.starId, clusterOf(entry), ...shown, youngProbability.toFixed(3)]
  })
  const titles = ['log age', 'Teff (K)', 'A_V (mag)', 'Distance (pc)', 'P(young)'].map(right)
  return renderTable([{ title: 'Star' }, { title: 'Cluster' }, ...titles], rows)
}

/** The star of each cluster whose posterior rests on most surveys and lies nearest the middle of its cluster in age. */
export function typicalStars(
  entries: readonly CatalogueEntry[],
  clusters: readonly ClusterSummary[],
  clusterOf: (entry: CatalogueEntry) => string | null,
): readonly CatalogueEntry[] {
  return clusters.flatMap(({ cluster, mixture }) => {
    const members = entries.filter(entry => clusterOf(entry) === cluster.cluster)
    const [first, ...others] = members
    if (first === undefined) return []
    const distanceFrom = (entry: CatalogueEntry) =>
      Math.abs((intervalOf(entry.posterior.summaries, 'log age')?.median ?? 0) - mixture.q50)
    const better = (a: CatalogueEntry, b: CatalogueEntry) => {
      const more = b.posterior.observables.length - a.posterior.observables.length
      return more > 0 || (more === 0 && distanceFrom(b) < distanceFrom(a)) ? b : a
    }
    return [others.reduce(better, first)]
  })
}

type Quantiles = Pick<AgeInterval, 'q16' | 'q50' | 'q84'>

function quantilesText({ q16, q50, q84 }: Quantiles, digits: number): string {
  return `${q50.toFixed(digits)} -${(q50 - q16).toFixed(digits)} +${(q84 - q50).toFixed(digits)}`
}
