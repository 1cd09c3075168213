// Ctrl-C: the first asks for a clean end, the second does not wait for it.

export const INTERRUPTED_EXIT_CODE = 130

export interface Interruption {
  readonly signal: AbortSignal
  readonly isInterrupted: boolean
  /** Gives the signals back to the system. */
  release(): void
}

export function watchInterruption(note: (line: string) => void): Interruption {
  const controller = new AbortController()
  const handle = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE)
    note('birthline: stopping cleanly; press Ctrl-C again to stop at once')
    controller.abort()
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return {
    signal: controller.signal,
    get isInterrupted() {
      return controller.signal.aborted
    },
    release() {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
    },
  }
}
