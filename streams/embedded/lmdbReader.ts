// Reads topics of the embedded log batch by batch, each partition in its turn.
import { setImmediate } from 'node:timers/promises'
import type { LogBatch, LogReader, Position, ReadOptions } from '../log.ts'
import { asReadError } from './diskErrors.ts'
import { asBuffer, committedKey } from './lmdbKeys.ts'
import { type LmdbStore, readHead } from './lmdbStore.ts'
import { type BatchLimits, readBatch } from './partitionBatch.ts'
import type { NumberedTopic } from './topicTable.ts'

const DEFAULT_MAX_RECORDS = 1000
const DEFAULT_MAX_BYTES = 1024 * 1024
/** A reader that never waits still lets the event loop turn after so many batches. */
const BATCHES_PER_TURN = 8

interface Source {
  readonly topic: NumberedTopic
  readonly partition: number
  /** `null` is the earliest record there is when it is first read. */
  offset: number | null
}

export interface ReaderContext {
  readonly store: LmdbStore
  readonly topics: readonly NumberedTopic[]
  /** How often to look for other processes' news; `null` where this process is the one that writes. */
  readonly pollMs: number | null
  readonly onClose: () => void
}

export class LmdbReader implements LogReader {
  readonly #context: ReaderContext
  readonly #sources: readonly Source[]
  readonly #limits: BatchLimits
  readonly #closing = new AbortController()
  #turn = 0
  #delivered = 0
  #isWaiting = false

  constructor(context: ReaderContext, options: ReadOptions) {
    this.#context = context
    this.#limits = {
      maxRecords: atLeastOne('maxRecords', options.maxRecords ?? DEFAULT_MAX_RECORDS),
      maxBytes: atLeastOne('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES),
    }
    this.#sources = context.topics.flatMap(topic =>
      Array.from({ length: topic.partitions }, (_, partition) => ({
        topic,
        partition,
        offset: startOffset(context.store, topic, partition, options),
      })),
    )
  }

  async next(signal: AbortSignal): Promise<LogBatch | null> {
    if (this.#isWaiting) throw new RangeError('this reader is already waiting for its next batch')
    this.#isWaiting = true
    // Not AbortSignal.any: a signal that lives as long as its actor would remember every call.
    const signals = [signal, this.#closing.signal]
    try {
      while (!signals.some(one => one.aborted)) {
        const batch = this.#take()
        if (batch !== null) {
          this.#delivered += 1
          if (this.#delivered % BATCHES_PER_TURN === 0) await setImmediate()
          return batch
        }
        await this.#context.store.news.wait(signals, this.#context.pollMs)
      }
      return null
    } finally {
      this.#isWaiting = false
    }
  }

  async poll(): Promise<LogBatch | null> {
    return this.#closing.signal.aborted ? null : this.#take()
  }

  /** A log in a folder has one writer, and in it a group has one reader. */
  async holding(): Promise<readonly Position[]> {
    const { store } = this.#context
    try {
      if (this.#context.pollMs !== null) store.root.resetReadTxn()
      return this.#sources.map(({ topic, partition }) => {
        return { topic: topic.name, partition, offset: readHead(store, topic.id, partition).end }
      })
    } catch (cause) {
      throw asReadError(cause, store.folder)
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.#context.onClose()
  }

  /** The next batch of the first partition, from whose turn it is on, that has any. */
  #take(): LogBatch | null {
    const { store } = this.#context
    try {
      // A snapshot held since an earlier read in this turn of the event loop would hide other processes' news.
      if (this.#context.pollMs !== null) store.root.resetReadTxn()
      for (let i = 0; i < this.#sources.length; i++) {
        const at = (this.#turn + i) % this.#sources.length
        const source = this.#sources[at]
        source.offset ??= readHead(store, source.topic.id, source.partition).first
        const batch = readBatch(store, source.topic, source.partition, source.offset, this.#limits)
        source.offset = batch.next.offset
        if (batch.records.length === 0) continue
        this.#turn = at + 1
        return batch
      }
      return null
    } catch (cause) {
      throw asReadError(cause, store.folder)
    }
  }
}

function startOffset(
  store: LmdbStore,
  topic: NumberedTopic,
  partition: number,
  { group, from }: ReadOptions,
): number | null {
  if (group !== undefined) {
    const committed = store.committed.get(committedKey(group, topic.id, partition))
    if (committed !== undefined) return asBuffer(committed).readUIntBE(0, 6)
  }
  if (from === undefined || from === 'earliest') return null
  if (from === 'latest') return readHead(store, topic.id, partition).end
  const position = from.find(wanted => wanted.topic === topic.name && wanted.partition === partition)
  return position?.offset ?? null
}

function atLeastOne(name: string, value: number): number {
  if (value >= 1) return value
  throw new RangeError(`${name} is ${value}; a reader takes at least 1`)
}
