// The one writer of an embedded log: transactions handed in together are committed together, in order.
import { isFusionError } from '../../schemas/index.ts'
import type { Position, Transaction } from '../log.ts'
import type { Topic } from '../topics.ts'
import { asReadError, asWriteError } from './diskErrors.ts'
import { DiskRoom } from './diskRoom.ts'
import type { LmdbStore } from './lmdbStore.ts'
import { applyTransaction, type CheckedTransaction, checkTransaction } from './lmdbTransaction.ts'
import { dataFile } from './logManifest.ts'
import { PartitionHeads } from './partitionHeads.ts'
import { ChunkPacker } from './recordChunk.ts'
import { expireTombstones, trimPartition } from './retention.ts'
import { extendTopics, type NumberedTopic } from './topicTable.ts'
import { abandonClaim, checkClaim, releaseClaim, takeClaim } from './writerClaim.ts'

export interface WriterOptions {
  readonly topics: readonly Topic[]
  readonly maxRecordBytes: number
  readonly nowMs: () => number
}

/** How much of the waiting transactions one commit takes. */
const MAX_COMMIT_BYTES = 16 * 1024 * 1024
/** Retention drops at most this many chunks per commit, so none takes long. */
const MAX_DROPS = 512
/** What a record takes besides its key and value: offsets, lengths, time, checksum. */
const RECORD_OVERHEAD_BYTES = 64
const SWEEP_EVERY_MS = 60_000
/** After these nothing more may be written. */
const fatalCodes: ReadonlySet<string> = new Set(['LOG_FENCED', 'LOG_DAMAGED', 'LOG_UNAVAILABLE'])

interface Waiting {
  readonly transaction: CheckedTransaction
  readonly resolve: (positions: readonly Position[]) => void
  readonly reject: (error: unknown) => void
}

export class LmdbWriter {
  readonly topics: ReadonlyMap<string, NumberedTopic>
  readonly #store: LmdbStore
  readonly #options: WriterOptions
  readonly #room: DiskRoom
  readonly #packer = new ChunkPacker()
  readonly #token: string
  #waiting: Waiting[] = []
  #isScheduled = false
  #turn = 0
  #sweptMs = Number.NEGATIVE_INFINITY
  /** Set once the log must not be written any more: fenced, or the disk failed. */
  #failure: unknown = null

