// The whole pipeline as it stands in the log, read beside whoever writes it, with what its server adds where it answers.
import { groupProgress, pipelineGroups } from '../../actors/index.ts'
import { type Log, topics } from '../../streams/index.ts'
import { readHeartbeats } from './heartbeats.ts'
import { quantileOf, type ServerNumbers, sampleOf } from './serverNumbers.ts'
import { type DeliveryStatus, type LetterCount, type PosteriorLine, SlowParts } from './slowParts.ts'

export interface StageLine {
  readonly stage: string
  /** Records that wait. */
  readonly lag: number
  /** Up to the committed offsets. */
  readonly consumed: number
  /** Since the look before; `null` at the first one. */
  readonly perSecond: number | null
  /** Seconds since 1970; `null` where no server says it. */
  readonly lastCommitS: number | null
}

export interface TopicLine {
  readonly topic: string
  /** From the oldest offset kept to the end; compaction leaves gaps within, transactions on brokers add marks. */
  readonly places: number
  readonly sizeBytes: number | null
  readonly perSecond: number | null
}

export interface HeartbeatLine {
  readonly process: string
  /** Since 1970, by the clock of that process. */
  readonly atMs: number
  /** What became of the probe that it decided last; null where none was. */
  readonly probe: { readonly outcome: string; readonly latencyMs: number | null } | null
}

export interface PipelineStatus {
  /** `unknown` on brokers where no server answers. */
  readonly state: 'running' | 'stopped' | 'unknown'
  readonly writerPid: number | null
  readonly isServing: boolean
  readonly stages: readonly StageLine[]
  readonly topics: readonly TopicLine[]
  /** Refused records that wait, by code; `null` where they are too many to be read here. */
  readonly deadLetters: readonly LetterCount[] | null
  /** Spectra whose star is not known; `null` where they are too many to be counted here. */
  readonly waitingSpectra: number | null
  readonly deliveries: readonly DeliveryStatus[]
  readonly newest: readonly PosteriorLine[]
  /** Of each process that has not ended in order, newest. */
  readonly heartbeats: readonly HeartbeatLine[]
  /** Of the process that serves. */
  readonly residentBytes: number | null
  readonly latency: { readonly medianS: number | null; readonly p99S: number | null }
}

/** Looks again and again at one log; rates are between two looks. */
export class StatusReader {
  readonly #log: Log
  readonly #nowMs: () => number
  readonly #dayMs: () => number
  readonly #slow: SlowParts
  #before: { readonly atMs: number; readonly counts: ReadonlyMap<string, number> } | null = null

  /**
   * @param nowMs a clock that never goes back
   * @param dayMs milliseconds since 1970
   */
  constructor(log: Log, nowMs: () => number, dayMs: () => number = Date.now) {
    this.#log = log
    this.#dayMs = dayMs
    this.#nowMs = nowMs
    this.#slow = new SlowParts(log, nowMs)
  }

  /** @param numbers what the server says, or null where none answers */
  async look(numbers: ServerNumbers | null): Promise<PipelineStatus> {
    const counts = new Map<string, number>()
    const atMs = this.#nowMs()
    const rateOf = (name: string, count: number): number | null => {
      counts.set(name, count)
      const earlier = this.#before?.counts.get(name)
      if (this.#before === null || earlier === undefined || atMs <= this.#before.atMs) return null
      return Math.max(0, (1000 * (count - earlier)) / (atMs - this.#before.atMs))
    }
    const { sizeBytes, writerPid } = await this.#log.keeping()
    const stages: StageLine[] = []
    for (const { group, topics: read } of pipelineGroups) {
      const { consumed, lag } = await groupProgress(this.#log, group, read)
      const lastCommitS = sampleOf(numbers, 'birthline_stage_last_commit_timestamp_seconds', { stage: group })
      stages.push({ stage: group, lag, consumed, perSecond: rateOf(`stage ${group}`, consumed), lastCommitS })
    }
    const lines: TopicLine[] = []
    const ends = new Map<string, number>()
    for (const { name } of topics) {
      const extents = await this.#log.extents(name)
      const end = extents.reduce((sum, one) => sum + one.end, 0)
      ends.set(name, end)
      const places = extents.reduce((sum, one) => sum + one.end - one.first, 0)
      lines.push({
        topic: name,
        places,
        sizeBytes: sizeBytes.get(name) ?? null,
        perSecond: rateOf(`topic ${name}`, end),
      })
    }
    this.#before = { atMs, counts }
    const heartbeats = await readHeartbeats(this.#log, this.#dayMs())
    const isServing = numbers !== null
    const isAlive = isServing || (writerPid !== null && writerPid !== undefined)
    return {
      state: isAlive ? 'running' : writerPid === undefined ? 'unknown' : 'stopped',
      writerPid: writerPid ?? null,
      isServing,
      stages,
      topics: lines,
      ...(await this.#slow.look(ends, numbers)),
      heartbeats: heartbeats.map(({ process, atMs, probeOutcome: outcome, probeLatencyMs: latencyMs }) => ({
        process,
        atMs: Number(atMs),
        probe: outcome === null ? null : { outcome, latencyMs },
      })),
      residentBytes: sampleOf(numbers, 'process_resident_memory_bytes'),
      latency: {
        medianS: quantileOf(numbers, 'birthline_posterior_latency_seconds', 0.5),
        p99S: quantileOf(numbers, 'birthline_posterior_latency_seconds', 0.99),
      },
    }
  }
}
