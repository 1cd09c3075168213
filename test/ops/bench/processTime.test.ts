import { expect, test } from 'vitest'
import { parseProcessStat, readGroupCpuSeconds } from '../../../ops/bench/processTime.ts'

test('a line of a process gives its group and its time, whatever the name holds', () => {
  const rest = 'S 1 77 77 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 11 0 100 1000 100'
  expect(parseProcessStat(`4242 (java) ${rest}`)).toEqual({ group: 77, cpuSeconds: 3 })
  expect(parseProcessStat(`4242 (a) b (c) ${rest}`)).toEqual({ group: 77, cpuSeconds: 3 })
  expect(() => parseProcessStat('nothing of the kind')).toThrow(RangeError)
})

test('no group has used no time, and no process of this machine breaks the count', () => {
  expect(readGroupCpuSeconds([])).toBe(process.platform === 'linux' ? 0 : null)
})
