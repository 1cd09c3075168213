// Wakes the readers of this process when its writer has committed. Readers of other processes look for themselves.

export class LogNews {
  readonly #sleepers = new Set<() => void>()

  /** Wakes everyone who waits now. */
  announce(): void {
    for (const wake of [...this.#sleepers]) wake()
  }

  /** Resolves at the next announcement, when `signal` aborts, or after `timeoutMs` (null is never). */
  wait(signal: AbortSignal, timeoutMs: number | null): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const timer = timeoutMs === null ? undefined : setTimeout(() => wake(), timeoutMs)
      const wake = () => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
