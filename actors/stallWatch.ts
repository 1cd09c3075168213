// Which group has work and does not move. Whoever is slow moves: only standing still is told.
import type { Log } from '../streams/index.ts'
import type { Clock } from './clock.ts'
import { groupProgress } from './groupLag.ts'
import type { ReadingGroup } from './passage.ts'

export interface Stalled {
  readonly group: string
  /** Records that wait. */
  readonly lag: number
  readonly stillMs: number
}

/** Long enough for the largest batch there is. */
const STALLED_MS = 60_000

export class StallWatch {
  readonly #log: Log
  readonly #groups: readonly ReadingGroup[]
  readonly #clock: Clock
  /** By group: what was consumed when it last moved, and when that was seen. */
  readonly #moved = new Map<string, { readonly consumed: number; readonly atMs: number }>()
  #stalled: Stalled | null = null

  constructor(log: Log, groups: readonly ReadingGroup[], clock: Clock) {
    this.#log = log
    this.#groups = groups
    this.#clock = clock
  }

  /** The first of the walk, as of the last look. */
  get stalled(): Stalled | null {
    return this.#stalled
  }

  async look(): Promise<void> {
    let stalled: Stalled | null = null
    for (const { group, topics } of this.#groups) {
      const { consumed, lag } = await groupProgress(this.#log, group, topics)
      const nowMs = this.#clock.nowMs()
      const known = this.#moved.get(group)
      // What has nothing to do has not stood still.
      if (known === undefined || known.consumed !== consumed || lag === 0)
        this.#moved.set(group, { consumed, atMs: nowMs })
      const stillMs = nowMs - (this.#moved.get(group)?.atMs ?? nowMs)
      if (stillMs > STALLED_MS) stalled ??= { group, lag, stillMs }
    }
    this.#stalled = stalled
  }

  /** Nobody asks for a while: what was seen is forgotten. */
  rest(): void {
    this.#moved.clear()
    this.#stalled = null
  }
}