  /** @throws FusionError LOG_IN_USE, CONFIG_INVALID, LOG_FULL or LOG_UNAVAILABLE */
  constructor(store: LmdbStore, options: WriterOptions) {
    this.#store = store
    this.#options = options
    this.#room = new DiskRoom(store.folder)
    const opened = this.#write(0, () => {
      const taken = { token: takeClaim(store), topics: extendTopics(store, options.topics) }
      this.#room.ensure(0, 0)
      return taken
    })
    this.#token = opened.token
    this.topics = opened.topics
  }

  /** Resolves when the transaction is on disk. The values must not change before that. */
  transact(transaction: Transaction): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) throw this.#failure
      const checked = checkTransaction(this.#store, transaction, {
        topicOf: name => this.#topicOf(name),
        maxRecordBytes: this.#options.maxRecordBytes,
        turn: this.#turn++,
      })
      if (checked.outputs.length === 0 && checked.offsets.length === 0) {
        resolve([])
        return
      }
      this.#waiting.push({ transaction: checked, resolve, reject })
      if (!this.#isScheduled) setImmediate(() => this.#commitSome())
      this.#isScheduled = true
    })
  }

  /** Commits what waits and gives the claim back. */
  close(): void {
    while (this.#waiting.length > 0) this.#commitSome()
    try {
      this.#write(0, () => {
        releaseClaim(this.#store, this.#token)
        this.#room.ensure(0, 0)
      })
    } catch (error) {
      // What was acknowledged is safe; whoever handed in more has been told.
      if (!isFusionError(error)) throw error
      abandonClaim(this.#token)
    } finally {
      this.#failure = new RangeError('the log is closed')
    }
  }

  #topicOf(name: string): NumberedTopic {
    const topic = this.topics.get(name)
    if (topic === undefined)
      throw new RangeError(`no topic ${name}; this log has ${[...this.topics.keys()].join(', ')}`)
    return topic
  }

  /** Commits as many waiting transactions as fit into one commit, then lets other work have its turn. */
  #commitSome(): void {
    this.#isScheduled = false
    if (this.#waiting.length === 0) return
    const nowMs = Math.floor(this.#options.nowMs())
    this.#sweepSometimes(nowMs)
    let sizeBytes = 0
    let count = 0
    while (count < this.#waiting.length && (count === 0 || sizeBytes < MAX_COMMIT_BYTES)) {
      sizeBytes += this.#waiting[count].transaction.sizeBytes
      count += 1
    }
    const group = this.#waiting.splice(0, count)
    if (this.#waiting.length > 0) {
      setImmediate(() => this.#commitSome())
      this.#isScheduled = true
    }
    this.#commit(group, nowMs)
  }

  #commit(group: readonly Waiting[], nowMs: number): void {
    const sizeBytes = group.reduce((sum, { transaction }) => sum + transaction.sizeBytes, 0)
    let results: readonly Position[][]
    try {
      results = this.#write(sizeBytes, () => this.#apply(group, sizeBytes, nowMs))
    } catch (error) {
      // What is too much for the disk together may be small enough one by one.
      if (group.length > 1 && this.#failure === null) for (const one of group) this.#commit([one], nowMs)
      else for (const one of group) one.reject(error)
      return
    }
    group.forEach((one, i) => {
      one.resolve(results[i])
    })
    this.#store.news.announce()
  }

  #apply(group: readonly Waiting[], sizeBytes: number, nowMs: number): Position[][] {
    checkClaim(this.#store, this.#token)
    const heads = new PartitionHeads(this.#store)
    const results = group.map(one => applyTransaction(this.#store, heads, this.#packer, one.transaction, nowMs))
    let [records, entries] = [0, 0]
    for (const { transaction } of group) {
      records += transaction.outputs.length
      entries += transaction.offsets.length + transaction.outputs.filter(({ topic }) => topic.keep === 'latest').length
    }
    for (const head of heads.touched()) {
      const { retainBytes } = head.topic
      if (retainBytes !== null && head.sizeBytes > retainBytes) {
        entries += trimPartition(this.#store, head, nowMs, MAX_DROPS)
      }
      entries += 1
    }
    heads.write()
    this.#room.ensure(sizeBytes + records * RECORD_OVERHEAD_BYTES, entries)
    return results
  }

  /** Retention by time, and what a dead reader still pins, looked after once a minute while the log is written to. */
  #sweepSometimes(nowMs: number): void {
    if (this.#failure !== null || nowMs - this.#sweptMs < SWEEP_EVERY_MS) return
    try {
      this.#store.root.readerCheck()
      while (this.#write(0, () => this.#sweep(nowMs)) >= MAX_DROPS);
      this.#sweptMs = nowMs
    } catch (error) {
      // A full disk is no reason to refuse the transactions that wait: they may still fit, or say so themselves.
      if (!isFusionError(error)) throw error
    }
  }

  #sweep(nowMs: number): number {
    checkClaim(this.#store, this.#token)
    const heads = new PartitionHeads(this.#store)
    let dropped = 0
    for (const topic of this.topics.values()) {
      for (let partition = 0; partition < topic.partitions; partition++) {
        const left = MAX_DROPS - dropped
        if (left <= 0) break
        const hasRetention = topic.retainBytes !== null || topic.retainMs !== null
        if (hasRetention) dropped += trimPartition(this.#store, heads.of(topic, partition), nowMs, left)
        if (topic.keep === 'latest') dropped += expireTombstones(this.#store, heads.of(topic, partition), nowMs, left)
      }
    }
    if (dropped > 0) {
      heads.write()
      this.#room.ensure(0, dropped)
    }
    return dropped
  }

  /** One LMDB write transaction: on disk when it returns, without a trace when it throws. */
  #write<T>(sizeBytes: number, action: () => T): T {
    if (this.#failure !== null) throw this.#failure
    try {
      return this.#store.root.transactionSync(action)
    } catch (cause) {
      const error = asWriteError(cause, this.#store.folder, dataFile(this.#store.folder), sizeBytes)
      if (!isFusionError(error)) throw error
      if (fatalCodes.has(error.code)) this.#failure = error
      else if (error.code === 'LOG_FULL') this.#failure = this.#findFailure()
      throw error
    }
  }

  /** LMDB refuses everything after some failures; starting another write then would be unsafe. */
  #findFailure(): unknown {
    try {
      this.#store.root.resetReadTxn()
      this.#store.meta.get(Buffer.from('writer'))
      return null
    } catch (cause) {
      return asReadError(cause, this.#store.folder)
    }
  }
}
