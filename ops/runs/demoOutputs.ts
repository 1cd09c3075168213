// What the demo leaves on disk: the catalogue as tables, and figures of clusters and of one star.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findSamples } from '../../actors/index.ts'
import { type Posterior, parameterNames, type SampleColumns, sampleColumn } from '../../schemas/index.ts'
import { type Log, writeTextFile } from '../../streams/index.ts'
import { evolutionPlot } from '../figures/evolutionPlot.ts'
import { stackPlot } from '../figures/stackPlot.ts'
import { type CatalogueEntry, writeCatalogue } from '../stars/catalogueWriter.ts'
import { drawCorner } from '../stars/starFigures.ts'
import { starHistory } from '../stars/starHistory.ts'
import type { ClusterSummary } from './clusterSummary.ts'
import { sharpeningOf } from './sharpening.ts'

export interface DemoOutput {
  readonly what: string
  readonly path: string
}

/** Shown of a star's change: what surveys sharpen. */
const evolvingNames = ['logAgeYr', 'logTeffK', 'avMag', 'logDistancePc']

/**
 * Writes all of them into a folder.
 * @param stars the first is drawn as it is believed, and the one that changed most as it changed
 */
export async function writeDemoOutputs(
  log: Log,
  folder: string,
  clusters: readonly ClusterSummary[],
  stars: readonly CatalogueEntry[],
  signal: AbortSignal,
): Promise<readonly DemoOutput[]> {
  await mkdir(folder, { recursive: true })
  const outputs: DemoOutput[] = []
  for (const [what, file] of [
    ['catalogue (Parquet)', 'stars.parquet'],
    ['catalogue (CSV)', 'stars.csv'],
  ]) {
    const path = join(folder, file)
    await writeCatalogue(log, path, { condition: null, signal, onProgress: () => {} })
    outputs.push({ what, path })
  }
  const draw = async (what: string, file: string, svg: string) => {
    const path = join(folder, file)
    await writeTextFile(path, svg)
    outputs.push({ what, path })
  }
  if (clusters.length > 0) await draw('ages of the clusters', 'clusters.svg', drawClusters(clusters))
  const [first] = stars
  if (first !== undefined) {
    const name = first.star.starId
    const samples = await findSamples(log, first.posterior)
    if (samples !== null) {
      await draw(`corner plot of ${name}`, 'corner.svg', drawCorner(name, first.posterior, samples))
    }
    const { name: sharpest, history } = await sharpestOf(log, stars)
    const stages: Stage[] = []
    for (const posterior of history) {
      const found = await findSamples(log, posterior)
      if (found !== null) stages.push({ surveys: posterior.surveys, samples: found })
    }
    if (stages.length > 0) {
      await draw(`${sharpest} before and after each survey`, 'beforeAfter.svg', drawEvolution(sharpest, stages))
    }
  }
  return outputs
}

/** The star that surveys taught most about. */
async function sharpestOf(log: Log, stars: readonly CatalogueEntry[]) {
  let sharpest: { readonly name: string; readonly history: readonly Posterior[]; readonly gain: number } | null = null
  for (const { star } of stars) {
    const history = (await starHistory(log, star)).map(({ posterior }) => posterior)
    const gain = sharpeningOf(history)
    if (sharpest === null || gain > sharpest.gain) sharpest = { name: star.starId, history, gain }
  }
  return sharpest ?? { name: '', history: [] }
}

function drawClusters(clusters: readonly ClusterSummary[]): string {
  return stackPlot(
    'Ages of clusters, from the posteriors of their stars',
    'Errors that all stars share, of tracks and of colours, are in neither interval',
    clusters.map(({ cluster, starCount, age, mixture }) => ({
      name: cluster.title,
      note: `${starCount} stars`,
      cluster: age.logAgeYr,
      mixture,
      literature: [],
      published: [cluster.logAgeYrLow, cluster.logAgeYrHigh],
    })),
  )
}

interface Stage {
  readonly surveys: readonly string[]
  readonly samples: SampleColumns
}

function drawEvolution(name: string, stages: readonly Stage[]): string {
  const names = evolvingNames.filter(one => parameterNames.includes(one))
  return evolutionPlot({
    title: name,
    subtitle: 'Its posterior as surveys arrived',
    names,
    stages: stages.map(({ surveys, samples }, i) => {
      const before = i === 0 ? [] : stages[i - 1].surveys
      const fresh = surveys.filter(survey => !before.includes(survey))
      return {
        label: i === 0 ? surveys.join(' + ') : `+ ${fresh.length === 0 ? 'news' : fresh.join(' + ')}`,
        samples: names.map(one => sampleColumn(samples, one)),
      }
    }),
  })
}
