import { readFileSync } from 'node:fs'
import { parquetMetadata } from 'hyparquet'
import { expect, test } from 'vitest'
import { plainPage } from '../../../streams/files/parquetRuns.ts'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf, fixture } from './tableContents.ts'

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

/** DELTA_BINARY_PACKED numbers that go up by the same step. */
function steps(count: number, first: number, step: number): number[] {
  const block = [...varint(step * 2), 0, 0, 0, 0]
  const blocks = Array.from({ length: Math.ceil((count - 1) / 128) }, () => block).flat()
  return [...varint(128), 4, ...varint(count), ...varint(first * 2), ...blocks]
}

/** A page of texts of which each is the one before it and 16 bytes more. */
function growingTexts(count: number, firstPrefix = 0) {
  const body = Uint8Array.from([
    ...steps(count, firstPrefix, 16),
    ...steps(count, 16, 0),
    ...new Uint8Array(count * 16).fill(97),
  ])
  const header = {
    type: 'DATA_PAGE',
    uncompressed_page_size: body.length,
    compressed_page_size: body.length,
    data_page_header: { num_values: count, encoding: 'DELTA_BYTE_ARRAY' },
  }
  const element = { name: 'text', repetition_type: 'REQUIRED' }
  const decoder = { type: 'BYTE_ARRAY', codec: 'UNCOMPRESSED', element, schemaPath: [{ element, path: [] }] }
  const read = (maxBytes: number) =>
    plainPage(
      body,
      header as Parameters<typeof plainPage>[1],
      decoder as unknown as Parameters<typeof plainPage>[2],
      maxBytes,
    )
  return { body, read }
}

const MIB = 2 ** 20

test('texts that grow by what the one before them has are refused where all of them are too long', () => {
  const few = growingTexts(300)
  expect(few.read(MIB).body).toEqual(few.body)
  const many = growingTexts(4000)
  expect(many.body.length).toBeLessThan(80_000)
  expect(() => many.read(MIB)).toThrow(`texts of more than ${MIB} bytes`)
})

test('a text that goes on from more than there is before it is refused', () => {
  expect(() => growingTexts(2, 1).read(MIB)).toThrow('a text of no beginning')
})

test('a page with fewer than no nulls is refused', async () => {
  const bytes = Buffer.from(readFileSync(fixture('typesV2.parquet')))
  const footerBytes = bytes.readUInt32LE(bytes.length - 8) + 8
  const metadata = parquetMetadata(Uint8Array.from(bytes.subarray(bytes.length - footerBytes)).buffer)
  const chunk = metadata.row_groups[0].columns.find(({ meta_data: one }) => one?.path_in_schema[0] === 'int64')
  const start = Number(chunk?.meta_data?.data_page_offset)
  // Field 8 of the header is a structure: of field 1, the count of values, twice 300, and field 2, the count of nulls.
  const head = Buffer.from([0x5c, 0x15, ...varint(600), 0x15])
  const nullsAt = bytes.indexOf(head, start) + head.length
  expect(nullsAt).toBeLessThan(start + 40)
  bytes[nullsAt] = 1
  const { failure } = await contentsOf(scratchFile('nulls.parquet', bytes))
  expect(failure).toMatchObject({ message: expect.stringMatching(/'int64' has a page header that makes no sense/) })
})
