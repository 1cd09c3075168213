// Takes a delivery back as if it had never come. A stream like the delivery itself: its raw rows are walked through once,
// and where it has a part in what is in force, the row that stood before it goes through `raw` again, or a withdrawal.
import { type Delivery, decode, FusionError } from '../schemas/index.ts'
import type { Log, LogRecord, Output } from '../streams/index.ts'
import { deliveryOf, deliveryOutputs, isRolledBack, isTakenBack, newestDelivery, readDeliveries } from './deliveries.ts'
import { inTurn, type Turn } from './deliveryTurn.ts'
import type { DeliveryControl } from './fileSource.ts'
import { RawRows, readableRow } from './rawRows.ts'
import { ordinalOf } from './revision.ts'
import { takeBack } from './sourceClaims.ts'
import { sourceRouteOf } from './sourceRoutes.ts'
import { type SpectraTally, takeSpectraBack } from './spectraRollback.ts'
import { SPECTRA } from './spectraSource.ts'
import { rawRowOutput } from './tableSource.ts'

export interface RollbackResult {
  readonly delivery: Delivery
  /** False where it was stopped; the same call goes on from there. */
  readonly isComplete: boolean
  /** True when all of it had been taken back before: nothing was added. */
  readonly isRepeat: boolean
  /** Rows put back or withdrawn by this call. */
  readonly sentCount: number
  /** Sources left as they are, since what stood before is not known. */
  readonly unknownCount: number
  /** Of a delivery of spectra what became of them; of a table its tally tells. */
  readonly spectra?: SpectraTally
}

export interface RollbackControl extends DeliveryControl {
  /** Waits until ingest has consumed all of `raw`: what a row did is asked from its source. */
  readonly untilIngested: () => Promise<void>
  /** Waits until no record of the fusion is under way: so long as nobody else delivers, spectra are with their stars then. */
  readonly untilFused: () => Promise<void>
}

const DEFAULT_BATCH_ROWS = 1000
/** Where nothing is to be done, the place is written only now and then. */
const IDLE_BATCHES = 64

/**
 * Waits while another process delivers, or takes back.
 * @throws FusionError QUESTION_INVALID for a number that no delivery has
 */
export async function rollBack(log: Log, ordinal: bigint, control: RollbackControl): Promise<RollbackResult> {
  const known = knownDelivery(await readDeliveries(log, decode), ordinal)
  const result = await inTurn(log, control.signal, async turn => {
    await control.untilIngested()
    return control.signal.aborted ? null : takeAllBack(log, turn, ordinal, control)
  })
  return result ?? { delivery: known, isComplete: false, isRepeat: false, sentCount: 0, unknownCount: 0 }
}

async function takeAllBack(log: Log, turn: Turn, ordinal: bigint, control: RollbackControl): Promise<RollbackResult> {
  const deliveries = await readDeliveries(log, decode)
  const known = knownDelivery(deliveries, ordinal)
  if (isRolledBack(known)) {
    return { delivery: known, isComplete: true, isRepeat: true, sentCount: 0, unknownCount: 0 }
  }
  const takenBack = new Set([...deliveries.values()].filter(isTakenBack).map(one => one.ordinal)).add(ordinal)
  const current = await currentKeys(log, known)
  const write = async (outputs: readonly Output[], delivery: Delivery) => {
    await turn.transact([...outputs, ...deliveryOutputs(delivery, current)])
    return delivery
  }
  const rows = new RawRows(log)
  const plan: Plan = { log, rows, ordinal, isTakenBack: one => takenBack.has(one) }
  if (known.survey === SPECTRA) {
    await control.untilFused()
    const begun = await write([], { ...known, rollback: 'begun' })
    const taken = await takeSpectraBack(log, plan, control, outputs => write(outputs, begun))
    await control.untilFused()
    const result = { delivery: begun, isComplete: false, isRepeat: false, ...taken, unknownCount: 0 }
    if (control.signal.aborted) return result
    return { ...result, delivery: await write([], { ...begun, rollback: 'done' }), isComplete: true }
  }
  const begun = await begin(log, known)
  let delivery = isTakenBack(known) ? begun : await write([], begun)
  const end = Number(begun.rollbackEnd)
  let [sentCount, unknownCount, idleBatches] = [0, 0, 0]
  const maxRecords = control.batchRows ?? DEFAULT_BATCH_ROWS
  const from = [{ topic: 'raw', partition: 0, offset: Number(begun.rollbackOffset) }]
  const reader = log.openReader({ topics: ['raw'], from, maxRecords })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      await control.waitForRoom()
      if (control.signal.aborted) return { delivery, isComplete: false, isRepeat: false, sentCount, unknownCount }
      const records = batch.records.filter(({ offset }) => offset < end)
      if (records.length === 0) break
      const { outputs, unknown } = await answersTo(records, plan)
      sentCount += outputs.length
      unknownCount += unknown
      if (outputs.length > 0 || ++idleBatches >= IDLE_BATCHES) {
        delivery = await write(outputs, { ...delivery, rollbackOffset: BigInt(Math.min(batch.next.offset, end)) })
        idleBatches = 0
      }
    }
  } finally {
    await reader.close()
  }
  delivery = await write([], { ...delivery, rollback: 'done', rollbackOffset: BigInt(end) })
  return { delivery, isComplete: true, isRepeat: false, sentCount, unknownCount }
}

