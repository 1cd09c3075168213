// The newest record of each key of a compacted topic, which Kafka cannot look up. What it costs: the first question about a
// partition reads it from its beginning; after that each question reads what is new, in one short fetch that questions asked
// together share, and waits for transactions that are open there: one of them may stand before a record whose offsets are
// committed already, and whoever took those over must not miss it. In memory stay the offset of every key, about 100 bytes each, and values up to a bound; another value
// is fetched again at its offset.
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord } from '../log.ts'
import type { KafkaClient } from './kafkaClient.ts'
import type { KafkaTopic } from './kafkaTopics.ts'
import { fill, hasRecords, newSource, type Source, takeBatch } from './partitionFetcher.ts'

const MAX_VALUE_BYTES = 32 * 1024 * 1024
/** Between two looks whether an open transaction has ended. */
const OPEN_PAUSE_MS = 3
const everything = { maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER }

export class LatestIndex {
  readonly #client: KafkaClient
  readonly #source: Source
  readonly #offsets = new Map<string, number>()
  /** Oldest first. */
  readonly #values = new Map<string, LogRecord>()
  #valueBytes = 0
  #running: Promise<void> | null = null
  #queued: Promise<void> | null = null

  constructor(client: KafkaClient, topic: KafkaTopic, partition: number) {
    this.#client = client
    this.#source = newSource(topic, partition, null)
  }

  /** As of this call: whatever was committed before it is seen. */
  async latest(key: string): Promise<LogRecord | null> {
    await this.#catchUp()
    const offset = this.#offsets.get(key)
    if (offset === undefined) return null
    const held = this.#values.get(key)
    return held ?? this.#fetchAgain(key, offset)
  }

  /** Reads to the end of a moment after this call. Calls that come while one reads share the next one. */
  async #catchUp(): Promise<void> {
    if (this.#running === null) {
      this.#running = this.#read().finally(() => {
        this.#running = null
      })
      return this.#running
    }
    if (this.#queued === null) {
      const before = this.#running
      this.#queued = before
        .catch(() => {})
        .then(() => {
          this.#queued = null
          this.#running = this.#read().finally(() => {
            this.#running = null
          })
          return this.#running
        })
    }
    return this.#queued
  }

  async #read(): Promise<void> {
    let end: number | null = null
    do {
      await fill(this.#client, [this.#source], 0)
      end ??= this.#source.end
      if (hasRecords(this.#source)) for (const record of takeBatch(this.#source, everything).records) this.#note(record)
      else if ((this.#source.fetchOffset ?? 0) < end) await sleep(OPEN_PAUSE_MS)
    } while ((this.#source.fetchOffset ?? 0) < end)
  }

  #note(record: LogRecord): void {
    const { key, value, offset } = record
    if (key === null) return
    this.#drop(key)
    if (value === null) {
      this.#offsets.delete(key)
      return
    }
    this.#offsets.set(key, offset)
    // A copy: the record is a view of all that was fetched with it.
    this.#hold(key, { ...record, value: new Uint8Array(value) })
  }

  #hold(key: string, record: LogRecord): void {
    this.#values.set(key, record)
    this.#valueBytes += record.value?.length ?? 0
    for (const oldest of this.#values.keys()) {
      if (this.#valueBytes <= MAX_VALUE_BYTES) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    const held = this.#values.get(key)
    if (held === undefined) return
    this.#valueBytes -= held.value?.length ?? 0
    this.#values.delete(key)
  }

  async #fetchAgain(key: string, offset: number): Promise<LogRecord | null> {
    const { topic, partition } = this.#source
    const source = newSource(topic, partition, offset)
    await fill(this.#client, [source], 0)
    const found = hasRecords(source) ? takeBatch(source, { maxRecords: 1, maxBytes: 1 }).records[0] : undefined
    if (found === undefined || found.offset !== offset || found.value === null) {
      // Compacted away since: a newer record of the key is on its way into the index.
      await this.#catchUp()
      const newer = this.#offsets.get(key)
      if (newer === undefined || newer === offset) return null
      return this.#values.get(key) ?? this.#fetchAgain(key, newer)
    }
    const record = { ...found, value: new Uint8Array(found.value) }
    if (this.#offsets.get(key) === offset) this.#hold(key, record)
    return record
  }
}
