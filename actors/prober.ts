// Sends a probe now and then, and tells when it came out at the end and whether it was right.
import { type InferOptions, type PosteriorModel, rankSurveys, type SurveyLevels } from '../models/index.ts'
import { isFusionError, type Posterior, publish, readSurvey, surveyNames } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { type Clock, systemClock, wallClockMs } from './clock.ts'
import type { ProbeNews } from './heartbeat.ts'
import { Passage, type ReadingGroup } from './passage.ts'
import { expectedPosterior, judge, probeStar } from './probeStar.ts'
import { StallWatch } from './stallWatch.ts'

export interface ProberOptions extends InferOptions {
  readonly log: Log
  readonly model: PosteriorModel
  /** In the order of the walk. */
  readonly groups: readonly ReadingGroup[]
  readonly intervalMs: number
  readonly clock?: Clock
  /** Of the day, milliseconds since 1970. */
  readonly dayMs?: () => number
}

export interface Prober {
  last(): ProbeNews | null
  /** A sentence for whoever looks after the pipeline, where something is wrong with it for long; else null. */
  trouble(): string | null
  /** What is under way is left to itself. @throws what is our own mistake */
  stop(): Promise<void>
}

export type ProbeOutcome = 'right' | 'wrong' | 'late' | 'lost'

/** A right answer that took longer is late. */
const LATE_MS = 5000
/** What has not come so long after it was sent, and all that lay before it was consumed, is lost. */
const LOST_MS = 30_000
const LOOK_MS = 1000
/** In a row, or it was no accident. */
const TROUBLE_COUNT = 3

export function startProber(options: ProberOptions): Prober {
  return new RunningProber(options)
}

interface Sent {
  readonly expected: Posterior
  readonly sentMs: number
  readonly sentDayMs: bigint
  readonly passage: Passage
}

class RunningProber implements Prober {
  readonly #options: ProberOptions
  readonly #clock: Clock
  readonly #dayMs: () => number
  readonly #levels: SurveyLevels
  readonly #stopping = new AbortController()
  readonly #watch: StallWatch
  /** By star: one probe of a star at a time. */
  readonly #underWay = new Map<string, Sent>()
  readonly #working: Promise<void>[]
  #last: ProbeNews | null = null
  #badInARow = 0
  #failure: { readonly error: unknown } | null = null

  constructor(options: ProberOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#dayMs = options.dayMs ?? wallClockMs
    this.#levels = rankSurveys(surveyNames().map(readSurvey))
    this.#watch = new StallWatch(options.log, options.groups, this.#clock)
    this.#working = [this.#send(), this.#receive(), this.#look()].map(work =>
      work.catch(error => {
        // Told by `stop`: until then nobody waits for it.
        this.#failure ??= { error }
        this.#stopping.abort()
      }),
    )
  }

  last(): ProbeNews | null {
    return this.#last
  }

  trouble(): string | null {
    const stalled = this.#watch.stalled
    if (stalled !== null && this.#underWay.size > 0) {
      return `The probe does not arrive: ${stalled.group} has ${stalled.lag} records to do and has not moved for ${Math.round(stalled.stillMs / 1000)} s; see the log of the process, and start it again.`
    }
    if (this.#badInARow < TROUBLE_COUNT) return null
    return `The last ${this.#badInARow} probes were wrong or lost: what is published cannot be trusted; compare the versions and models of all processes, and read the topic probes.`
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#working)
    if (this.#failure !== null) throw this.#failure.error
  }

  async #send(): Promise<void> {
    const { log, model, groups, sampleCount, seed, intervalMs } = this.#options
    const { signal } = this.#stopping
    let newest = 0n
    for (let turn = 0; ; turn++) {
      await this.#clock.sleep(intervalMs, signal)
      if (signal.aborted) return
      const second = BigInt(Math.floor(this.#dayMs() / 1000))
      newest = second > newest ? second : newest + 1n
      const probe = probeStar(log.writer, newest, turn)
      if (this.#underWay.has(probe.starId)) continue
      const outcome = await this.#tried(async () => {
        const expected = await expectedPosterior(probe, this.#levels, model, { sampleCount, seed })
        // Known before it is sent: its answer may come before the sending is acknowledged.
        const passage = new Passage(log, groups)
        const sent = { expected, sentMs: this.#clock.nowMs(), sentDayMs: this.#day(), passage }
        this.#underWay.set(probe.starId, sent)
        await log.transact({ outputs: [probe.row] })
        if (this.#underWay.has(probe.starId)) this.#underWay.set(probe.starId, { ...sent, sentMs: this.#clock.nowMs() })
      })
      if (outcome === 'failed') this.#underWay.delete(probe.starId)
    }
  }

  async #receive(): Promise<void> {
    const { log } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const reader = log.openReader({ topics: ['probes'], from: 'latest' })
      try {
        await this.#tried(async () => {
          for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
            for (const { key, value } of batch.records) if (key !== null && value !== null) this.#arrived(key, value)
          }
        })
      } finally {
        await reader.close()
      }
      if (!signal.aborted) await this.#clock.sleep(LOOK_MS, signal)
    }
  }

  #arrived(starId: string, value: Uint8Array): void {
    const sent = this.#underWay.get(starId)
    const verdict = sent === undefined ? null : judge(value, sent.expected)
    if (sent === undefined || verdict === null) return
    const latencyMs = this.#clock.nowMs() - sent.sentMs
    this.#decide(starId, sent, verdict === 'right' && latencyMs > LATE_MS ? 'late' : verdict, latencyMs)
  }

  #decide(starId: string, sent: Sent, outcome: ProbeOutcome, latencyMs: number | null): void {
    this.#underWay.delete(starId)
    this.#badInARow = outcome === 'wrong' || outcome === 'lost' ? this.#badInARow + 1 : 0
    this.#last = { probeOutcome: outcome, probeSentMs: sent.sentDayMs, probeLatencyMs: latencyMs }
    publish('probe', { outcome, latencyMs })
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping
    for (;;) {
      await this.#clock.sleep(LOOK_MS, signal)
      if (signal.aborted) return
      const nowMs = this.#clock.nowMs()
      const ages = Array.from(this.#underWay.values(), ({ sentMs }) => nowMs - sentMs)
      const oldestMs = Math.max(0, ...ages)
      publish('probeWait', { waitMs: oldestMs })
      if (oldestMs <= LATE_MS) this.#watch.rest()
      else await this.#tried(() => this.#lookCloser(nowMs))
    }
  }

  async #lookCloser(nowMs: number): Promise<void> {
    await this.#watch.look()
    for (const [starId, sent] of [...this.#underWay]) {
      if (nowMs - sent.sentMs <= LATE_MS || !(await sent.passage.isThrough())) continue
      if (nowMs - sent.sentMs > LOST_MS && this.#underWay.get(starId) === sent) this.#decide(starId, sent, 'lost', null)
    }
  }

  /** A log or a model that fails is told by those whose work it is: here it is tried again. */
  async #tried(work: () => Promise<void>): Promise<'done' | 'failed'> {
    try {
      await work()
      return 'done'
    } catch (error) {
      if (!isFusionError(error)) throw error
      return 'failed'
    }
  }

  #day(): bigint {
    return BigInt(Math.round(this.#dayMs()))
  }
}
