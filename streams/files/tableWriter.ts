// The end of a walk as a file: results with their units and descriptions, in any format that is read here.
import { type ColumnValues, checkedCells } from './checkedCells.ts'
import { createCsvEncoder } from './csvWriter.ts'
import { createFitsEncoder } from './fitsWriter.ts'
import { OutputFile } from './outputFile.ts'
import { createParquetEncoder } from './parquetWriter.ts'
import type { Column, Row, TableFormat, Value } from './table.ts'
import type { TableEncoder } from './tableEncoder.ts'
import type { TableSink } from './tableSink.ts'
import { configInvalid } from './unreadableFile.ts'
import { createVotableEncoder, type VotableSerialization } from './votableWriter.ts'

/** A column to be written; a column of a reader is one too. */
export type WritableColumn = Pick<Column, 'name' | 'type'> & Partial<Column>

export interface WriteOptions {
  /** Default: what the path ends with. */
  readonly format?: TableFormat
  /** Facts about the table as a whole, kept where the format has a place for them. */
  readonly meta?: Readonly<Record<string, string>>
  /** Of a VOTable. Default: `TABLEDATA`, which people can read; `BINARY2` is smaller and knows empty texts from missing ones. */
  readonly serialization?: VotableSerialization
}

export interface TableWriter {
  readonly path: string
  readonly format: TableFormat
  readonly columns: readonly Column[]
  readonly rowCount: number
  /** Rows by column name; an absent name is missing, a name that is no column is not written. Await each call. */
  write(rows: readonly Row[]): Promise<void>
  /** As many values for every column. */
  writeColumns(values: Readonly<Record<string, ColumnValues>>): Promise<void>
  /** Puts the file in its place. Until then nothing stands under its name. */
  close(): Promise<void>
  /** Gives up: nothing is left behind. */
  abandon(): Promise<void>
}

const endings: readonly (readonly [RegExp, TableFormat])[] = [
  [/\.parquet$/i, 'parquet'],
  [/\.(fits|fit)$/i, 'fits'],
  [/\.(vot|votable|xml)(\.gz)?$/i, 'votable'],
  [/\.ecsv(\.gz)?$/i, 'ecsv'],
  [/\.(tsv|tab)(\.gz)?$/i, 'tsv'],
  [/\.csv(\.gz)?$/i, 'csv'],
]

/**
 * Writes a table in constant memory: Parquet by row groups, the others row by row. CSV, TSV, ECSV and VOTable are
 * gzipped when the path ends with `.gz`. Missing values are nulls of the format (NaN and TNULL in FITS), integers are exact.
 * @throws FusionError CONFIG_INVALID when the format is unknown or cannot hold a column
 * @throws FusionError FILE_UNWRITABLE when the file cannot be written
 * @throws RangeError when there is no column or a name occurs twice
 */
export async function openTableWriter(
  path: string,
  columns: readonly WritableColumn[],
  options: WriteOptions = {},
): Promise<TableWriter> {
  const { meta = {}, serialization = 'TABLEDATA' } = options
  const format = options.format ?? formatOf(path)
  if (/\.gz$/i.test(path) && (format === 'parquet' || format === 'fits')) {
    throw configInvalid(path, `cannot be a gzipped ${format}, which is put together back to front; leave out .gz`)
  }
  const written = wholeColumns(path, columns)
  const file = await OutputFile.open(path)
  let encoder: TableEncoder
  try {
    encoder = createEncoder(file, format, written, meta, serialization)
    await encoder.begin()
  } catch (error) {
    await file.abandon()
    throw error
  }
  return new EncodedTableWriter(file, format, written, encoder)
}

/** @throws RangeError when there is no column or a name occurs twice */
export function wholeColumns(path: string, columns: readonly WritableColumn[]): readonly Column[] {
  const whole = columns.map(column => ({ unit: null, description: null, ucd: null, arraySize: null, ...column }))
  const names = new Set(whole.map(column => column.name))
  if (names.size === 0 || names.size < whole.length || names.has('')) {
    throw new RangeError(`wholeColumns: ${path} needs columns with names of their own`)
  }
  return whole
}

function formatOf(path: string): TableFormat {
  const found = endings.find(([pattern]) => pattern.test(path))
  if (found !== undefined) return found[1]
  throw configInvalid(path, 'does not say what to write; let it end with .parquet, .fits, .vot, .ecsv, .csv or .tsv')
}

/** @throws FusionError CONFIG_INVALID when the format cannot hold a column */
export function createEncoder(
  file: TableSink,
  format: TableFormat,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  serialization: VotableSerialization,
): TableEncoder {
  switch (format) {
    case 'parquet':
      return createParquetEncoder(file, columns, meta)
    case 'fits':
      return createFitsEncoder(file, columns, meta)
    case 'votable':
      return createVotableEncoder(file, columns, meta, serialization)
    default:
      return createCsvEncoder(file, format, columns, meta)
  }
}

class EncodedTableWriter implements TableWriter {
  readonly format: TableFormat
  readonly columns: readonly Column[]
  readonly #file: OutputFile
  readonly #encoder: TableEncoder
  #rowCount = 0

  constructor(file: OutputFile, format: TableFormat, columns: readonly Column[], encoder: TableEncoder) {
    this.#file = file
    this.format = format
    this.columns = columns
    this.#encoder = encoder
  }

  get path(): string {
    return this.#file.path
  }

  get rowCount(): number {
    return this.#rowCount
  }

  async write(rows: readonly Row[]): Promise<void> {
    await this.#append(this.columns.map(({ name }) => rows.map(row => row[name])))
  }

  async writeColumns(values: Readonly<Record<string, ColumnValues>>): Promise<void> {
    const columns = this.columns.map(({ name }) => values[name])
    const lengths = new Set(columns.map(column => column?.length))
    if (lengths.size > 1) throw new RangeError(`writeColumns: ${this.path} got columns of lengths ${[...lengths]}`)
    await this.#append(columns)
  }

  async #append(values: readonly ColumnValues[]): Promise<void> {
    const cells: Value[][] = this.columns.map((column, i) => checkedCells(column, values[i], this.#rowCount + 1))
    const count = cells[0].length
    if (count === 0) return
    await this.#encoder.append(cells, count)
    this.#rowCount += count
  }

  async close(): Promise<void> {
    try {
      await this.#encoder.finish()
      await this.#file.commit()
    } finally {
      await this.#file.abandon()
    }
  }

  async abandon(): Promise<void> {
    await this.#file.abandon()
  }
}
