import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PatternCalibration } from '../../../models/index.ts'
import { openSectionStore } from '../../../ops/calibration/sectionStore.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-sections-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const section = { starCount: 5, isPassed: true } as PatternCalibration

test('sections are found again under the same identity alone, and are gone once cleared', async () => {
  const path = join(folder, 'one.partial')
  const store = await openSectionStore(path, 'model a')
  expect(store.find('complete')).toBeNull()
  await store.keep('complete', [section])
  await store.keep('Gaia', [])
  expect(store.find('complete')).toEqual([section])
  const again = await openSectionStore(path, 'model a')
  expect(again.find('complete')).toEqual([section])
  expect(again.find('Gaia')).toEqual([])
  expect(again.find('toString')).toBeNull()
  expect((await openSectionStore(path, 'model b')).find('complete')).toBeNull()
  await again.clear()
  await expect(readFile(path)).rejects.toThrow('ENOENT')
})

test('a file that a kill cut off counts as none', async () => {
  const path = join(folder, 'two.partial')
  for (const text of ['{"identity":"model a","steps":{', 'null', '{"identity":"model a"}']) {
    await writeFile(path, text)
    expect((await openSectionStore(path, 'model a')).find('complete')).toBeNull()
  }
})
