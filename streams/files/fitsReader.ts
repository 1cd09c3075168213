// FITS binary tables, read row by row; arrays of varying length are fetched from the heap behind the rows.
import { ByteCursor } from './byteCursor.ts'
import type { ByteSource } from './byteSource.ts'
import { ByteWindow } from './byteWindow.ts'
import { type FitsColumn, fitsColumns } from './fitsColumns.ts'
import { FITS_BLOCK_BYTES, type FitsUnit, fitsInteger, readFitsUnit } from './fitsHeader.ts'
import type { BatchOptions, TableBatch, TableReader, Value } from './table.ts'
import { BatchBuilder, batchPlan, rowMaker } from './tableBatch.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

const READ_BYTES = 256 * 1024
const HEAP_WINDOW_BYTES = 256 * 1024

interface FitsTable {
  readonly fields: readonly FitsColumn[]
  readonly rowBytes: number
  readonly rowCount: number
  readonly dataStart: number
  readonly heapStart: number
  readonly heapEnd: number
}

/**
 * @param hdu name or number of the wanted extension; `null` for the first binary table
 * @throws FusionError FILE_UNREADABLE when the file holds no such table
 */
export async function openFits(source: ByteSource, hdu: string | number | null): Promise<TableReader> {
  const table = tableOf(await findTable(source, hdu), source)
  let isDone = false
  return {
    path: source.path,
    format: 'fits',
    columns: table.fields.map(field => field.column),
    rowCount: table.rowCount,
    get progress() {
      const { bytesRead, bytesTotal } = source.progress
      return { bytesRead: isDone ? bytesTotal : bytesRead, bytesTotal }
    },
    async *batches(options) {
      isDone = false
      yield* fitsBatches(source, table, options)
      isDone = true
    },
    close: () => source.close(),
  }
}

