import { expect, test } from 'vitest'
import { readProcessMemory } from '../../../ops/bench/processMemory.ts'

test('memory of a process is told without its mapped files too, and nothing of one that is not there', () => {
  const memory = readProcessMemory('self')
  if (process.platform === 'linux') {
    expect(memory?.ownMiB).toBeGreaterThan(10)
    expect(memory?.residentMiB).toBeGreaterThanOrEqual(memory?.ownMiB ?? Number.NaN)
    expect(readProcessMemory(process.pid)).not.toBeNull()
  } else expect(memory).toBeNull()
  expect(readProcessMemory(0)).toBeNull()
})
