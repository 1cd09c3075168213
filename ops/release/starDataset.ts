// The stars as a folder of Parquet files, one for each HEALPix pixel, laid out as HATS catalogues are
// (IVOA Note HATS 1.0), and their samples as Arrow beside it.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findSamples } from '../../actors/index.ts'
import { encodeSampleTable, type Posterior, type SampleOrigin, SKY_ORDER } from '../../schemas/index.ts'
import { type Column, type Log, OutputFile, openTableWriter, type Row, writeTextFile } from '../../streams/index.ts'
import { posteriorCells, posteriorColumns, starCells, starColumns } from '../stars/catalogue.ts'
import type { PlacedEntry } from './skyOrder.ts'
import { type SkyPartition, skyPartitions } from './skyPartitions.ts'

/** Of a file; the samples of as many stars, 256 each, are some 40 MB, and one file of them is in memory as a whole. */
const FILE_ROWS = 4096

const CELL = `healpix_${SKY_ORDER}`

export const datasetColumns: readonly Column[] = [
  {
    name: CELL,
    type: 'long',
    description: `HEALPix cell of the position, nested, order ${SKY_ORDER}`,
    unit: null,
    ucd: 'pos.healpix',
    arraySize: null,
  },
  ...starColumns,
  ...posteriorColumns,
]

export interface DatasetRow {
  readonly cell: number
  readonly cells: Row
  /** Where its samples are. */
  readonly posterior: Posterior
}

/** What a dataset holds of a star. */
export function datasetRow({ cell, star, posterior }: PlacedEntry): DatasetRow {
  const cells = { [CELL]: BigInt(cell), ...starCells(star), ...posteriorCells(posterior) }
  // Thousands of rows are held at once: what the cells say already is left out.
  return { cell, cells, posterior: { ...posterior, summaries: [], classes: [], uncorrected: [] } }
}

export interface DatasetOptions {
  readonly meta: Readonly<Record<string, string>>
  /** Folder of the samples; `null` leaves them out. */
  readonly samplesFolder: string | null
  readonly fileRows?: number
}

export interface DatasetPartition {
  readonly order: number
  readonly pixel: number
  readonly rowCount: number
}

/**
 * Writes `dataset/Norder=k/Dir=d/Npix=n.parquet`, `dataset/_common_metadata`, `partition_info.csv` and `hats.properties`.
 * @param rows by rising cell
 * @throws FusionError FILE_UNWRITABLE
 */
export async function writeStarDataset(
  log: Log,
  folder: string,
  rows: AsyncIterable<DatasetRow>,
  { meta, samplesFolder, fileRows = FILE_ROWS }: DatasetOptions,
): Promise<readonly DatasetPartition[]> {
  const partitions: DatasetPartition[] = []
  for await (const partition of skyPartitions(rows, fileRows)) {
    const place = partitionPath(partition)
    const path = join(folder, 'dataset', `${place}.parquet`)
    await writeRows(
      path,
      partition.rows.map(({ cells }) => cells),
      meta,
    )
    if (samplesFolder !== null) await writeSamples(log, join(samplesFolder, `${place}.arrow`), partition)
    partitions.push({ order: partition.order, pixel: partition.pixel, rowCount: partition.rows.length })
  }
  await writeRows(join(folder, 'dataset', '_common_metadata'), [], meta)
  const lines = partitions.map(({ order, pixel, rowCount }) => `${order},${pixel},${rowCount}`)
  await writeTextFile(join(folder, 'partition_info.csv'), `${['Norder,Npix,num_rows', ...lines].join('\n')}\n`)
  await writeTextFile(join(folder, 'hats.properties'), propertiesText(partitions))
  return partitions
}

/** As HATS has it, without an ending; a folder holds ten thousand pixels at most. */
export function partitionPath({ order, pixel }: Pick<DatasetPartition, 'order' | 'pixel'>): string {
  return `Norder=${order}/Dir=${Math.floor(pixel / 10_000) * 10_000}/Npix=${pixel}`
}

async function writeRows(path: string, rows: readonly Row[], meta: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const writer = await openTableWriter(path, datasetColumns, { meta, format: 'parquet' })
  try {
    await writer.write(rows)
    await writer.close()
  } finally {
    await writer.abandon()
  }
}

async function writeSamples(log: Log, path: string, { rows }: SkyPartition<DatasetRow>): Promise<void> {
  const stars = []
  for (const { posterior } of rows) {
    const { starId, posteriorId }: SampleOrigin = posterior
    stars.push({ starId, posteriorId, samples: await findSamples(log, posterior) })
  }
  await mkdir(dirname(path), { recursive: true })
  const file = await OutputFile.open(path)
  try {
    await file.append(encodeSampleTable(stars, new Map([['record', 'samples of stars']])))
    await file.commit()
  } finally {
    await file.abandon()
  }
}

function propertiesText(partitions: readonly DatasetPartition[]): string {
  const properties = {
    obs_collection: 'birthline',
    dataproduct_type: 'object',
    hats_version: 'v1.0',
    hats_builder: 'birthline',
    hats_nrows: partitions.reduce((sum, { rowCount }) => sum + rowCount, 0),
    hats_order: partitions.reduce((most, { order }) => Math.max(most, order), 0),
    hats_col_ra: 'ra',
    hats_col_dec: 'dec',
    hats_col_healpix: CELL,
    hats_col_healpix_order: SKY_ORDER,
    hats_npix_suffix: '.parquet',
  }
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
