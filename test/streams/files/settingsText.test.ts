import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettingsFile } from '../../../streams/files/settingsText.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-settings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = `# a comment
name: mine

components:
  - kind: cluster
    distancePc: { log: [1,
      2] }
  - { kind: pilot }
`

test('every node knows its line, and one that is not there that of its parent', async () => {
  const path = join(folder, 'a.yaml')
  await writeFile(path, text)
  const { value, lineOf } = await readSettingsFile(path)
  expect(value).toMatchObject({ name: 'mine', components: [{ kind: 'cluster' }, { kind: 'pilot' }] })
  const lines = [
    [],
    ['name'],
    ['components'],
    ['components', 0],
    ['components', 0, 'distancePc', 'log'],
    ['components', 0, 'distancePc', 'log', 1],
    ['components', 1, 'kind'],
    ['components', 1, 'share'],
    ['absent'],
  ].map(lineOf)
  expect(lines).toEqual([2, 2, 4, 5, 6, 7, 8, 8, 2])
})

for (const [what, content, sentence] of [
  ['broken YAML', 'name: [1', /bad\.yaml is no YAML: .* at line 1, column \d+; correct it\.$/],
  ['a key twice', 'a: 1\nb: 2\na: 3\n', /is no YAML: Map keys must be unique at line 3, column 1; correct it\.$/],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), /is no UTF-8 text; write YAML or JSON\.$/],
  ['a file of another kind of size', ' '.repeat(300_000), /is larger than 256 KiB, .* name the right file\.$/],
  ['nesting without end', '['.repeat(1000), /nested deeper than 200 levels/],
] as const) {
  test(`${what} is one sentence`, async () => {
    const path = join(folder, 'bad.yaml')
    await writeFile(path, content)
    await expect(readSettingsFile(path)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(sentence),
    })
  })
}

test('a folder and an absent file are told as they are', async () => {
  await expect(readSettingsFile(folder)).rejects.toThrow(/is a directory; name a file/)
  await expect(readSettingsFile(join(folder, 'none.yaml'))).rejects.toThrow(/does not exist; check the path/)
})
