// CSV and TSV: finds delimiter, header and first row. Cells stay text: only the survey's description knows numbers.
import type { ByteSource } from './byteSource.ts'
import { doubleFromText } from './cellNumbers.ts'
import { columnNames } from './columnNames.ts'
import { type CsvDialect, type CsvRecord, splitCells } from './csvRecords.ts'
import { delimitedReader, openQuote, recordsOf } from './delimitedReader.ts'
import type { TableReader } from './table.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

const SAMPLE_RECORDS = 23
const delimiters = [',', '\t', ';', '|'] as const

/**
 * @param format what the file's name claims; a tab counts before other delimiters in a `tsv`
 * @throws FusionError FILE_UNREADABLE when header or first rows show that the text is no table
 */
export async function openCsv(source: ByteSource, format: 'csv' | 'tsv'): Promise<TableReader> {
  const { path, limits } = source
  const dialect: CsvDialect = { delimiter: await findDelimiter(source, format), comments: 'leading' }
  const sample = await firstRecords(source, dialect)
  if (sample.length === 0) throw unreadable(path, 'holds only comments and blank lines; give a file with a header line')
  if (sample[0].bytes.length > limits.maxHeaderBytes) {
    throw tooLarge(
      path,
      `has a header of more than ${limits.maxHeaderBytes} bytes; shorten the names of its columns, or check that it is the file you meant`,
    )
  }
  if (sample[0].isOpen) throw openQuote(path, `its header (line ${sample[0].line})`, 0)
  const rows = sample.map(record => splitCells(record.bytes.toString('utf8'), dialect.delimiter, record.hasQuote))
  const header = rows[0]
  if (header === null) throw unreadable(path, 'has a header with text after a closing quote; repair its first line')
  checkHeader(path, header)
  const names = columnNames(source, header)
  // VizieR puts a line of units and a line of dashes under the names.
  const ruler = [1, 2].find(i => rows[i]?.every(cell => cell !== null && /^-+$/.test(cell.trim())))
  const headerRecords = ruler === undefined ? 1 : ruler + 1
  const units = ruler === 2 ? rows[1] : null
  checkRows(path, names.length, rows.slice(headerRecords), dialect.delimiter)
  const columns = names.map((name, i) => ({
    name,
    unit: units?.[i]?.trim() || null,
    description: null,
    ucd: null,
    type: 'text' as const,
    arraySize: null,
  }))
  return delimitedReader(source, {
    format: dialect.delimiter === '\t' ? 'tsv' : 'csv',
    dialect,
    columns,
    headerRecords,
  })
}

async function findDelimiter(source: ByteSource, format: 'csv' | 'tsv'): Promise<string> {
  // Cut with a byte that text does not hold, the first record is the first line.
  const [first] = await firstRecords(source, { delimiter: '\x1f', comments: 'leading' })
  const line = first?.bytes.toString('utf8') ?? ''
  if (format === 'tsv' && line.includes('\t')) return '\t'
  const counts = delimiters.map(delimiter => (splitCells(line, delimiter, line.includes('"'))?.length ?? 1) - 1)
  const most = Math.max(...counts)
  return most === 0 ? (format === 'tsv' ? '\t' : ',') : delimiters[counts.indexOf(most)]
}

async function firstRecords(source: ByteSource, dialect: CsvDialect): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  try {
    for await (const some of recordsOf(source, dialect, 'refuse')) {
      records.push(...some.slice(0, SAMPLE_RECORDS - records.length))
      if (records.length >= SAMPLE_RECORDS) break
    }
  } catch (error) {
    // A file that breaks after its first records is opened all the same: reading delivers them, and meets the break again.
    if (records.length === 0) throw error
  }
  return records
}

function checkHeader(path: string, header: readonly (string | null)[]): void {
  const given = header.filter(name => name !== null)
  if (given.every(name => doubleFromText(name) !== undefined)) {
    throw unreadable(path, 'begins with values, not with column names; put a header line first, without #')
  }
  if (header.length === 1 && given.some(name => /\s/.test(name.trim()))) {
    throw unreadable(
      path,
      `is no table: its first line, '${given[0].slice(0, 40)}', holds no comma, tab, ; or |; check that it is the file you meant`,
    )
  }
}

/** Prose with commas has a first line that looks like a header; the lines after it give it away. */
function checkRows(path: string, width: number, rows: readonly (readonly unknown[] | null)[], delimiter: string): void {
  const fitting = rows.filter(row => row?.length === width).length
  if (rows.length > 0 && fitting * 2 < rows.length) {
    const mark = delimiter === '\t' ? 'tab' : `'${delimiter}'`
    throw unreadable(
      path,
      `is no table: only ${fitting} of its first ${rows.length} rows have the ${width} cells of its first line, cut at each ${mark}; check that it is the file you meant`,
    )
  }
}
