// Step 1 of the walk: the rows of a table file -> raw records, each once, however often the file is delivered or the
// process is killed: how far a file is in stands in the log, written in one transaction with its rows.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type Delivery, decode, isHeard, publish, type RawRow, readSurvey, type Survey } from '../schemas/index.ts'
import {
  type BadRow,
  type BoundMap,
  type Log,
  type Output,
  openTable,
  type Row,
  type TableReader,
  type Value,
} from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import { wallClockMs } from './clock.ts'
import { createDeadLetter, deadLetterOutput } from './deadLetter.ts'
import { deliveryOf, deliveryOutputs, isTakenBack, readDeliveries } from './deliveries.ts'
import { inTurn, type Turn } from './deliveryTurn.ts'
import { type FileDelivery, type Fingerprints, fingerprintsOf } from './fileFingerprint.ts'
import { revisionOf } from './revision.ts'
import { bindSurveyMap, checkColumns } from './surveyTable.ts'

const FILE_SOURCE = 'fileSource'

export interface DeliveryControl {
  /** Aborted to stop after the batch at hand; the rest is taken in when the file is delivered again. */
  readonly signal: AbortSignal
  /** Awaited before each batch, so that a slow consumer pauses the file. */
  readonly waitForRoom: () => Promise<void>
  readonly batchRows?: number
}

export interface DeliveryResult {
  readonly delivery: Delivery
  /** True when the whole file had been taken in before: nothing was added. */
  readonly isRepeat: boolean
}

const DEFAULT_BATCH_ROWS = 1000
/** A row with more text than this is refused: copies of it would not fit into the log's records. */
const MAX_ROW_BYTES = 1024 * 1024
/** Of such a row. */
const KEPT_BYTES = 64 * 1024

/**
 * Takes a file in, from the row where an earlier delivery of the same content, survey and column map was cut off.
 * Waits while another process delivers: deliveries do not overlap, and their order decides what supersedes what.
 *
 * @throws FusionError SURVEY_UNKNOWN, FILE_UNREADABLE, RECORD_TOO_LARGE, CONFIG_INVALID, or what the log throws; rows
 * before the fault are in the log then
 */
export async function ingestFile(log: Log, file: FileDelivery, control: DeliveryControl): Promise<DeliveryResult> {
  readSurvey(file.survey)
  const fingerprints = await fingerprintsOf(log, file, wallClockMs())
  const last = await standingDelivery(log, fingerprints)
  if (last?.isComplete && isStamped(last, fingerprints)) return { delivery: last, isRepeat: true }
  const result = await inTurn(log, control.signal, turn => takeIn(log, turn, file, fingerprints, control))
  return result ?? { delivery: last ?? unbegun(fingerprints, file), isRepeat: false }
}

/** The last one of the file. What was taken back may be delivered again: it is then another delivery. */
async function standingDelivery(log: Log, { fingerprint }: Fingerprints): Promise<Delivery | null> {
  const last = await deliveryOf(log, fingerprint)
  return last !== null && isTakenBack(last) ? null : last
}

async function takeIn(
  log: Log,
  turn: Turn,
  file: FileDelivery,
  fingerprints: Fingerprints,
  control: DeliveryControl,
): Promise<DeliveryResult> {
  const survey = readSurvey(file.survey)
  const known = await standingDelivery(log, fingerprints)
  if (known?.isComplete) return { delivery: await restamp(turn, known, fingerprints), isRepeat: true }
  const table = await openTable(file.path, file.open)
  try {
    const map = file.map === undefined ? null : bindSurveyMap(file.map, table, survey)
    let delivery =
      known === null ? await firstState(log, turn, fingerprints, file) : await restamp(turn, known, fingerprints)
    const batchRows = control.batchRows ?? DEFAULT_BATCH_ROWS
    for await (const batch of table.batches({ batchRows, ...startOf(delivery) })) {
      await control.waitForRoom()
      if (control.signal.aborted) return { delivery, isRepeat: false }
      const outputs = [...batch.badRows.map(bad => fileLetter(bad, delivery))]
      batch.rows.forEach((row, i) => {
        outputs.push(rowOutput(cellsOf(row, map), batch.rowNumbers[i], delivery, survey))
      })
      delivery = await commit(turn, outputs, {
        ...delivery,
        nextRow: BigInt(batch.nextRow),
        nextByte: batch.nextPlace === null ? null : BigInt(batch.nextPlace.byte),
        nextLine: BigInt(batch.nextPlace?.line ?? 0),
        rowCount: delivery.rowCount + BigInt(batch.rows.length),
        badRowCount: delivery.badRowCount + BigInt(batch.badRows.length),
      })
      tellProgress(table, delivery)
    }
    return { delivery: await commit(turn, [], { ...delivery, isComplete: true }), isRepeat: false }
  } finally {
    await table.close()
  }
}

/**
 * Looks at a file before a log is opened for it: whether it can be read, and has what each row of the survey needs.
 * @throws FusionError SURVEY_UNKNOWN, FILE_UNREADABLE, CONFIG_INVALID
 */
export async function checkDelivery(file: FileDelivery): Promise<void> {
  const survey = readSurvey(file.survey)
  const table = await openTable(file.path, file.open)
  try {
    if (file.map === undefined) checkColumns(table, survey, null)
    else bindSurveyMap(file.map, table, survey)
  } finally {
    await table.close()
  }
}

