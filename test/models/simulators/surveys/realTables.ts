import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

/** Real tables that lie beside the project and are no part of it; a test that needs one says so and passes over it. */
const folder = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', 'catalogues')

export type RealRow = Readonly<Record<string, unknown>>

export function hasTable(name: string): boolean {
  return existsSync(join(folder, name))
}

export const whyPassedOver = 'the tables of ../shared/data are not here'

/** Rows of a Parquet or plain CSV table. */
export async function readTable(name: string, columns?: readonly string[]): Promise<RealRow[]> {
  const path = join(folder, name)
  if (name.endsWith('.parquet'))
    return parquetReadObjects({
      file: await asyncBufferFromFile(path),
      compressors,
      ...(columns === undefined ? {} : { columns: [...columns] }),
    })
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/).map(fields)
  return lines.map(line => Object.fromEntries(head.map((key, i) => [key, line[i]])))
}

function fields(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), m => m[1] ?? m[2] ?? '')
}

/** A finite number of a cell that is not one of the surveys' words for missing; else null. */
export function cell(row: RealRow, column: string): number | null {
  const text = row[column]
  if (text === null || text === undefined || text === '') return null
  const value = Number(text)
  return Number.isFinite(value) && value !== 0 && value > -99 ? value : null
}
