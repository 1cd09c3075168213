// What is known of the newest record of each key of one partition: where it lies, and its value where that is small.
// On disk or in memory; in either case derived from the log, up to an offset that is kept in the same write.

export interface KeyEntry {
  readonly offset: number
  /** `null` where it is too large to be kept here. */
  readonly value: Uint8Array | null
}

export interface KeyMark {
  /** Everything before it is in the entries. */
  readonly offset: number
  /** When the end of the log was last seen from there: tombstones written since are all still ahead of `offset`. */
  readonly freshMs: number
}

export interface KeyStore {
  /** As the entries were found; null where there are none. */
  readonly mark: KeyMark | null
  /** @throws FusionError LOG_DAMAGED where what is stored cannot be believed */
  get(key: string): KeyEntry | null
  /** Entries and mark together or neither; `null` removes a key. */
  write(changes: ReadonlyMap<string, KeyEntry | null>, mark: KeyMark): Promise<void>
  /** Begins anew. */
  clear(): Promise<void>
  /** Begins anew, and lets the file be thrown away at its next opening. */
  condemn(): Promise<void>
}

/** What is read from the log once and kept by nobody: offsets of all keys, and values up to a bound. */
const MAX_VALUE_BYTES = 32 * 1024 * 1024

export class MemoryKeyStore implements KeyStore {
  readonly mark = null
  readonly #offsets = new Map<string, number>()
  /** Oldest first. */
  readonly #values = new Map<string, Uint8Array>()
  #valueBytes = 0

  get(key: string): KeyEntry | null {
    const offset = this.#offsets.get(key)
    return offset === undefined ? null : { offset, value: this.#values.get(key) ?? null }
  }

  async write(changes: ReadonlyMap<string, KeyEntry | null>): Promise<void> {
    for (const [key, entry] of changes) {
      this.#drop(key)
      if (entry === null) this.#offsets.delete(key)
      else {
        this.#offsets.set(key, entry.offset)
        if (entry.value !== null) this.#hold(key, entry.value)
      }
    }
  }

  async clear(): Promise<void> {
    this.#offsets.clear()
    this.#values.clear()
    this.#valueBytes = 0
  }

  condemn(): Promise<void> {
    return this.clear()
  }

  #hold(key: string, value: Uint8Array): void {
    this.#values.set(key, value)
    this.#valueBytes += value.length
    for (const oldest of this.#values.keys()) {
      if (this.#valueBytes <= MAX_VALUE_BYTES) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#valueBytes -= this.#values.get(key)?.length ?? 0
    this.#values.delete(key)
  }
}
