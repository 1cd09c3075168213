// What a process of a proof does over one log: writes numbered records, copies them, or reads along. Each role goes on
// where it was when its process is started again.
import { setTimeout as sleep } from 'node:timers/promises'
import { createRng, type Rng } from '../../../models/index.ts'
import { isFusionError } from '../../../schemas/index.ts'
import type { Log, LogBatch, Output, Topic } from '../../../streams/index.ts'
import { type HistoryFile, type HistoryLine, openHistory, type ProofRecord, readHistory } from './proofHistory.ts'

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const

export const SOURCE = 'proof.in'
export const COPY = 'proof.copy'
export const COUNTS = 'proof.counts'
export const COPIERS = 'proof.copiers'

export const proofTopics: readonly Topic[] = [
  { name: SOURCE, partitions: 4, keep: 'all', ...forever },
  { name: COPY, partitions: 4, keep: 'all', ...forever },
  { name: COUNTS, partitions: 2, keep: 'latest', ...forever },
]

export interface RoleContext {
  readonly log: Log
  readonly historyPath: string
  readonly seed: number
  readonly signal: AbortSignal
  /** Hears what the role waits for at its end. */
  readonly tell: (step: string) => void
}

const KEYS_PER_WRITER = 7
const MOST_RECORDS = 6
/** Transactions on their way at one time. */
const IN_FLIGHT = 4
const MOST_PAUSE_MS = 30
const PADDING_BYTES = 200
/** One transaction in this many is meant to fail: it holds a record that no log takes. */
const REFUSED_SHARE = 12
const TOO_LARGE_BYTES = 5 * 1024 * 1024
const COPIED_AT_ONCE = 9
const RETRY_MS = 50

/** A record as bytes; copies have the number that it is of its key. */
export function proofOutput(topic: string, record: ProofRecord, number?: number): Output {
  const content = { ...record, number, padding: '.'.repeat(PADDING_BYTES) }
  return { topic, key: record.key, value: Buffer.from(JSON.stringify(content)) }
}

export function proofRecordOf(value: Uint8Array | null): ProofRecord & { readonly number: number } {
  return JSON.parse(Buffer.from(value ?? []).toString()) as ProofRecord & { readonly number: number }
}

/** Plans the transactions of one writer: numbers grow over all its lives, because all that it began is in its history. */
export class RecordPlan {
  readonly #writer: string
  readonly #rng: Rng
  readonly #sequences = new Map<string, number>()
  #transactions = 0

  constructor(writer: string, seed: number, history: readonly HistoryLine[]) {
    this.#writer = writer
    for (const line of history) {
      if (line.op !== 'begin') continue
      this.#transactions += 1
      for (const { key, sequence } of line.records) this.#sequences.set(key, sequence + 1)
    }
    this.#rng = createRng(seed)
    this.#rng.seek(this.#transactions)
  }

  next(): { readonly transaction: string; readonly records: readonly ProofRecord[] } {
    const transaction = `${this.#writer}.${this.#transactions++}`
    const records = Array.from({ length: 1 + this.#rng.integer(MOST_RECORDS) }, (_, i) => {
      const key = `${this.#writer}/${this.#rng.integer(KEYS_PER_WRITER)}`
      const sequence = this.#sequences.get(key) ?? 0
      this.#sequences.set(key, sequence + 1)
      return { id: `${transaction}.${i}`, key, sequence }
    })
    return { transaction, records }
  }

  integer(below: number): number {
    return this.#rng.integer(below)
  }
}

