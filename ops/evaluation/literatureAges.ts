// What catalogues of clusters say of the clusters that are judged: ages and extinctions, one from each catalogue.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openTable, parseDouble, type Row } from '../../streams/index.ts'
import type { DemoPlan } from '../demo/demoPlan.ts'
import type { LiteratureAge } from '../figures/clusterPlot.ts'

export interface ClusterFacts {
  readonly cluster: string
  readonly title: string
  /** Lowest and highest published log age, dex(yr); `null` where nothing is known here. */
  readonly logAgeYrRange: readonly [low: number, high: number] | null
  readonly ages: readonly LiteratureAge[]
  /** Lowest and highest published extinction, mag. */
  readonly avMagRange: readonly [low: number, high: number] | null
}

interface ClusterCatalogue {
  readonly file: string
  readonly source: string
  readonly nameColumn: string
  readonly ageColumn: string
  /** Its error, or the ends of its 68% interval; none where the catalogue gives none. */
  readonly ageErrColumns: readonly string[]
  readonly avColumn: string
}

// Spina et al. 2021 is not among them: its ages are those of Cantat-Gaudin et al. 2020.
const clusterCatalogues: readonly ClusterCatalogue[] = [
  {
    file: 'clusters_cantat_gaudin2020.csv',
    source: 'Cantat-Gaudin 2020',
    nameColumn: 'Cluster',
    ageColumn: 'AgeNN',
    ageErrColumns: [],
    avColumn: 'AVNN',
  },
  {
    file: 'clusters_kounkel2020.csv',
    source: 'Kounkel 2020',
    nameColumn: 'Cluster',
    ageColumn: 'logAge',
    ageErrColumns: ['e_logAge'],
    avColumn: 'AVmag',
  },
  {
    file: 'clusters_dias2021.csv',
    source: 'Dias 2021',
    nameColumn: 'Cluster',
    ageColumn: 'logage',
    ageErrColumns: ['e_logage'],
    avColumn: 'Av',
  },
  {
    file: 'clusters_hunt_reffert2023.csv',
    source: 'Hunt 2023',
    nameColumn: 'Name',
    ageColumn: 'logAge50',
    ageErrColumns: ['logAge16', 'logAge84'],
    avColumn: 'AV50',
  },
  {
    file: 'clusters_cavallo2024.csv',
    source: 'Cavallo 2024',
    nameColumn: 'Cluster',
    ageColumn: 'logAge50',
    ageErrColumns: ['logAge16', 'logAge84'],
    avColumn: 'AV50',
  },
]

/** Names that catalogues have for the clusters of the demo and of the folder. */
const catalogueNames: ReadonlyMap<string, string> = new Map([
  ['alessi10', 'Alessi 10'],
  ['ic348', 'IC 348'],
  ['ic2391', 'IC 2391'],
  ['m67', 'NGC 2682'],
  ['ngc2547', 'NGC 2547'],
  ['ngc3532', 'NGC 3532'],
  ['pleiades', 'Melotte 22'],
  ['praesepe', 'NGC 2632'],
  ['ruprecht147', 'Ruprecht 147'],
])

/**
 * Facts of each cluster: the ranges of the demo's plan, and what the folder's catalogues add.
 * @param folder `null` for the plan alone
 */
export async function readClusterFacts(
  plan: DemoPlan,
  folder: string | null,
): Promise<ReadonlyMap<string, ClusterFacts>> {
  const entries = folder === null ? [] : await readEntries(folder)
  const titles = new Map([['ic348', 'IC 348'], ...plan.clusters.map(one => [one.cluster, one.title] as const)])
  return new Map(
    [...titles].map(([cluster, title]) => {
      const listed = entries.filter(entry => entry.name === catalogueNames.get(cluster))
      const known = plan.clusters.find(one => one.cluster === cluster)
      const ages = listed.map(({ age }) => age)
      const published = [
        ...ages.map(age => age.logAgeYr),
        ...(known === undefined ? [] : [known.logAgeYrLow, known.logAgeYrHigh]),
      ]
      const extinctions = listed.flatMap(({ avMag }) => (avMag === null ? [] : [avMag]))
      return [
        cluster,
        { cluster, title, ages, logAgeYrRange: rangeOrNull(published), avMagRange: rangeOrNull(extinctions) },
      ]
    }),
  )
}

function rangeOrNull(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)]
}

interface CatalogueEntryFacts {
  readonly name: string
  readonly age: LiteratureAge
  readonly avMag: number | null
}

async function readEntries(folder: string): Promise<readonly CatalogueEntryFacts[]> {
  const wanted = new Set(catalogueNames.values())
  const entries: CatalogueEntryFacts[] = []
  for (const catalogue of clusterCatalogues) {
    const path = join(folder, catalogue.file)
    if (!existsSync(path)) continue
    const table = await openTable(path)
    try {
      for await (const { rows } of table.batches()) {
        for (const row of rows) {
          const name = String(row[catalogue.nameColumn] ?? '')
            .replaceAll('_', ' ')
            .trim()
          const entry = wanted.has(name) ? readEntry(row, name, catalogue) : null
          if (entry !== null) entries.push(entry)
        }
      }
    } finally {
      await table.close()
    }
  }
  return entries
}

function readEntry(row: Row, name: string, catalogue: ClusterCatalogue): CatalogueEntryFacts | null {
  const number = (column: string) => parseDouble(row[column] ?? null) ?? null
  const logAgeYr = number(catalogue.ageColumn)
  if (logAgeYr === null) return null
  const [first, second] = catalogue.ageErrColumns.map(number)
  const logAgeErr = first === undefined || first === null ? null : second === undefined ? first : halfOf(first, second)
  return { name, age: { logAgeYr, logAgeErr, source: catalogue.source }, avMag: number(catalogue.avColumn) }
}

function halfOf(low: number, high: number | null): number | null {
  return high === null ? null : (high - low) / 2
}
