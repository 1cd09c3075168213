// Ingest and fuse in memory, regions worked on in any order: what a log and its readers do, without either.
import { type FusePatch, fuse, readSighting } from '../../actors/fuseActor.ts'
import { type IngestMessage, ingest } from '../../actors/ingestActor.ts'
import { footprintOf, type Rng } from '../../models/index.ts'
import { decode, type Observation, readSurvey, type SourceRoute, type Star } from '../../schemas/index.ts'
import type { LogRecord, Output } from '../../streams/index.ts'
import { levels } from '../models/matching/simulatedSky.ts'

export const rawRecord: LogRecord = { topic: 'raw', partition: 0, offset: 0, key: null, value: new Uint8Array() }

/** What a raw record that says this turns into. */
export function observedMessage(observation: Observation): IngestMessage {
  const { origin: _, revision: __, ...content } = observation
  return {
    kind: 'observed',
    record: rawRecord,
    sourceKey: `${readSurvey(observation.survey).family}:${observation.source}`,
    observation,
    digest: JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
    footprint: footprintOf(observation),
  }
}

export class SkyWalk {
  readonly routes = new Map<string, SourceRoute>()
  readonly letters: Output[] = []
  /** Newest star of each id, retired ones left out. */
  readonly stars = new Map<string, Star>()
  readonly starOfSource = new Map<string, string>()
  /** Every record of every star, in the order in which they were written. */
  readonly history = new Map<string, Star[]>()
  readonly #patches = new Map<string, FusePatch>()
  readonly #queues = new Map<string, LogRecord[]>()
  readonly #fuse = fuse(levels)

  receive(observation: Observation): void {
    const message = observedMessage(observation)
    const outcome = ingest.step({ get: key => this.routes.get(key) ?? null, has: () => true }, message)
    for (const [key, route] of outcome.changes) if (route !== null) this.routes.set(key, route)
    this.#deliver(outcome.emit)
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
    const message = readSighting(record, levels)
    const shown = new Set(this.#fuse.keysOf(message))
    const view = {
      has: (key: string) => shown.has(key),
      get: (key: string) => {
        if (!shown.has(key)) throw new RangeError(`fuse looked at ${key}, which it was not shown`)
        return this.#patches.get(key) ?? null
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
      if (patch === null) this.#patches.delete(key)
      else this.#patches.set(key, patch)
    }
    this.#deliver(outcome.emit)
  }

  #deliver(outputs: readonly Output[]): void {
    for (const output of outputs) {
      const { topic, key, value } = output
      const id = key ?? ''
      if (topic === 'observations') {
        const queue = this.#queues.get(id) ?? []
        queue.push({ topic, partition: 0, offset: 0, key, value })
        this.#queues.set(id, queue)
      } else if (topic === 'dead-letters') this.letters.push(output)
      else if (topic === 'latest-stars' && value === null) this.stars.delete(id)
      else if (topic === 'latest-stars' && value !== null) this.stars.set(id, decode('star', value))
      else if (topic === 'stars' && value !== null) {
        this.history.set(id, [...(this.history.get(id) ?? []), decode('star', value)])
      } else if (topic === 'star-ids' && value !== null) {
        this.starOfSource.set(id, decode('starAlias', value).starId)
      }
    }
  }
}
