// Rows of CSV, TSV and ECSV: records are checked, cut into cells, and gathered into batches.
import { isUtf8 } from 'node:buffer'
import type { ByteSource } from './byteSource.ts'
import { type CsvDialect, type CsvRecord, csvRecords, type RecordBound, splitCells } from './csvRecords.ts'
import type {
  BadRow,
  BatchOptions,
  Column,
  Row,
  RowPlace,
  TableBatch,
  TableFormat,
  TableReader,
  Value,
} from './table.ts'
import { BatchBuilder, batchPlan, rowMaker } from './tableBatch.ts'
import { unreadable } from './unreadableFile.ts'

export interface DelimitedTable {
  readonly format: TableFormat
  readonly dialect: CsvDialect
  readonly columns: readonly Column[]
  /** Records before the first row: the header, and what else describes columns. */
  readonly headerRecords: number
  /** Cells in a record, where more are written than are columns. */
  readonly width?: number
  /** Turns the text of a cell into what its column declares; absent for columns that declare nothing. */
  readonly convert?: readonly ((text: string) => Value)[]
  /** Last touch on the cells before they are a row. */
  readonly finish?: (cells: Value[]) => readonly Value[]
}

export function delimitedReader(source: ByteSource, table: DelimitedTable): TableReader {
  return {
    path: source.path,
    format: table.format,
    columns: table.columns,
    rowCount: null,
    get progress() {
      return source.progress
    },
    batches: options => delimitedBatches(source, table, options),
    close: () => source.close(),
  }
}

async function* delimitedBatches(
  source: ByteSource,
  table: DelimitedTable,
  options: BatchOptions = {},
): AsyncGenerator<TableBatch, void, undefined> {
  const { batchRows, startRow } = batchPlan(options)
  const batch = new BatchBuilder(batchRows, startRow)
  const read = rowParser(source.path, table)
  // A position in a gzip is reached by unpacking all that comes before.
  const startPlace = source.isGzip ? null : (options.startPlace ?? null)
  let toSkip = startPlace === null ? table.headerRecords + startRow - 1 : 0
  let place: RowPlace | null = startPlace
  try {
    for await (const records of recordsOf(source, table.dialect, 'passOver', startPlace)) {
      options.signal?.throwIfAborted()
      for (const record of records) {
        if (toSkip > 0) {
          toSkip--
          continue
        }
        const row = read(record, batch.nextRow)
        if ('reason' in row) batch.addBad(row.reason)
        else batch.add(row.cells, record.bytes.length)
        if (!source.isGzip) place = record.next
        if (batch.isFull) {
          yield batch.take(place)
          options.signal?.throwIfAborted()
        }
      }
    }
  } catch (error) {
    // What was read before the file broke is delivered before the break is told.
    if (!batch.isEmpty && !options.signal?.aborted) yield batch.take(place)
    throw error
  }
  if (!batch.isEmpty) yield batch.take(place)
}

export function recordsOf(
  source: ByteSource,
  dialect: CsvDialect,
  beyond: RecordBound['beyond'],
  start: RowPlace | null = null,
): AsyncGenerator<CsvRecord[], void, undefined> {
  const bound = { maxRecordBytes: source.limits.maxRecordBytes, beyond }
  return csvRecords(source.chunks(start?.byte ?? 0), dialect, source.path, bound, start ?? undefined)
}

/** Everything up to the end of the file is in the quote: where it opens is all there is to tell. */
export function openQuote(path: string, place: string, row: number): Error {
  const problem = `opens a quote in ${place} that never closes; close it, or fetch the file again if its end is missing`
  return unreadable(path, problem, undefined, { row })
}

type ParsedRow = { readonly cells: Row } | { readonly reason: Omit<BadRow, 'row'> }

function rowParser(path: string, table: DelimitedTable): (record: CsvRecord, row: number) => ParsedRow {
  const { delimiter } = table.dialect
  const width = table.width ?? table.columns.length
  const makeRow = rowMaker(table.columns.map(column => column.name))

  return (record, row) => {
    const { bytes, line, hasQuote, oversize } = record
    const place = `row ${row} (line ${line})`
    const bad = (code: BadRow['code'], problem: string): ParsedRow => ({
      reason: { code, reason: `${path} has ${problem} in ${place}; repair the row and read it again.`, bytes },
    })
    const cutShort = () => unreadable(path, `is cut short within ${place}; fetch the file again`, undefined, { row })
    if (record.isOpen) throw openQuote(path, place, row)
    if (oversize !== null) {
      const { sizeBytes, sha256 } = oversize
      return bad(
        'RECORD_TOO_LARGE',
        `${sizeBytes} bytes (sha256 ${sha256}), of which the first ${bytes.length} are kept,`,
      )
    }
    if (bytes.includes(0)) return bad('FILE_UNREADABLE', 'NUL bytes')
    if (!isUtf8(bytes)) return bad('FILE_UNREADABLE', 'bytes that are not UTF-8')
    const cells: Value[] | null = splitCells(bytes.toString('utf8'), delimiter, hasQuote)
    if (cells === null) return bad('SCHEMA_MISMATCH', 'text after a closing quote')
    if (cells.length !== width) {
      if (!record.isEnded && cells.length < width) throw cutShort()
      return bad('SCHEMA_MISMATCH', `${cells.length} cells for ${width} columns`)
    }
    if (table.convert !== undefined) {
      for (let i = 0; i < width; i++) {
        const cell = cells[i]
        if (typeof cell === 'string') cells[i] = table.convert[i](cell)
      }
    }
    return { cells: makeRow(table.finish === undefined ? cells : table.finish(cells)) }
  }
}
