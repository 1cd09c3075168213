import { expect, test } from 'vitest'
import { openStepNotes } from '../../../ops/terminal/stepNotes.ts'
import type { Terminal } from '../../../ops/terminal/terminal.ts'

function notesOf(showsProgress: boolean, atMs: readonly number[]): readonly string[] {
  const written: string[] = []
  const terminal: Terminal = {
    ...{ isJson: false, isScreen: false, showsProgress, isErrScreen: false, width: 40, height: 24 },
    print: async () => {},
    note: line => void written.push(line),
    draw: () => {},
  }
  let nowMs = 0
  const note = openStepNotes(terminal, () => nowMs)
  for (const at of atMs) {
    nowMs = at
    note(`at ${at}`)
  }
  return written
}

test('the first line is said at once, others five seconds after the one before', () => {
  expect(notesOf(true, [0, 4999, 5000, 9999, 10_000])).toEqual(['at 0', 'at 5000', 'at 10000'])
})

test('nothing is said where no progress is shown', () => {
  expect(notesOf(false, [0, 6000])).toEqual([])
})
