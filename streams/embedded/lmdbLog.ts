// The Log on one disk: an LMDB file that one process writes and any number read.
import type { Log, LogKeeping, LogReader, LogRecord, Position, ReadOptions, TopicExtent, Transaction } from '../log.ts'
import { placeName } from '../state/placeName.ts'
import type { Topic } from '../topics.ts'
import { asReadError } from './diskErrors.ts'
import { asBuffer, committedRange, partitionOfCommittedKey, recordKey } from './lmdbKeys.ts'
import { LmdbReader, type ReaderContext } from './lmdbReader.ts'
import { closeStore, type LmdbStore, openStore, readHead } from './lmdbStore.ts'
import { LmdbWriter } from './lmdbWriter.ts'
import { damaged, unpackChunk } from './recordChunk.ts'
import { readNewest } from './retention.ts'
import { absentTopic, type NumberedTopic, readTopics } from './topicTable.ts'
import { findWriter } from './writerClaim.ts'

export interface EmbeddedOptions {
  readonly folder: string
  /** Readers in other processes see what the writer commits; they cannot write or commit offsets. */
  readonly isReadOnly: boolean
  readonly topics: readonly Topic[]
  readonly maxRecordBytes: number
  readonly nowMs: () => number
  /** How often a reader looks for what another process has written. */
  readonly pollMs: number
}

/**
 * @throws FusionError LOG_IN_USE when another writer lives, LOG_TOO_NEW, LOG_FULL, LOG_UNAVAILABLE when the folder
 * cannot be used, CONFIG_INVALID when it holds something else or other topics than wanted
 */
export async function openLmdbLog(options: EmbeddedOptions): Promise<Log> {
  const store = openStore(options.folder, options.isReadOnly)
  try {
    return new LmdbLog(store, options)
  } catch (error) {
    await closeStore(store)
    throw error
  }
}

class LmdbLog implements Log {
  readonly writer: string
  readonly #store: LmdbStore
  readonly #writer: LmdbWriter | null
  readonly #pollMs: number
  readonly #wanted: readonly Topic[]
  readonly #readers = new Set<LogReader>()
  /** Group and topic of each open reader that has a group. */
  readonly #groups = new Set<string>()
  #topics: ReadonlyMap<string, NumberedTopic>
  #isClosed = false

  constructor(store: LmdbStore, options: EmbeddedOptions) {
    this.#store = store
    this.writer = placeName(store.folder)
    this.#pollMs = options.pollMs
    this.#wanted = options.topics
    this.#writer = options.isReadOnly ? null : new LmdbWriter(store, options)
    this.#topics = this.#writer?.topics ?? new Map()
  }

  openReader(options: ReadOptions): LogReader {
    this.#checkOpen()
    const topics = options.topics.map(name => this.#topicOf(name))
    const claims = options.group === undefined ? [] : options.topics.map(topic => `${options.group}\0${topic}`)
    const taken = claims.find(claim => this.#groups.has(claim))
    if (taken !== undefined) {
      // Both would read the same records, and everything made of them would be there twice.
      throw new RangeError(`group ${taken.replace('\0', ' already reads ')} here; close that reader first`)
    }
    const context: ReaderContext = {
      store: this.#store,
      topics,
      pollMs: this.#writer === null ? this.#pollMs : null,
      onClose: () => {
        for (const claim of claims) this.#groups.delete(claim)
        this.#readers.delete(reader)
      },
    }
    const reader = this.#read(() => new LmdbReader(context, options))
    for (const claim of claims) this.#groups.add(claim)
    this.#readers.add(reader)
    return reader
  }

  async transact(transaction: Transaction): Promise<readonly Position[]> {
    this.#checkOpen()
    if (this.#writer === null) throw new TypeError(`the log in ${this.#store.folder} was opened to be read only`)
    return this.#writer.transact(transaction)
  }

  async committed(group: string): Promise<readonly Position[]> {
    return this.#read(() => {
      const names = new Map([...readTopics(this.#store).values()].map(topic => [topic.id, topic.name]))
      const positions: Position[] = []
      for (const { key, value } of this.#store.committed.getRange(committedRange(group))) {
        const { topicId, partition } = partitionOfCommittedKey(key)
        positions.push({ topic: names.get(topicId) ?? '', partition, offset: asBuffer(value).readUIntBE(0, 6) })
      }
      return positions
    })
  }

  async extents(name: string): Promise<readonly TopicExtent[]> {
    const topic = this.#topicOf(name)
    return this.#read(() =>
      Array.from({ length: topic.partitions }, (_, partition) => {
        const { first, end } = readHead(this.#store, topic.id, partition)
        return { topic: name, partition, first, end }
      }),
    )
  }

  async latest(name: string, key: string): Promise<LogRecord | null> {
    const topic = this.#topicOf(name)
    if (topic.keep !== 'latest') throw new RangeError(`topic ${name} does not keep the latest record of each key`)
    return this.#read(() => {
      const place = readNewest(this.#store, topic, key)
      if (place === null || place.isTombstone) return null
      const { partition, offset } = place
      const chunk = this.#store.chunks.get(recordKey(topic.id, partition, offset))
      if (chunk === undefined) throw damaged({ topic: name, partition, offset })
      const records: LogRecord[] = []
      unpackChunk(chunk, { topic: name, partition, offset }, offset, { maxRecords: 1, maxBytes: 0 }, records, 0)
      return records[0]
    })
  }

  async keeping(): Promise<LogKeeping> {
    return this.#read(() => {
      const sizeBytes = new Map<string, number>()
      for (const { name, id, partitions } of readTopics(this.#store).values()) {
        let sum = 0
        for (let partition = 0; partition < partitions; partition++) {
          sum += readHead(this.#store, id, partition).sizeBytes
        }
        sizeBytes.set(name, sum)
      }
      return { sizeBytes, writerPid: findWriter(this.#store) }
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await Promise.all([...this.#readers].map(reader => reader.close()))
    try {
      this.#writer?.close()
    } finally {
      await closeStore(this.#store)
    }
  }

  #topicOf(name: string): NumberedTopic {
    this.#checkOpen()
    if (this.#writer === null && !this.#topics.has(name)) this.#topics = this.#read(() => readTopics(this.#store))
    const topic = this.#topics.get(name)
    if (topic !== undefined) return topic
    const absent = this.#writer === null ? this.#wanted.find(one => one.name === name) : undefined
    if (absent === undefined)
      throw new RangeError(`no topic ${name}; this log has ${[...this.#topics.keys()].join(', ')}`)
    return absentTopic(absent)
  }

  /** Runs a lookup on a snapshot no older than this call. */
  #read<T>(lookup: () => T): T {
    this.#checkOpen()
    try {
      if (this.#writer === null) this.#store.root.resetReadTxn()
      return lookup()
    } catch (cause) {
      throw asReadError(cause, this.#store.folder)
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new RangeError('the log is closed')
  }
}
