// The bounded queue between a reader and an actor. A full one makes its reader wait; nothing is dropped.

export class Mailbox<T> {
  readonly capacity: number
  readonly #items: T[] = []
  readonly #waiting = new Set<() => void>()

  /** @throws RangeError when the capacity is not a whole number of at least 1 */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`mailbox: a capacity of ${capacity}`)
    this.capacity = capacity
  }

  get depth(): number {
    return this.#items.length
  }

  get isFull(): boolean {
    return this.#items.length >= this.capacity
  }

  /** Waits for room. `false` when the signal aborts first: the item is not taken. For one caller at a time. */
  async put(item: T, signal: AbortSignal): Promise<boolean> {
    while (this.isFull && !signal.aborted) await this.#change(signal)
    if (signal.aborted) return false
    this.#items.push(item)
    this.#announce()
    return true
  }

  /** Waits for an item; `null` when the signal aborts, even if items are left. For one caller at a time. */
  async take(signal: AbortSignal): Promise<T | null> {
    while (this.#items.length === 0 && !signal.aborted) await this.#change(signal)
    if (signal.aborted) return null
    const item = this.#items.shift() as T
    this.#announce()
    return item
  }

  #announce(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
