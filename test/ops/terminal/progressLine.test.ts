import { expect, test } from 'vitest'
import { describeProgress, duration, openProgress } from '../../../ops/terminal/progressLine.ts'
import type { Terminal } from '../../../ops/terminal/terminal.ts'

function recorder(options: Partial<Terminal>) {
  const written: string[] = []
  const terminal: Terminal = {
    isJson: false,
    isScreen: false,
    showsProgress: true,
    isErrScreen: false,
    width: 40,
    height: 24,
    print: async line => void written.push(line),
    note: line => void written.push(line),
    draw: text => void written.push(text),
    ...options,
  }
  return { terminal, written }
}

test('the estimate is what is left divided by the mean rate so far', () => {
  expect(describeProgress(200, 1000, 'rows', 4000)).toBe('200 of 1,000 rows (20%), 50 rows/s, about 16 s left')
})

test('what an earlier run has done counts as done, and not for the rate', () => {
  expect(describeProgress(600, 1000, 'rows', 4000, 400)).toBe('600 of 1,000 rows (60%), 50 rows/s, about 8 s left')
})

test('nothing is estimated from the first moments, without a total, or at the end', () => {
  expect(describeProgress(2, 1000, 'rows', 100)).toBe('2 of 1,000 rows (0%)')
  expect(describeProgress(200, null, 'rows', 4000)).toBe('200 rows, 50 rows/s')
  expect(describeProgress(1000, 1000, 'rows', 4000)).toBe('1,000 of 1,000 rows (100%), 250 rows/s')
})

test('a table without rows is done', () => {
  expect(describeProgress(0, 0, 'rows', 4000)).toBe('0 of 0 rows (100%)')
})

test('durations are told in seconds, minutes, hours', () => {
  expect([duration(0.2), duration(89), duration(600), duration(11_100)]).toEqual([
    '1 s',
    '89 s',
    '10 min',
    '3 h 05 min',
  ])
})

test('a screen line is redrawn in place, never wider than the screen, and wiped at the end', () => {
  const { terminal, written } = recorder({ isErrScreen: true })
  const progress = openProgress(terminal, 'reading a table with a long name', 'rows', () => 0)
  progress.update(1, 10)
  progress.end()
  expect(written).toHaveLength(2)
  expect(written[0].startsWith('\r\u001b[2K')).toBe(true)
  expect(written[0].length - '\r\u001b[2K'.length).toBe(39)
  expect(written[1]).toBe('\r\u001b[2K')
})

test('elsewhere a line is written now and then, and always at the end', () => {
  const { terminal, written } = recorder({})
  let atMs = 0
  const progress = openProgress(terminal, 'reading', 'rows', () => atMs)
  for (let done = 1; done <= 100; done++) {
    atMs += 100
    progress.update(done, 100)
  }
  progress.end()
  expect(written).toHaveLength(3)
  expect(written[2]).toContain('100 of 100 rows (100%)')
})

test('nothing is written where progress is not wanted', () => {
  const { terminal, written } = recorder({ showsProgress: false, isErrScreen: true })
  const progress = openProgress(terminal, 'reading', 'rows', () => 0)
  progress.update(10, 10)
  progress.end()
  expect(written).toEqual([])
})
