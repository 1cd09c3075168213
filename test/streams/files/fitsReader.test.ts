import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf, fixture, golden, jsonRows } from './tableContents.ts'

const types = readFileSync(fixture('types.fits'))
const sources = readFileSync(fixture('sources.fits'))

/** Replaces text of equal length, as often as it occurs. */
function patched(bytes: Buffer, from: string, to: string): Buffer {
  expect(to.length).toBe(from.length)
  const text = bytes.toString('latin1')
  expect(text).toContain(from)
  return Buffer.from(text.replaceAll(from, to), 'latin1')
}

test('a table is found by name in any case, by number, and as the first one', async () => {
  const path = fixture('types.fits')
  const names = async (hdu?: string | number) =>
    (await contentsOf(path, hdu === undefined ? {} : { hdu })).columns.length
  expect(await names('first')).toBe(1)
  expect(await names(2)).toBe(1)
  expect(await names()).toBe(1)
  expect(await names(3)).toBe(23)
})

test('an extension that is absent or no table is refused with what there is', async () => {
  const path = fixture('types.fits')
  await expect(openTable(path, { hdu: 'stars' })).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(
      /'stars', only 0 PRIMARY, 1 IMAGE 'PICTURE', 2 BINTABLE 'FIRST', 3 BINTABLE 'TYPES'/,
    ),
  })
  await expect(openTable(path, { hdu: 'picture' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test('every type, heap included, is read the same through gzip', async () => {
  const contents = await contentsOf(scratchFile('types.fits.gz', gzipSync(types)), { hdu: 'TYPES' })
  expect(contents.failure).toBeNull()
  expect(jsonRows(contents)).toEqual(golden('types.fits.json').rows)
})

test('reading starts at any row, and past the end gives nothing', async () => {
  const rows = golden('types.fits.json').rows
  for (const startRow of [1, 2, 4, 5, 100]) {
    const contents = await contentsOf(fixture('types.fits'), { hdu: 3 }, { startRow, batchRows: 2 })
    expect(jsonRows(contents)).toEqual(rows.slice(startRow - 1))
    expect(contents.rowNumbers).toEqual([1, 2, 3, 4].slice(startRow - 1))
  }
})

for (const [what, pack] of [
  ['plain', (bytes: Buffer) => bytes],
  ['gzipped', (bytes: Buffer) => gzipSync(bytes)],
] as const) {
  test(`a ${what} table cut within its rows gives the whole rows, then says where it is cut`, async () => {
    const reader = await openTable(fixture('sources.fits'))
    expect(reader.rowCount).toBe(7)
    await reader.close()
    // Two header units before the rows; the row length stands in the header.
    const rowBytes = Number(/NAXIS1 {2}= +(\d+)/.exec(sources.toString('latin1', 2880))?.[1])
    const dataStart = 2880 + sources.subarray(2880).indexOf('END'.padEnd(80)) + 80
    const start = Math.ceil(dataStart / 2880) * 2880
    const path = scratchFile('cut.fits', pack(sources.subarray(0, start + rowBytes * 4 + 10)))
    const contents = await contentsOf(path)
    expect(jsonRows(contents)).toEqual(golden('sources.fits.json').rows.slice(0, 4))
    expect(contents.failure).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `${path} is cut short at row 5 of 7; fetch the file again.`,
    })
  })
}

test('missing padding after the last row is forgiven', async () => {
  const end = sources.length - 1
  const contents = await contentsOf(scratchFile('unpadded.fits', sources.subarray(0, end)))
  expect(contents.failure).toBeNull()
  expect(contents.rows.length).toBe(7)
})

test('a table cut within its heap gives the rows whose arrays are there, then says where it is cut', async () => {
  const heapEnd = types.length - 2880
  for (const [pack, name] of [
    [(bytes: Buffer) => bytes, 'heap.fits'],
    [gzipSync, 'heap.fits.gz'],
  ] as const) {
    const contents = await contentsOf(scratchFile(name, pack(types.subarray(0, heapEnd + 10))), { hdu: 3 })
    expect(contents.failure).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(/cut short/) })
    expect(jsonRows(contents)).toEqual(golden('types.fits.json').rows.slice(0, contents.rows.length))
    expect(contents.rows.length).toBeLessThan(4)
  }
})

test('a file cut within a header is refused', async () => {
  await expect(openTable(scratchFile('header.fits', sources.subarray(0, 4000)))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/ends within a FITS header/),
  })
})

