// Columns of pixels in a FITS file, however they lie: a row for each pixel, or one row with an array in each cell.
import { cellText } from '../files/cellNumbers.ts'
import type { FitsUnit } from '../files/fitsHeader.ts'
import { openFits } from '../files/fitsReader.ts'
import type { Row, Value } from '../files/table.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { MAX_SPECTRUM_PIXELS, type OpenFile, tooManyPixels } from './spectrumFile.ts'

/** Names of the columns of a binary table, in small letters; none of other units. */
export function columnsOf({ header }: FitsUnit): readonly string[] {
  if (header.values.get('XTENSION') !== 'BINTABLE') return []
  const names = [...header.values].filter(([keyword]) => /^TTYPE\d+$/.test(keyword))
  return names.map(([, name]) => name.trim().toLowerCase())
}

/**
 * All pixels of a table, by the column's name in small letters.
 * @throws FusionError FILE_UNREADABLE when it is cut short, RECORD_TOO_LARGE beyond the bound of a spectrum
 */
export async function readPixels(file: OpenFile, unit: number): Promise<ReadonlyMap<string, readonly Value[]>> {
  const { source } = file
  const table = await openFits(source, unit)
  const names = table.columns.map(column => column.name)
  const rowCount = table.rowCount ?? 0
  if (rowCount > MAX_SPECTRUM_PIXELS) throw tooManyPixels(source.path, rowCount)
  const rows: Row[] = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  const isOneRow = rows.length === 1 && names.some(name => Array.isArray(rows[0][name]))
  return new Map(
    names.map(name => {
      const cell = isOneRow ? rows[0][name] : null
      return [name.toLowerCase(), Array.isArray(cell) ? (cell as readonly Value[]) : rows.map(row => row[name])]
    }),
  )
}

/** @throws FusionError FILE_UNREADABLE when there is no such column */
export function pixelColumn(
  pixels: ReadonlyMap<string, readonly Value[]>,
  name: string,
  extension: string,
  path: string,
): readonly Value[] {
  const found = pixels.get(name)
  if (found !== undefined) return found
  throw unreadable(path, `has no column ${name} in ${extension}, only ${[...pixels.keys()].join(', ')}; fetch it again`)
}

/** Cells of the first row of a table as text, by extension and column; lists and missing cells are left out. */
export async function extraCells(file: OpenFile, unit: number, prefix: string): Promise<Record<string, string>> {
  if (unit < 0) return {}
  const table = await openFits(file.source, unit)
  for await (const { rows } of table.batches({ batchRows: 1 })) {
    const cells = Object.entries(rows[0] ?? {}).filter(([, cell]) => cell !== null && !Array.isArray(cell))
    return Object.fromEntries(cells.map(([name, cell]) => [`${prefix}.${name}`, (cellText(cell) ?? '').trim()]))
  }
  return {}
}
