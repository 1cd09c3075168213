import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf, fixture, golden, jsonRows } from './tableContents.ts'

for (const file of ['types.parquet', 'typesV2.parquet']) {
  test(`reading ${file} from any row gives what a whole reading gives from there`, async () => {
    const whole = jsonRows(await contentsOf(fixture(file)))
    for (const startRow of [2, 17, 111, 300, 301]) {
      const contents = await contentsOf(fixture(file), {}, { startRow, batchRows: 37 })
      expect(contents.failure).toBeNull()
      expect(jsonRows(contents), `from row ${startRow}`).toEqual(whole.slice(startRow - 1))
      if (startRow <= 300) expect(contents.rowNumbers[0]).toBe(startRow)
    }
  })
}

test('a column in PyArrow is one here, with a type that can hold it', async () => {
  const { columns } = await contentsOf(fixture('types.parquet'))
  const typeOf = Object.fromEntries(
    columns.map(({ name, type, arraySize }) => [name, arraySize === null ? type : `${type}[${arraySize}]`]),
  )
  expect(typeOf).toMatchObject({
    int8: 'int',
    uint32: 'long',
    int64: 'long',
    uint64: 'unsignedLong',
    float: 'float',
    half: 'float',
    decimal: 'double',
    bool: 'boolean',
    us: 'string',
    list: 'long[*]',
    'place.ra': 'double',
    'place.names': 'string[*]',
  })
})

test('a gzipped Parquet is read as if it lay unpacked', async () => {
  const contents = await contentsOf(scratchFile('types.parquet.gz', gzipSync(readFileSync(fixture('types.parquet')))))
  expect(contents.rows.length).toBe(golden('types.parquet.json').rows.length)
  expect(contents.failure).toBeNull()
})

test('a file cut anywhere is refused, since its footer is gone', async () => {
  const bytes = readFileSync(fixture('types.parquet'))
  for (const kept of [10, 1000, bytes.length - 1]) {
    await expect(openTable(scratchFile('cut.parquet', bytes.subarray(0, kept)))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/cut short: its Parquet footer is missing/),
    })
  }
})

test('a damaged footer is refused with a sentence', async () => {
  const bytes = readFileSync(fixture('types.parquet'))
  const footer = bytes.readUInt32LE(bytes.length - 8)
  const garbled = Buffer.from(bytes)
  garbled.fill(0xab, bytes.length - 8 - footer, bytes.length - 8)
  await expect(openTable(scratchFile('garbled.parquet', garbled))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  const long = Buffer.from(bytes)
  long.writeUInt32LE(2 ** 31, bytes.length - 8)
  await expect(openTable(scratchFile('long.parquet', long))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/longer than the file/),
  })
})

test('damage within the pages ends the reading with the column, after the rows before it', async () => {
  const bytes = Buffer.from(readFileSync(fixture('types.parquet')))
  bytes.fill(0xff, 40_000, 41_000)
  const { rows, failure } = await contentsOf(scratchFile('damaged.parquet', bytes))
  expect(failure).toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/is damaged: column '[^']+'/),
  })
  expect(rows.length).toBeGreaterThanOrEqual(110)
})

test('a page or footer beyond the limits is refused', async () => {
  const path = fixture('types.parquet')
  const { failure } = await contentsOf(path, { maxPageValues: 4 })
  expect(failure).toMatchObject({ code: 'RECORD_TOO_LARGE', message: expect.stringMatching(/in column 'int8'/) })
  await expect(openTable(path, { maxHeaderBytes: 100 })).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
  await expect(openTable(path, { maxColumns: 3 })).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
})

test('progress goes from nothing to the size of the file', async () => {
  const reader = await openTable(fixture('types.parquet'))
  const seen: number[] = []
  for await (const batch of reader.batches({ batchRows: 100 })) {
    expect(batch.rows.length).toBe(100)
    seen.push(reader.progress.bytesRead / reader.progress.bytesTotal)
  }
  expect(seen.map(part => part.toFixed(2))).toEqual(['0.33', '0.67', '1.00'])
  await reader.close()
})

test('a schema with a column that has no name is damaged', async () => {
  const path = packageFile('test', 'fixtures', 'fuzz', 'unnamed.parquet')
  await expect(openTable(path)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/its schema does not decode/),
  })
})
