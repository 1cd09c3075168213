// The deliveries that a log knows, by number: how far each file was taken in, and whether it was taken back since.
import { type Delivery, decodeKnown, encode, type RecordPlace } from '../schemas/index.ts'
import type { Log, Output } from '../streams/index.ts'
import { readLatest } from './latestRecord.ts'

const NEWEST = 'newest'
const fileKey = (fingerprint: string) => `file:${fingerprint}`
const stampKey = (stamp: string) => `stamp:${stamp}`
const numberKey = (ordinal: bigint) => `delivery:${ordinal}`

/** The delivery that the log was taking in last, whole or not. */
export function newestDelivery(log: Log): Promise<Delivery | null> {
  return readDelivery(log, NEWEST)
}

/** The last delivery of a file, by its fingerprint. */
export function deliveryOf(log: Log, fingerprint: string): Promise<Delivery | null> {
  return readDelivery(log, fileKey(fingerprint))
}

/** The delivery of a file that had this stamp: its content is known, how far it is stands under its fingerprint. */
export function deliveryOfStamp(log: Log, stamp: string): Promise<Delivery | null> {
  return readDelivery(log, stampKey(stamp))
}

function readDelivery(log: Log, key: string): Promise<Delivery | null> {
  return readLatest(log, 'deliveries', key, 'delivery')
}

/**
 * The number of the delivery that begins now. Numbers have no gaps, and the delivery taken in last need not have the
 * highest one: an older one may have gone on since.
 */
export async function nextOrdinal(log: Log): Promise<bigint> {
  let ordinal = ((await newestDelivery(log))?.ordinal ?? 0n) + 1n
  while ((await readDelivery(log, numberKey(ordinal))) !== null) ordinal++
  return ordinal
}

/** What a record of a delivery holds; `null` passes it over. */
type ReadDelivery = (name: 'delivery', value: Uint8Array, where: RecordPlace) => Delivery | null

/**
 * By number, the first first: as many as files were delivered.
 * @param read passes those of a newer birthline over; whoever writes by what it finds must know all, and gives `decode`
 */
export async function readDeliveries(
  log: Log,
  read: ReadDelivery = decodeKnown,
): Promise<ReadonlyMap<bigint, Delivery>> {
  const deliveries = new Map<bigint, Delivery>()
  const reader = log.openReader({ topics: ['deliveries'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { value, ...place } of batch.records) {
        const delivery = value === null ? null : read('delivery', value, place)
        if (delivery === null) continue
        // Copies of one delivery under several keys are written together: the last one holds.
        deliveries.set(delivery.ordinal, delivery)
      }
    }
  } finally {
    await reader.close()
  }
  return new Map([...deliveries].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether it was taken back, or is being taken back. */
export function isTakenBack({ rollback = '' }: Delivery): boolean {
  return rollback !== ''
}

/** Whether all of it was taken back. */
export function isRolledBack({ rollback = '' }: Delivery): boolean {
  return rollback === 'done'
}

export type DeliveryKey = 'file' | 'newest' | 'stamp'

/**
 * The records that say how far a delivery is, for the transaction that brings it there.
 * @param current further keys that lead to this delivery, and to none after it
 */
export function deliveryOutputs(delivery: Delivery, current: readonly DeliveryKey[]): readonly Output[] {
  const { ordinal, fingerprint, stamp = '' } = delivery
  const keyOf = { file: fileKey(fingerprint), newest: NEWEST, stamp: stampKey(stamp) }
  const value = encode('delivery', delivery)
  return [numberKey(ordinal), ...current.map(key => keyOf[key])].map(key => ({ topic: 'deliveries', key, value }))
}
