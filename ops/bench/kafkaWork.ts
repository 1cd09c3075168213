// What kafkaBench.ts has its contenders do, the same for each of them: topics, records, and the questions they are asked.
import type { LogConfig, Output, Topic } from '../../streams/index.ts'
import type { Answer } from './lineProcess.ts'

export const PREFIX = 'bench.'
export const RECORD_BYTES = 400
export const PARTITIONS = 4

const kept = { record: 'rawRow', key: 'star', partitions: PARTITIONS, retainBytes: null, retainMs: null } as const

/** Who copies: each record is looked at and another made of it. Who counts: number and sum by key, each update told. */
export const copiers = ['log', 'kafkajs'] as const
export const counters = ['actors', 'streams'] as const
export type ContenderName = (typeof copiers)[number] | (typeof counters)[number]

export const INPUT = 'in'
export const benchTopics: readonly Topic[] = [
  { name: INPUT, keep: 'all', ...kept },
  ...[...copiers, ...counters].map(name => ({ name: outputOf(name), keep: 'all', ...kept }) as const),
]

/** Totals of our actors, in a topic of each round; Kafka Streams names and makes its own. */
export function stateTopic(round: string): Topic {
  return { name: `totals-${round}`, keep: 'latest', ...kept }
}

export function outputOf(name: ContenderName): string {
  return `out-${name}`
}

export function logConfig(brokers: readonly string[], transactionalId: string, more: readonly Topic[] = []): LogConfig {
  return { kind: 'kafka', brokers, prefix: PREFIX, transactionalId, topics: [...benchTopics, ...more] }
}

export interface Question {
  readonly do: 'run'
  /** A fresh one for each round: reading begins with the oldest record. */
  readonly group: string
  readonly records: number
  /** Records of a transaction, at most, where the contender can be told. */
  readonly batchRecords: number
}

/** From the first record that came to the last commit. */
export interface RoundAnswer extends Answer {
  readonly units: number
  readonly seconds: number
  /** Of the contender's whole process. */
  readonly cpuSeconds: number
}

/** Keys come in no order: by multiplicative hashing, the same for the same number. */
export function inputRecord(number: number, keys: number): Output {
  const value = new Uint8Array(RECORD_BYTES).fill(number & 0xff)
  const mixed = Math.imul(number ^ (number >>> 15), 0x2c1b3c6d)
  return { topic: INPUT, key: `star ${((mixed ^ (mixed >>> 13)) >>> 0) % keys}`, value }
}

/** The same little work for all who copy. */
export function transform(value: Uint8Array): Uint8Array {
  const made = Uint8Array.from(value)
  made[0] ^= 0xff
  return made
}

/** Measures from `begin`, which counts once, to `end`. */
export class Stopwatch {
  #beginMs = 0
  #beginCpu = process.cpuUsage()

  begin(): void {
    if (this.#beginMs !== 0) return
    this.#beginCpu = process.cpuUsage()
    this.#beginMs = performance.now()
  }

  end(units: number): RoundAnswer {
    const { user, system } = process.cpuUsage(this.#beginCpu)
    return { units, seconds: (performance.now() - this.#beginMs) / 1000, cpuSeconds: (user + system) / 1e6 }
  }
}
