// What recoveryBench.ts has its processes do: count by key, with a state whose size is chosen. One partition, so that who
// has it is never in question.
import type { ActorPlan } from '../../actors/index.ts'
import type { LogConfig, LogRecord, Output, Topic } from '../../streams/index.ts'

export const INPUT = 'in'
export const OUTPUT = 'out'
export const STATE = 'totals'
/** Of a key's entry in the state. */
export const ENTRY_BYTES = 100

const kept = { record: 'rawRow', key: 'star', partitions: 1, retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: INPUT, keep: 'all', ...kept },
  { name: OUTPUT, keep: 'all', ...kept },
  { name: STATE, keep: 'latest', ...kept },
]

export interface Place {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly sessionTimeoutMs: number
}

/** @param name of the process */
export function recoveryLog({ brokers, prefix, sessionTimeoutMs }: Place, name: string): LogConfig & { kind: 'kafka' } {
  return { kind: 'kafka', brokers, prefix, sessionTimeoutMs, topics, transactionalId: `${prefix}${name}` }
}

export function inputRecord(key: number): Output {
  return { topic: INPUT, key: keyOf(key), value: new Uint8Array(1) }
}

export function stateRecord(key: number, total: number): Output {
  return { topic: STATE, key: keyOf(key), value: encodeTotal(total) }
}

/** Each output says who made it. */
export function countPlan(process: string): ActorPlan<LogRecord, number> {
  const value = Buffer.from(process)
  return {
    behavior: {
      name: 'count',
      keysOf: ({ key }) => [`${key}`],
      step(totals, { key }) {
        const total = (totals.get(`${key}`) ?? 0) + 1
        return { changes: new Map([[`${key}`, total]]), emit: [{ topic: OUTPUT, key, value }] }
      },
    },
    topics: [INPUT],
    group: 'count',
    read: records => records,
    state: { topicOf: () => STATE, decode: decodeTotal, encode: encodeTotal, weigh: () => 1, maxWeight: 1_000_000 },
    maxBatchRecords: 1000,
  }
}

function keyOf(key: number): string {
  return `star ${key}`
}

function encodeTotal(total: number): Uint8Array {
  const bytes = Buffer.alloc(ENTRY_BYTES)
  bytes.writeDoubleBE(total, 0)
  return bytes
}

function decodeTotal(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0)
}
