import { expect, test } from 'vitest'
import { inputRecord, logConfig, outputOf, RECORD_BYTES, Stopwatch, transform } from '../../../ops/bench/kafkaWork.ts'

test('records have the size that is told, and the same number always the same key', () => {
  const keys = new Set(Array.from({ length: 20_000 }, (_, i) => inputRecord(i, 500).key))
  expect(keys.size).toBe(500)
  const record = inputRecord(7, 500)
  expect(record).toEqual(inputRecord(7, 500))
  expect(record.value?.length).toBe(RECORD_BYTES)
  expect(record.value?.[0]).toBe(7)
})

test('a copy differs from the record in its first byte alone', () => {
  const value = new Uint8Array([1, 2, 3])
  expect([...transform(value)]).toEqual([254, 2, 3])
  expect([...value]).toEqual([1, 2, 3])
})

test('every contender has a topic of its own to write to', () => {
  const config = logConfig(['127.0.0.1:1'], 'one')
  expect(config.topics?.map(topic => topic.name)).toContain(outputOf('streams'))
  expect(new Set(config.topics?.map(topic => topic.name)).size).toBe(config.topics?.length)
})

test('a watch begins once', async () => {
  const watch = new Stopwatch()
  watch.begin()
  await new Promise(resolve => setTimeout(resolve, 30))
  watch.begin()
  const { units, seconds } = watch.end(5)
  expect(units).toBe(5)
  expect(seconds).toBeGreaterThanOrEqual(0.025)
})
