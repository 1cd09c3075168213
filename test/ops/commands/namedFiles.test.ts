import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkNamedFiles, type NamedFile } from '../../../ops/commands/namedFiles.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-named-'))
  await mkdir(join(folder, 'real'))
  await symlink('real', join(folder, 'linked'))
  await writeFile(join(folder, 'real', 'in.csv'), 'a\n1\n')
  await symlink('in.csv', join(folder, 'real', 'link.csv'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (path: string): NamedFile => ({ what: 'the table', path, isWritten: false })
const written = (what: string, path: string): NamedFile => ({ what, path, isWritten: true })
const check = (files: readonly NamedFile[]) =>
  checkNamedFiles(files.map(file => ({ ...file, path: join(folder, file.path) })))

for (const [what, files, says] of [
  [
    'the input as the output',
    [read('real/in.csv'), written('--out', 'real/in.csv')],
    '--out would write over the table',
  ],
  ['through a link', [read('real/in.csv'), written('--out', 'real/link.csv')], '--out would write over the table'],
  ['through a linked folder', [read('real/in.csv'), written('--out', 'linked/in.csv')], '--out would write over the'],
  [
    'two outputs, neither there yet',
    [written('--out', 'real/o.csv'), written('--rejects', 'linked/o.csv')],
    'over --out',
  ],
  ['the temporary name of the output', [read('real/in.csv.part'), written('--out', 'linked/in.csv')], 'over the table'],
] as const) {
  test(`${what} is refused with what to do`, async () => {
    await expect(check(files)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(new RegExp(`${says}.*: give --\\w+ another path\\.$`)),
    })
  })
}

test('files of their own are let through, and one may be read for two purposes', async () => {
  const files = [
    read('real/in.csv'),
    read('linked/in.csv'),
    written('--out', 'real/o.csv'),
    written('x', 'no/such/o.csv'),
  ]
  await expect(check(files)).resolves.toBeUndefined()
})
