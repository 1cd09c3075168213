import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RejectFile } from '../../../ops/stars/rejectFile.ts'

const reject = { row: 3, code: 'VALUE_OUT_OF_RANGE', reason: 'gMag is no finite number' }
const list = `${JSON.stringify(reject)}\n`
let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-rejects-'))
  path = join(folder, 'rejects.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the list of an earlier run stays while a run is unfinished, and goes when one ends without rejects', async () => {
  await writeFile(path, list)
  const given = await RejectFile.open(path)
  await given.write([{ ...reject, row: 4 }])
  await given.abandon()
  expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual([list, ['rejects.jsonl']])
  const clean = await RejectFile.open(path)
  await clean.commit()
  expect(await readdir(folder)).toEqual([])
})

test('a list replaces the earlier one when its run ends', async () => {
  await writeFile(path, `${list}${list}`)
  const file = await RejectFile.open(path)
  await file.write([reject])
  await file.commit()
  await file.abandon()
  expect([await readFile(path, 'utf8'), file.count, await readdir(folder)]).toEqual([list, 1, ['rejects.jsonl']])
})

for (const [what, content] of [
  ['a table', 'star,gMag\n1,12\n'],
  ['other JSON', '{"row":1}\n'],
  ['bytes', '\0\xff'],
] as const) {
  test(`${what} of that name is neither replaced nor removed`, async () => {
    await expect(RejectFile.open(path)).resolves.toMatchObject({ path })
    const file = await RejectFile.open(path)
    await writeFile(path, content)
    await expect(RejectFile.open(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    // It came while the run was under way.
    await file.commit()
    expect(await readFile(path, 'utf8')).toBe(content)
  })
}