/** Writes until told to stop, some transactions at a time, and says in its history how each of them ended. */
export async function writeRecords(name: string, { log, historyPath, seed, signal }: RoleContext): Promise<void> {
  const plan = new RecordPlan(name, seed, readHistory(historyPath))
  const history = openHistory(historyPath)
  const running = new Set<Promise<void>>()
  let failure: unknown = null
  while (!signal.aborted && failure === null) {
    const { transaction, records } = plan.next()
    const willCommit = plan.integer(REFUSED_SHARE) !== 0
    history.append([{ op: 'begin', transaction, willCommit, records }])
    const outputs = records.map(record => proofOutput(SOURCE, record))
    if (!willCommit) outputs.push({ topic: SOURCE, key: 'large', value: new Uint8Array(TOO_LARGE_BYTES) })
    const work = log
      .transact({ outputs })
      .then(
        places => history.append([{ op: 'acknowledged', transaction, places }]),
        error => noteRefusal(history, transaction, error),
      )
      .catch(error => {
        failure ??= error
      })
      .finally(() => running.delete(work))
    running.add(work)
    if (running.size >= IN_FLIGHT) await Promise.race(running)
    await sleep(plan.integer(MOST_PAUSE_MS))
  }
  await Promise.all(running)
  history.close()
  if (failure !== null) throw failure
}

/** @throws what ends the process: all that trying again would not help */
function noteRefusal(history: HistoryFile, transaction: string, error: unknown): void {
  if (!isFusionError(error)) throw error
  const op = error.detail.isOutcomeUnknown === 1 ? 'unknown' : 'refused'
  history.append([{ op, transaction, code: error.code }])
  if (!error.retryable && error.code !== 'RECORD_TOO_LARGE') throw error
}

/** Copies with a running number of each key, kept as state, each partition in order: as an actor does. */
export async function copyRecords({ log, signal, tell }: RoleContext): Promise<void> {
  while (!signal.aborted) {
    const reader = log.openReader({ topics: [SOURCE], group: COPIERS, maxRecords: COPIED_AT_ONCE })
    const lanes = new Map<number, Promise<void>>()
    const failed = new AbortController()
    const stop = AbortSignal.any([signal, failed.signal])
    let failure: unknown = null
    try {
      for (let batch = await reader.next(stop); batch !== null; batch = await reader.next(stop)) {
        const { partition } = batch.next
        await lanes.get(partition)
        if (failure !== null) break
        const one = batch
        const work = copyBatch(log, one).catch(error => {
          failure ??= error
          failed.abort()
        })
        lanes.set(partition, work)
      }
    } catch (error) {
      failure ??= error
    }
    tell('waits for its last batches')
    await Promise.all(lanes.values())
    tell('closes its reader')
    await reader.close()
    if (failure === null) return
    if (!isFusionError(failure) || !(failure as { readonly retryable: boolean }).retryable) throw failure
    await sleep(RETRY_MS)
  }
}

async function copyBatch(log: Log, batch: LogBatch): Promise<void> {
  const counts = new Map<string, number>()
  const outputs: Output[] = []
  for (const { value } of batch.records) {
    const record = proofRecordOf(value)
    const { key } = record
    const before = counts.get(key) ?? Number(Buffer.from((await log.latest(COUNTS, key))?.value ?? []).toString())
    counts.set(key, before + 1)
    outputs.push(proofOutput(COPY, record, before + 1))
  }
  for (const [key, count] of counts) outputs.push({ topic: COUNTS, key, value: Buffer.from(String(count)) })
  await log.transact({ outputs, group: COPIERS, offsets: [batch.next] })
}

/** Reads everything from the beginning and notes what it saw; a failure begins another session. */
export async function readRecords(name: string, { log, historyPath, signal, tell }: RoleContext): Promise<void> {
  const history = openHistory(historyPath)
  for (let turn = 0; !signal.aborted; turn++) {
    const session = `${name} ${process.pid}.${turn}`
    const reader = log.openReader({ topics: [SOURCE, COPY] })
    try {
      for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
        history.append(
          batch.records.map(({ topic, partition, offset, value }) => {
            return { op: 'seen', session, at: { topic, partition, offset }, id: proofRecordOf(value).id }
          }),
        )
      }
    } catch (error) {
      if (!isFusionError(error) || !error.retryable) throw error
      await sleep(RETRY_MS)
    } finally {
      tell('closes its reader')
      await reader.close()
    }
  }
  history.close()
}
