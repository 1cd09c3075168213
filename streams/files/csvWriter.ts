// CSV, TSV and ECSV out: the shortest text that reads back to the same value.
import { GzipOutput } from './outputFile.ts'
import type { Column, TableFormat, Value } from './table.ts'
import type { TableEncoder } from './tableEncoder.ts'
import type { TableSink } from './tableSink.ts'
import { printTableYaml } from './tableYaml.ts'

const FLUSH_CHARACTERS = 256 * 1024

/** Missing is an empty cell, an empty text is a quoted one. */
export function createCsvEncoder(
  file: TableSink,
  format: TableFormat,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
): TableEncoder {
  const delimiter = format === 'tsv' ? '\t' : ','
  const gzip = /\.gz$/i.test(file.path) ? new GzipOutput(file) : null
  const append = (text: string) => (gzip ?? file).append(Buffer.from(text, 'utf8'))
  const needsQuotes = new RegExp(`[${delimiter}"\\r\\n]|^#|^$`)
  const quoted = (text: string) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const printers = columns.map(column => printerOf(column, format === 'ecsv'))
  // A line without anything on it would be no row.
  const missing = columns.length === 1 ? '""' : ''
  return {
    async begin() {
      const names = columns.map(column => quoted(column.name)).join(delimiter)
      const yaml = format === 'ecsv' ? printTableYaml(columns, meta, { delimiter }).trimEnd().split('\n') : []
      const header = format === 'ecsv' ? ['%ECSV 1.0', '---', ...yaml].map(line => `# ${line}\n`).join('') : ''
      await append(`${header}${names}\n`)
    },
    async append(cells, count) {
      let text = ''
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < columns.length; i++) {
          const cell = cells[i][row]
          if (i > 0) text += delimiter
          text += cell === null ? missing : quoted(printers[i](cell))
        }
        text += '\n'
        if (text.length >= FLUSH_CHARACTERS) {
          await append(text)
          text = ''
        }
      }
      await append(text)
    },
    async finish() {
      await gzip?.finish()
    },
  }
}

type Printer = (cell: Value) => string

function printerOf(column: Column, isPython: boolean): Printer {
  const scalar = scalarPrinter(column, isPython)
  if (column.arraySize === null) return scalar
  // Within arrays, which are JSON, texts need quotes and infinities the name that Python's json knows.
  const element = (cell: Value): string => {
    if (cell === null) return 'null'
    if (typeof cell === 'string' || typeof cell === 'boolean') return JSON.stringify(cell)
    return scalar(cell).replace('inf', 'Infinity')
  }
  return cell => (typeof cell === 'object' && cell !== null ? `[${cell.map(element).join(',')}]` : '')
}

function scalarPrinter(column: Column, isPython: boolean): Printer {
  switch (column.type) {
    case 'boolean':
      return isPython ? cell => (cell === true ? 'True' : 'False') : String
    case 'float':
      return cell => numberText(cell as number, shortestFloat)
    case 'double':
      return cell => numberText(cell as number, String)
    default:
      return String
  }
}

function numberText(value: number, print: (value: number) => string): string {
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  return Object.is(value, -0) ? '-0.0' : print(value)
}

/** The fewest digits that tell a 32-bit number from its neighbours: nine always do. */
export function shortestFloat(value: number): string {
  const float = Math.fround(value)
  if (Number.isInteger(float) && Math.abs(float) < 2 ** 24) return String(float)
  for (let digits = 6; digits < 9; digits++) {
    const text = float.toPrecision(digits)
    if (Math.fround(Number(text)) === float) return String(Number(text))
  }
  return String(Number(float.toPrecision(9)))
}
