// Two releases of a survey side by side, source by source. The rows of `raw` are read once and sorted by source into buckets
// that fit into memory; only where there are more buckets than can be filled at once are they read again.
import { createHash } from 'node:crypto'
import {
  decode,
  encode,
  type Observation,
  parseSource,
  readSurvey,
  surveyNames,
  toObservation,
} from '../schemas/index.ts'
import { BucketFile, type Log, type LogRecord } from '../streams/index.ts'
import { readLatest } from './latestRecord.ts'
import { readableRow } from './rawRows.ts'
import { isSameDelivery, ordinalOf } from './revision.ts'

/** One of the two: rows of some deliveries, or those in force. */
export interface ReleaseSide {
  readonly family: string
  /** Of a source that several of them have, the last one counts; `null` is what is in force. */
  readonly ordinals: ReadonlySet<bigint> | null
  /** At most so many. */
  readonly rowCount: number
  /** None lies before this offset of `raw`; `null` where that is not known. */
  readonly rawStart: bigint | null
}

export interface SourcePair {
  readonly source: string
  /** `null` where the earlier release does not have it. Of other columns there is a digest. */
  readonly before: Observation | null
  readonly after: Observation | null
}

export interface PairOptions {
  /** Empty; takes about 400 bytes for each row. */
  readonly scratchFolder: string
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** A row of a side that says of no source anything that could be compared. */
  readonly onRefused: (side: SideName) => void
  /** In memory, as far as hashes spread evenly. Default 200,000, which is about 100 MB. */
  readonly rowsAtOnce?: number
  /** Filled in one pass over the rows. Default 4096, with a buffer of 16 KiB each. */
  readonly maxBuckets?: number
}

export type SideName = 'before' | 'after'

const ROWS_AT_ONCE = 200_000
const MAX_BUCKETS = 4096
const BUFFER_BYTES = 16 * 1024
const BATCH_RECORDS = 1000
const TELL_ROWS = 1000

/**
 * Every source that one of the two has, once, in no order.
 * @throws the signal's reason once it aborts; FusionError FILE_UNWRITABLE for the scratch folder
 */
export async function* releasePairs(
  log: Log,
  before: ReleaseSide,
  after: ReleaseSide,
  options: PairOptions,
): AsyncGenerator<SourcePair, void, undefined> {
  const { signal, onProgress, rowsAtOnce = ROWS_AT_ONCE, maxBuckets = MAX_BUCKETS } = options
  const [{ first, end }] = await log.extents('raw')
  const start = Math.max(first, Math.min(...[before, after].map(({ rawStart }) => Number(rawStart ?? first))))
  const rows = before.rowCount + after.rowCount
  const buckets = Math.max(1, Math.ceil(rows / rowsAtOnce))
  const passes = Math.ceil(buckets / maxBuckets)
  const total = passes * (end - start) + rows
  let done = 0
  const advance = (count: number) => {
    done += count
    onProgress(Math.min(done, total), total)
  }
  for (let firstBucket = 0; firstBucket < buckets; firstBucket += maxBuckets) {
    const count = Math.min(maxBuckets, buckets - firstBucket)
    const file = await BucketFile.open(options.scratchFolder, count, BUFFER_BYTES)
    try {
      // Told by the key, so that what another pass is for need not be decoded, and a refused row is counted in one of them.
      const bucketIn = (record: LogRecord) => {
        const source = sourceOfKey(record.key, before.family)
        const bucket = source === null ? -1 : bucketOf(source, buckets) - firstBucket
        return bucket < count ? bucket : -1
      }
      const scan: Scan = { log, before, after, start, end, bucketIn, advance, signal, onRefused: options.onRefused }
      for await (const { bucket, row } of sidedRows(scan)) await file.put(bucket, row)
      for (let bucket = 0; bucket < count; bucket++) {
        signal.throwIfAborted()
        yield* pairsOf(file.entries(bucket), advance)
      }
    } finally {
      await file.close()
    }
  }
  onProgress(total, total)
}

interface Scan {
  readonly log: Log
  readonly before: ReleaseSide
  readonly after: ReleaseSide
  readonly start: number
  readonly end: number
  /** Below zero for what belongs to no bucket of this pass. */
  readonly bucketIn: (record: LogRecord) => number
  readonly advance: (records: number) => void
  readonly signal: AbortSignal
  readonly onRefused: (side: SideName) => void
}

interface SidedRow {
  readonly bucket: number
  /** Packed. */
  readonly row: Uint8Array
}

async function* sidedRows(scan: Scan): AsyncGenerator<SidedRow, void, undefined> {
  const { log, start, end, signal } = scan
  if (start >= end) return
  const from = [{ topic: 'raw', partition: 0, offset: start }]
  const reader = log.openReader({ topics: ['raw'], from, maxRecords: BATCH_RECORDS })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      signal.throwIfAborted()
      const records = batch.records.filter(({ offset }) => offset < end)
      const found = await Promise.all(records.map(record => sidesOf(record, scan)))
      for (const rows of found) yield* rows
      scan.advance(records.length)
      if (batch.next.offset >= end) return
    }
  } finally {
    await reader.close()
  }
}

