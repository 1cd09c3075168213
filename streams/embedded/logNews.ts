// Wakes the readers of this process when its writer has committed. Readers of other processes look for themselves.

export class LogNews {
  readonly #sleepers = new Set<() => void>()

  /** Wakes everyone who waits now. */
  announce(): void {
    for (const wake of [...this.#sleepers]) wake()
  }

  /** Resolves at the next announcement, when one of `signals` aborts, or after `timeoutMs` (null is never). */
  wait(signals: readonly AbortSignal[], timeoutMs: number | null): Promise<void> {
    if (signals.some(signal => signal.aborted)) return Promise.resolve()
    return new Promise(resolve => {
      const timer = timeoutMs === null ? undefined : setTimeout(() => wake(), timeoutMs)
      const wake = () => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        for (const signal of signals) signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.add(wake)
      for (const signal of signals) signal.addEventListener('abort', wake)
    })
  }
}
