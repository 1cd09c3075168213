// What takes more than a glance at the log: refused records, spectra that wait, deliveries, the newest posteriors. Read anew only once their
// topics have grown.
import { isTakenBack, readDeliveries, readRefusals, WAITING_SPECTRA } from '../../actors/index.ts'
import { decodeKnown } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { type ServerNumbers, sampleOf } from './serverNumbers.ts'

export interface LetterCount {
  readonly code: string
  readonly count: number
}

export interface DeliveryStatus {
  readonly file: string
  readonly survey: string
  readonly rows: number
  /** From 0 to 1; `null` where no server says it. */
  readonly readRatio: number | null
  /** Estimate from what was read since the first look; `null` where there is none. */
  readonly leftS: number | null
}

export interface PosteriorLine {
  readonly starId: string
  readonly posteriorId: string
  readonly youngProbability: number
  readonly surveys: readonly string[]
}

interface SlowStatus {
  readonly deadLetters: readonly LetterCount[] | null
  readonly waitingSpectra: number | null
  readonly deliveries: readonly DeliveryStatus[]
  readonly newest: readonly PosteriorLine[]
}

/** Reading more than these at every look would disturb whoever works on the log. */
const MAX_COUNTED = 200_000
/** From the end of each partition; on brokers some of the offsets are marks of transactions. */
const TAIL_OFFSETS = 6
const SHOWN_POSTERIORS = 5

interface Begun {
  readonly file: string
  readonly survey: string
  readonly rows: number
}

export class SlowParts {
  readonly #log: Log
  readonly #nowMs: () => number
  readonly #seen = new Map<string, number>()
  readonly #firstRatio = new Map<string, { readonly atMs: number; readonly ratio: number }>()
  #letters: readonly LetterCount[] | null = []
  #waiting: number | null = 0
  #begun: readonly Begun[] = []
  #newest: readonly PosteriorLine[] = []

  constructor(log: Log, nowMs: () => number) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /** @param ends where each topic ends now */
  async look(ends: ReadonlyMap<string, number>, numbers: ServerNumbers | null): Promise<SlowStatus> {
    // A later delivery may have spoken for what was refused.
    const isChanged = this.#hasGrown(ends, 'dead-letters') || this.#hasGrown(ends, 'deliveries')
    if (isChanged) {
      this.#letters = (ends.get('dead-letters') ?? 0) > MAX_COUNTED ? null : await countLetters(this.#log)
      this.#begun = await readBegun(this.#log)
      this.#see(ends, 'dead-letters', 'deliveries')
    }
    if (this.#hasGrown(ends, WAITING_SPECTRA)) {
      this.#waiting = await countWaiting(this.#log)
      this.#see(ends, WAITING_SPECTRA)
    }
    if (this.#hasGrown(ends, 'posteriors')) {
      this.#newest = await readNewest(this.#log)
      this.#see(ends, 'posteriors')
    }
    const deliveries = this.#begun.map(one => ({ ...one, ...this.#estimate(one.file, numbers) }))
    return { deadLetters: this.#letters, waitingSpectra: this.#waiting, deliveries, newest: this.#newest }
  }

  #hasGrown(ends: ReadonlyMap<string, number>, topic: string): boolean {
    return (ends.get(topic) ?? 0) !== (this.#seen.get(topic) ?? 0)
  }

  #see(ends: ReadonlyMap<string, number>, ...names: readonly string[]): void {
    for (const name of names) this.#seen.set(name, ends.get(name) ?? 0)
  }

  #estimate(file: string, numbers: ServerNumbers | null): Pick<DeliveryStatus, 'readRatio' | 'leftS'> {
    const ratio = sampleOf(numbers, 'birthline_delivery_read_ratio', { file })
    if (ratio === null) return { readRatio: null, leftS: null }
    const first = this.#firstRatio.get(file)
    if (first === undefined || ratio < first.ratio) {
      this.#firstRatio.set(file, { atMs: this.#nowMs(), ratio })
      return { readRatio: ratio, leftS: null }
    }
    const readS = (this.#nowMs() - first.atMs) / 1000
    const read = ratio - first.ratio
    return { readRatio: ratio, leftS: read > 0 ? ((1 - ratio) * readS) / read : null }
  }
}

async function countLetters(log: Log): Promise<readonly LetterCount[]> {
  const counts = new Map<string, number>()
  for await (const { letter, state } of readRefusals(log)) {
    if (state === 'waiting') counts.set(letter.code, (counts.get(letter.code) ?? 0) + 1)
  }
  return Array.from(counts, ([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
}

/** Spectra whose star is not known; `null` where they are too many to be counted here. */
async function countWaiting(log: Log): Promise<number | null> {
  const waiting = new Set<string>()
  const reader = log.openReader({ topics: [WAITING_SPECTRA] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) {
        if (key !== null && value !== null) waiting.add(key)
        else waiting.delete(key ?? '')
      }
      if (waiting.size > MAX_COUNTED) return null
    }
    return waiting.size
  } finally {
    await reader.close()
  }
}

/** Deliveries whose end is not in the log yet: being read, or cut off. */
async function readBegun(log: Log): Promise<readonly Begun[]> {
  const deliveries = [...(await readDeliveries(log)).values()]
  return deliveries
    .filter(one => !one.isComplete && !isTakenBack(one))
    .map(({ file, survey, rowCount }) => ({ file, survey, rows: Number(rowCount) }))
}

async function readNewest(log: Log): Promise<readonly PosteriorLine[]> {
  const extents = await log.extents('posteriors')
  const from = extents.map(({ topic, partition, first, end }) => ({
    ...{ topic, partition },
    offset: Math.max(first, end - TAIL_OFFSETS),
  }))
  const byPartition = new Map<number, PosteriorLine[]>()
  const reader = log.openReader({ topics: ['posteriors'], from })
  try {
    let read = 0
    // More may come while it is read: what was there is enough.
    for (let batch = await reader.poll(); batch !== null && read < 64; batch = await reader.poll()) {
      read += batch.records.length
      for (const { value, ...place } of batch.records) {
        const posterior = value === null ? null : decodeKnown('posterior', value, place)
        if (posterior === null) continue
        const { starId, posteriorId, youngProbability, surveys } = posterior
        const lines = byPartition.get(place.partition) ?? []
        lines.unshift({ starId, posteriorId, youngProbability, surveys })
        byPartition.set(place.partition, lines)
      }
    }
  } finally {
    await reader.close()
  }
  // The newest of each partition first: which of those came last, nobody knows.
  const ranks = [...byPartition.values()].flatMap(lines => lines.map((line, rank) => ({ line, rank })))
  return ranks
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN_POSTERIORS)
    .map(({ line }) => line)
}