test('an array that lies outside the heap makes a bad row, and the others are read', async () => {
  const bytes = Buffer.from(types)
  const text = bytes.toString('latin1')
  const header = text.lastIndexOf("XTENSION= 'BINTABLE'")
  const rowBytes = Number(/NAXIS1 {2}= +(\d+)/.exec(text.slice(header))?.[1])
  const dataStart = Math.ceil((text.indexOf(`END${' '.repeat(77)}`, header) + 80) / 2880) * 2880
  // The three places in the heap end each row: 8 + 16 + 8 bytes.
  bytes.writeInt32BE(2 ** 30, dataStart + rowBytes * 3 - 28)
  const contents = await contentsOf(scratchFile('outside.fits', bytes), { hdu: 3 })
  expect(contents.failure).toBeNull()
  expect(contents.rowNumbers).toEqual([1, 2, 4])
  expect(contents.badRows).toMatchObject([{ row: 3, code: 'FILE_UNREADABLE', bytes: { length: rowBytes } }])
  expect(contents.badRows[0].reason).toMatch(/outside of it, in column 'list_int' of row 3/)
})

test('columns of one name, an unknown format and rows shorter than their columns are refused', async () => {
  const refused = (name: string, bytes: Buffer) => expect(openTable(scratchFile(name, bytes))).rejects
  await refused('twice.fits', patched(sources, "'parallax'", "'ra      '")).toThrow(/names columns 2 and 3 both 'ra'/)
  await refused('form.fits', patched(sources, "TFORM2  = 'D       '", "TFORM2  = 'Z       '")).toThrow(
    /'ra' in a format 'Z'/,
  )
  const rowBytes = /NAXIS1 {2}= +\d+/.exec(sources.toString('latin1', 2880))?.[0] ?? ''
  await refused('short.fits', patched(sources, rowBytes, `${rowBytes.slice(0, -2)} 9`)).toThrow(/rows of 9 bytes/)
  await refused('number.fits', patched(sources, rowBytes, `${rowBytes.slice(0, -2)}1x`)).toThrow(/no whole number/)
})

test('a scaling that is no number is refused, one that is blank is none, and infinity times zero is no value', async () => {
  const zero = 'TZERO7  =                32768'
  for (const bad of ['32768 $', 'NaN', '1E999'])
    await expect(
      openTable(scratchFile('scaled.fits', patched(types, zero, `TZERO7  = ${bad.padStart(20)}`)), { hdu: 3 }),
    ).rejects.toThrow(/'unsigned_short' scaled by what is no number/)
  const read = async (from: string, to: string, column: string) => {
    const path = scratchFile('scaled.fits', patched(types, from, to.padEnd(from.length)))
    return (await contentsOf(path, { hdu: 3 })).rows.map(row => row[column])
  }
  expect(await read(zero, 'TZERO7  =', 'unsigned_short')).toEqual([-32768, 32767, 0, -32763])
  const unit = "TUNIT13 = 'mag     '          "
  expect(await read(unit, 'TSCAL13 =                    0', 'float')).toEqual([0, null, null, 0])
})

test('pictures alone are no table', async () => {
  const text = types.toString('latin1')
  const pictures = types.subarray(0, text.indexOf("XTENSION= 'BINTABLE'"))
  await expect(openTable(scratchFile('pictures.fits', pictures))).rejects.toThrow(/does not hold a binary table/)
})

test('rows longer than the limit are refused', async () => {
  await expect(openTable(fixture('sources.fits'), { maxRecordBytes: 50 })).rejects.toMatchObject({
    code: 'RECORD_TOO_LARGE',
  })
})

test('a text that goes on over several cards is one text', async () => {
  const card = (text: string) => text.padEnd(80)
  const description = `${'word '.repeat(13)}it's and more`
  const cards = [
    card("TCOMM1  = 'word word word word word word word word word word word word &'"),
    card("CONTINUE  'word it''s &'"),
    card("CONTINUE  'and more' / remark"),
  ]
  const [before, after] = sources.toString('latin1').split(card("TTYPE1  = 'source_id'"))
  const blank = card('')
  const grown = `${before}${card("TTYPE1  = 'source_id'")}${cards.join('')}${after}`
  // The header's blanks make room for three cards.
  const end = grown.indexOf(card('END'), 2880) + 80
  expect(grown.slice(end, end + 240)).toBe(blank.repeat(3))
  const bytes = Buffer.from(grown.slice(0, end) + grown.slice(end + 240), 'latin1')
  // astropy's own comment on descriptions would come first.
  const { columns } = await contentsOf(
    scratchFile('long.fits', patched(bytes, 'description: Unique', 'descriptiox: Unique')),
  )
  expect(columns[0].description).toBe(description)
})
