// Bytes of a CSV -> records: where each begins and ends, and whether quotes are in it. Cells are cut only if wanted.
import { type Oversize, OversizeRecord } from './oversizeRecord.ts'
import type { RowPlace } from './table.ts'
import { tooLarge } from './unreadableFile.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const HASH = 0x23
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf)

export interface CsvRecord {
  /** Without its line end; of a record that is too long, the beginning. */
  readonly bytes: Buffer
  readonly hasQuote: boolean
  /** The line it begins on, the first being 1. */
  readonly line: number
  /** Whether a line end follows; only the last record of a file may lack one. */
  readonly isEnded: boolean
  /** Whether a quote in it is still open, which only the end of the file can cause. */
  readonly isOpen: boolean
  /** Where what comes after it begins. */
  readonly next: RowPlace
  /** What is known of a record that was too long to hold; `null` for all others. */
  readonly oversize: Oversize | null
}

export interface RecordBound {
  readonly maxRecordBytes: number
  /** What becomes of a longer record: an error, or its beginning in its place. */
  readonly beyond: 'refuse' | 'passOver'
}

export interface CsvDialect {
  /** One byte of ASCII. A space stands for any number of them. */
  readonly delimiter: string
  /** Which lines that begin with `#` are comments, quotes and all: those before the header, every one, or no one. */
  readonly comments: 'leading' | 'all' | 'none'
}

/**
 * Cuts a stream into records, leaving out blank lines and comments. A quote counts only at the beginning of a cell
 * (RFC 4180), where it may hide line ends. Holds one chunk and one unfinished record.
 * @param start where the stream begins, when that is behind the header
 * @throws FusionError RECORD_TOO_LARGE for a record that is too long where such are refused, and for one whose quote
 * never closes, since nobody can tell then where the next begins
 */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  dialect: CsvDialect,
  path: string,
  bound: RecordBound,
  start?: RowPlace,
): AsyncGenerator<CsvRecord[], void, undefined> {
  const cutter = new RecordCutter(dialect, path, bound, start)
  let pending: Buffer[] = []
  let pendingBytes = 0
  for await (const chunk of chunks) {
    pending.push(chunk)
    pendingBytes += chunk.length
    // A record that grows is looked at anew only when it has doubled, so that no byte is looked at often.
    if (pendingBytes < Math.max(cutter.restBytes, BYTE_ORDER_MARK.length)) continue
    yield* cutter.cut(pending)
    pending = []
    pendingBytes = 0
  }
  yield* cutter.cut(pending)
  yield* cutter.last()
}

class RecordCutter {
  readonly #delimiter: number
  readonly #comments: CsvDialect['comments']
  readonly #path: string
  readonly #bound: RecordBound
  #mayComment: boolean
  #rest: Buffer = Buffer.alloc(0)
  #line = 1
  #isBeginning = true
  /** Of the first byte that is not cut yet, in the content. */
  #position = 0
  /** Being passed over. */
  #oversize: OversizeRecord | null = null

  constructor(dialect: CsvDialect, path: string, bound: RecordBound, start?: RowPlace) {
    this.#delimiter = dialect.delimiter.charCodeAt(0)
    this.#comments = dialect.comments
    this.#mayComment = dialect.comments !== 'none'
    this.#path = path
    this.#bound = bound
    if (start === undefined) return
    this.#isBeginning = false
    this.#mayComment = dialect.comments === 'all'
    this.#position = start.byte
    this.#line = start.line
  }

  get restBytes(): number {
    return this.#rest.length
  }

