// A transaction of the embedded log: checked when it is handed in, applied inside one LMDB write transaction.
import { FusionError } from '../../schemas/index.ts'
import type { Output, Position, Transaction } from '../log.ts'
import { partitionOf } from '../partitioner.ts'
import { committedKey, recordKey } from './lmdbKeys.ts'
import { type LmdbStore, readHead } from './lmdbStore.ts'
import type { PartitionHeads } from './partitionHeads.ts'
import type { ChunkPacker } from './recordChunk.ts'
import { supersede } from './retention.ts'
import type { NumberedTopic } from './topicTable.ts'

/** A key must fit into an LMDB key beside the topic's number. */
export const MAX_KEY_BYTES = 1024
const MAX_GROUP_BYTES = 256
/** All pages a transaction changes are in memory until it is committed. */
const MAX_TRANSACTION_BYTES = 128 * 1024 * 1024

interface CheckedOutput {
  readonly topic: NumberedTopic
  readonly partition: number
  readonly key: string | null
  readonly keyBytes: number
  readonly value: Uint8Array | null
}

interface CheckedOffset {
  readonly topic: NumberedTopic
  readonly partition: number
  readonly offset: number
}

export interface CheckedTransaction {
  readonly outputs: readonly CheckedOutput[]
  readonly group: string
  readonly offsets: readonly CheckedOffset[]
  readonly sizeBytes: number
}

export interface CheckRules {
  readonly topicOf: (name: string) => NumberedTopic
  readonly maxRecordBytes: number
  /** Chooses among partitions where there is no key; one choice serves all such outputs of the transaction. */
  readonly turn: number
}

const keyScratch = Buffer.allocUnsafeSlow(4 * MAX_KEY_BYTES)

/**
 * Finds every reason to refuse a transaction before any of it is written.
 *
 * @throws FusionError RECORD_TOO_LARGE for a record, a key or a whole beyond its bound
 * @throws RangeError or TypeError for what only a mistake of ours can cause: no such topic, partition or offset
 */
export function checkTransaction(store: LmdbStore, transaction: Transaction, rules: CheckRules): CheckedTransaction {
  let sizeBytes = 0
  const outputs = transaction.outputs.map(output => {
    const checked = checkOutput(output, rules)
    sizeBytes += checked.keyBytes + (checked.value?.length ?? 0)
    return checked
  })
  if (sizeBytes > MAX_TRANSACTION_BYTES) {
    throw new FusionError(
      'RECORD_TOO_LARGE',
      `A transaction of ${outputs.length} records holds ${sizeBytes} bytes, and at most ${MAX_TRANSACTION_BYTES} ` +
        'are written at once; use smaller batches.',
      { detail: { sizeBytes, maxBytes: MAX_TRANSACTION_BYTES } },
    )
  }
  const positions = transaction.offsets ?? []
  if (positions.length > 0 && transaction.group === undefined) throw new TypeError('offsets are committed for a group')
  const group = checkGroup(transaction.group ?? '')
  const offsets = positions.map(position => checkOffset(store, position, rules.topicOf(position.topic)))
  return { outputs, group, offsets, sizeBytes }
}

function checkOutput(output: Output, rules: CheckRules): CheckedOutput {
  const topic = rules.topicOf(output.topic)
  const { key, value } = output
  if (key === null && topic.keep === 'latest') throw new TypeError(`a record of ${topic.name} needs a key`)
  const keyBytes = key === null ? 0 : checkKey(key, topic)
  const sizeBytes = keyBytes + (value?.length ?? 0)
  if (sizeBytes > rules.maxRecordBytes) {
    throw new FusionError(
      'RECORD_TOO_LARGE',
      `The record ${key === null ? 'without key' : `of key ${shorten(key)}`} for topic ${topic.name} has ` +
        `${sizeBytes} bytes, and the log takes at most ${rules.maxRecordBytes}; split it or leave part of it out.`,
      { detail: { topic: topic.name, sizeBytes, maxBytes: rules.maxRecordBytes } },
    )
  }
  const chosen = key === null ? rules.turn % topic.partitions : partitionOf(keyScratch, keyBytes, topic.partitions)
  return { topic, partition: checkPartition(output.partition ?? chosen, topic), key, keyBytes, value }
}

