// A small table as the bytes of a file, for those who send it on.
import { type ColumnValues, checkedCells } from './checkedCells.ts'
import type { TableFormat } from './table.ts'
import { MemorySink } from './tableSink.ts'
import { createEncoder, type WritableColumn, wholeColumns } from './tableWriter.ts'

/**
 * @param name what sentences about the table call it
 * @param values as many for every column, by its name
 * @throws FusionError CONFIG_INVALID when the format cannot hold a column, VALUE_OUT_OF_RANGE when it cannot hold a cell
 * @throws RangeError when there is no column, a name occurs twice, or columns are not of one length
 */
export async function encodeTable(
  name: string,
  format: TableFormat,
  columns: readonly WritableColumn[],
  values: Readonly<Record<string, ColumnValues>>,
  meta: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const written = wholeColumns(name, columns)
  const lengths = new Set(written.map(column => values[column.name]?.length))
  if (lengths.size > 1) throw new RangeError(`encodeTable: ${name} got columns of lengths ${[...lengths].join(', ')}`)
  const cells = written.map(column => checkedCells(column, values[column.name], 1))
  const sink = new MemorySink(name)
  const encoder = createEncoder(sink, format, written, meta, 'TABLEDATA')
  await encoder.begin()
  if (cells[0].length > 0) await encoder.append(cells, cells[0].length)
  await encoder.finish()
  return sink.bytes
}