  *cut(pieces: readonly Buffer[]): Generator<CsvRecord[], void, undefined> {
    const data = this.#joined(pieces)
    const records: CsvRecord[] = []
    let start = 0
    let quote = data.indexOf(QUOTE)
    while (start < data.length) {
      if (this.#oversize !== null) {
        const end = this.#oversize.pass(data, start)
        start = end < 0 ? data.length : end + 1
        if (end >= 0) records.push(...this.#endOversize(this.#oversize, true, this.#position + start))
        continue
      }
      if (quote >= 0 && quote < start) quote = data.indexOf(QUOTE, start)
      const newline = data.indexOf(NEWLINE, start)
      const isComment = this.#mayComment && data[start] === HASH
      const hasQuote = !isComment && quote >= 0 && (newline < 0 || quote < newline)
      const end = hasQuote ? quotedEnd(data, start, this.#delimiter) : newline
      const length = (end < 0 ? data.length : end) - start
      if (length > this.#bound.maxRecordBytes) {
        if (this.#bound.beyond === 'passOver') {
          this.#oversize = new OversizeRecord(this.#line, this.#delimiter, isComment)
          continue
        }
        if (records.length > 0) yield records
        throw this.#tooLarge(this.#line, hasQuote)
      }
      if (end < 0) break
      const bytes = data.subarray(start, length > 0 && data[end - 1] === RETURN ? end - 1 : end)
      const line = this.#line
      this.#line += hasQuote ? countNewlines(bytes) + 1 : 1
      start = end + 1
      if (bytes.length > 0 && !isComment) {
        const next = { byte: this.#position + start, line: this.#line }
        records.push({ bytes, hasQuote, line, isEnded: true, isOpen: false, oversize: null, next })
        this.#mayComment = this.#comments === 'all'
      }
    }
    this.#rest = data.subarray(start)
    this.#position += start
    if (records.length > 0) yield records
  }

  /** What no line end follows. */
  *last(): Generator<CsvRecord[], void, undefined> {
    if (this.#oversize !== null) {
      if (this.#oversize.isOpen) throw this.#tooLarge(this.#oversize.line, true)
      yield [...this.#endOversize(this.#oversize, false, this.#position)]
      return
    }
    const rest = this.#rest
    if (rest.length === 0 || (this.#mayComment && rest[0] === HASH)) return
    const hasQuote = rest.includes(QUOTE)
    const isOpen = hasQuote && quotedEnd(Buffer.concat([rest, Buffer.of(NEWLINE)]), 0, this.#delimiter) < 0
    const bytes = rest.at(-1) === RETURN && !isOpen ? rest.subarray(0, -1) : rest
    const next = { byte: this.#position + rest.length, line: this.#line + 1 }
    yield [{ bytes, hasQuote, line: this.#line, isEnded: false, isOpen, oversize: null, next }]
  }

  *#endOversize(record: OversizeRecord, isEnded: boolean, byte: number): Generator<CsvRecord, void, undefined> {
    const { bytes, line, oversize, isComment } = record
    this.#line += record.lineCount
    if (!isComment) {
      yield { bytes, hasQuote: false, line, isEnded, isOpen: false, oversize, next: { byte, line: this.#line } }
      this.#mayComment = this.#comments === 'all'
    }
    this.#oversize = null
  }

  #joined(pieces: readonly Buffer[]): Buffer {
    const data = this.#rest.length === 0 && pieces.length === 1 ? pieces[0] : Buffer.concat([this.#rest, ...pieces])
    const isMarked = this.#isBeginning && data.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    this.#isBeginning = false
    if (isMarked) this.#position += BYTE_ORDER_MARK.length
    return isMarked ? data.subarray(BYTE_ORDER_MARK.length) : data
  }

  #tooLarge(line: number, hasQuote: boolean): Error {
    const why = hasQuote ? 'perhaps a quote in it never closes' : 'perhaps its line ends are missing'
    return tooLarge(
      this.#path,
      `has a row of more than ${this.#bound.maxRecordBytes} bytes at line ${line}; ${why}: repair that row and read it again`,
      { line },
    )
  }
}

/** The newline that ends a record with quotes in it, or -1 when it is not there yet. */
function quotedEnd(data: Buffer, start: number, delimiter: number): number {
  for (let i = start; i < data.length; ) {
    if (data[i] === QUOTE) {
      const close = closingQuote(data, i + 1)
      if (close < 0) return -1
      i = close + 1
    }
    // Whatever follows up to the next delimiter belongs to the cell, quotes included.
    while (i < data.length && data[i] !== delimiter && data[i] !== NEWLINE) i++
    if (data[i] === NEWLINE) return i
    i++
  }
  return -1
}

function closingQuote(data: Buffer, from: number): number {
  for (let at = data.indexOf(QUOTE, from); at >= 0; at = data.indexOf(QUOTE, at + 2)) {
    // A doubled quote is a quote; one at the very end of the data may still turn out to be doubled.
    if (at + 1 === data.length) return -1
    if (data[at + 1] !== QUOTE) return at
  }
  return -1
}

function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}

/**
 * The cells of a record. An empty cell is `null`; a quoted empty cell is an empty text, except between spaces, where
 * quotes are the only way to write an empty cell.
 * @returns `null` when text follows a closing quote, so that the cell's value is anybody's guess
 */
export function splitCells(text: string, delimiter: string, hasQuote: boolean): (string | null)[] | null {
  const isSpaced = delimiter === ' '
  if (!hasQuote) {
    const cells: (string | null)[] = isSpaced ? text.trim().split(/ +/) : text.split(delimiter)
    for (let i = 0; i < cells.length; i++) if (cells[i] === '') cells[i] = null
    return cells
  }
  const line = isSpaced ? text.trim() : text
  const cells: (string | null)[] = []
  for (let i = 0; ; i++) {
    while (isSpaced && line[i] === ' ') i++
    if (line[i] === '"') {
      let close = line.indexOf('"', i + 1)
      while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2)
      if (close < 0) return null
      const cell = line.slice(i + 1, close).replaceAll('""', '"')
      cells.push(cell === '' && isSpaced ? null : cell)
      i = close + 1
      if (i < line.length && line[i] !== delimiter) return null
    } else {
      const next = line.indexOf(delimiter, i)
      const end = next < 0 ? line.length : next
      cells.push(end === i ? null : line.slice(i, end))
      i = end
    }
    if (i >= line.length) return cells
  }
}
