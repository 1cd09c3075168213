// Time as an argument: no actor reads the system's clock, so a test can move it by hand.
import { setTimeout as sleepOnSystem } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds on a clock that never goes back; only differences mean anything. */
  nowMs(): number
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  async sleep(durationMs, signal) {
    try {
      await sleepOnSystem(durationMs, undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  },
}

/** Of the day, to compare with the times of files. */
export function wallClockMs(): number {
  return Date.now()
}

export interface ManualClock extends Clock {
  /** Moves the time on and wakes whoever has slept long enough, the earliest first. */
  advance(durationMs: number): void
  /** Durations that are being slept for, in the order in which they began. */
  readonly sleeping: readonly number[]
}

export function createManualClock(): ManualClock {
  let nowMs = 0
  const sleepers: { readonly untilMs: number; readonly durationMs: number; readonly wake: () => void }[] = []
  return {
    nowMs: () => nowMs,
    sleep(durationMs, signal) {
      if (signal.aborted || durationMs <= 0) return Promise.resolve()
      return new Promise(resolve => {
        const wake = () => {
          const at = sleepers.indexOf(sleeper)
          if (at >= 0) sleepers.splice(at, 1)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { untilMs: nowMs + durationMs, durationMs, wake }
        sleepers.push(sleeper)
        signal.addEventListener('abort', wake, { once: true })
      })
    },
    advance(durationMs) {
      nowMs += durationMs
      const due = sleepers.filter(sleeper => sleeper.untilMs <= nowMs).sort((a, b) => a.untilMs - b.untilMs)
      for (const { wake } of due) wake()
    },
    get sleeping() {
      return sleepers.map(sleeper => sleeper.durationMs)
    },
  }
}
