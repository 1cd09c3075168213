import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readUsedBytes } from '../../../streams/embedded/dataFileCheck.ts'
import { DiskRoom } from '../../../streams/embedded/diskRoom.ts'
import { closeStore, openStore } from '../../../streams/embedded/lmdbStore.ts'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { startChild } from './childProcess.ts'

const forever = { record: 'rawRow', key: 'number', retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: 'out', partitions: 2, keep: 'all', ...forever },
  { name: 'state', partitions: 2, keep: 'latest', ...forever },
]
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-room-'))
  file = join(folder, 'log.mdb')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A file of a new log, without room that anyone made. */
async function newFile(): Promise<number> {
  await closeStore(openStore(folder, false))
  return statSync(file).size
}

test('a file has room for what is asked for, and is left alone as long as it has', async () => {
  const before = await newFile()
  const room = new DiskRoom(folder)
  room.ensure(100_000, 3)
  const { size } = statSync(file)
  expect(size).toBeGreaterThan(before + 200_000)
  expect(size).toBeLessThan(before + 1_000_000)
  // Nothing was written into it: the next one finds the same room.
  for (let i = 0; i < 5; i++) new DiskRoom(folder).ensure(100_000, 3)
  expect(statSync(file).size).toBe(size)
  room.ensure(2_000_000, 0)
  expect(statSync(file).size).toBeGreaterThan(before + 4_000_000)
})

test('entries that move take no more room than all that is there', async () => {
  const before = await newFile()
  new DiskRoom(folder).ensure(0, 1_000_000)
  expect(statSync(file).size).toBeLessThan(3 * before + 1_000_000)
})

test('no commit takes more than the room that was made for it', async () => {
  const log = await openLog({ kind: 'embedded', folder, topics })
  for (let i = 0; i < 60; i++) {
    const outputs = Array.from({ length: 1 + ((i * 37) % 200) }, (_, j) => ({
      topic: j % 3 === 0 ? 'out' : 'state',
      key: String((i * 7919 + j * 104_729) % 5000),
      value: new Uint8Array((i * j * 31) % 3000).fill(7),
    }))
    await log.transact({ outputs })
    // Where LMDB lengthens its file itself, it ends with the last page.
    const handle = openSync(file, 'r')
    expect(statSync(file).size - (readUsedBytes(handle) ?? 0)).toBeGreaterThan(0)
    closeSync(handle)
  }
  await log.close()
})

test('a disk that fills is never met by LMDB itself', async () => {
  for (const maxFileKiB of [600, 1111, 2222]) {
    const child = startChild('fillingProcess.mjs', [folder, JSON.stringify(topics)], maxFileKiB)
    let said = ''
    child.process.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await child.ended()
    expect(said).toBe('')
    expect(JSON.parse(child.lines[0])).toMatchObject({ refusal: { code: 'LOG_FULL' }, again: { code: 'LOG_FULL' } })
  }
})
