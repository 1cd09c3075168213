import fc from 'fast-check'
import { expect, test } from 'vitest'
import { doubleFromText, parseLong } from '../../streams/files/cellNumbers.ts'
import type { ColumnType, Row, TableFormat, Value } from '../../streams/files/table.ts'
import { openTableWriter, type WritableColumn, type WriteOptions } from '../../streams/files/tableWriter.ts'
import { scratchPath } from '../streams/files/scratchFiles.ts'
import { contentsOf } from '../streams/files/tableContents.ts'
import { text } from './recordArbitrary.ts'

const longest = { min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }
const int = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })
/** FITS holds ASCII: no control characters, no blanks at the end, and nothing is the same as missing. */
const fitsText = fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map(value => value.trimEnd() || 'e')

/** XML has no control characters, BINARY2 no blanks at the end of a text to us, and TABLEDATA no empty text. */
const votableText = text.map(
  one => one.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]| +$/gu, '') || 'e',
)
const wordsOf = new Map([
  ['fits', fitsText],
  ['parquet', text],
  ['votable', votableText],
])

const cellsOf = (format: TableFormat): Readonly<Record<ColumnType, fc.Arbitrary<Value>>> => {
  // A zero byte in a text file is damage to those who read it.
  const words = wordsOf.get(format) ?? text.filter(one => !one.includes('\0'))
  // The largest one stands for missing in FITS; VOTable has signed ones only.
  const mostUnsigned = format === 'votable' ? longest.max : 2n ** 64n - 2n
  return {
    text: words,
    string: words,
    boolean: fc.boolean(),
    int,
    long: fc.oneof(fc.constantFrom(2n ** 53n + 1n, longest.min, longest.max), fc.bigInt(longest)),
    unsignedLong: fc.oneof(fc.constantFrom(2n ** 53n + 1n, mostUnsigned), fc.bigInt({ min: 0n, max: mostUnsigned })),
    float: fc.float({ noNaN: true }),
    double: fc.double({ noNaN: true }),
  }
}

interface Drawn {
  readonly columns: readonly WritableColumn[]
  readonly rows: readonly Row[]
}

function tables(format: TableFormat): fc.Arbitrary<Drawn> {
  const cells = cellsOf(format)
  const types = Object.keys(cells) as ColumnType[]
  const isText = (type: ColumnType) => type === 'string' || type === 'text'
  const column = fc
    .tuple(fc.constantFrom(...types), fc.constantFrom(null, null, 2, '*' as const))
    .map(([type, size]) => {
      const isRefused = (format === 'fits' && (size === '*' || isText(type))) || (format === 'votable' && isText(type))
      return { type, arraySize: isRefused ? null : size }
    })
  // A line with nothing in it is no row: a lone cell that is missing goes out as an empty text.
  return fc.array(column, { minLength: format === 'ecsv' ? 2 : 1, maxLength: 5 }).chain(shapes => {
    const columns = shapes.map((shape, i): WritableColumn => ({ name: `c ${i}`, ...shape }))
    const row = fc.record(
      Object.fromEntries(
        columns.map(({ name, type, arraySize }) => {
          const cell = fc.option(cells[type], { freq: 4 })
          if (arraySize === null) return [name, cell]
          // TABLEDATA cannot tell a list without anything from a missing one.
          const least = format === 'votable' ? 1 : 0
          const length = arraySize === '*' ? { minLength: least, maxLength: 3 } : { minLength: 2, maxLength: 2 }
          return [name, format === 'fits' ? fc.array(cell, length) : fc.option(fc.array(cell, length), { freq: 4 })]
        }),
      ),
      { noNullPrototype: true },
    )
    return fc.record({ columns: fc.constant(columns), rows: fc.array(row as fc.Arbitrary<Row>, { maxLength: 6 }) })
  })
}

async function writeRows(path: string, { columns, rows }: Drawn, options: WriteOptions = {}): Promise<void> {
  const writer = await openTableWriter(path, columns, options)
  await writer.write(rows)
  await writer.close()
}

for (const [format, serialization] of [
  ['parquet'],
  ['ecsv'],
  ['fits'],
  ['votable', 'TABLEDATA'],
  ['votable', 'BINARY2'],
] as const) {
  const name = serialization ?? format
  test(`any table comes back from ${name} value for value: nulls, unicode, extreme numbers`, async () => {
    await fc.assert(
      fc.asyncProperty(tables(format), async table => {
        const path = scratchPath(`any.${format}`)
        await writeRows(path, table, serialization && { serialization })
        const { rows, failure, badRows } = await contentsOf(path)
        expect([failure, badRows]).toEqual([null, []])
        expect(rows).toEqual(table.rows)
      }),
      { seed: 67, numRuns: 80 },
    )
  })
}

for (const ending of ['csv', 'tsv', 'csv.gz'] as const) {
  test(`any numbers and texts come back from ${ending}`, async () => {
    const columns: WritableColumn[] = [
      { name: 'id', type: 'long' },
      { name: 'x', type: 'double' },
      { name: 's', type: 'string' },
    ]
    const { long, double, string } = cellsOf('csv')
    const row = fc.record(
      { id: fc.option(long), x: fc.option(double), s: fc.option(string) },
      { noNullPrototype: true },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), async rows => {
        const path = scratchPath(`any.${ending}`)
        await writeRows(path, { columns, rows })
        const { rows: back, failure, badRows } = await contentsOf(path)
        expect([failure, badRows]).toEqual([null, []])
        const read = back.map(({ id, x, s }) => ({
          id: parseLong(id),
          x: typeof x === 'string' ? doubleFromText(x) : x,
          s,
        }))
        expect(read).toEqual(rows)
      }),
      { seed: 71, numRuns: 80 },
    )
  })
}
