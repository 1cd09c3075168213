// The newest record of each key of a partition of a compacted topic, which Kafka cannot look up. The first question reads
// the partition from where its store ends, which without one is the beginning; after that each question reads what is new,
// in one short fetch that questions asked together share, and waits for transactions that are open there: one of them may
// stand before a record whose offsets are committed already, and whoever took those over must not miss it.
// What this process itself has committed is noted without being read, where it lies right behind what was read already.
// What is new stays in memory until it is worth a write, and is read again should the process die before that.
import { setTimeout as sleep } from 'node:timers/promises'
import { isFusionError, publish } from '../../schemas/index.ts'
import type { LogRecord } from '../log.ts'
import type { KeyEntry, KeyStore } from '../state/keyStore.ts'
import type { KafkaClient } from './kafkaClient.ts'
import type { KafkaTopic } from './kafkaTopics.ts'
import { fill, hasRecords, newSource, type Source, takeBatch } from './partitionFetcher.ts'
import { findOffsets } from './topicOffsets.ts'

export interface LatestOptions {
  readonly topic: KafkaTopic
  readonly partition: number
  readonly store: KeyStore
  readonly nowMs: () => number
}

export type OwnRecord = Pick<LogRecord, 'key' | 'value' | 'offset'>

/** A larger value is fetched at its offset each time. */
const INLINE_BYTES = 16 * 1024
/** What is new in memory, at most: twice, while one part of it is being written. */
const MAX_NEW_BYTES = 4 * 1024 * 1024
const MAX_NEW_KEYS = 50_000
const ENTRY_BYTES = 64
/** How much of the tail a process that dies leaves to its next start, beside the bounds above. */
const WRITE_EVERY_MS = 5000
/** Between two looks whether an open transaction has ended. */
const OPEN_PAUSE_MS = 3
const everything = { maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER }

type Changes = Map<string, KeyEntry | null>

export class LatestIndex {
  readonly #client: KafkaClient
  readonly #options: LatestOptions
  #source: Source
  #isPlaced = false
  /** Not in the store yet, and on its way there. */
  #fresh: Changes = new Map()
  #writing: Changes = new Map()
  #freshBytes = 0
  /** Everything before it is in the store or in what is new. */
  #noted = 0
  #freshMs = 0
  #written: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  #failure: unknown = null
  /** Since this process last noted what it wrote. */
  #isAsked = false
  #running: Promise<void> | null = null
  #queued: Promise<void> | null = null

  constructor(client: KafkaClient, options: LatestOptions) {
    this.#client = client
    this.#options = options
    this.#source = newSource(options.topic, options.partition, null, true)
  }

