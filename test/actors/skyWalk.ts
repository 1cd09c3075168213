// Ingest and fuse in memory, regions worked on in any order: what a log and its readers do, without either.
import { fuse } from '../../actors/fuseActor.ts'
import type { FuseEntry } from '../../actors/fuseEntry.ts'
import { readFuseRecord } from '../../actors/fuseMessage.ts'
import { type IngestEntry, type IngestMessage, ingest } from '../../actors/ingestActor.ts'
import { ordinalOf } from '../../actors/revision.ts'
import { takeBack } from '../../actors/sourceClaims.ts'
import { footprintOf, type Rng } from '../../models/index.ts'
import {
  decode,
  encode,
  type Observation,
  readSurvey,
  type SourceRoute,
  type Spectrum,
  type Star,
} from '../../schemas/index.ts'
import type { LogRecord, Output } from '../../streams/index.ts'
import { levels } from '../models/matching/simulatedSky.ts'

export const rawRecord: LogRecord = { topic: 'raw', partition: 0, offset: 0, key: null, value: new Uint8Array() }

/** What a raw record that says this turns into. */
export function observedMessage(observation: Observation, offset = 0): Extract<IngestMessage, { kind: 'observed' }> {
  const { origin: _, revision: __, ...content } = observation
  return {
    kind: 'observed',
    record: { ...rawRecord, offset },
    sourceKey: `${readSurvey(observation.survey).family}:${observation.source}`,
    observation,
    digest: JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
    footprint: footprintOf(observation),
    takesBack: null,
  }
}

export class SkyWalk {
  readonly entries = new Map<string, IngestEntry>()
  readonly letters: Output[] = []
  /** Newest star of each id, retired ones left out. */
  readonly stars = new Map<string, Star>()
  readonly starOfSource = new Map<string, string>()
  /** Every record of every star, in the order in which they were written. */
  readonly history = new Map<string, Star[]>()
  readonly #fused = new Map<string, FuseEntry>()
  readonly #queues = new Map<string, LogRecord[]>()
  readonly #fuse = fuse(levels)

  readonly #raw: Observation[] = []
  readonly #takenBack = new Set<bigint>()

  receive(observation: Observation): void {
    this.#ingest(observedMessage(observation, this.#raw.push(observation) - 1))
  }

  /** What a rollback does, row by row; `between` is called after each. */
  takeBack(ordinal: bigint, between = () => {}): void {
    this.#takenBack.add(ordinal)
    for (const row of [...this.#raw]) {
      if (ordinalOf(row.revision) !== ordinal) continue
      const { sourceKey } = observedMessage(row)
      const route = this.routeOf(sourceKey)
      const taking = takeBack(route, ordinal, one => this.#takenBack.has(one))
      if (taking.kind === 'unknown') throw new RangeError(`what stood before ${sourceKey} is not known`)
      if (taking.kind === 'untouched') continue
      const { revision } = taking.claim
      const message = observedMessage({ ...this.#raw[Number(taking.rawOffset)], revision }, -1)
      this.#ingest({ ...message, takesBack: { ordinal, turn: route?.turn ?? 0n } })
      between()
    }
  }

  /** A record of the topic of spectra. */
  receiveSpectrum(spectrum: Spectrum): void {
    const key = `${spectrum.survey}:${spectrum.source}`
    this.#queue({ topic: 'spectra', key, value: encode('spectrum', spectrum) }, 'spectra')
  }

  /** Spectra that wait for their star, by state key. */
  get waitingSpectra(): readonly string[] {
    return [...this.#fused].flatMap(([key, entry]) => ('waiting' in entry ? [key] : []))
  }

  /** Newest record of each key in the topic of spectra that wait. */
  readonly latestWaiting = new Map<string, Spectrum>()

  /** Spectra with pixels that are attached to any star, in force or not. */
  get joinedSpectra(): readonly string[] {
    const all = [...this.#fused.values()].flatMap(entry => ('sources' in entry ? entry.sources : []))
    const ids = all.flatMap(({ source: { spectrum } }) => (spectrum === null ? [] : [spectrum.spectrumId]))
    const waiting = new Set([...this.latestWaiting.values()].map(({ spectrumId }) => spectrumId))
    return [...new Set(ids)].filter(id => !waiting.has(id))
  }

  /** State keys of pixels. */
  get pixelKeys(): readonly string[] {
    return [...this.#fused].flatMap(([key, entry]) => ('pixels' in entry ? [key] : []))
  }

  routeOf(sourceKey: string): SourceRoute | null {
    const known = this.entries.get(sourceKey) ?? null
    return known !== null && 'route' in known ? known.route : null
  }

  #ingest(message: IngestMessage): void {
    const { changes, emit } = ingest.step({ get: key => this.entries.get(key) ?? null, has: () => true }, message)
    for (const [key, entry] of changes) if (entry !== null) this.entries.set(key, entry)
    this.#deliver(emit)
  }

  /** Sightings that wait for their region. */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  /** One step of one region; which one is up to chance. */
  advance(rng: Rng): boolean {
    const ready = [...this.#queues.values()].filter(queue => queue.length > 0)
    if (ready.length === 0) return false
    this.#step(ready[rng.integer(ready.length)].shift() as LogRecord)
    return true
  }

  settle(rng: Rng): void {
    while (this.advance(rng)) {}
  }

  sortedStars(): Star[] {
    return [...this.stars.values()].sort((a, b) => (a.starId < b.starId ? -1 : 1))
  }

  /** Steps are asked to look farther than they did at first. */
  secondLooks = 0

  #step(record: LogRecord): void {
    const message = readFuseRecord(record, levels)
    const shown = new Set(this.#fuse.keysOf(message))
    const view = {
      has: (key: string) => shown.has(key),
      get: (key: string) => {
        if (!shown.has(key)) throw new RangeError(`fuse looked at ${key}, which it was not shown`)
        return this.#fused.get(key) ?? null
      },
    }
    let outcome = this.#fuse.step(view, message)
    while ('wants' in outcome) {
      this.secondLooks++
      for (const key of outcome.wants) shown.add(key)
      outcome = this.#fuse.step(view, message)
    }
    for (const [key, patch] of outcome.changes) {
      view.get(key)
      if (patch === null) this.#fused.delete(key)
      else this.#fused.set(key, patch)
    }
    this.#deliver(outcome.emit)
  }

  #queue({ topic, key, value }: Output, name: string): void {
    const queue = this.#queues.get(name) ?? []
    queue.push({ topic, partition: 0, offset: 0, key, value })
    this.#queues.set(name, queue)
  }

  #deliver(outputs: readonly Output[]): void {
    for (const output of outputs) {
      const { topic, key, value } = output
      const id = key ?? ''
      if (topic === 'observations') this.#queue(output, id)
      else if (topic === 'dead-letters') this.letters.push(output)
      else if (topic === 'waiting-spectra' && value === null) this.latestWaiting.delete(id)
      else if (topic === 'waiting-spectra' && value !== null) this.latestWaiting.set(id, decode('spectrum', value))
      else if (topic === 'latest-stars' && value === null) this.stars.delete(id)
      else if (topic === 'latest-stars' && value !== null) this.stars.set(id, decode('star', value))
      else if (topic === 'stars' && value !== null) {
        this.history.set(id, [...(this.history.get(id) ?? []), decode('star', value)])
      } else if (topic === 'star-ids' && value === null) this.starOfSource.delete(id)
      else if (topic === 'star-ids' && value !== null) {
        this.starOfSource.set(id, decode('starAlias', value).starId)
      }
    }
  }
}
