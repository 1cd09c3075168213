import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OutputFile, writeTextFile } from '../../../streams/index.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'

test('what stands under the name stays until the new file is whole, and for good when it is given up', async () => {
  const path = scratchFile('out.txt', 'old')
  const given = await OutputFile.open(path)
  await given.append(Buffer.from('half'))
  expect(readFileSync(path, 'utf8')).toBe('old')
  await given.abandon()
  expect([readFileSync(path, 'utf8'), existsSync(`${path}.part`)]).toEqual(['old', false])
  const whole = await OutputFile.open(path)
  await whole.append(Buffer.from('new'))
  await whole.commit()
  await whole.abandon()
  expect([readFileSync(path, 'utf8'), existsSync(`${path}.part`)]).toEqual(['new', false])
})

test('a process that ends at once leaves nothing unfinished, and keeps what is whole', async () => {
  const [whole, half] = [await OutputFile.open(scratchPath('a')), await OutputFile.open(scratchPath('b'))]
  await whole.commit()
  OutputFile.abandonAll()
  expect([whole.path, half.path, `${half.path}.part`].map(existsSync)).toEqual([true, false, false])
  await half.abandon()
})

// Only Linux has a device that is always full.
if (existsSync('/dev/full')) {
  test('a full disk is told with the place, and leaves what was there', async () => {
    const path = scratchFile('figure.svg', 'old')
    symlinkSync('/dev/full', `${path}.part`)
    await expect(writeTextFile(path, 'new')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(`${path} cannot be written, the disk is full`),
    })
    expect([readFileSync(path, 'utf8'), existsSync(`${path}.part`)]).toEqual(['old', false])
    await writeTextFile(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
  })
}
