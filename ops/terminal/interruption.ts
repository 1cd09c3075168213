// Ctrl-C: the first asks for a clean end, the second does not wait for it.

export interface Interruption {
  readonly signal: AbortSignal
  readonly isInterrupted: boolean
  /** Gives the signals back to the system. */
  release(): void
}

/** @param lastWish done before an end that waits for nothing: it must not wait either */
export function watchInterruption(note: (line: string) => void, lastWish: () => void): Interruption {
  const controller = new AbortController()
  const handle = () => {
    if (controller.signal.aborted) {
      lastWish()
      endAtOnce()
    }
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

/**
 * By the signal itself, which a shell reports as 130. An exit would first end the worker threads, and one that is within
 * ONNX Runtime takes the process down with an abort.
 */
function endAtOnce(): void {
  process.removeAllListeners('SIGINT')
  process.kill(process.pid, 'SIGINT')
}
