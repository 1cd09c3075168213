import { expect, test } from 'vitest'
import { ArrivalTimes } from '../../../ops/metrics/arrivalTimes.ts'
import type { PlacedRecord } from '../../../schemas/index.ts'

const at = (topic: string, offset: number): PlacedRecord => ({
  ...{ topic, partition: 0, offset },
  ...{ key: null, value: null },
})

test('a time goes from a record to all that it is made into, topic by topic', () => {
  const times = new ArrivalTimes(['raw', 'stars', 'posteriors'])
  times.arrived([at('raw', 0), at('raw', 1)], 100)
  expect(times.moved({ from: at('raw', 1), to: [at('stars', 5), at('stars', 6), at('latest-stars', 5)] })).toBe(100)
  expect(times.moved({ from: at('stars', 6), to: [at('posteriors', 9)] })).toBe(100)
  expect(times.moved({ from: at('posteriors', 9), to: [] })).toBe(100)
  // What is left: the other row, and the other star. Nobody reads what lies in the compacted topic.
  expect(times.size).toBe(2)
})

test('nothing is known of what came before, and a record is asked for once', () => {
  const times = new ArrivalTimes(['raw'])
  expect(times.moved({ from: at('raw', 0), to: [] })).toBeNull()
  times.arrived([at('raw', 0)], 1)
  expect(times.moved({ from: at('raw', 0), to: [] })).toBe(1)
  expect(times.moved({ from: at('raw', 0), to: [] })).toBeNull()
})

test('the oldest are forgotten where nobody consumes them here', () => {
  const times = new ArrivalTimes(['raw'], 2)
  times.arrived([at('raw', 0), at('raw', 1), at('raw', 2)], 7)
  expect(times.size).toBe(2)
  expect(times.moved({ from: at('raw', 0), to: [] })).toBeNull()
  expect(times.moved({ from: at('raw', 2), to: [] })).toBe(7)
})
