// When the next of something that comes at a steady rate are due.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Pacer {
  /**
   * Waits until some are due.
   * @param done how many there are
   * @returns how many come next, at most a transaction's worth; none once it is aborted
   */
  nextCount(done: number): Promise<number>
  /** How many should be there by now and are not. @param done how many there are */
  behind(done: number): number
}

/** Between two looks, so that a high rate comes in few and a low one in small pieces. */
const TICK_MS = 100
const MAX_AT_ONCE = 1000

/**
 * @param ratePerS above zero
 * @param nowMs a clock that never goes back
 */
export function createPacer(ratePerS: number, nowMs: () => number, signal: AbortSignal): Pacer {
  let startedMs: number | null = null
  let doneBefore = 0
  const due = () => (startedMs === null ? 0 : Math.floor(((nowMs() - startedMs) * ratePerS) / 1000))
  const behind = (done: number) => Math.max(0, due() - (done - doneBefore))
  return {
    behind,
    async nextCount(done) {
      if (startedMs === null) {
        startedMs = nowMs()
        doneBefore = done
      }
      while (!signal.aborted) {
        const count = behind(done)
        if (count > 0) return Math.min(count, MAX_AT_ONCE)
        await sleep(TICK_MS, undefined, { signal }).catch(() => {})
      }
      return 0
    },
  }
}
