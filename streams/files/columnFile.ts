// Columns of numbers as one Parquet file, without a value being an object on the way: for tables that are made, not read.
import { createHash } from 'node:crypto'
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer'
import { OutputFile } from './outputFile.ts'
import { fileFacts, schemaOf } from './parquetWriter.ts'
import type { Column } from './table.ts'
import type { WritableColumn } from './tableWriter.ts'

export interface FilledColumn extends Omit<WritableColumn, 'arraySize'> {
  readonly type: 'float' | 'double' | 'int' | 'string'
  /** Of a column with an `arraySize` so many for each row, one row after another. */
  readonly values: Float32Array | Float64Array | Int32Array | readonly string[]
  /** Numbers of each row; left out, a row has one cell. */
  readonly arraySize?: number
  /** 1 where there is a value; absent, there is one everywhere. */
  readonly present?: Uint8Array
}

export interface WrittenFile {
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/** Cells with gaps are objects while their group is written. */
const GROUP_ROWS = 16_384
const PAGE_BYTES = 256 * 1024

/**
 * Writes a file that appears whole or not at all; the same columns give the same bytes. Not compressed: measured numbers
 * hardly shrink, and take four times as long.
 * @throws FusionError FILE_UNWRITABLE
 * @throws RangeError where columns differ in length or a number is not finite
 */
export async function writeColumnFile(
  path: string,
  columns: readonly FilledColumn[],
  meta: Readonly<Record<string, string>>,
): Promise<WrittenFile> {
  const bytes = encodeColumns(path, columns, meta)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file = await OutputFile.open(path)
  try {
    await file.append(bytes)
    await file.commit()
  } finally {
    await file.abandon()
  }
  return { sizeBytes: bytes.length, sha256 }
}

function encodeColumns(
  path: string,
  filled: readonly FilledColumn[],
  meta: Readonly<Record<string, string>>,
): Uint8Array {
  const lengths = new Set(filled.flatMap(column => [rowsOf(column), column.present?.length ?? rowsOf(column)]))
  if (lengths.size !== 1) throw new RangeError(`columnFile: ${path} has columns of lengths ${[...lengths]}`)
  const columns = filled.map(
    ({ name, type, unit = null, description = null, ucd = null, arraySize = null }): Column => ({
      ...{ name, type, unit, description, ucd, arraySize },
    }),
  )
  const rowCount = rowsOf(filled[0])
  const writer = new ByteWriter(filled.reduce((sum, { values }) => sum + roomFor(values), ROOM_BYTES))
  const kvMetadata = fileFacts(columns, meta)
  for (const { name, type, values } of filled) {
    if (type === 'string') kvMetadata.push({ key: `table::len::${name}`, value: String(longestOf(values)) })
  }
  const parquet = new ParquetWriter({
    ...{ writer, schema: schemaOf(columns), codec: 'UNCOMPRESSED', createdBy: 'birthline', kvMetadata },
  })
  for (let first = 0; first < rowCount; first += GROUP_ROWS) {
    const columnData = filled.map((column): ColumnSource => {
      // A dictionary of real numbers is seldom of use, and takes -0 for 0.
      const encoding = column.type === 'string' ? {} : { encoding: 'PLAIN' as const }
      return { name: column.name, data: cellsOf(path, column, first, first + GROUP_ROWS), ...encoding }
    })
    parquet.write({ columnData, rowGroupSize: GROUP_ROWS, pageSize: PAGE_BYTES })
  }
  parquet.finish()
  return writer.getBytes()
}

/** For headers, facts and the footer. */
const ROOM_BYTES = 2 ** 18

/** More or less what the values take: a buffer that grows is copied, and for a while there twice. */
function roomFor(values: FilledColumn['values']): number {
  return ArrayBuffer.isView(values) ? values.byteLength : 16 * values.length
}

function longestOf(values: FilledColumn['values']): number {
  let longest = 1
  for (const value of values) longest = Math.max(longest, String(value).length)
  return longest
}

function rowsOf({ values, arraySize = 1 }: FilledColumn): number {
  return values.length / arraySize
}

/** Of rows `first` to below `end`. */
function cellsOf(path: string, column: FilledColumn, first: number, end: number): ColumnSource['data'] {
  const { name, values, arraySize = 1, present: presence } = column
  const cells = values.slice(first * arraySize, end * arraySize) as ArrayLike<number | string>
  const present = presence?.subarray(first, end)
  let isFull = true
  for (let i = 0; i < cells.length; i++) {
    const row = arraySize === 1 ? i : Math.floor(i / arraySize)
    if (present !== undefined && present[row] === 0) isFull = false
    else if (typeof cells[i] === 'number' && !Number.isFinite(cells[i])) {
      throw new RangeError(`columnFile: ${path} has ${cells[i]} in ${name}, row ${first + row + 1}`)
    }
  }
  if (column.arraySize !== undefined) {
    return Array.from({ length: cells.length / arraySize }, (_, row) =>
      present?.[row] === 0 ? null : Array.from({ length: arraySize }, (__, k) => cells[row * arraySize + k]),
    )
  }
  if (isFull || present === undefined) return cells as ColumnSource['data']
  return Array.from(cells, (value, i) => (present[i] === 0 ? null : value))
}
