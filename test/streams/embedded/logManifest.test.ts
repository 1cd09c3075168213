import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../streams/openLog.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-manifest-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

for (const readOnly of [false, true]) {
  test(`a log of a newer format is refused and left as it is when opened ${readOnly ? 'to read' : 'to write'}`, async () => {
    await (await openLog({ kind: 'embedded', folder })).close()
    writeFileSync(join(folder, 'manifest.json'), '{"format":"birthline log","version":2}')
    await expect(openLog({ kind: 'embedded', folder, readOnly })).rejects.toMatchObject({
      code: 'LOG_TOO_NEW',
      message: expect.stringMatching(new RegExp(`${folder}.*version 2.*up to 1.*newer program`)),
    })
  })
}

test('a folder with data that is not ours is refused and nothing is added to it', async () => {
  writeFileSync(join(folder, 'log.mdb'), 'somebody else')
  await expect(openLog({ kind: 'embedded', folder })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(readdirSync(folder)).toEqual(['log.mdb'])
})

for (const text of ['', 'not json', '{"format":"another","version":1}', '{"format":"birthline log"}', '[]']) {
  test(`a manifest of ${JSON.stringify(text)} is refused as none of ours`, async () => {
    writeFileSync(join(folder, 'manifest.json'), text)
    await expect(openLog({ kind: 'embedded', folder })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
}

test('reading where there is no log yet says so and creates nothing', async () => {
  const empty = join(folder, 'not there')
  await expect(openLog({ kind: 'embedded', folder: empty, readOnly: true })).rejects.toMatchObject({
    code: 'LOG_UNAVAILABLE',
    message: expect.stringContaining(empty),
  })
  expect(readdirSync(folder)).toEqual([])
})

test('a file where the folder should be is refused as unusable', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expect(openLog({ kind: 'embedded', folder: join(file, 'log') })).rejects.toMatchObject({
    code: 'LOG_UNAVAILABLE',
  })
})

test('a missing folder is created with those above it', async () => {
  const deep = join(folder, 'a', 'b')
  await (await openLog({ kind: 'embedded', folder: deep })).close()
  expect(readdirSync(deep).sort()).toEqual(['log.mdb', 'log.mdb-lock', 'manifest.json'])
  mkdirSync(join(deep, 'c'))
  await (await openLog({ kind: 'embedded', folder: deep })).close()
})