function startOf({ nextRow, nextByte = null, nextLine = 0n }: Delivery) {
  const startPlace = nextByte === null ? null : { byte: Number(nextByte), line: Number(nextLine) }
  return { startRow: Number(nextRow), startPlace }
}

/** The file need not be hashed again while it stays as it is. */
async function restamp(turn: Turn, known: Delivery, fingerprints: Fingerprints): Promise<Delivery> {
  if (isStamped(known, fingerprints)) return known
  const delivery = { ...known, stamp: fingerprints.stamp }
  await turn.transact(deliveryOutputs(delivery, ['file', 'stamp']))
  return delivery
}

function isStamped(known: Delivery, { stamp }: Fingerprints): boolean {
  return stamp === '' || stamp === known.stamp
}

async function firstState(log: Log, turn: Turn, fingerprints: Fingerprints, file: FileDelivery): Promise<Delivery> {
  // The delivery taken in last need not be the one of the highest number: an older one may have gone on since.
  const ordinals = [...(await readDeliveries(log, decode)).keys()]
  const [{ end }] = await log.extents('raw')
  const ordinal = (ordinals.at(-1) ?? 0n) + 1n
  const delivery = { ...unbegun(fingerprints, file), ordinal, rawStart: BigInt(end) }
  const keys = ['file', 'newest'] as const
  await turn.transact(deliveryOutputs(delivery, fingerprints.stamp === '' ? keys : [...keys, 'stamp']))
  return delivery
}

/** Without a number as yet: nothing of it is in the log. */
function unbegun(fingerprints: Fingerprints, { path, survey }: FileDelivery): Delivery {
  const counts = { ordinal: 0n, nextRow: 1n, rowCount: 0n, badRowCount: 0n }
  return { ...fingerprints, file: basename(path), survey, ...counts, isComplete: false, rawStart: null }
}

async function commit(turn: Turn, outputs: readonly Output[], delivery: Delivery): Promise<Delivery> {
  const positions = await turn.transact([...outputs, ...deliveryOutputs(delivery, ['file', 'newest'])])
  if (isHeard('arrival') && outputs.length > 0) {
    const records = outputs.map(({ key, value: bytes }, i) => ({ ...positions[i], key, value: bytes }))
    publish('arrival', { file: delivery.file, survey: delivery.survey, records })
  }
  return delivery
}

function tellProgress(table: TableReader, { file, nextRow }: Delivery): void {
  const isCounted = table.rowCount !== null
  publish('progress', {
    what: file,
    done: isCounted ? Number(nextRow) - 1 : table.progress.bytesRead,
    total: table.rowCount ?? table.progress.bytesTotal,
    unit: isCounted ? 'rows' : 'bytes',
  })
}

function rowOutput(cells: Record<string, string>, row: number, delivery: Delivery, survey: Survey): Output {
  const { file } = delivery
  let sizeBytes = 0
  for (const [column, text] of Object.entries(cells)) sizeBytes += column.length + text.length
  if (sizeBytes > MAX_ROW_BYTES) {
    const reason = `${file} row ${row} has ${sizeBytes} characters, and at most ${MAX_ROW_BYTES} are taken; leave out its long columns and deliver the file again.`
    const bytes = Buffer.from(JSON.stringify(cells))
    return fileLetter({ row, code: 'RECORD_TOO_LARGE', reason, bytes }, delivery)
  }
  const revision = revisionOf(delivery.ordinal, row)
  return rawRowOutput({ survey: survey.name, file, row: BigInt(row), revision, cells })
}

export function rawRowOutput(row: RawRow): Output {
  const id = row.cells[readSurvey(row.survey).id.column] ?? ''
  return outputOf('raw', `${row.survey}:${id.slice(0, 100)}`, 'rawRow', row)
}

/** Putting such a row back would not help: it lies in the file as before. */
function fileLetter({ row, code, reason: why, bytes: whole }: BadRow, { file }: Delivery): Output {
  const origin = `${file} row ${row}`
  const { bytes, note } = keptOf(whole)
  const reason = why + note
  return deadLetterOutput(createDeadLetter({ step: FILE_SOURCE, code, reason, origin, topic: '', key: null, bytes }))
}

/** A row that the log cannot take is in its file; its size and hash tell which it is. */
function keptOf(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly note: string } {
  if (bytes.length <= MAX_ROW_BYTES) return { bytes, note: '' }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    bytes: bytes.subarray(0, KEPT_BYTES),
    note: ` Of its ${bytes.length} bytes (sha256 ${sha256}) the first ${KEPT_BYTES} are kept here, the rest is in the file.`,
  }
}

export function cellsOf(row: Row, map: BoundMap | null): Record<string, string> {
  const cells: Record<string, string> = {}
  const add = (values: Row) => {
    for (const column in values) {
      const text = textOf(values[column])
      if (text === null) continue
      // That one name would set the record's prototype where it is decoded, and be lost.
      cells[column === '__proto__' ? 'file.__proto__' : column] = text
    }
  }
  if (map === null) add(row)
  else {
    const { values, extra } = map.apply(row)
    add(extra)
    add(values)
  }
  return cells
}

function textOf(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return typeof value === 'object'
    ? JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))
    : `${value}`
}
