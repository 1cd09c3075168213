// Step 1 of the walk: the rows or spectra of a file -> records, each once, however often the file is delivered or the
// process is killed: how far a file is in stands in the log, written in one transaction with its records.
import { basename } from 'node:path'
import { type Delivery, type FusionError, isHeard, publish, readSurvey } from '../schemas/index.ts'
import { type Log, type Output, openTable } from '../streams/index.ts'
import { wallClockMs } from './clock.ts'
import { type DeliveryKey, deliveryOf, deliveryOutputs, isTakenBack, nextOrdinal } from './deliveries.ts'
import type { DeliverySource } from './deliverySource.ts'
import { inTurn, type Turn } from './deliveryTurn.ts'
import { type FileDelivery, type Fingerprints, fingerprintsOf } from './fileFingerprint.ts'
import { faultLetter, faultMark, isFaultTold, openSpectraSource, SPECTRA } from './spectraSource.ts'
import { bindSurveyMap, checkColumns } from './surveyTable.ts'
import { openTableSource } from './tableSource.ts'

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
  /** Why a file of spectra is not whole, or holds none; it is tried again when it is delivered again. */
  readonly fault?: FusionError
}

/**
 * Takes a file in, from where an earlier delivery of the same content, survey and column map was cut off.
 * Waits while another process delivers: deliveries do not overlap, and their order decides what supersedes what.
 *
 * @throws FusionError SURVEY_UNKNOWN, FILE_UNREADABLE, RECORD_TOO_LARGE, CONFIG_INVALID, or what the log throws; rows
 * before the fault are in the log then
 */
export async function ingestFile(log: Log, file: FileDelivery, control: DeliveryControl): Promise<DeliveryResult> {
  if (file.survey !== SPECTRA) readSurvey(file.survey)
  const fingerprints = await fingerprintsOf(log, file, wallClockMs())
  const last = await standingDelivery(log, fingerprints)
  if (last?.isComplete && isStamped(last, fingerprints)) return { delivery: last, isRepeat: true }
  const result = await inTurn(log, control.signal, turn => takeIn(log, turn, file, fingerprints, control))
  return result ?? { delivery: last ?? unbegun(fingerprints, file), isRepeat: false }
}

/** The same in a turn that one has: a file that was refused is tried again. */
export async function ingestInTurn(
  log: Log,
  turn: Turn,
  file: FileDelivery,
  control: DeliveryControl,
): Promise<DeliveryResult> {
  return takeIn(log, turn, file, await fingerprintsOf(log, file, wallClockMs()), control)
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
  const known = await standingDelivery(log, fingerprints)
  if (known?.isComplete) return { delivery: await restamp(turn, known, fingerprints), isRepeat: true }
  const source = await openSource(file, control.signal)
  try {
    const begun = known === null ? await newDelivery(log, fingerprints, file) : await restamp(turn, known, fingerprints)
    const write = recordWriter(turn, known === null && begun.stamp !== '')
    // Those who wait for the turn are told of a long file before its first rows are in; spectra come in many short ones.
    if (known === null && file.survey !== SPECTRA) await write([], begun)
    const refusal = file.survey === SPECTRA && isFaultTold(begun) ? begun : null
    let delivery = refusal === null ? begun : { ...begun, badRowCount: begun.badRowCount - 1n }
    // That the file goes on takes the letter of its fault off the list of what waits.
    let marks = refusal === null ? [] : [await faultMark(file.path, refusal)]
    for await (const batch of source.batches(begun, control.batchRows)) {
      const { outputs, rowCount, badRowCount, place, progress, isLast: isComplete } = batch
      await control.waitForRoom()
      if (control.signal.aborted) break
      const rows = { rowCount: delivery.rowCount + BigInt(rowCount) }
      const badRows = { badRowCount: delivery.badRowCount + BigInt(badRowCount) }
      delivery = await write([...marks, ...outputs], { ...delivery, ...place, ...rows, ...badRows, isComplete })
      marks = []
      publish('progress', { what: delivery.file, ...progress })
    }
    const isRepeat = false
    if (delivery.isComplete || control.signal.aborted) return { delivery, isRepeat }
    const { fault } = source
    if (fault === null) return { delivery: await write(marks, { ...delivery, isComplete: true }), isRepeat }
    if (refusal !== null && marks.length > 0) return { delivery: refusal, isRepeat, fault }
    const letter = await faultLetter(file.path, delivery, fault)
    delivery = await write([letter], { ...delivery, badRowCount: delivery.badRowCount + 1n })
    return { delivery, isRepeat, fault }
  } finally {
    await source.close()
  }
}

function openSource(file: FileDelivery, signal: AbortSignal): Promise<DeliverySource> {
  return file.survey === SPECTRA ? openSpectraSource(file, signal) : openTableSource(file)
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

async function newDelivery(log: Log, fingerprints: Fingerprints, file: FileDelivery): Promise<Delivery> {
  const ordinal = await nextOrdinal(log)
  const [{ end }] = await log.extents('raw')
  return { ...unbegun(fingerprints, file), ordinal, rawStart: BigInt(end) }
}

/** Without a number as yet: nothing of it is in the log. */
function unbegun(fingerprints: Fingerprints, { path, survey }: FileDelivery): Delivery {
  const counts = { ordinal: 0n, nextRow: 1n, rowCount: 0n, badRowCount: 0n }
  return { ...fingerprints, file: basename(path), survey, ...counts, isComplete: false, rawStart: null }
}

/** Writes records together with how far their delivery is then; its stamp only at first, since it stays. */
function recordWriter(turn: Turn, isStamping: boolean) {
  let keys: readonly DeliveryKey[] = isStamping ? ['file', 'newest', 'stamp'] : ['file', 'newest']
  return async (outputs: readonly Output[], delivery: Delivery): Promise<Delivery> => {
    const positions = await turn.transact([...outputs, ...deliveryOutputs(delivery, keys)])
    keys = ['file', 'newest']
    if (isHeard('arrival') && outputs.length > 0) {
      const records = outputs.map(({ key, value: bytes }, i) => ({ ...positions[i], key, value: bytes }))
      publish('arrival', { file: delivery.file, survey: delivery.survey, records })
    }
    return delivery
  }
}
