// Step 1 of the walk for rows that are made and not read, such as those of simulated stars: each once, however often the
// maker is killed. One item may be a row in several surveys: all of them, and how far each is, go into one transaction.
import { type Delivery, decode, isHeard, publish, readSurvey } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { deliveryOf, deliveryOutputs, isTakenBack, readDeliveries } from './deliveries.ts'
import { inTurn, type Turn } from './deliveryTurn.ts'
import { revisionOf } from './revision.ts'
import { rawRowOutput } from './tableSource.ts'

/** An item as one survey has it; the first item is 0. */
export interface StreamRow {
  readonly item: number
  readonly cells: Readonly<Record<string, string>>
}

export interface RowStream {
  /** Stands where the name of a file would. */
  readonly name: string
  /** A delivery for each survey. Who goes on with a stream finds it by the fingerprints of all that decides its rows. */
  readonly parts: readonly { readonly survey: string; readonly fingerprint: string }[]
  /** Rows of items `first` to below `first + count`, for each part. */
  rows(first: number, count: number): readonly (readonly StreamRow[])[]
}

export interface StreamControl {
  /** Aborted to stop after the transaction at hand. */
  readonly signal: AbortSignal
  /** Awaited before each transaction, so that a slow consumer pauses the stream. */
  readonly waitForRoom: () => Promise<void>
  /** Items after which the stream is whole; `null` is never. */
  readonly itemCount: number | null
  /**
   * Waits until some are due.
   * @param done items that are in the log, of earlier runs too
   * @returns how many come next; none once it is aborted
   */
  readonly nextCount: (done: number) => Promise<number>
}

export interface StreamResult {
  /** Items in the log, of earlier runs too. */
  readonly itemCount: number
  /** Rows in the log, of earlier runs too. */
  readonly rowCount: number
  /** True where there is nothing left to come. */
  readonly isComplete: boolean
}

/**
 * Takes a stream in, from the item where an earlier run of it was cut off. Waits while another process delivers.
 * @throws FusionError SURVEY_UNKNOWN, or what the log throws
 */
export async function deliverStream(log: Log, stream: RowStream, control: StreamControl): Promise<StreamResult> {
  for (const { survey } of stream.parts) readSurvey(survey)
  const known = await standing(log, stream)
  const result = await inTurn(log, control.signal, turn => takeIn(log, turn, stream, control))
  return result ?? resultOf(known ?? [], control)
}

async function takeIn(log: Log, turn: Turn, stream: RowStream, control: StreamControl): Promise<StreamResult> {
  const { signal, itemCount } = control
  let deliveries = (await standing(log, stream)) ?? (await begin(log, turn, stream))
  for (;;) {
    const done = itemsOf(deliveries)
    if (itemCount !== null && done >= itemCount) break
    await control.waitForRoom()
    if (signal.aborted) return resultOf(deliveries, control)
    const due = await control.nextCount(done)
    if (signal.aborted || due <= 0) return resultOf(deliveries, control)
    const count = itemCount === null ? due : Math.min(due, itemCount - done)
    deliveries = await commit(turn, stream, deliveries, count)
  }
  if (deliveries.some(({ isComplete }) => !isComplete)) {
    deliveries = deliveries.map(delivery => ({ ...delivery, isComplete: true }))
    await turn.transact(outputsOf(deliveries))
  }
  return resultOf(deliveries, control)
}

async function commit(
  turn: Turn,
  stream: RowStream,
  deliveries: readonly Delivery[],
  count: number,
): Promise<readonly Delivery[]> {
  const done = itemsOf(deliveries)
  const rows = stream.rows(done, count)
  const outputs = deliveries.map(({ file, survey, ordinal }, part) =>
    rows[part].map(({ item, cells }) => {
      const row = item + 1
      return rawRowOutput({ survey, file, row: BigInt(row), revision: revisionOf(ordinal, row), cells: { ...cells } })
    }),
  )
  const next = deliveries.map((delivery, part) => ({
    ...delivery,
    nextRow: BigInt(done + count + 1),
    rowCount: delivery.rowCount + BigInt(rows[part].length),
    isComplete: false,
  }))
  const positions = await turn.transact([...outputs.flat(), ...outputsOf(next)])
  if (isHeard('arrival')) {
    const placed = outputs.flat().map(({ key, value }, i) => ({ ...positions[i], key, value }))
    let first = 0
    for (const [part, { length }] of outputs.entries()) {
      const { file, survey } = next[part]
      publish('arrival', { file, survey, records: placed.slice(first, first + length) })
      first += length
    }
  }
  return next
}

/** `null` where the stream is new, or a part of it was taken back since: it is then another one. */
async function standing(log: Log, { parts }: RowStream): Promise<readonly Delivery[] | null> {
  const known = await Promise.all(parts.map(({ fingerprint }) => deliveryOf(log, fingerprint)))
  const found = known.filter(delivery => delivery !== null)
  return found.length < parts.length || found.some(isTakenBack) ? null : found
}

async function begin(log: Log, turn: Turn, { name, parts }: RowStream): Promise<readonly Delivery[]> {
  const newest = [...(await readDeliveries(log, decode)).keys()].at(-1) ?? 0n
  const [{ end }] = await log.extents('raw')
  const deliveries = parts.map(({ survey, fingerprint }, part): Delivery => {
    const counts = { nextRow: 1n, rowCount: 0n, badRowCount: 0n }
    const place = { file: name, survey, ordinal: newest + BigInt(part + 1), rawStart: BigInt(end) }
    return { fingerprint, ...place, ...counts, isComplete: false }
  })
  await turn.transact(outputsOf(deliveries))
  return deliveries
}

function outputsOf(deliveries: readonly Delivery[]) {
  const last = deliveries.length - 1
  return deliveries.flatMap((one, part) => deliveryOutputs(one, part === last ? ['file', 'newest'] : ['file']))
}

/** All parts are as far: they are written together. */
function itemsOf([first]: readonly Delivery[]): number {
  return first === undefined ? 0 : Number(first.nextRow) - 1
}

function resultOf(deliveries: readonly Delivery[], { itemCount: wanted }: StreamControl): StreamResult {
  const itemCount = itemsOf(deliveries)
  const rowCount = deliveries.reduce((sum, delivery) => sum + Number(delivery.rowCount), 0)
  return { itemCount, rowCount, isComplete: wanted !== null && itemCount >= wanted }
}