interface Plan {
  readonly log: Log
  readonly rows: RawRows
  readonly ordinal: bigint
  isTakenBack(ordinal: bigint): boolean
}

async function answersTo(
  records: readonly LogRecord[],
  plan: Plan,
): Promise<{ readonly outputs: readonly Output[]; readonly unknown: number }> {
  const sources = new Set<string>()
  const wanted = records.flatMap(record => {
    const row = readableRow(record)
    return row !== null && (row.takesBack ?? 0n) === 0n && ordinalOf(row.revision) === plan.ordinal ? [row] : []
  })
  const routes = await Promise.all(wanted.map(row => sourceRouteOf(plan.log, row)))
  const outputs: Output[] = []
  let unknown = 0
  for (const found of routes) {
    // A source that stands in the delivery twice is asked about once.
    if (found === null || sources.has(found.sourceKey)) continue
    sources.add(found.sourceKey)
    const { route } = found
    const taking = takeBack(route, plan.ordinal, one => plan.isTakenBack(one))
    if (taking.kind === 'untouched') continue
    if (taking.kind === 'unknown') {
      unknown++
      continue
    }
    const row = await plan.rows.rowAt(taking.rawOffset)
    if (row === null) unknown++
    // Before claims were kept a route told of the newest repeat alone, and its row of what was repeated.
    else if (taking.kind === 'withdrawn' && (route.turn ?? 0n) === 0n && !plan.isTakenBack(ordinalOf(row.revision)))
      continue
    else
      outputs.push(
        rawRowOutput({ ...row, revision: taking.claim.revision, takesBack: plan.ordinal, turn: route.turn ?? 0n }),
      )
  }
  return { outputs, unknown }
}

/** Goes on where it was; where a copy of the log has lost the place, from its beginning, which changes nothing twice. */
async function begin(log: Log, delivery: Delivery) {
  const [{ first, end }] = await log.extents('raw')
  const { rawStart = null, rollbackOffset = null, rollbackEnd = null } = delivery
  return {
    ...delivery,
    rollback: 'begun',
    rollbackOffset: rollbackOffset ?? rawStart ?? BigInt(first),
    rollbackEnd: rollbackEnd ?? BigInt(end),
  }
}

/** The same file may have been delivered again since, and others after it. */
async function currentKeys(log: Log, { ordinal, fingerprint }: Delivery): Promise<readonly ('file' | 'newest')[]> {
  const ofFile = await deliveryOf(log, fingerprint)
  const newest = await newestDelivery(log)
  return [
    ...(ofFile?.ordinal === ordinal ? (['file'] as const) : []),
    ...(newest?.ordinal === ordinal ? (['newest'] as const) : []),
  ]
}

function knownDelivery(deliveries: ReadonlyMap<bigint, Delivery>, ordinal: bigint): Delivery {
  const known = deliveries.get(ordinal)
  if (known === undefined) throw unknownDelivery(ordinal, [...deliveries.keys()])
  return known
}

function unknownDelivery(ordinal: bigint, known: readonly bigint[]): FusionError {
  const there = known.length === 0 ? 'the log has none' : `it has ${known[0]} to ${known.at(-1)}`
  return new FusionError(
    'QUESTION_INVALID',
    `No delivery has the number ${ordinal}, ${there}: \`birthline releases list\` shows them.`,
  )
}
