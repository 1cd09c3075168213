// Whole tables in a form that golden JSON has too: 64-bit integers and infinities as text, missing as null.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BadRow, BatchOptions, Column, Row, Value } from '../../../streams/files/table.ts'
import { type OpenOptions, openTable } from '../../../streams/files/tableReader.ts'

type Json = string | number | boolean | null | readonly Json[]

export interface TableContents {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly rowNumbers: readonly number[]
  readonly badRows: readonly BadRow[]
  /** What ended the reading before the end. */
  readonly failure: unknown
}

/** Path of a file in test/fixtures/tables. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/tables/${name}`, import.meta.url))
}

/** What another program read in a fixture. */
export function golden(name: string): {
  readonly columns: readonly { name: string; unit?: string | null; description?: string | null }[]
  readonly rows: readonly (readonly Json[])[]
} {
  return JSON.parse(readFileSync(fixture(name), 'utf8'))
}

export async function contentsOf(
  path: string,
  open: OpenOptions = {},
  batch: BatchOptions = {},
): Promise<TableContents> {
  const reader = await openTable(path, open)
  const rows: Row[] = []
  const rowNumbers: number[] = []
  const badRows: BadRow[] = []
  let failure: unknown = null
  try {
    for await (const some of reader.batches(batch)) {
      rows.push(...some.rows)
      rowNumbers.push(...some.rowNumbers)
      badRows.push(...some.badRows)
    }
  } catch (error) {
    failure = error
  } finally {
    await reader.close()
  }
  return { columns: reader.columns, rows, rowNumbers, badRows, failure }
}

export function jsonRows({ columns, rows }: Pick<TableContents, 'columns' | 'rows'>): Json[][] {
  return rows.map(row => columns.map(({ name }) => json(row[name])))
}

function json(value: Value): Json {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return value.map(json)
  return value as Json
}