async function sidesOf(record: LogRecord, scan: Scan): Promise<readonly SidedRow[]> {
  const bucket = scan.bucketIn(record)
  const row = bucket < 0 ? null : readableRow(record)
  if (row === null) return []
  const isDelivered = (row.takesBack ?? 0n) === 0n
  const sides = (['before', 'after'] as const).filter(side => {
    const { ordinals } = scan[side]
    return ordinals === null || (isDelivered && ordinals.has(ordinalOf(row.revision)))
  })
  if (sides.length === 0) return []
  const outcome = toObservation(readSurvey(row.survey), row, () => 0n)
  if ('refusal' in outcome) {
    // Nothing that was refused is in force.
    for (const side of sides) if (scan[side].ordinals !== null) scan.onRefused(side)
    return []
  }
  const { observation } = outcome
  const { source } = observation
  const needsRoute = sides.some(side => scan[side].ordinals === null)
  const isInForce = needsRoute && (await rawOffsetInForce(scan, source)) === BigInt(record.offset)
  return sides.flatMap(side =>
    scan[side].ordinals !== null || isInForce ? [{ bucket, row: packRow(side, source, observation) }] : [],
  )
}

/** Empty where the row has no id that the survey could have; `null` for another family's. */
function sourceOfKey(key: string | null, family: string): string | null {
  const end = key === null ? -1 : key.indexOf(':')
  if (key === null || end === -1) return null
  const name = key.slice(0, end)
  const survey = surveyNames().includes(name) ? readSurvey(name) : null
  return survey?.family === family ? (parseSource(survey, key.slice(end + 1))?.source ?? '') : null
}

async function rawOffsetInForce({ log, before }: Scan, source: string): Promise<bigint | null> {
  const route = await readLatest(log, 'sources', `${before.family}:${source}`, 'sourceRoute')
  return route === null || route.isWithdrawn === true ? null : (route.rawOffset ?? null)
}

/** Pairs up what lies in one bucket. */
async function* pairsOf(
  entries: AsyncIterable<Uint8Array>,
  advance: (rows: number) => void,
): AsyncGenerator<SourcePair, void, undefined> {
  const sources = new Map<string, { before: PackedRow | null; after: PackedRow | null }>()
  let rows = 0
  for await (const entry of entries) {
    const row = unpackRow(entry)
    let found = sources.get(row.source)
    if (found === undefined) {
      found = { before: null, after: null }
      sources.set(row.source, found)
    }
    const known = found[row.side]
    if (known === null || replaces(row.revision, known.revision)) found[row.side] = row
    if (++rows % TELL_ROWS === 0) advance(TELL_ROWS)
  }
  advance(rows % TELL_ROWS)
  for (const [source, { before, after }] of sources) {
    yield { source, before: observationOf(before), after: observationOf(after) }
  }
}

/** As ingest decides: a later delivery does, another row of the same one does not, the same row once mended does. */
function replaces(revision: bigint, known: bigint): boolean {
  return isSameDelivery(revision, known) ? revision === known : revision > known
}

interface PackedRow {
  readonly source: string
  readonly side: SideName
  readonly revision: bigint
  readonly bytes: Uint8Array
}

const HEADER_BYTES = 11
const DIGEST_DIGITS = 16

function packRow(side: SideName, source: string, observation: Observation): Uint8Array {
  const columns = Object.entries(observation.extra).sort(([a], [b]) => (a < b ? -1 : 1))
  const digest = createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, DIGEST_DIGITS)
  const extra: Observation['extra'] = columns.length === 0 ? {} : { digest }
  const name = Buffer.from(source)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(side === 'before' ? 0 : 1, 0)
  header.writeBigInt64BE(observation.revision, 1)
  header.writeUInt16BE(name.length, 9)
  return Buffer.concat([header, name, encode('observation', { ...observation, origin: '', extra })])
}

function unpackRow(entry: Uint8Array): PackedRow {
  const view = Buffer.from(entry.buffer, entry.byteOffset, entry.length)
  const end = HEADER_BYTES + view.readUInt16BE(9)
  return {
    source: view.toString('utf8', HEADER_BYTES, end),
    side: view.readUInt8(0) === 0 ? 'before' : 'after',
    revision: view.readBigInt64BE(1),
    bytes: entry.subarray(end),
  }
}

function observationOf(row: PackedRow | null): Observation | null {
  return row === null ? null : decode('observation', row.bytes)
}

function bucketOf(source: string, buckets: number): number {
  return buckets === 1 ? 0 : createHash('sha256').update(source).digest().readUInt32BE(0) % buckets
}
