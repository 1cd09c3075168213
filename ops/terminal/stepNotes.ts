// How far a long training is, as a line now and then.
import type { Terminal } from './terminal.ts'

const NOTES_MS = 5000

/** @param nowMs a clock that never goes back @returns says a line where progress is shown, unless it said another less than five seconds ago */
export function openStepNotes(terminal: Terminal, nowMs: () => number): (text: string) => void {
  let shownMs = Number.NEGATIVE_INFINITY
  return text => {
    if (!terminal.showsProgress || nowMs() - shownMs < NOTES_MS) return
    shownMs = nowMs()
    terminal.note(text)
  }
}
