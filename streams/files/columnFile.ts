// Columns of numbers as one Parquet file, without a value being an object on the way: for tables that are made, not read.
import { createHash } from 'node:crypto'
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer'
import { OutputFile } from './outputFile.ts'
import { fileFacts, schemaOf } from './parquetWriter.ts'
import type { Column } from './table.ts'
import type { WritableColumn } from './tableWriter.ts'

export interface FilledColumn extends WritableColumn {
  readonly type: 'float' | 'double' | 'int' | 'string'
  readonly values: Float32Array | Float64Array | Int32Array | readonly string[]
  /** 1 where there is a value; absent, there is one everywhere. */
  readonly present?: Uint8Array
}

export interface WrittenFile {
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

const GROUP_ROWS = 65_536
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
  const lengths = new Set(filled.flatMap(({ values, present = values }) => [values.length, present.length]))
  if (lengths.size !== 1) throw new RangeError(`columnFile: ${path} has columns of lengths ${[...lengths]}`)
  const columns = filled.map(
    ({ name, type, unit = null, description = null, ucd = null }): Column => ({
      ...{ name, type, unit, description, ucd, arraySize: null },
    }),
  )
  const writer = new ByteWriter(2 ** 20)
  const kvMetadata = fileFacts(columns, meta)
  for (const { name, type, values } of filled) {
    if (type === 'string') kvMetadata.push({ key: `table::len::${name}`, value: String(longestOf(values)) })
  }
  const parquet = new ParquetWriter({
    ...{ writer, schema: schemaOf(columns), codec: 'UNCOMPRESSED', createdBy: 'birthline', kvMetadata },
  })
  const columnData = filled.map((column): ColumnSource => {
    // A dictionary of real numbers is seldom of use, and takes -0 for 0.
    const encoding = column.type === 'string' ? {} : { encoding: 'PLAIN' as const }
    return { name: column.name, data: cellsOf(path, column), ...encoding }
  })
  parquet.write({ columnData, rowGroupSize: GROUP_ROWS, pageSize: PAGE_BYTES })
  parquet.finish()
  return writer.getBytes()
}

function longestOf(values: FilledColumn['values']): number {
  let longest = 1
  for (const value of values) longest = Math.max(longest, String(value).length)
  return longest
}

function cellsOf(path: string, { name, values, present }: FilledColumn): ColumnSource['data'] {
  const numbers = values as ArrayLike<number | string>
  let isFull = true
  for (let i = 0; i < numbers.length; i++) {
    if (present !== undefined && present[i] === 0) isFull = false
    else if (typeof numbers[i] === 'number' && !Number.isFinite(numbers[i])) {
      throw new RangeError(`columnFile: ${path} has ${numbers[i]} in ${name}, row ${i + 1}`)
    }
  }
  if (isFull || present === undefined) return values as ColumnSource['data']
  return Array.from(numbers, (value, i) => (present[i] === 0 ? null : value))
}