/** Leaves the key's bytes in `keyScratch` and returns their number. */
function checkKey(key: string, topic: NumberedTopic): number {
  if (key.length <= MAX_KEY_BYTES) {
    const keyBytes = keyScratch.write(key)
    if (/\p{Surrogate}/u.test(key)) throw new RangeError(`topic ${topic.name}: a key holds half a surrogate pair`)
    if (keyBytes <= MAX_KEY_BYTES) return keyBytes
  }
  throw new FusionError(
    'RECORD_TOO_LARGE',
    `A key for topic ${topic.name} has ${Buffer.byteLength(key)} bytes, and at most ${MAX_KEY_BYTES} are possible: ` +
      `${shorten(key)}; use a shorter identifier.`,
    { detail: { topic: topic.name, maxBytes: MAX_KEY_BYTES } },
  )
}

function checkGroup(group: string): string {
  if (group.includes('\0') || Buffer.byteLength(group) > MAX_GROUP_BYTES) {
    throw new RangeError(`group name: at most ${MAX_GROUP_BYTES} bytes, none of them zero`)
  }
  return group
}

function checkPartition(partition: number, topic: NumberedTopic): number {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return partition
  throw new RangeError(`topic ${topic.name} has partitions 0 to ${topic.partitions - 1}, not ${partition}`)
}

function checkOffset(store: LmdbStore, position: Position, topic: NumberedTopic): CheckedOffset {
  const partition = checkPartition(position.partition, topic)
  const { end } = readHead(store, topic.id, partition)
  if (!Number.isInteger(position.offset) || position.offset < 0 || position.offset > end) {
    throw new RangeError(`${topic.name}/${partition}: offset ${position.offset} was never read, the end is ${end}`)
  }
  return { topic, partition, offset: position.offset }
}

function shorten(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}...` : key)
}

/**
 * Appends the outputs and commits the offsets. Inside a write transaction only, whose end makes them real.
 *
 * @returns each output's position
 */
export function applyTransaction(
  store: LmdbStore,
  heads: PartitionHeads,
  packer: ChunkPacker,
  transaction: CheckedTransaction,
  atMs: number,
): Position[] {
  const positions: Position[] = []
  for (const [, outputs] of byPartition(transaction.outputs)) {
    const { topic, partition } = outputs[0].output
    const head = heads.of(topic, partition)
    if (topic.keep === 'latest') {
      for (const { output, index } of outputs) {
        positions[index] = { topic: topic.name, partition, offset: head.end }
        append(store, packer, head, [output], atMs)
      }
    } else {
      outputs.forEach(({ index }, i) => {
        positions[index] = { topic: topic.name, partition, offset: head.end + i }
      })
      append(
        store,
        packer,
        head,
        outputs.map(({ output }) => output),
        atMs,
      )
    }
  }
  transaction.outputs.forEach((output, index) => {
    if (output.key === null || output.topic.keep === 'all') return
    const { partition, offset } = positions[index]
    supersede(store, heads, output.topic, output.key, { partition, offset, isTombstone: output.value === null }, atMs)
  })
  for (const { topic, partition, offset } of transaction.offsets) {
    const bytes = Buffer.allocUnsafe(6)
    bytes.writeUIntBE(offset, 0, 6)
    store.committed.put(committedKey(transaction.group, topic.id, partition), bytes)
  }
  return positions
}

type Placed = { readonly output: CheckedOutput; readonly index: number }

function byPartition(outputs: readonly CheckedOutput[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>()
  outputs.forEach((output, index) => {
    const id = `${output.topic.id}/${output.partition}`
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [{ output, index }])
    else group.push({ output, index })
  })
  return groups
}

function append(
  store: LmdbStore,
  packer: ChunkPacker,
  head: { topic: NumberedTopic; partition: number; end: number; sizeBytes: number },
  items: readonly CheckedOutput[],
  atMs: number,
): void {
  packer.pack(items, atMs, (chunk, firstIndex) => {
    store.chunks.put(recordKey(head.topic.id, head.partition, head.end + firstIndex), chunk)
    head.sizeBytes += chunk.length
  })
  head.end += items.length
}
