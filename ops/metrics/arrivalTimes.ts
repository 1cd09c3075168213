// When the row arrived that a record was made from, followed from topic to topic by offsets: a time within a record would
// make its bytes differ from run to run.
import type { Move, PlacedRecord } from '../../schemas/index.ts'

/** More than are under way at one time, unless another process consumes them. */
const MAX_KEPT = 200_000

export class ArrivalTimes {
  readonly #topics: ReadonlySet<string>
  readonly #maxKept: number
  /** By place; the oldest comes first and is forgotten first. */
  readonly #arrivedMs = new Map<string, number>()

  /** @param topics those in which records are followed */
  constructor(topics: Iterable<string>, maxKept = MAX_KEPT) {
    this.#topics = new Set(topics)
    this.#maxKept = maxKept
  }

  get size(): number {
    return this.#arrivedMs.size
  }

  arrived(records: readonly PlacedRecord[], atMs: number): void {
    for (const record of records) this.#keep(record, atMs)
  }

  /** @returns when the row behind it arrived; `null` where that was before this process, or in another one */
  moved({ from, to }: Move): number | null {
    const place = placeOf(from)
    const atMs = this.#arrivedMs.get(place)
    if (atMs === undefined) return null
    this.#arrivedMs.delete(place)
    for (const record of to) this.#keep(record, atMs)
    return atMs
  }

  #keep(record: PlacedRecord, atMs: number): void {
    if (!this.#topics.has(record.topic)) return
    if (this.#arrivedMs.size >= this.#maxKept) {
      for (const oldest of this.#arrivedMs.keys()) {
        this.#arrivedMs.delete(oldest)
        break
      }
    }
    this.#arrivedMs.set(placeOf(record), atMs)
  }
}

function placeOf({ topic, partition, offset }: PlacedRecord): string {
  return `${topic}/${partition}/${offset}`
}
