// What a file is to the first step of the walk: named columns, and rows that arrive in batches.
import type { ErrorCode } from '../../schemas/index.ts'

/**
 * A cell. Missing is `null`, never NaN. 64-bit integers are `bigint`, exact. An infinity of a binary file stays
 * `Infinity`, and a cell that is not what its column promises is its raw text, so that `parseDouble` and `parseLong`
 * can tell a bad value from a missing one.
 */
export type Value = string | number | bigint | boolean | null | readonly Value[]

/** Column name to cell; every column of the table is present. Has no prototype: a column may have any name. */
export type Row = Readonly<Record<string, Value>>

/**
 * `text` is undeclared (CSV): the cell is as written, and the caller knows whether a number is meant.
 * `int` fits 32 signed bits or 16 unsigned; `long` and `unsignedLong` are bigint; `float` was stored in 32 bits.
 */
export type ColumnType = 'text' | 'string' | 'boolean' | 'int' | 'long' | 'unsignedLong' | 'float' | 'double'

export interface Column {
  readonly name: string
  /** As the file has it, not interpreted. */
  readonly unit: string | null
  readonly description: string | null
  /** The Virtual Observatory's word for what is measured. */
  readonly ucd: string | null
  /** Of the cell, or of each element of an array cell. */
  readonly type: ColumnType
  /** `null` is one value a cell; a number, arrays of that length, flat; `*`, arrays of any length. */
  readonly arraySize: number | '*' | null
}

export type TableFormat = 'csv' | 'tsv' | 'ecsv' | 'parquet' | 'fits' | 'votable'

/** A row that cannot be read as a row. The stream goes on after it. */
export interface BadRow {
  /** The first row of a table is 1. */
  readonly row: number
  readonly code: ErrorCode
  /** One sentence: what, where, what to do. */
  readonly reason: string
  /** The row as it stands in the file. */
  readonly bytes: Uint8Array
}

export interface TableBatch {
  /** The first row of the table is 1. */
  readonly firstRow: number
  /** Where to resume once this batch is dealt with: good and bad rows are both counted. */
  readonly nextRow: number
  readonly rows: readonly Row[]
  /** `rowNumbers[i]` is where `rows[i]` stands in the table. */
  readonly rowNumbers: readonly number[]
  readonly badRows: readonly BadRow[]
  /** Where `nextRow` begins, to resume there without reading what comes before; `null` where only its number helps. */
  readonly nextPlace: RowPlace | null
}

/** Where a row begins in a file that is cut at its line ends. */
export interface RowPlace {
  readonly byte: number
  /** The first is 1. */
  readonly line: number
}

export interface BatchOptions {
  /** Most rows in a batch; a batch of wide rows holds fewer. Default 1000. */
  readonly batchRows?: number
  /** The first row wanted, counting from 1, so that `nextRow` of the last batch dealt with resumes. Default 1. */
  readonly startRow?: number
  /** Where `startRow` begins, as `nextPlace` of a batch of the same file said. */
  readonly startPlace?: RowPlace | null
  readonly signal?: AbortSignal
}

export interface Progress {
  /** Of the file as it lies on disk, compressed or not; is `bytesTotal` once the batches are done. */
  readonly bytesRead: number
  readonly bytesTotal: number
}

export interface TableReader {
  readonly path: string
  readonly format: TableFormat
  readonly columns: readonly Column[]
  /** `null` where only reading the whole file could tell. */
  readonly rowCount: number | null
  /** Of the newest call of `batches`. */
  readonly progress: Progress
  /**
   * Rows in file order, read as they are asked for. May be called again.
   * @throws FusionError FILE_UNREADABLE after the last readable row of a file that is cut short or damaged
   * @throws FusionError RECORD_TOO_LARGE at a row beyond the limits
   * @throws the signal's reason once it aborts
   */
  batches(options?: BatchOptions): AsyncGenerator<TableBatch, void, undefined>
  close(): Promise<void>
}
