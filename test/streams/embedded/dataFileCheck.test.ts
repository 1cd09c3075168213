import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { readAll } from '../logRecords.ts'

const topics: readonly Topic[] = [
  { name: 'out', record: 'rawRow', key: 'number', partitions: 2, keep: 'all', retainBytes: null, retainMs: null },
]
let folder: string
let file: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-data-'))
  file = join(folder, 'log.mdb')
  const log = await openLog({ kind: 'embedded', folder, topics })
  const value = new Uint8Array(500).fill(7)
  for (let i = 0; i < 20; i++) {
    await log.transact({ outputs: Array.from({ length: 100 }, (_, j) => ({ topic: 'out', key: String(j), value })) })
  }
  await log.close()
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Without the zeros at its end, which are there for what comes next. */
function usedBytes(): number {
  const bytes = readFileSync(file)
  return bytes.findLastIndex(byte => byte !== 0) + 1
}

/** Opens and reads everything; what it says when that fails. */
async function readCode(readOnly: boolean): Promise<string | number> {
  try {
    const log = await openLog({ kind: 'embedded', folder, topics, readOnly })
    try {
      return (await readAll(log, { topics: ['out'] })).length
    } finally {
      await log.close().catch(() => {})
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

for (const readOnly of [false, true]) {
  const how = readOnly ? 'to be read' : 'to be written'

  for (const part of [0.001, 0.1, 0.5, 0.9, 0.99]) {
    test(`a file cut to ${part} of its content and opened ${how} is reported as damaged, and the process lives`, async () => {
      truncateSync(file, Math.floor(part * usedBytes()))
      expect(await readCode(readOnly)).toBe('LOG_DAMAGED')
    })
  }

  test(`a file of something else opened ${how} is reported as damaged`, async () => {
    writeFileSync(file, Buffer.alloc(20_000, 'nonsense'))
    expect(await readCode(readOnly)).toBe('LOG_DAMAGED')
  })

  test(`zeros after the end of a file opened ${how} do no harm`, async () => {
    writeFileSync(file, Buffer.alloc(50_000), { flag: 'a' })
    expect(await readCode(readOnly)).toBe(2000)
  })
}

test('an empty file, left by a writer that was stopped while it created the log, is begun anew', async () => {
  writeFileSync(file, '')
  expect(await readCode(false)).toBe(0)
})
