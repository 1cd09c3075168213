import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Log } from '../../../streams/log.ts'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { bytesOf, drain, readAll, textOf } from '../logRecords.ts'
import { startChild } from './childProcess.ts'

const forever = { record: 'rawRow', key: 'number', retainBytes: null, retainMs: null } as const
const killTopics: readonly Topic[] = [
  { name: 'in', partitions: 1, keep: 'all', ...forever },
  { name: 'out', partitions: 3, keep: 'all', ...forever },
  { name: 'state', partitions: 2, keep: 'latest', ...forever },
]
const INPUTS = 20_000

let folder: string
const open = () => openLog({ kind: 'embedded', folder, topics: killTopics })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-writer-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** That exactly the first `committed` inputs have left their traces, each once, none half. */
async function checkTraces(log: Log): Promise<number> {
  const [position] = await log.committed('worker')
  const committed = position?.offset ?? 0
  const numbers = (await readAll(log, { topics: ['out'] })).map(record => Number(record.key)).sort((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: committed }, (_, i) => i))
  for (let key = 0; key < 50; key++) {
    const newest = key < committed ? key + 50 * Math.floor((committed - 1 - key) / 50) : null
    expect(textOf(await log.latest('state', String(key)))).toBe(newest === null ? null : `value ${newest}`)
  }
  return committed
}

test('a writer killed at random moments loses nothing it acknowledged, doubles nothing, and tears nothing', async () => {
  const filled = await open()
  const values = Array.from({ length: INPUTS }, (_, i) => ({ key: String(i), value: bytesOf(`value ${i}`) }))
  await filled.transact({ outputs: values.map(one => ({ topic: 'in', ...one })) })
  await filled.close()

  let kills = 0
  let midway = 0
  let before = 0
  while (kills < 24) {
    const child = startChild('writingProcess.mjs', [folder, String(1 + (kills % 7)), JSON.stringify(killTopics)])
    // Every third is killed while it starts and opens, the others while they write.
    await child.said(kills % 3 === 0 ? 1 : 2)
    await sleep(Math.random() * 40)
    child.process.kill('SIGKILL')
    kills += 1
    await child.ended()
    const acknowledged = Number(child.lines.slice(1).at(-1) ?? 0)
    const log = await open()
    const committed = await checkTraces(log)
    await log.close()
    expect(child.lines).not.toContain('done')
    expect(committed).toBeGreaterThanOrEqual(Math.max(acknowledged, before))
    if (committed > before) midway += 1
    before = committed
  }
  // The kills did hit writers at work.
  expect(midway).toBeGreaterThan(8)

  const last = startChild('writingProcess.mjs', [folder, '1000', JSON.stringify(killTopics)])
  await last.ended()
  expect(last.lines.at(-1)).toBe('done')
  const log = await open()
  expect(await checkTraces(log)).toBe(INPUTS)
  await log.close()
}, 300_000)

test('a disk that fills refuses with LOG_FULL, keeps what was acknowledged, and the log works again with room', async () => {
  const child = startChild('fillingProcess.mjs', [folder, JSON.stringify(killTopics)], 3000)
  await child.ended()
  const { acknowledged, refusal, again, keys, reopened } = JSON.parse(child.lines[0])
  expect(refusal).toMatchObject({ code: 'LOG_FULL', message: expect.stringContaining(folder) })
  expect(again).toMatchObject({ code: 'LOG_FULL' })
  expect(['open', 'LOG_FULL']).toContain(reopened)
  const complete = Array.from({ length: acknowledged }, (_, i) => Array(10).fill(String(i))).flat()
  const inOrder = (all: string[]) => all.sort((a, b) => Number(a) - Number(b))
  expect(acknowledged).toBeGreaterThan(5)
  expect(inOrder(keys)).toEqual(complete)

  const log = await open()
  expect(inOrder((await readAll(log, { topics: ['out'] })).map(record => String(record.key)))).toEqual(complete)
  await log.transact({ outputs: [{ topic: 'in', key: 'x', value: new Uint8Array(1_000_000).fill(5) }] })
  const [record] = await readAll(log, { topics: ['in'] })
  expect(record.value?.every(byte => byte === 5)).toBe(true)
  expect(statSync(join(folder, 'log.mdb')).size).toBeGreaterThan(3_000_000)
  await log.close()
})

test('a disk without room for a new log refuses with LOG_FULL before anything of it exists', async () => {
  const child = startChild('openingProcess.mjs', [folder], 8)
  await child.ended()
  expect(JSON.parse(child.lines[0])).toMatchObject({ code: 'LOG_FULL', detail: { folder } })
  expect(readdirSync(folder)).toEqual(['manifest.json'])
  await (await open()).close()
})

test('a transaction over 128 MiB is refused whole', async () => {
  const log = await openLog({ kind: 'embedded', folder, topics: killTopics })
  const value = new Uint8Array(4_000_000)
  const outputs = Array.from({ length: 34 }, () => ({ topic: 'out', key: null, value }))
  await expect(log.transact({ outputs })).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
  expect(await drain(log.openReader({ topics: ['out'] }))).toEqual([])
  await log.close()
})
