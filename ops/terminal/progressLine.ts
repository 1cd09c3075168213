// Progress with rate and estimate, on stderr: one line that is redrawn on a screen, a line now and then elsewhere.
import type { Terminal } from './terminal.ts'

export interface ProgressLine {
  /**
   * @param total `null` where nobody knows it
   * @param aside more to say at the end of the line
   */
  update(done: number, total: number | null, aside?: string): void
  /** Wipes or finishes the line. */
  end(): void
}

const SCREEN_MS = 100
const LINES_MS = 5000
/** An estimate from less than this would jump about. */
const SETTLE_MS = 500

/**
 * @param label what is being done
 * @param noun what is counted, in the plural
 * @param nowMs a clock that never goes back
 * @param doneBefore what was done already, and tells nothing of the rate
 */
export function openProgress(
  terminal: Terminal,
  label: string,
  noun: string,
  nowMs: () => number,
  doneBefore = 0,
): ProgressLine {
  const startedMs = nowMs()
  let drawnMs = Number.NEGATIVE_INFINITY
  let isDrawn = false
  return {
    update(done, total, aside = '') {
      if (!terminal.showsProgress) return
      const atMs = nowMs()
      const isDone = total !== null && done >= total
      if (!isDone && atMs - drawnMs < (terminal.isErrScreen ? SCREEN_MS : LINES_MS)) return
      drawnMs = atMs
      const text = `${label}: ${describeProgress(done, total, noun, atMs - startedMs, doneBefore)}${aside}`
      if (!terminal.isErrScreen) return terminal.note(text)
      terminal.draw(`\r\u001b[2K${text.slice(0, terminal.width - 1)}`)
      isDrawn = true
    },
    end() {
      if (isDrawn) terminal.draw('\r\u001b[2K')
      isDrawn = false
    },
  }
}

/** Such as `1,200 of 4,000 rows (30%), 600 rows/s, about 5 s left`. */
export function describeProgress(
  done: number,
  total: number | null,
  noun: string,
  elapsedMs: number,
  doneBefore = 0,
): string {
  const ratePerS = elapsedMs >= SETTLE_MS ? (1000 * (done - doneBefore)) / elapsedMs : null
  const parts = [
    total === null ? `${count(done)} ${noun}` : `${count(done)} of ${count(total)} ${noun} (${percent(done, total)})`,
  ]
  if (ratePerS !== null && ratePerS > 0) {
    parts.push(`${ratePerS >= 10 ? count(ratePerS) : ratePerS.toPrecision(2)} ${noun}/s`)
    if (total !== null && done < total) parts.push(`about ${duration((total - done) / ratePerS)} left`)
  }
  return parts.join(', ')
}

/** A number with thousands separated. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Such as `40 s`, `12 min`, `3 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

function percent(done: number, total: number): string {
  return total === 0 ? '100%' : `${Math.floor((100 * done) / total)}%`
}
