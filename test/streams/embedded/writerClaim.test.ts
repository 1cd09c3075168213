import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeStore, openStore } from '../../../streams/embedded/lmdbStore.ts'
import { processMark, processSpace } from '../../../streams/embedded/processMark.ts'
import { openLog } from '../../../streams/openLog.ts'
import { output, readAll } from '../logRecords.ts'
import { startChild } from './childProcess.ts'

let folder: string
const open = () => openLog({ kind: 'embedded', folder })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-claim-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Leaves the claim that some other holder would have written. */
async function forgeClaim(claim: { pid: number; mark: string; space: string }): Promise<void> {
  const store = openStore(folder, false)
  store.root.transactionSync(() => {
    store.meta.put(Buffer.from('writer'), Buffer.from(JSON.stringify({ ...claim, token: 'forged' })))
  })
  await closeStore(store)
}

test('a second process that wants to write is refused with the folder and the holder', async () => {
  const log = await open()
  const child = startChild('openingProcess.mjs', [folder])
  await child.ended()
  expect(JSON.parse(child.lines[0])).toMatchObject({
    code: 'LOG_IN_USE',
    detail: { folder, pid: process.pid },
    message: expect.stringMatching(new RegExp(`${folder} is being written by process ${process.pid}`)),
  })
  // The holder has not noticed.
  await log.transact({ outputs: [output('raw', 'key', 'x')] })
  expect(await readAll(log, { topics: ['raw'] })).toHaveLength(1)
  await log.close()
})

test('a second writer in the same process is refused too, and readers are welcome', async () => {
  const log = await open()
  await expect(open()).rejects.toMatchObject({
    code: 'LOG_IN_USE',
    message: expect.stringContaining('this very process'),
  })
  const reader = await openLog({ kind: 'embedded', folder, readOnly: true })
  await log.transact({ outputs: [output('raw', 'key', 'x')] })
  expect(await readAll(reader, { topics: ['raw'] })).toHaveLength(1)
  await expect(reader.transact({ outputs: [output('raw', 'key', 'y')] })).rejects.toThrow(/read only/)
  await log.close()
  expect(await readAll(reader, { topics: ['raw'] })).toHaveLength(1)
  await reader.close()
})

test('the claim is free once its holder has closed', async () => {
  await (await open()).close()
  await (await open()).close()
})

test('the claim of a killed process is taken over', async () => {
  const child = startChild('openingProcess.mjs', [folder])
  await child.said(1)
  await expect(open()).rejects.toMatchObject({ code: 'LOG_IN_USE', detail: { pid: child.process.pid } })
  child.process.kill('SIGKILL')
  await child.ended()
  await (await open()).close()
})

test('the claim of a dead process is taken over although its number lives on in another', async () => {
  await forgeClaim({ pid: process.ppid, mark: 'began at another time', space: processSpace() })
  await (await open()).close()
})

test('the claim of a living process is respected by its number and its beginning', async () => {
  const mark = processMark(process.ppid)
  expect(mark).not.toBeNull()
  await forgeClaim({ pid: process.ppid, mark: mark ?? '', space: processSpace() })
  await expect(open()).rejects.toMatchObject({ code: 'LOG_IN_USE', detail: { pid: process.ppid } })
})

test('a holder that lost its claim is refused before it writes anything', async () => {
  const log = await open()
  await log.transact({ outputs: [output('raw', 'key', 'mine')] })
  await forgeClaim({ pid: process.ppid, mark: '', space: 'another container' })
  const refused = { code: 'LOG_FENCED', message: expect.stringContaining(String(process.ppid)) }
  await expect(log.transact({ outputs: [output('raw', 'key', 'late')] })).rejects.toMatchObject(refused)
  await expect(log.transact({ outputs: [output('raw', 'key', 'later')] })).rejects.toMatchObject(refused)
  expect(await readAll(log, { topics: ['raw'] })).toHaveLength(1)
  await log.close()
  // Its closing did not free what is no longer its own.
  const next = await open()
  expect(await readAll(next, { topics: ['raw'] })).toHaveLength(1)
  await next.close()
})
