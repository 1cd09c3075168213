import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TOMBSTONE_RETAIN_MS } from '../../../streams/embedded/retention.ts'
import type { Log } from '../../../streams/log.ts'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { drain, output, readAll, textOf } from '../logRecords.ts'

const plain = { record: 'rawRow', key: 'key', partitions: 1, retainBytes: null, retainMs: null } as const
const HOUR_MS = 3_600_000
const topics: readonly Topic[] = [
  { ...plain, name: 'sized', keep: 'all', retainBytes: 100_000 },
  { ...plain, name: 'timed', keep: 'all', retainMs: HOUR_MS },
  { ...plain, name: 'latest', keep: 'latest' },
  { ...plain, name: 'latest and timed', keep: 'latest', retainMs: HOUR_MS },
  { ...plain, name: 'other', keep: 'all' },
]

let folder: string
let nowMs: number
let log: Log
const open = () => openLog({ kind: 'embedded', folder, topics, clock: { nowMs: () => nowMs } })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-retention-'))
  nowMs = 1_700_000_000_000
  log = await open()
})
afterEach(async () => {
  await log.close()
  rmSync(folder, { recursive: true })
})

async function write(topic: string, count: number, sizeBytes: number): Promise<void> {
  const value = new Uint8Array(sizeBytes)
  await log.transact({ outputs: Array.from({ length: count }, (_, i) => ({ topic, key: String(i), value })) })
}

test('a partition over its size loses its oldest records, never its newest, and extents say from where on', async () => {
  for (let i = 0; i < 100; i++) await write('sized', 10, 500)
  const records = await readAll(log, { topics: ['sized'] })
  const [{ first, end }] = await log.extents('sized')
  expect(end).toBe(1000)
  expect(records.map(record => record.offset)).toEqual(Array.from({ length: end - first }, (_, i) => first + i))
  const keptBytes = records.length * 500
  expect(keptBytes).toBeLessThanOrEqual(100_000)
  expect(keptBytes).toBeGreaterThan(80_000)
})

test('a single record over the whole size of its topic is kept until the next comes', async () => {
  await write('sized', 1, 200_000)
  expect(await readAll(log, { topics: ['sized'] })).toHaveLength(1)
  await write('sized', 1, 10)
  expect((await readAll(log, { topics: ['sized'] })).map(record => record.offset)).toEqual([1])
})

test('records go when their time is over, by the given clock, and others stay', async () => {
  await write('timed', 5, 10)
  nowMs += HOUR_MS / 2
  await write('timed', 5, 10)
  nowMs += HOUR_MS / 2 + 1
  await write('other', 1, 10)
  expect((await readAll(log, { topics: ['timed'] })).map(record => record.offset)).toEqual([5, 6, 7, 8, 9])
  nowMs += HOUR_MS
  await write('other', 1, 10)
  expect(await readAll(log, { topics: ['timed'] })).toEqual([])
  expect(await log.extents('timed')).toEqual([{ topic: 'timed', partition: 0, first: 10, end: 10 }])
  expect(await readAll(log, { topics: ['other'] })).toHaveLength(2)
})

test('the time of appending is kept over a reopening', async () => {
  await write('timed', 5, 10)
  await log.close()
  nowMs += HOUR_MS + 1
  log = await open()
  await write('other', 1, 10)
  expect(await readAll(log, { topics: ['timed'] })).toEqual([])
})

test('offsets go on after everything was removed', async () => {
  await write('timed', 5, 10)
  nowMs += 2 * HOUR_MS
  await write('timed', 1, 10)
  expect((await readAll(log, { topics: ['timed'] })).map(record => record.offset)).toEqual([5])
})

