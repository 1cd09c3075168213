// A row of a table of spectra that was refused once, read again from what its refusal kept of it: the file need not be there any more.
import type { Column, Row, TableBatch } from '../files/table.ts'
import type { SpectrumOutcome } from './spectrumFile.ts'
import { xpProducts } from './xpTable.ts'

const untyped = { unit: null, description: null, ucd: null, type: 'text', arraySize: null } as const

export interface RowOrigin {
  readonly path: string
  readonly sha256: string
  readonly format: string
  /** Of the table, from 1; of several rows of one spectrum the first. */
  readonly row: number
}

/**
 * @param bytes of the refusal: a row, or the rows of one spectrum, as JSON
 * @returns the outcome that the file gives at that row; `null` where the bytes are something else, as a row that is none
 */
export async function readSpectrumRow(origin: RowOrigin, bytes: Uint8Array): Promise<SpectrumOutcome | null> {
  const rows = rowsIn(bytes)
  if (rows.length === 0) return null
  const columns = Object.keys(rows[0]).map((name): Column => ({ ...untyped, name }))
  const product = xpProducts.find(one => one.knowTable(columns))
  if (product === undefined) return null
  const { path, sha256, format, row } = origin
  const rowNumbers = rows.map((_, i) => row + i)
  const table = {
    columns,
    async *batches(): AsyncGenerator<TableBatch, void, undefined> {
      yield { firstRow: row, nextRow: row + rows.length, rows, rowNumbers, badRows: [], nextPlace: null }
    },
  }
  const file = { source: { path }, sha256, format, survey: product.surveys[0], product, table }
  for await (const outcome of product.read(file)) return outcome
  return null
}

function rowsIn(bytes: Uint8Array): readonly Row[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(bytes).toString())
    const rows: readonly unknown[] = Array.isArray(content) ? content : [content]
    return rows.every((row): row is Row => typeof row === 'object' && row !== null && !Array.isArray(row)) ? rows : []
  } catch {
    return []
  }
}