async function findTable(source: ByteSource, hdu: string | number | null): Promise<FitsUnit> {
  const { path } = source
  const cursor = new ByteCursor(source)
  const seen: string[] = []
  try {
    for (let number = 0; ; number++) {
      const unit = await readFitsUnit(cursor, source)
      if (unit === null) break
      const { values } = unit.header
      const kind = values.get('XTENSION') ?? 'PRIMARY'
      const name = values.get('EXTNAME') ?? ''
      // A compressed picture is stored as a table, but is none.
      const isTable = kind === 'BINTABLE' && values.get('ZIMAGE') !== 'T'
      const isMeant = typeof hdu === 'string' ? name.toLowerCase() === hdu.toLowerCase() : number === hdu
      if (hdu === null ? isTable : isMeant) {
        if (!isTable) throw unreadable(path, `has no binary table in extension ${hdu} but ${kind}; name another`)
        if (values.get('ZTABLE') === 'T') {
          throw unreadable(path, 'holds a table compressed by fpack; unpack it with funpack')
        }
        return unit
      }
      seen.push(`${number} ${kind}${name === '' ? '' : ` '${name}'`}`)
      await cursor.skip(Math.ceil(unit.dataBytes / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES)
    }
  } finally {
    await cursor.close()
  }
  const wanted = hdu === null ? 'a binary table' : `an extension ${typeof hdu === 'string' ? `'${hdu}'` : hdu}`
  throw unreadable(
    path,
    `does not hold ${wanted}, only ${seen.join(', ')}; check that it is complete and the one meant`,
  )
}

function tableOf({ header, dataStart }: FitsUnit, source: ByteSource): FitsTable {
  const { path, limits } = source
  const fields = fitsColumns(header, source)
  const rowBytes = fitsInteger(header, 'NAXIS1', 0, path)
  const rowCount = fitsInteger(header, 'NAXIS2', 0, path)
  if (rowBytes > limits.maxRecordBytes) {
    throw tooLarge(
      path,
      `has rows of ${rowBytes} bytes, more than ${limits.maxRecordBytes}; leave out its widest columns`,
    )
  }
  const heapStart = dataStart + fitsInteger(header, 'THEAP', rowBytes * rowCount, path)
  const heapEnd = dataStart + rowBytes * rowCount + fitsInteger(header, 'PCOUNT', 0, path)
  return { fields, rowBytes, rowCount, dataStart, heapStart, heapEnd }
}

async function* fitsBatches(
  source: ByteSource,
  table: FitsTable,
  options: BatchOptions = {},
): AsyncGenerator<TableBatch, void, undefined> {
  const { batchRows, startRow } = batchPlan(options)
  const { fields, rowBytes, rowCount, dataStart } = table
  const batch = new BatchBuilder(batchRows, startRow)
  const makeRow = rowMaker(fields.map(field => field.column.name))
  const heap = new ByteWindow(source, HEAP_WINDOW_BYTES)
  const heapFields = fields.flatMap((field, i) => (field.heap === null ? [] : [{ ...field, heap: field.heap, i }]))
  const cursor = new ByteCursor(source, dataStart + Math.min(startRow - 1, rowCount) * rowBytes)
  const rowsPerRead = Math.max(1, Math.floor(READ_BYTES / rowBytes))
  let failure: unknown = null
  try {
    while (batch.nextRow <= rowCount && failure === null) {
      options.signal?.throwIfAborted()
      const wanted = Math.min(rowsPerRead, rowCount - batch.nextRow + 1)
      const piece = await cursor.read(wanted * rowBytes)
      const got = Math.floor(piece.bytes.length / rowBytes)
      if (got < wanted) failure = piece.failure ?? cutShort(source.path, batch.nextRow + got, rowCount)
      for (let k = 0; k < got; k++) {
        const at = k * rowBytes
        const cells: Value[] = fields.map(field => field.read(piece.bytes, at + field.offset))
        let sizeBytes = rowBytes
        let problem: string | null = null
        try {
          for (const field of heapFields) {
            const cell = await readHeapCell(source, table, heap, field, piece.bytes, at + field.offset, batch.nextRow)
            if ('problem' in cell) problem = `${cell.problem} in column '${field.column.name}'`
            else {
              cells[field.i] = cell.value
              sizeBytes += cell.sizeBytes
            }
          }
        } catch (error) {
          failure = error
          break
        }
        if (problem === null) batch.add(makeRow(cells), sizeBytes)
        else {
          const reason = `${source.path} has ${problem} of row ${batch.nextRow}; repair the row and read it again.`
          batch.addBad({ code: 'FILE_UNREADABLE', reason, bytes: piece.bytes.subarray(at, at + rowBytes) })
        }
        if (batch.isFull) {
          yield batch.take()
          options.signal?.throwIfAborted()
        }
      }
    }
    if (!batch.isEmpty) yield batch.take()
    if (failure !== null) throw failure
    // Only the end of a gzip tells whether what came before was sound.
    if (source.isGzip) await cursor.skip(Number.POSITIVE_INFINITY)
  } finally {
    await cursor.close()
  }
}

type HeapCell = { readonly value: Value; readonly sizeBytes: number } | { readonly problem: string }

async function readHeapCell(
  source: ByteSource,
  table: FitsTable,
  heap: ByteWindow,
  field: FitsColumn & { readonly heap: NonNullable<FitsColumn['heap']> },
  row: Buffer,
  at: number,
  rowNumber: number,
): Promise<HeapCell> {
  const { count, offset } = field.heap.place(row, at)
  if (count === 0) return { value: field.column.arraySize === null ? null : [], sizeBytes: 0 }
  const length = field.heap.sizeOf(count)
  const start = table.heapStart + offset
  if (count < 0 || offset < 0 || start + length > table.heapEnd) {
    return { problem: `an array of ${count} elements at byte ${offset} of its heap, outside of it,` }
  }
  if (length > source.limits.maxRecordBytes) {
    return { problem: `an array of ${length} bytes, more than ${source.limits.maxRecordBytes},` }
  }
  const bytes = await heap.read(start, length, table.heapEnd)
  if (bytes.length < length) throw cutShort(source.path, rowNumber, table.rowCount)
  return { value: field.heap.read(bytes, 0, count), sizeBytes: length }
}

function cutShort(path: string, row: number, rowCount: number): Error {
  return unreadable(path, `is cut short at row ${row} of ${rowCount}; fetch the file again`, undefined, { row })
}
