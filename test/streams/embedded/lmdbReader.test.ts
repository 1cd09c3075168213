import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Log } from '../../../streams/log.ts'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { drain, output } from '../logRecords.ts'
import { startChild } from './childProcess.ts'

const topics: readonly Topic[] = [
  { name: 'out', record: 'rawRow', key: 'number', partitions: 1, keep: 'all', retainBytes: null, retainMs: null },
]

let folder: string
let log: Log
const open = () => openLog({ kind: 'embedded', folder, topics })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-reader-'))
  log = await open()
})
afterEach(async () => {
  await log.close()
  rmSync(folder, { recursive: true })
})

test('another process reads everything in order while this one writes, although the file outgrows its map', async () => {
  const child = startChild('readingProcess.mjs', [folder])
  await child.said(1)
  let number = 0
  for (let turn = 0; turn < 200; turn++) {
    const outputs = Array.from({ length: 1 + (turn % 40) }, () => {
      number += 1
      return { topic: 'out', key: String(number), value: new Uint8Array(1 + (number % 4000)).fill(number % 251) }
    })
    await log.transact({ outputs })
  }
  await log.transact({ outputs: [{ topic: 'out', key: 'end', value: new Uint8Array(0) }] })
  await child.ended()
  const { keys, waits, bytes } = JSON.parse(child.lines[1])
  expect(keys).toEqual([...Array.from({ length: number }, (_, i) => String(i + 1)), 'end'])
  expect(bytes).toBeGreaterThan(5_000_000)
  // It did catch up with the writer and wait, rather than read a finished log.
  expect(waits).toBeGreaterThan(0)
})

test('a read-only log in another process sees what is committed and nothing else', async () => {
  await log.transact({ outputs: [output('out', 'a', 'x')] })
  await log.close()
  const readOnly = await openLog({ kind: 'embedded', folder, readOnly: true })
  expect(await readOnly.extents('out')).toEqual([{ topic: 'out', partition: 0, first: 0, end: 1 }])
  expect(await drain(readOnly.openReader({ topics: ['out'] }))).toHaveLength(1)
  await expect(open()).rejects.toMatchObject({
    code: 'LOG_IN_USE',
    message: expect.stringContaining('open for reading'),
  })
  await readOnly.close()
  log = await open()
})

test('a group has one reader of a topic at a time', async () => {
  const first = log.openReader({ topics: ['out'], group: 'group' })
  expect(() => log.openReader({ topics: ['out'], group: 'group' })).toThrow(/group group already reads out/)
  log.openReader({ topics: ['out'], group: 'another' })
  await first.close()
  log.openReader({ topics: ['out'], group: 'group' })
})

test('a reader holds all of its topics, up to their ends as of the question', async () => {
  const reader = log.openReader({ topics: ['out'], group: 'group' })
  for (const offset of [0, 1, 2]) {
    expect(await reader.holding(new AbortController().signal)).toEqual([{ topic: 'out', partition: 0, offset }])
    await log.transact({ outputs: [output('out', 'a', 'x')] })
  }
})

test('asking twice at once is refused, since both would wait for the same records', async () => {
  const reader = log.openReader({ topics: ['out'] })
  const stop = new AbortController()
  const waiting = reader.next(stop.signal)
  await expect(reader.next(stop.signal)).rejects.toThrow(RangeError)
  stop.abort()
  expect(await waiting).toBeNull()
})

test('a reader that never waits still lets timers run', async () => {
  await log.transact({ outputs: Array.from({ length: 5000 }, () => output('out', 'key', 'x')) })
  const reader = log.openReader({ topics: ['out'], maxRecords: 10 })
  let hasTicked = false
  setTimeout(() => {
    hasTicked = true
  })
  const never = new AbortController().signal
  for (let i = 0; i < 500; i++) await reader.next(never)
  expect(hasTicked).toBe(true)
})

test('offsets that were never read cannot be committed', async () => {
  await log.transact({ outputs: [output('out', 'key', 'x')] })
  const commit = (offset: number) =>
    log.transact({ outputs: [], group: 'group', offsets: [{ topic: 'out', partition: 0, offset }] })
  await expect(commit(2)).rejects.toThrow(/never read/)
  await expect(commit(-1)).rejects.toThrow(RangeError)
  await commit(1)
  await expect(log.transact({ outputs: [], offsets: [{ topic: 'out', partition: 0, offset: 1 }] })).rejects.toThrow(
    TypeError,
  )
})

test('offsets follow one another without gaps, over transactions and batches, and extents count records', async () => {
  const texts = Array.from({ length: 30 }, (_, i) => String(i))
  for (const text of texts) await log.transact({ outputs: [output('out', text, text)] })
  const reader = log.openReader({ topics: ['out'], maxRecords: 7 })
  expect((await drain(reader)).map(record => record.offset)).toEqual(texts.map(Number))
  expect(await log.extents('out')).toEqual([{ topic: 'out', partition: 0, first: 0, end: 30 }])
})
