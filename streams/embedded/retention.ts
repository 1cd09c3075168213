// What leaves the log: superseded records of a key, the oldest chunks beyond a topic's retention, old tombstones.
// Everything here happens inside a write transaction, together with the heads it changes.
import type { LogRecord } from '../log.ts'
import { asBuffer, newestKey, offsetOfRecordKey, partitionEndKey, partitionKey, recordKey } from './lmdbKeys.ts'
import type { LmdbStore } from './lmdbStore.ts'
import type { DraftHead, PartitionHeads } from './partitionHeads.ts'
import { appendedMsOfChunk, countOfChunk, unpackChunk } from './recordChunk.ts'
import type { NumberedTopic } from './topicTable.ts'

/** Readers of a compacted topic have this long to notice that a key is gone; Kafka's default too. */
export const TOMBSTONE_RETAIN_MS = 24 * 60 * 60 * 1000

const oneRecord = { maxRecords: 1, maxBytes: 0 }

/** Where the newest record of a key lies. */
export interface NewestPlace {
  readonly partition: number
  readonly offset: number
  readonly isTombstone: boolean
}

export function readNewest(store: LmdbStore, topic: NumberedTopic, key: string): NewestPlace | null {
  const stored = store.newest.get(newestKey(topic.id, key))
  if (stored === undefined) return null
  const bytes = asBuffer(stored)
  return { partition: bytes.readUInt16BE(0), offset: bytes.readUIntBE(2, 6), isTombstone: bytes[8] === 1 }
}

/** Makes the given record the newest of its key and drops the one it supersedes. */
export function supersede(
  store: LmdbStore,
  heads: PartitionHeads,
  topic: NumberedTopic,
  key: string,
  place: NewestPlace,
  atMs: number,
): void {
  const old = readNewest(store, topic, key)
  if (old !== null) {
    const oldKey = recordKey(topic.id, old.partition, old.offset)
    const chunk = store.chunks.get(oldKey)
    if (chunk !== undefined) heads.of(topic, old.partition).sizeBytes -= chunk.length
    store.chunks.remove(oldKey)
    if (old.isTombstone) store.tombstones.remove(oldKey)
  }
  const bytes = Buffer.allocUnsafe(9)
  bytes.writeUInt16BE(place.partition, 0)
  bytes.writeUIntBE(place.offset, 2, 6)
  bytes[8] = place.isTombstone ? 1 : 0
  store.newest.put(newestKey(topic.id, key), bytes)
  if (place.isTombstone) {
    const time = Buffer.allocUnsafe(6)
    time.writeUIntBE(atMs, 0, 6)
    store.tombstones.put(recordKey(topic.id, place.partition, place.offset), time)
  }
}

/**
 * Drops the oldest chunks of a partition while it is too big (its newest chunk stays) or they are too old.
 *
 * @returns how many were dropped, at most `maxChunks`
 */
export function trimPartition(store: LmdbStore, head: DraftHead, nowMs: number, maxChunks: number): number {
  const { topic, partition } = head
  const bounds = { start: partitionKey(topic.id, partition), end: partitionEndKey(topic.id, partition), limit: 1 }
  for (let dropped = 0; dropped < maxChunks; dropped++) {
    const [oldest] = store.chunks.getRange(bounds)
    if (oldest === undefined) return dropped
    const offset = offsetOfRecordKey(oldest.key)
    const endOffset = offset + countOfChunk(oldest.value)
    const isTooBig = topic.retainBytes !== null && head.sizeBytes > topic.retainBytes && endOffset < head.end
    const isTooOld = topic.retainMs !== null && nowMs - appendedMsOfChunk(oldest.value) > topic.retainMs
    if (!isTooBig && !isTooOld) return dropped
    if (topic.keep === 'latest') forget(store, topic, partition, offset, oldest.value)
    store.chunks.remove(oldest.key)
    head.sizeBytes -= oldest.value.length
    head.first = endOffset
  }
  return maxChunks
}

/**
 * Drops tombstones past their time, and with them the last trace of their keys.
 *
 * @returns how many were dropped, at most `max`
 */
export function expireTombstones(store: LmdbStore, head: DraftHead, nowMs: number, max: number): number {
  const { topic, partition } = head
  const expired: Buffer[] = []
  const bounds = { start: partitionKey(topic.id, partition), end: partitionEndKey(topic.id, partition), limit: max }
  for (const { key, value } of store.tombstones.getRange(bounds)) {
    if (nowMs - asBuffer(value).readUIntBE(0, 6) <= TOMBSTONE_RETAIN_MS) break
    expired.push(key)
  }
  for (const key of expired) {
    const chunk = store.chunks.get(key)
    if (chunk === undefined) continue
    forget(store, topic, partition, offsetOfRecordKey(key), chunk)
    store.chunks.remove(key)
    head.sizeBytes -= chunk.length
  }
  return expired.length
}

/** Takes a record that is about to go out of the index of newest records and of the tombstones. */
function forget(store: LmdbStore, topic: NumberedTopic, partition: number, offset: number, chunk: Uint8Array): void {
  const records: LogRecord[] = []
  unpackChunk(chunk, { topic: topic.name, partition, offset }, offset, oneRecord, records, 0)
  const key = records[0].key
  if (key !== null && readNewest(store, topic, key)?.offset === offset) store.newest.remove(newestKey(topic.id, key))
  store.tombstones.remove(recordKey(topic.id, partition, offset))
}
