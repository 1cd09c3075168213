// A transaction of the embedded log: checked when it is handed in, applied inside one LMDB write transaction.
import type { Position, Transaction } from '../log.ts'
import { type CheckedOutput, checkGroup, checkOutputs, checkPartition } from '../outputCheck.ts'
import { committedKey, recordKey } from './lmdbKeys.ts'
import { type LmdbStore, readHead } from './lmdbStore.ts'
import type { PartitionHeads } from './partitionHeads.ts'
import type { ChunkPacker } from './recordChunk.ts'
import { supersede } from './retention.ts'
import type { NumberedTopic } from './topicTable.ts'

/** All pages a transaction changes are in memory until it is committed. */
const MAX_TRANSACTION_BYTES = 128 * 1024 * 1024

interface CheckedOffset {
  readonly topic: NumberedTopic
  readonly partition: number
  readonly offset: number
}

export interface CheckedTransaction {
  readonly outputs: readonly CheckedOutput<NumberedTopic>[]
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

/**
 * Finds every reason to refuse a transaction before any of it is written.
 *
 * @throws FusionError RECORD_TOO_LARGE for a record, a key or a whole beyond its bound
 * @throws RangeError or TypeError for what only a mistake of ours can cause: no such topic, partition or offset
 */
export function checkTransaction(store: LmdbStore, transaction: Transaction, rules: CheckRules): CheckedTransaction {
  const checked = checkOutputs(transaction.outputs, { ...rules, maxTransactionBytes: MAX_TRANSACTION_BYTES })
  const group = checkGroup(transaction)
  const offsets = (transaction.offsets ?? []).map(position =>
    checkOffset(store, position, rules.topicOf(position.topic)),
  )
  return { ...checked, group, offsets }
}

function checkOffset(store: LmdbStore, position: Position, topic: NumberedTopic): CheckedOffset {
  const partition = checkPartition(position.partition, topic)
  const { end } = readHead(store, topic.id, partition)
  if (!Number.isInteger(position.offset) || position.offset < 0 || position.offset > end) {
    throw new RangeError(`${topic.name}/${partition}: offset ${position.offset} was never read, the end is ${end}`)
  }
  return { topic, partition, offset: position.offset }
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

type Placed = { readonly output: CheckedOutput<NumberedTopic>; readonly index: number }

function byPartition(outputs: readonly CheckedOutput<NumberedTopic>[]): Map<string, Placed[]> {
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
  items: readonly CheckedOutput<NumberedTopic>[],
  atMs: number,
): void {
  packer.pack(items, atMs, (chunk, firstIndex) => {
    store.chunks.put(recordKey(head.topic.id, head.partition, head.end + firstIndex), chunk)
    head.sizeBytes += chunk.length
  })
  head.end += items.length
}
