// A data release out of the log: written beside its place, and put there once it is whole.
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findSamples } from '../../actors/index.ts'
import { aliasesOf, type CompiledFilter, FusionError, packageFile, schemasFingerprint } from '../../schemas/index.ts'
import {
  type Log,
  notWritten,
  openTableWriter,
  type Row,
  type TableWriter,
  writeTextFile,
} from '../../streams/index.ts'
import { newestHeartbeats } from '../status/heartbeats.ts'
import { writeChecksums } from './checksums.ts'
import { columnsCsv, type Provenance, type ReleasePart, readmeText } from './releasePages.ts'
import { type PlacedEntry, readInSkyOrder } from './skyOrder.ts'
import { type DatasetRow, datasetColumns, datasetRow, partitionPath, writeStarDataset } from './starDataset.ts'

export const releaseFormats = ['parquet', 'votable', 'fits'] as const
export type ReleaseFormat = (typeof releaseFormats)[number]

export interface ReleaseRequest {
  readonly title: string
  readonly formats: readonly ReleaseFormat[]
  readonly filter: CompiledFilter
  readonly hasSamples: boolean
  /** ISO 8601 day; `null` takes that of the last sign of life in the log, where there is one. */
  readonly date: string | null
  readonly birthline: string
  /** Folder of a model's card, and of its calibration where it was published; `null` where none is at hand. */
  readonly folderOf: (model: string) => string | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

/** Tables in one file are for those who have not many stars. */
export const MOST_IN_ONE_FILE = 100_000
const TABLE_ROWS = 1000
/** Calibration of the model that comes with birthline. */
const SHIPPED_REPORT = packageFile('docs', 'calibration.json')
const PROVENANCE_TOPICS = ['stars', 'posteriors'] as const
const tableNames = { votable: 'stars.vot', fits: 'stars.fits' } as const

/**
 * The same log and request give the same bytes.
 * @throws FusionError CONFIG_INVALID when something is at the place already or a table would be too large,
 * FILE_UNWRITABLE, what reading the log throws, and the signal's reason once it aborts
 */
export async function writeRelease(log: Log, folder: string, request: ReleaseRequest): Promise<Provenance> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new FusionError('CONFIG_INVALID', `${folder} is not empty: a release is written once, name another folder.`)
  }
  const draft = `${folder}.part`
  try {
    // What a killed release left behind.
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
  } catch (cause) {
    throw notWritten(folder, cause)
  }
  try {
    const provenance = await writeParts(log, draft, request)
    await writeChecksums(draft)
    await rm(folder, { recursive: true, force: true })
    await rename(draft, folder)
    return provenance
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function writeParts(log: Log, draft: string, request: ReleaseRequest): Promise<Provenance> {
  const { title, formats, hasSamples } = request
  const positions = await topicEnds(log)
  const counts = new Map<string, number>()
  const meta = { title, about: 'quantiles are of the marginal posteriors' }
  const tables: TableWriter[] = []
  let starCount = 0
  let pending: Row[] = []
  let example = '_common_metadata'
  const flush = async () => {
    for (const table of tables) await table.write(pending)
    pending = []
  }
  /** Counts the rows on their way, and puts them into the tables of one file. */
  async function* passing(): AsyncGenerator<DatasetRow, void, undefined> {
    for await (const entry of readInSkyOrder(log)) {
      request.signal.throwIfAborted()
      if (!(await isWanted(log, request.filter, entry))) continue
      const row = datasetRow(entry)
      counts.set(entry.posterior.model, (counts.get(entry.posterior.model) ?? 0) + 1)
      starCount++
      if (tables.length > 0) {
        pending.push(row.cells)
        if (starCount > MOST_IN_ONE_FILE) throw tooMany()
        if (pending.length === TABLE_ROWS) await flush()
      }
      if (starCount % TABLE_ROWS === 0) request.onProgress(starCount)
      yield row
    }
    await flush()
  }
  try {
    for (const format of formats) {
      if (format === 'parquet') continue
      tables.push(await openTableWriter(join(draft, tableNames[format]), datasetColumns, { meta, format }))
    }
    if (formats.includes('parquet')) {
      const samplesFolder = hasSamples ? join(draft, 'samples') : null
      const partitions = await writeStarDataset(log, join(draft, 'catalogue'), passing(), { meta, samplesFolder })
      if (partitions.length > 0) example = `${partitionPath(partitions[0])}.parquet`
    } else for await (const _ of passing());
    for (const table of tables) await table.close()
  } finally {
    for (const table of tables) await table.abandon()
  }
  request.onProgress(starCount)
  const provenance: Provenance = {
    title,
    date: request.date ?? (await lastDay(log)),
    birthline: request.birthline,
    schemas: schemasFingerprint(),
    where: request.filter.where,
    starCount,
    models: await copyModels(draft, counts, request.folderOf),
    positions,
    isMoving: JSON.stringify(await topicEnds(log)) !== JSON.stringify(positions),
  }
  await writeTextFile(join(draft, 'provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`)
  await writeTextFile(join(draft, 'columns.csv'), columnsCsv(datasetColumns))
  await writeTextFile(
    join(draft, 'README.md'),
    readmeText(provenance, partsOf(request, provenance), datasetColumns, example),
  )
  return provenance
}

async function isWanted(log: Log, filter: CompiledFilter, { star, posterior }: PlacedEntry): Promise<boolean> {
  if (!filter.passes(posterior, aliasesOf(star))) return false
  return !filter.needsSamples || filter.agrees(await findSamples(log, posterior))
}

async function topicEnds(log: Log): Promise<Provenance['positions']> {
  const extents = await Promise.all(PROVENANCE_TOPICS.map(topic => log.extents(topic)))
  return extents.flat().map(({ topic, partition, end }) => [topic, partition, end] as const)
}

/** The day on which a pipeline last gave a sign of life. */
async function lastDay(log: Log): Promise<string | null> {
  const times = (await newestHeartbeats(log)).map(({ atMs }) => Number(atMs))
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString().slice(0, 10)
}

function isReportOf(path: string, model: string): boolean {
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).modelFingerprint === model
}

async function copyModels(
  draft: string,
  counts: ReadonlyMap<string, number>,
  folderOf: ReleaseRequest['folderOf'],
): Promise<Provenance['models']> {
  const models = []
  for (const [model, starCount] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const from = folderOf(model)
    const folder = from === null ? null : `models/${model}`
    if (from !== null && folder !== null) {
      await mkdir(join(draft, folder), { recursive: true })
      await copyFile(join(from, 'model.json'), join(draft, folder, 'model.json'))
      const report = [join(from, 'calibration.json'), SHIPPED_REPORT].find(path => isReportOf(path, model))
      if (report !== undefined) await copyFile(report, join(draft, folder, 'calibration.json'))
    }
    models.push({ model, starCount, folder })
  }
  return models
}

function partsOf({ formats, hasSamples }: ReleaseRequest, { models }: Provenance): readonly ReleasePart[] {
  const parquet: ReleasePart[] = [
    {
      path: 'catalogue/',
      what: 'the stars as Parquet (VOParquet 1.0), a file for each HEALPix pixel, as HATS lays it out',
    },
    ...(hasSamples ? [{ path: 'samples/', what: 'samples of the posteriors as Arrow files, by the same pixels' }] : []),
  ]
  return [
    ...(formats.includes('parquet') ? parquet : []),
    ...(formats.includes('votable') ? [{ path: tableNames.votable, what: 'the stars as VOTable' }] : []),
    ...(formats.includes('fits') ? [{ path: tableNames.fits, what: 'the stars as FITS binary table' }] : []),
    { path: 'columns.csv', what: 'every column: type, unit, UCD, description' },
    ...(models.some(({ folder }) => folder !== null)
      ? [{ path: 'models/', what: 'cards of the models, and what their calibration was found to be' }]
      : []),
    { path: 'provenance.json', what: 'models, vocabulary, filter, positions in the log' },
    { path: 'SHA256SUMS', what: 'checksums of all other files' },
  ]
}

function tooMany(): FusionError {
  return new FusionError(
    'CONFIG_INVALID',
    `There are more than ${MOST_IN_ONE_FILE} stars, too many for a VOTable or FITS file that people open: leave them out of --format, or ask for fewer stars with --where.`,
  )
}
