// Parquet, read by pages from the file's handle: one page of each column is in memory, whatever the row groups' size.
import { type FileMetaData, parquetMetadata, type RowGroup } from 'hyparquet'
import type { ByteSource } from './byteSource.ts'
import { columnNames } from './columnNames.ts'
import { foldParquetMasks, type ParquetLeaf, parquetLeaves } from './parquetColumns.ts'
import { ParquetPages } from './parquetPages.ts'
import type { BatchOptions, TableBatch, TableReader, Value } from './table.ts'
import { BatchBuilder, batchPlan, rowMaker } from './tableBatch.ts'
import type { MaskedColumns } from './tableYaml.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

/** Length of the footer and the magic word after it. */
const TAIL_BYTES = 8
/** Rows decoded at once: fewer where they are wide. */
const SLICE_ROWS = 256
const SLICE_BYTES = 2 ** 20

interface ParquetTable extends MaskedColumns {
  readonly leaves: readonly ParquetLeaf[]
  readonly groups: readonly RowGroup[]
  readonly rowCount: number
}

/** @throws FusionError FILE_UNREADABLE when the footer is missing or broken, so that not a row can be found */
export async function openParquet(source: ByteSource): Promise<TableReader> {
  const table = tableOf(await readMetadata(source), source)
  const { bytesTotal } = source.progress
  let rowsRead = 0
  return {
    path: source.path,
    format: 'parquet',
    columns: table.columns,
    rowCount: table.rowCount,
    get progress() {
      const part = table.rowCount === 0 ? 1 : rowsRead / table.rowCount
      return { bytesRead: Math.round(part * bytesTotal), bytesTotal }
    },
    async *batches(options) {
      rowsRead = 0
      for await (const batch of parquetBatches(source, table, options)) {
        rowsRead = batch.nextRow - 1
        yield batch
      }
      rowsRead = table.rowCount
    },
    close: () => source.close(),
  }
}

async function readMetadata(source: ByteSource): Promise<FileMetaData> {
  const { path, limits } = source
  const size = await source.size()
  const tail = await source.readAt(Math.max(0, size - TAIL_BYTES), TAIL_BYTES)
  if (tail.length < TAIL_BYTES || tail.toString('latin1', 4) !== 'PAR1') {
    throw unreadable(
      path,
      'is cut short: its Parquet footer is missing, without which no row can be found; fetch it again',
    )
  }
  const footerBytes = tail.readUInt32LE(0) + TAIL_BYTES
  if (footerBytes > size) throw unreadable(path, 'is damaged: its footer is longer than the file; fetch the file again')
  if (footerBytes > limits.maxHeaderBytes) {
    throw tooLarge(
      path,
      `has a footer of ${footerBytes} bytes, more than ${limits.maxHeaderBytes}; write the file again with larger row groups or fewer columns`,
    )
  }
  try {
    return parquetMetadata(await source.readAt(size - footerBytes, footerBytes), { geoparquet: false })
  } catch (error) {
    throw unreadable(path, 'is damaged: its footer does not decode; fetch the file again', error)
  }
}

function tableOf(metadata: FileMetaData, source: ByteSource): ParquetTable {
  const { path } = source
  let leaves: readonly ParquetLeaf[]
  try {
    leaves = parquetLeaves(metadata)
    if (leaves.some(({ column }) => typeof column.name !== 'string')) throw new RangeError('a column has no name')
  } catch (error) {
    throw unreadable(path, 'is damaged: its schema does not decode; fetch the file again', error)
  }
  columnNames(
    source,
    leaves.map(({ column }) => column.name),
  )
  const rowCount = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (rowCount !== Number(metadata.num_rows)) {
    throw unreadable(
      path,
      `is damaged: its groups hold ${rowCount} rows, not ${metadata.num_rows}; fetch the file again`,
    )
  }
  const { columns, finish } = foldParquetMasks(
    metadata,
    leaves.map(({ column }) => column),
  )
  return { columns, ...(finish === undefined ? {} : { finish }), leaves, groups: metadata.row_groups, rowCount }
}

async function* parquetBatches(
  source: ByteSource,
  table: ParquetTable,
  options: BatchOptions = {},
): AsyncGenerator<TableBatch, void, undefined> {
  const { batchRows, startRow } = batchPlan(options)
  const batch = new BatchBuilder(batchRows, startRow)
  const makeRow = rowMaker(table.columns.map(column => column.name))
  let groupStart = 1
  try {
    for (const group of table.groups) {
      const groupRows = Number(group.num_rows)
      const groupEnd = groupStart + groupRows
      if (batch.nextRow >= groupEnd) {
        groupStart = groupEnd
        continue
      }
      const rowBytes = Number(group.total_byte_size) / groupRows
      const sliceRows = Math.max(1, Math.min(SLICE_ROWS, Math.floor(SLICE_BYTES / rowBytes)))
      const pages = columnPages(source, table, group, groupStart)
      for (const column of pages) await column.skip(batch.nextRow - groupStart)
      while (batch.nextRow < groupEnd) {
        options.signal?.throwIfAborted()
        const count = Math.min(sliceRows, groupEnd - batch.nextRow)
        const slices: Value[][] = []
        for (const column of pages) slices.push(await column.read(count))
        for (let i = 0; i < count; i++) {
          const cells = slices.map(slice => slice[i])
          batch.add(makeRow(table.finish === undefined ? cells : table.finish(cells)), rowBytes)
          if (batch.isFull) {
            yield batch.take()
            options.signal?.throwIfAborted()
          }
        }
      }
      groupStart = groupEnd
    }
  } catch (error) {
    // What was read before the file broke is delivered before the break is told.
    if (!batch.isEmpty && !options.signal?.aborted) yield batch.take()
    throw error
  }
  if (!batch.isEmpty) yield batch.take()
}

function columnPages(
  source: ByteSource,
  table: ParquetTable,
  group: RowGroup,
  firstRow: number,
): readonly ParquetPages[] {
  return table.leaves.map((leaf, i) => {
    const chunk = group.columns[i]
    if (chunk?.file_path !== undefined) {
      throw unreadable(source.path, 'keeps its columns in other files; read those')
    }
    if (chunk?.meta_data === undefined) {
      throw unreadable(
        source.path,
        `is encrypted or damaged: column '${leaf.column.name}' is not described; decrypt it first`,
      )
    }
    return new ParquetPages(source, leaf, chunk.meta_data, firstRow)
  })
}
