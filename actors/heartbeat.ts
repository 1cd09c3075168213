// A sign of life once a second in a topic of its own: whoever reads it knows that the stream lives, how far it is behind,
// and what was missed.
import { encode, type Heartbeat as HeartbeatRecord, isFusionError, subscribe } from '../schemas/index.ts'
import type { Log, Output } from '../streams/index.ts'
import { type Clock, systemClock, wallClockMs } from './clock.ts'
import { GapBook } from './gapBook.ts'
import { groupProgress } from './groupLag.ts'

const PULSE_MS = 1000
/** Later than this, a heartbeat is left out. */
const STILL_MS = 2000

/** What became of the probe that was last decided. */
export type ProbeNews = Pick<HeartbeatRecord, 'probeOutcome' | 'probeSentMs' | 'probeLatencyMs'>

export interface HeartbeatOptions {
  readonly log: Log
  /** Fingerprint of the model. */
  readonly model: string
  readonly groups: readonly { readonly group: string; readonly topics: readonly string[] }[]
  readonly clock?: Clock
  /** Of the day, milliseconds since 1970. */
  readonly dayMs?: () => number
  readonly lastProbe?: () => ProbeNews | null
}

export interface Heartbeat {
  /** Tells a loss that ended the pipeline; other errors are no gap. */
  tellLoss(error: unknown): void
  /** Writes the last one. @throws what is our own mistake */
  stop(): Promise<void>
}

/** A log that takes no heartbeat is no reason to end: what is missed is told once it takes one again. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  return new RunningHeartbeat(options)
}

type Count = HeartbeatRecord['stages'][number]

class RunningHeartbeat implements Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #clock: Clock
  readonly #dayMs: () => number
  readonly #startedMs: bigint
  readonly #stopping = new AbortController()
  readonly #stages = new Map<string, Count>()
  readonly #gaps: GapBook
  readonly #deaf: readonly (() => void)[]
  readonly #beating: Promise<void>
  #next = 0
  /** The one that waits for the one being written. */
  #waiting: number | null = null
  #writing: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#dayMs = options.dayMs ?? wallClockMs
    this.#startedMs = this.#now()
    this.#gaps = new GapBook(options.log.writer)
    this.#deaf = [
      subscribe('batch', ({ actor: stage, consumed, emitted, refused }) => {
        const known = this.#stages.get(stage) ?? { stage, consumed: 0n, emitted: 0n, refused: 0n }
        this.#stages.set(stage, {
          stage,
          consumed: known.consumed + BigInt(consumed),
          emitted: known.emitted + BigInt(emitted),
          refused: known.refused + BigInt(refused),
        })
      }),
      subscribe('unread', ({ where }) => this.#gaps.addUnread(where, this.#now())),
    ]
    this.#beating = this.#beat()
  }

  tellLoss(error: unknown): void {
    if (!isFusionError(error) || error.code !== 'LOG_OFFSET_LOST') return
    const { topic, partition, offset, first, end } = error.detail
    const isRemoved = Number(offset) < Number(first)
    const nowMs = this.#now()
    this.#gaps.add({
      ...{ kind: 'offsetLost', fromMs: nowMs, toMs: nowMs, topic: String(topic), partition: Number(partition) },
      count: isRemoved ? BigInt(first) - BigInt(offset) : 0n,
      fromOffset: BigInt(isRemoved ? offset : end),
      toOffset: BigInt(isRemoved ? first : offset),
      what: error.message,
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const stop of this.#deaf) stop()
    await this.#beating
    await this.#writing
    if (this.#failure !== null) throw this.#failure.error
    await this.#write(this.#next, true)
  }

  #now(): bigint {
    return BigInt(Math.round(this.#dayMs()))
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopping
    const startMs = this.#clock.nowMs()
    for (;;) {
      const dueMs = startMs + this.#next * PULSE_MS
      await this.#clock.sleep(Math.max(0, dueMs - this.#clock.nowMs()), signal)
      if (signal.aborted) return
      const lateMs = this.#clock.nowMs() - dueMs
      if (lateMs > STILL_MS) this.#leaveOut(Math.floor(lateMs / PULSE_MS), lateMs)
      this.#take(this.#next++)
    }
  }

  #leaveOut(count: number, lateMs: number): void {
    const toMs = this.#now()
    this.#gaps.add({
      ...{ kind: 'stoodStill', fromMs: toMs - BigInt(Math.round(lateMs)), toMs, count: BigInt(count) },
      what: `The process did not run for ${(lateMs / 1000).toFixed(1)} s: it was stopped, or its machine slept or was too busy.`,
    })
    this.#next += count
  }

  #take(sequence: number): void {
    if (this.#writing === null) this.#writing = this.#writeThrough(sequence)
    else if (this.#waiting === null) this.#waiting = sequence
    else this.#miss('The log did not take heartbeats in time: look at its disk or its brokers.')
  }

  async #writeThrough(sequence: number): Promise<void> {
    try {
      await this.#write(sequence, false)
      while (this.#waiting !== null) {
        const next = this.#waiting
        this.#waiting = null
        await this.#write(next, false)
      }
    } catch (error) {
      // Told by `stop`: until then nobody waits for it.
      this.#failure ??= { error }
      this.#stopping.abort()
    } finally {
      this.#writing = null
    }
  }

  async #write(sequence: number, isLast: boolean): Promise<void> {
    const { log, model, groups, lastProbe } = this.#options
    const gaps = this.#gaps.take()
    try {
      const lags = await Promise.all(
        groups.map(async ({ group, topics }) => {
          const { lags: found } = await groupProgress(log, group, topics)
          return [...found].map(([topic, records]) => ({ group, topic, records: BigInt(records) }))
        }),
      )
      const value = encode('heartbeat', {
        ...{ process: log.writer, startedMs: this.#startedMs, sequence: BigInt(sequence), atMs: this.#now(), isLast },
        ...{ model, lags: lags.flat(), stages: [...this.#stages.values()] },
        ...(lastProbe?.() ?? { probeOutcome: null, probeSentMs: null, probeLatencyMs: null }),
      })
      const outputs: Output[] = [
        ...gaps.map(gap => ({ topic: 'gaps', key: gap.kind, value: encode('gap', gap) })),
        { topic: 'heartbeat', key: log.writer, value },
      ]
      await log.transact({ outputs })
    } catch (error) {
      if (!isFusionError(error)) throw error
      this.#gaps.putBack(gaps)
      if (!isLast) this.#miss(error.message)
    }
  }

  #miss(why: string): void {
    const nowMs = this.#now()
    this.#gaps.add({ kind: 'unwritten', fromMs: nowMs, toMs: nowMs, count: 1n, what: why })
  }
}
