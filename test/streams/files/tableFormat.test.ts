import { copyFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'
import { fixture } from './tableContents.ts'

const foreign: readonly (readonly [name: string, content: string | Uint8Array, problem: RegExp])[] = [
  ['picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /PNG picture/],
  ['photo.fits', Buffer.from('ffd8ffe000104a464946', 'hex'), /JPEG picture/],
  ['sheet.csv', Buffer.from('504b030414000600', 'hex'), /spreadsheet/],
  ['paper.parquet', '%PDF-1.7\n', /PDF/],
  ['table.h5', Buffer.from('894844460d0a1a0a', 'hex'), /HDF5/],
  ['page.csv', '<!DOCTYPE html><html></html>', /XML or HTML/],
  ['table.vot', '<?xml version="1.0"?><VOTABLE/>', /holds no table with data/],
  ['rows.csv', '[{"a": 1}]', /JSON/],
  ['utf16.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), /UTF-16/],
  ['noise.csv', Buffer.from([1, 2, 3, 4, 0, 5, 10, 7]), /binary/],
  ['latin.csv', Buffer.from('Gr\xf6\xdfe,b\n1,2\n', 'latin1'), /not UTF-8/],
  ['twice.csv.gz', gzipSync(gzipSync('a,b\n1,2\n')), /gzip within gzip/],
  ['prose.txt', 'Dear reader\nthis is no table\nat all\n', /no table/],
  ['letter.txt', 'Dear all, good day, and welcome\nI write to you\nabout nothing\n', /no table/],
  ['numbers.csv', '1,2,3\n4,5,6\n', /header line/],
  ['comments.csv', '# one\n# two\n', /only comments/],
  ['empty.csv', '', /is empty/],
  ['empty.csv.gz', gzipSync(''), /unpacks to nothing/],
]

for (const [name, content, problem] of foreign) {
  test(`${name} is refused with a sentence that says what it is and what to do`, async () => {
    const path = scratchFile(name, content)
    await expect(openTable(path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(problem),
    })
    await expect(openTable(path)).rejects.toThrow(path)
  })
}

test('a path that is absent or a directory is refused by name', async () => {
  const path = scratchPath('absent.csv')
  await expect(openTable(path)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: `${path} does not exist; check the path.`,
  })
  await expect(openTable(fixture('.'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test('the content decides before the name does', async () => {
  for (const [file, format] of [
    ['types.parquet', 'parquet'],
    ['sources.fits.gz', 'fits'],
    ['sourcesComma.ecsv.gz', 'ecsv'],
    ['sources.csv', 'csv'],
    ['../spectra/xpText.vot', 'votable'],
  ]) {
    const path = scratchPath('misnamed.csv')
    copyFileSync(fixture(file), path)
    const reader = await openTable(path)
    expect(reader.format).toBe(format)
    await reader.close()
  }
})
