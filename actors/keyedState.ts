// An actor's state: compacted topics, of which as much is in memory as was used last. Replay is reading it again.
import type { Log, Output } from '../streams/index.ts'
import type { StateView } from './behavior.ts'

export interface StatePlan<Entry> {
  /** The topic of a key: compacted, and written by this actor alone. */
  topicOf(key: string): string
  decode(bytes: Uint8Array, key: string): Entry
  encode(entry: Entry): Uint8Array
  /** How much an entry weighs in memory, in any unit. */
  weigh(entry: Entry): number
  /** Entries beyond this weight are dropped from memory, the longest unused first. */
  readonly maxWeight: number
}

/** Reads are awaited together; an absent key weighs this much. */
const LOADS_AT_ONCE = 1000
const ABSENT_WEIGHT = 0.1

interface Kept<Entry> {
  readonly entry: Entry | null
  readonly weight: number
}

export class KeyedState<Entry> implements StateView<Entry> {
  readonly #log: Log
  readonly #plan: StatePlan<Entry>
  /** By last use, the longest unused first. */
  readonly #kept = new Map<string, Kept<Entry>>()
  readonly #changed = new Set<string>()
  #weight = 0

  constructor(log: Log, plan: StatePlan<Entry>) {
    this.#log = log
    this.#plan = plan
  }

  /** Weight of what is in memory. */
  get weight(): number {
    return this.#weight
  }

  /** Brings the keys into memory, where they stay until `trim`. */
  async load(keys: Iterable<string>): Promise<void> {
    const missing: string[] = []
    const asked = new Set<string>()
    for (const key of keys) {
      const kept = this.#kept.get(key)
      if (kept !== undefined) this.#use(key, kept)
      else if (!asked.has(key)) {
        asked.add(key)
        missing.push(key)
      }
    }
    for (let i = 0; i < missing.length; i += LOADS_AT_ONCE) {
      await Promise.all(
        missing.slice(i, i + LOADS_AT_ONCE).map(async key => {
          const record = await this.#log.latest(this.#plan.topicOf(key), key)
          this.#keep(key, record === null || record.value === null ? null : this.#plan.decode(record.value, key))
        }),
      )
    }
  }

  /** @throws RangeError for a key that was not loaded: a behaviour then reads what `keysOf` did not name */
  get(key: string): Entry | null {
    const kept = this.#kept.get(key)
    if (kept === undefined) throw new RangeError(`state ${this.#plan.topicOf(key)}: key ${key} is not loaded`)
    return kept.entry
  }

  has(key: string): boolean {
    return this.#kept.has(key)
  }

  apply(changes: ReadonlyMap<string, Entry | null>): void {
    for (const [key, entry] of changes) {
      this.get(key)
      this.#keep(key, entry)
      this.#changed.add(key)
    }
  }

  /** What the log must be told, each changed key once, in the order in which they changed first. */
  outputs(): Output[] {
    return Array.from(this.#changed, key => {
      const entry = this.get(key)
      return { topic: this.#plan.topicOf(key), key, value: entry === null ? null : this.#plan.encode(entry) }
    })
  }

  /** The log knows every change now. */
  committed(): void {
    this.#changed.clear()
    this.trim()
  }

  /** What is over the limit leaves memory, except what the log does not know yet. */
  trim(): void {
    for (const key of this.#kept.keys()) {
      if (this.#weight <= this.#plan.maxWeight) return
      if (!this.#changed.has(key)) this.#drop(key)
    }
  }

  #use(key: string, kept: Kept<Entry>): void {
    // Who is used last matters only where something will have to leave.
    if (this.#weight < this.#plan.maxWeight / 2) return
    this.#kept.delete(key)
    this.#kept.set(key, kept)
  }

  #keep(key: string, entry: Entry | null): void {
    const weight = entry === null ? ABSENT_WEIGHT : this.#plan.weigh(entry)
    const kept = this.#kept.get(key)
    if (kept !== undefined) this.#weight -= kept.weight
    this.#kept.set(key, { entry, weight })
    this.#weight += weight
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0
    this.#kept.delete(key)
  }
}