test('a reader whose place was removed is told so with the first available offset, every time', async () => {
  await write('sized', 10, 500)
  const reader = log.openReader({ topics: ['sized'], maxRecords: 3 })
  await reader.poll()
  for (let i = 0; i < 30; i++) await write('sized', 10, 500)
  const [{ first }] = await log.extents('sized')
  const lost = {
    code: 'LOG_OFFSET_LOST',
    message: expect.stringMatching(new RegExp(`sized/0 from offset 3 .*first available offset is ${first}`)),
    detail: { topic: 'sized', partition: 0, offset: 3, first },
  }
  await expect(reader.poll()).rejects.toMatchObject(lost)
  await expect(reader.next(new AbortController().signal)).rejects.toMatchObject(lost)
  const from = [{ topic: 'sized', partition: 0, offset: first }]
  expect((await readAll(log, { topics: ['sized'], from }))[0].offset).toBe(first)
})

test('a group whose committed place was removed is told so rather than moved on silently', async () => {
  await write('timed', 5, 10)
  await log.transact({ outputs: [], group: 'slow', offsets: [{ topic: 'timed', partition: 0, offset: 2 }] })
  nowMs += 2 * HOUR_MS
  await write('timed', 1, 10)
  const reader = log.openReader({ topics: ['timed'], group: 'slow' })
  await expect(reader.poll()).rejects.toMatchObject({ code: 'LOG_OFFSET_LOST', detail: { offset: 2, first: 5 } })
})

test('a reader told to start at the earliest starts at what is kept when it first reads', async () => {
  await write('sized', 10, 500)
  const reader = log.openReader({ topics: ['sized'], from: 'earliest' })
  for (let i = 0; i < 30; i++) await write('sized', 10, 500)
  const [{ first }] = await log.extents('sized')
  expect((await drain(reader))[0].offset).toBe(first)
})

test('a compacted topic holds exactly one record of each key however often it was written', async () => {
  for (let turn = 0; turn < 50; turn++) await write('latest', 20, 2000)
  const records = await readAll(log, { topics: ['latest'] })
  expect(records.map(record => record.key)).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  expect(records.map(record => record.offset)).toEqual(Array.from({ length: 20 }, (_, i) => 980 + i))
  // 20 records of 2 kB were kept, and the pages of the 980 others used again.
  expect(statSync(join(folder, 'log.mdb')).size).toBeLessThan(1_500_000)
})

test('a tombstone stays a day for readers that are behind, then goes without a trace', async () => {
  await log.transact({ outputs: [output('latest', 'kept', 'x'), output('latest', 'gone', 'y')] })
  await log.transact({ outputs: [output('latest', 'gone', null), output('latest', 'back', null)] })
  nowMs += TOMBSTONE_RETAIN_MS
  await log.transact({ outputs: [output('latest', 'back', 'z')] })
  expect((await readAll(log, { topics: ['latest'] })).map(record => record.key)).toEqual(['kept', 'gone', 'back'])
  nowMs += 60_000
  await write('other', 1, 1)
  expect((await readAll(log, { topics: ['latest'] })).map(record => record.key)).toEqual(['kept', 'back'])
  expect(await log.latest('latest', 'gone')).toBeNull()
  expect(textOf(await log.latest('latest', 'back'))).toBe('z')
})

test('a compacted topic with a time limit forgets keys that were not renewed', async () => {
  await log.transact({ outputs: [output('latest and timed', 'old', 'x'), output('latest and timed', 'renewed', 'y')] })
  nowMs += HOUR_MS / 2
  await log.transact({ outputs: [output('latest and timed', 'renewed', 'z')] })
  nowMs += HOUR_MS / 2 + 1
  await write('other', 1, 1)
  expect(await log.latest('latest and timed', 'old')).toBeNull()
  expect(textOf(await log.latest('latest and timed', 'renewed'))).toBe('z')
})

test('a topic that is trimmed all the time uses its disk again', async () => {
  for (let i = 0; i < 20; i++) await write('sized', 200, 500)
  const sizeBytes = statSync(join(folder, 'log.mdb')).size
  for (let i = 0; i < 100; i++) await write('sized', 200, 500)
  expect(statSync(join(folder, 'log.mdb')).size).toBeLessThan(1.5 * sizeBytes)
})
