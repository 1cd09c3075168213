import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { compareContents, countRecords, type LogContent, readLogContent } from '../../../ops/bench/logContent.ts'
import { type Log, openLog } from '../../../streams/index.ts'

async function openTemporary(): Promise<Log> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-content-'))
  const log = await openLog({ kind: 'embedded', folder })
  onTestFinished(async () => {
    await log.close()
    await rm(folder, { recursive: true, force: true })
  })
  return log
}

const record = (topic: string, key: string, text: string | null) => ({
  topic,
  key,
  value: text === null ? null : Buffer.from(text),
})

async function contentOf(...outputs: ReturnType<typeof record>[]): Promise<LogContent> {
  const log = await openTemporary()
  // One transaction each, so that neither batches nor offsets are alike.
  for (const output of outputs) await log.transact({ outputs: [output] })
  return readLogContent(log)
}

const [a, b, other] = [record('stars', 'a', '1'), record('stars', 'b', '2'), record('stars', 'a', '3')]

test('logs with the same records of each key are alike, however their keys were interleaved', async () => {
  const expected = await contentOf(a, b, other)
  expect(compareContents(expected, await contentOf(b, a, other))).toEqual([])
  expect(countRecords(expected, 'stars')).toBe(3)
})

test('a record that is missing, doubled, changed or out of order is told', async () => {
  const expected = await contentOf(a, b, other)
  expect(compareContents(expected, await contentOf(a, b))).toEqual(['stars: key a has 1 records instead of 2'])
  expect(compareContents(expected, await contentOf(a, b, b, other))).toEqual([
    'stars: key b has 2 records instead of 1',
  ])
  expect(compareContents(expected, await contentOf(other, b, a))).toEqual(['stars: key a has another content'])
  expect(compareContents(expected, await contentOf(a, other))).toEqual(['stars: key b has 0 records instead of 1'])
})

test('of a compacted topic only the newest records count', async () => {
  const [old, newer] = [record('latest-stars', 'a', 'old'), record('latest-stars', 'a', 'new')]
  const gone = [record('latest-stars', 'b', 'x'), record('latest-stars', 'b', null)]
  expect(compareContents(await contentOf(newer), await contentOf(old, ...gone, newer))).toEqual([])
  expect(compareContents(await contentOf(newer), await contentOf(newer, old))).toHaveLength(1)
})
