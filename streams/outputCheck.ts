// Finds every reason to refuse a transaction's outputs before any is written: the same for all logs.
import { FusionError } from '../schemas/index.ts'
import type { Output, Transaction } from './log.ts'
import { partitionOf } from './partitioner.ts'

/** A key must fit into an LMDB key beside the topic's number, and records must be able to move from log to log. */
export const MAX_KEY_BYTES = 1024
const MAX_GROUP_BYTES = 256

export interface CheckableTopic {
  readonly name: string
  readonly partitions: number
  readonly keep: 'all' | 'latest'
}

export interface CheckedOutput<T extends CheckableTopic> {
  readonly topic: T
  readonly partition: number
  readonly key: string | null
  readonly keyBytes: number
  readonly value: Uint8Array | null
}

export interface OutputRules<T extends CheckableTopic> {
  readonly topicOf: (name: string) => T
  readonly maxRecordBytes: number
  /** Of keys and values of all outputs. */
  readonly maxTransactionBytes: number
  /** Chooses among partitions where there is no key; one choice serves all such outputs of the transaction. */
  readonly turn: number
}

const keyScratch = Buffer.allocUnsafeSlow(4 * MAX_KEY_BYTES)

/**
 * @throws FusionError RECORD_TOO_LARGE for a record, a key or a whole beyond its bound
 * @throws RangeError or TypeError for what only a mistake of ours can cause: no such topic or partition
 */
export function checkOutputs<T extends CheckableTopic>(
  outputs: readonly Output[],
  rules: OutputRules<T>,
): { readonly outputs: readonly CheckedOutput<T>[]; readonly sizeBytes: number } {
  let sizeBytes = 0
  const checked = outputs.map(output => {
    const one = checkOutput(output, rules)
    sizeBytes += one.keyBytes + (one.value?.length ?? 0)
    return one
  })
  const { maxTransactionBytes } = rules
  if (sizeBytes > maxTransactionBytes) {
    throw new FusionError(
      'RECORD_TOO_LARGE',
      `A transaction of ${outputs.length} records holds ${sizeBytes} bytes, and at most ${maxTransactionBytes} ` +
        'are written at once; use smaller batches.',
      { detail: { sizeBytes, maxBytes: maxTransactionBytes } },
    )
  }
  return { outputs: checked, sizeBytes }
}

/** The group of a transaction that commits offsets, or an empty name. */
export function checkGroup({ group, offsets }: Transaction): string {
  if ((offsets ?? []).length > 0 && group === undefined) throw new TypeError('offsets are committed for a group')
  const name = group ?? ''
  if (name.includes('\0') || Buffer.byteLength(name) > MAX_GROUP_BYTES) {
    throw new RangeError(`group name: at most ${MAX_GROUP_BYTES} bytes, none of them zero`)
  }
  return name
}

export function checkPartition(partition: number, topic: CheckableTopic): number {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return partition
  throw new RangeError(`topic ${topic.name} has partitions 0 to ${topic.partitions - 1}, not ${partition}`)
}

function checkOutput<T extends CheckableTopic>(output: Output, rules: OutputRules<T>): CheckedOutput<T> {
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
function checkKey(key: string, topic: CheckableTopic): number {
  if (key.length <= MAX_KEY_BYTES) {
    const keyBytes = keyScratch.write(key)
    // Only what is beyond ASCII takes more bytes than it has characters.
    if (keyBytes !== key.length && /\p{Surrogate}/u.test(key))
      throw new RangeError(`topic ${topic.name}: a key holds half a surrogate pair`)
    if (keyBytes <= MAX_KEY_BYTES) return keyBytes
  }
  throw new FusionError(
    'RECORD_TOO_LARGE',
    `A key for topic ${topic.name} has ${Buffer.byteLength(key)} bytes, and at most ${MAX_KEY_BYTES} are possible: ` +
      `${shorten(key)}; use a shorter identifier.`,
    { detail: { topic: topic.name, maxBytes: MAX_KEY_BYTES } },
  )
}

function shorten(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}...` : key)
}
