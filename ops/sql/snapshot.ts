// The stars of a log as Parquet files for queries: made anew once the log has gone on, and kept in the data folder.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../streams/index.ts'
import { readInSkyOrder } from '../release/skyOrder.ts'
import { type DatasetPartition, datasetRow, writeStarDataset } from '../release/starDataset.ts'

export interface Snapshot {
  readonly folder: string
  readonly partitions: readonly DatasetPartition[]
  /** When it was made, milliseconds since 1970. */
  readonly madeMs: number
}

/** A query that began on the one before goes on. */
const KEPT = 2

/**
 * The newest snapshot that is young enough, or a new one where the log has gone on since.
 * @param maxAgeMs one so young is good whatever the log holds; 0 for what the log holds now
 * @throws FusionError FILE_UNWRITABLE, and the signal's reason once it aborts
 */
export async function openSnapshot(
  log: Log,
  dataFolder: string,
  maxAgeMs: number,
  nowMs: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const all = join(dataFolder, 'snapshots')
  const known = existsSync(all) ? await byAge(all) : []
  if (known.length > 0 && nowMs - known[0].madeMs < maxAgeMs) return readSnapshot(all, known[0])
  const extents = await Promise.all(['stars', 'posteriors'].map(topic => log.extents(topic)))
  const name = createHash('sha256').update(JSON.stringify(extents)).digest('hex').slice(0, 16)
  const found = known.find(one => one.name === name)
  if (found !== undefined) return readSnapshot(all, found)
  const draft = join(all, `${name}.${process.pid}.part`)
  async function* rows() {
    for await (const entry of readInSkyOrder(log)) {
      signal.throwIfAborted()
      yield datasetRow(entry)
    }
  }
  try {
    await mkdir(draft, { recursive: true })
    await writeStarDataset(log, draft, rows(), { meta: { title: 'birthline: stars' }, samplesFolder: null })
    // Another process may have made the same meanwhile.
    if (!existsSync(join(all, name))) await rename(draft, join(all, name))
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  for (const old of (await byAge(all)).slice(KEPT)) await rm(join(all, old.name), { recursive: true, force: true })
  return readSnapshot(all, { name, madeMs: nowMs })
}

interface KnownSnapshot {
  readonly name: string
  readonly madeMs: number
}

async function byAge(all: string): Promise<readonly KnownSnapshot[]> {
  const names = (await readdir(all)).filter(name => !name.endsWith('.part'))
  const known = await Promise.all(
    names.map(async name => ({ name, madeMs: (await stat(join(all, name, 'hats.properties'))).mtimeMs })),
  )
  return known.sort((a, b) => b.madeMs - a.madeMs)
}

/** The newest one that there is, however old; null where none was made. */
export async function newestSnapshot(dataFolder: string): Promise<Snapshot | null> {
  const all = join(dataFolder, 'snapshots')
  const [newest] = existsSync(all) ? await byAge(all) : []
  return newest === undefined ? null : readSnapshot(all, newest)
}

async function readSnapshot(all: string, { name, madeMs }: KnownSnapshot): Promise<Snapshot> {
  const folder = join(all, name)
  const [, ...lines] = (await readFile(join(folder, 'partition_info.csv'), 'utf8')).trim().split('\n')
  const partitions = lines.map(line => {
    const [order, pixel, rowCount] = line.split(',').map(Number)
    return { order, pixel, rowCount }
  })
  return { folder, partitions, madeMs }
}