  /** As of this call: whatever was committed before it is seen. */
  async latest(key: string): Promise<LogRecord | null> {
    this.#isAsked = true
    await this.#catchUp()
    for (let tries = 0; ; tries++) {
      const entry = await this.#entryOf(key)
      if (entry === null) return null
      const { topic, partition } = this.#options
      if (entry.value !== null) return { topic: topic.name, partition, offset: entry.offset, key, value: entry.value }
      const record = await this.#fetchAt(entry.offset)
      if (record !== null) return record
      // Compacted away since: a newer record of the key is on its way into the index.
      if (tries > 0 && (await this.#entryOf(key))?.offset === entry.offset) return null
      await this.#catchUp()
    }
  }

  /** Reads what can be read now, and waits for nothing. */
  async follow(): Promise<void> {
    if (this.#running === null) await this.#run(false)
  }

  /**
   * Whether what this process commits is worth noting at once. Where nobody has asked since it last was, it may never be
   * needed; while a reading is under way, or with too much that is new, it is read like anything else.
   */
  get wantsOwn(): boolean {
    const isReading = this.#running !== null || this.#queued !== null || !this.#isPlaced || hasRecords(this.#source)
    return this.#isAsked && !isReading && !this.#isFull
  }

  /**
   * What this process has committed to the partition, all of one transaction, in order of offsets. Call it where it is
   * wanted; with a record of someone else in front, it is left to be read.
   */
  noteOwn(records: readonly OwnRecord[]): void {
    const last = records[records.length - 1]
    const isNext =
      records[0].offset === this.#source.fetchOffset && last.offset - records[0].offset === records.length - 1
    if (!isNext) return
    this.#isAsked = false
    for (const record of records) this.#note(record)
    this.#source.fetchOffset = last.offset + 1
    this.#noted = last.offset + 1
    this.#freshMs = this.#options.nowMs()
    this.#writeLater()
  }

  /** Writes what is new. */
  async close(): Promise<void> {
    await this.#queued?.catch(() => {})
    await this.#running?.catch(() => {})
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#write()
  }

  /** Reads to the end of a moment after this call. Calls that come while one reads share the next one. */
  async #catchUp(): Promise<void> {
    if (this.#running === null) return this.#run(true)
    if (this.#queued === null) {
      this.#queued = this.#running
        .catch(() => {})
        .then(() => {
          this.#queued = null
          return this.#run(true)
        })
    }
    return this.#queued
  }

  #run(isPatient: boolean): Promise<void> {
    this.#running = this.#read(isPatient).finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #read(isPatient: boolean): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    if (!this.#isPlaced) await this.#place()
    else if (this.#isStale()) await this.#renewStale()
    try {
      await this.#readOn(isPatient)
    } catch (error) {
      if (!isFusionError(error) || error.code !== 'LOG_OFFSET_LOST') throw error
      await this.#renew('does not lie in the log any more, or lies past its end', false)
      await this.#readOn(isPatient)
    }
    if (this.#fresh.size > 0) this.#writeLater()
  }

  async #readOn(isPatient: boolean): Promise<void> {
    const { nowMs } = this.#options
    let end: number | null = null
    for (;;) {
      const askedMs = nowMs()
      await fill(this.#client, [this.#source], 0)
      end ??= isPatient ? this.#source.end : this.#source.stableEnd
      const isNew = hasRecords(this.#source)
      if (isNew) for (const record of takeBatch(this.#source, everything).records) this.#note(record)
      this.#noted = this.#source.fetchOffset ?? 0
      if (this.#noted >= this.#source.stableEnd) this.#freshMs = askedMs
      if (this.#noted >= end) return
      if (this.#isFull) await this.#write()
      else if (!isNew) await sleep(OPEN_PAUSE_MS)
    }
  }

  async #place(): Promise<void> {
    const { topic, partition, store, nowMs } = this.#options
    this.#freshMs = store.mark?.freshMs ?? nowMs()
    this.#noted = store.mark?.offset ?? 0
    this.#source = newSource(topic, partition, store.mark?.offset ?? null, true)
    if (store.mark !== null && this.#isStale()) await this.#renewStale()
    this.#isPlaced = true
  }

  /** Tombstones that nobody has read yet may be gone by now, and what they removed would seem to be there for ever. */
  #isStale(): boolean {
    const { topic, nowMs } = this.#options
    return nowMs() - this.#freshMs > topic.tombstoneMs / 2
  }

  async #renewStale(): Promise<void> {
    const { topic, partition } = this.#options
    const [{ offset: end }] = await findOffsets(this.#client, [{ topic: topic.brokerName, partition }], 'end')
    if (end !== this.#noted) await this.#renew('is older than tombstones are kept', false)
  }

  async #renew(why: string, isDamaged: boolean): Promise<void> {
    const { topic, partition, store, nowMs } = this.#options
    const place = `${topic.brokerName}/${partition}`
    publish('notice', { room: 'streams', message: `The state of ${place} ${why}; it is read anew from the log.` })
    await this.#written.catch(() => {})
    await (isDamaged ? store.condemn() : store.clear())
    this.#fresh = new Map()
    this.#writing = new Map()
    this.#freshBytes = 0
    this.#noted = 0
    this.#freshMs = nowMs()
    this.#source = newSource(topic, partition, null, true)
    this.#isPlaced = true
  }

  get #isFull(): boolean {
    return this.#freshBytes >= MAX_NEW_BYTES || this.#fresh.size >= MAX_NEW_KEYS
  }

  #note({ key, value, offset }: OwnRecord): void {
    if (key === null) return
    // A copy: the record is a view of all that was fetched with it.
    const kept = value === null || value.length > INLINE_BYTES ? null : new Uint8Array(value)
    this.#freshBytes += key.length + ENTRY_BYTES + (kept?.length ?? 0)
    this.#fresh.set(key, value === null ? null : { offset, value: kept })
  }

  async #entryOf(key: string): Promise<KeyEntry | null> {
    const fresh = this.#fresh.get(key)
    if (fresh !== undefined) return fresh
    const writing = this.#writing.get(key)
    if (writing !== undefined) return writing
    try {
      return this.#options.store.get(key)
    } catch (error) {
      if (!isFusionError(error) || error.code !== 'LOG_DAMAGED') throw error
      await this.#renewDamaged()
      return this.#entryOf(key)
    }
  }

  /** Of questions asked together only the first finds the damage. */
  async #renewDamaged(): Promise<void> {
    await this.#running?.catch(() => {})
    this.#running ??= this.#renew('was damaged', true)
      .then(() => this.#readOn(true))
      .finally(() => {
        this.#running = null
      })
    await this.#running
  }

  #writeLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      // Told at the next question.
      this.#write().catch(() => {})
    }, WRITE_EVERY_MS).unref()
  }

  async #write(): Promise<void> {
    await this.#written
    if (this.#fresh.size === 0) return
    const mark = { offset: this.#noted, freshMs: this.#freshMs }
    this.#writing = this.#fresh
    this.#fresh = new Map()
    this.#freshBytes = 0
    this.#written = this.#options.store.write(this.#writing, mark).then(() => {
      this.#writing = new Map()
    })
    try {
      await this.#written
    } catch (error) {
      this.#failure ??= error
      throw error
    }
  }

  async #fetchAt(offset: number): Promise<LogRecord | null> {
    const { topic, partition } = this.#options
    const source = newSource(topic, partition, offset)
    await fill(this.#client, [source], 0)
    const [found] = hasRecords(source) ? takeBatch(source, { maxRecords: 1, maxBytes: 1 }).records : []
    if (found === undefined || found.offset !== offset || found.value === null) return null
    return { ...found, value: new Uint8Array(found.value) }
  }
}
