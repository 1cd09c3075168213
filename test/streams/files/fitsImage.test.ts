import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openByteSource } from '../../../streams/files/byteSource.ts'
import { defaultFileLimits, type FileLimits } from '../../../streams/files/fileLimits.ts'
import { type FitsRows, isFitsImage, listFitsUnits, readFitsImage, unitName } from '../../../streams/files/fitsImage.ts'
import { scratchFile } from './scratchFiles.ts'

/** A file of one image, as the standard has it. */
function imageFile(bitpix: number, axes: readonly number[], data: Buffer, cards: readonly string[] = []): Buffer {
  const card = (key: string, value: string) => `${key.padEnd(8)}= ${value.padStart(20)}`.padEnd(80)
  const header = [
    card('SIMPLE', 'T'),
    card('BITPIX', String(bitpix)),
    card('NAXIS', String(axes.length)),
    ...axes.map((length, i) => card(`NAXIS${i + 1}`, String(length))),
    ...cards.map(text => text.padEnd(80)),
    'END'.padEnd(80),
  ].join('')
  const blocks = (bytes: Buffer, fill: number) =>
    Buffer.concat([bytes, Buffer.alloc((2880 - (bytes.length % 2880)) % 2880, fill)])
  return Buffer.concat([blocks(Buffer.from(header), 0x20), blocks(data, 0)])
}

async function imageOf(bytes: Buffer, number = 0, limits: Partial<FileLimits> = {}, rows?: FitsRows) {
  const source = await openByteSource(scratchFile('image.fits', bytes), { ...defaultFileLimits, ...limits })
  try {
    const { units, isCut } = await listFitsUnits(source)
    return { units, isCut, ...(await readFitsImage(source, units[number], number, rows)) }
  } finally {
    await source.close()
  }
}

const doubles = Buffer.alloc(32)
for (const [i, value] of [1.5, Number.NaN, Number.POSITIVE_INFINITY, -2e300].entries())
  doubles.writeDoubleBE(value, 8 * i)

test('rows of a large image are read without the others, each as in the whole', async () => {
  const cube = Buffer.alloc(2 * 3 * 5 * 2)
  for (let i = 0; i < 30; i++) cube.writeInt16BE(i - 7, 2 * i)
  const file = imageFile(16, [2, 3, 5], cube)
  const { values, axes } = await imageOf(file)
  expect(axes).toEqual([2, 3, 5])
  const rows = await imageOf(file, 0, { maxRecordBytes: 24 }, { first: 3, count: 2 })
  expect(rows.axes).toEqual([2, 3, 2])
  expect(rows.values).toEqual(values.slice(18))
  await expect(imageOf(file, 0, { maxRecordBytes: 23 }, { first: 3, count: 2 })).rejects.toThrow('24 bytes')
  await expect(imageOf(file.subarray(0, 2880 + 50), 0, {}, { first: 4, count: 1 })).rejects.toThrow('is cut short')
})

test('doubles as they are, NaN as null, an infinity as one, axes fastest first', async () => {
  const { axes, values, units, isCut } = await imageOf(imageFile(-64, [2, 2], doubles))
  expect(axes).toEqual([2, 2])
  expect(values).toEqual([1.5, null, Number.POSITIVE_INFINITY, -2e300])
  expect([isFitsImage(units[0]), unitName(units[0], 0), isCut]).toEqual([true, 'primary', false])
})

test('whole numbers are scaled, and missing where BLANK says so', async () => {
  const data = Buffer.alloc(6)
  for (const [i, value] of [3, -32768, 100].entries()) data.writeInt16BE(value, 2 * i)
  const cards = ['BSCALE  =                  0.5', 'BZERO   =                   10', 'BLANK   =               -32768']
  expect((await imageOf(imageFile(16, [3], data, cards))).values).toEqual([11.5, null, 60])
  const long = Buffer.alloc(8)
  long.writeBigInt64BE(-7n)
  expect((await imageOf(imageFile(64, [1], long))).values).toEqual([-7])
})

test('the same through gzip', async () => {
  expect((await imageOf(gzipSync(imageFile(-64, [4], doubles)))).values).toHaveLength(4)
})

test('images between tables are found and named as astropy names them', async () => {
  const spectra = join(import.meta.dirname, '..', '..', 'fixtures', 'spectra')
  const bytes = gunzipSync(readFileSync(join(spectra, 'apVisit.fits.gz')))
  const { units, axes } = await imageOf(bytes, 4)
  expect(units.map(isFitsImage)).toEqual([false, true, true, true, true, false])
  expect(axes).toEqual([12, 3])
  expect(unitName(units[4], 4)).toBe('extension 4')
})

test('cut data, data beyond the limit and numbers of no kind are refused', async () => {
  const whole = imageFile(-64, [2, 2], doubles)
  await expect(imageOf(whole.subarray(0, 2890))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/is cut short in primary; fetch the file again\.$/),
  })
  expect((await imageOf(whole.subarray(0, 2880 + 40))).isCut).toBe(true)
  await expect(imageOf(whole, 0, { maxRecordBytes: 31 })).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
  await expect(imageOf(imageFile(24, [4], Buffer.alloc(12)))).rejects.toThrow(/that FITS does not know/)
})
