// VOTable 1.4 out (IVOA, 2019): rows as TABLEDATA, which people can read, or as BINARY2, which is smaller.
import { FusionError } from '../../schemas/index.ts'
import { checkedCells } from './checkedCells.ts'
import { shortestFloat } from './csvWriter.ts'
import { GzipOutput } from './outputFile.ts'
import type { Column, ColumnType, Row, Value } from './table.ts'
import type { TableEncoder } from './tableEncoder.ts'
import type { TableSink } from './tableSink.ts'
import { configInvalid } from './unreadableFile.ts'
import { escaped, votableHead, votableTail } from './votableFields.ts'

export type VotableSerialization = 'TABLEDATA' | 'BINARY2'

/** Within an array only these stand for a missing integer; a lone cell has an empty one, or a bit. */
const INT_NULL = -(2 ** 31)
const LONG_NULL = -(2n ** 63n)
const marks = { int: String(INT_NULL), long: String(LONG_NULL), unsignedLong: String(LONG_NULL) }
/** VOTable has no unsigned 64-bit integer. */
const LONG_MAX = 2n ** 63n - 1n

/** A document in pieces: `begin`, `rows` any number of times, `end`. */
interface VotablePrinter {
  begin(): string
  /** `cells[column][row]` */
  rows(cells: readonly (readonly Value[])[], count: number): string
  end(): string
}

/**
 * A whole document as text.
 * @param rows an absent name is missing
 * @throws FusionError as `openTableWriter`; TypeError when a value is not what its column declares
 */
export function printVotable(
  columns: readonly (Pick<Column, 'name' | 'type'> & Partial<Column>)[],
  rows: readonly Row[],
  meta: Readonly<Record<string, string>> = {},
  serialization: VotableSerialization = 'TABLEDATA',
): string {
  const whole = columns.map(column => ({ unit: null, description: null, ucd: null, arraySize: null, ...column }))
  const printer = printerOf('The VOTable', whole, meta, serialization)
  const cells = whole.map(column =>
    checkedCells(
      column,
      rows.map(row => row[column.name]),
      1,
    ),
  )
  return printer.begin() + printer.rows(cells, rows.length) + printer.end()
}

/** @throws FusionError CONFIG_INVALID for a column of arrays of texts */
export function createVotableEncoder(
  file: TableSink,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  serialization: VotableSerialization,
): TableEncoder {
  const gzip = /\.gz$/i.test(file.path) ? new GzipOutput(file) : null
  const append = (text: string) => (gzip ?? file).append(Buffer.from(text, 'utf8'))
  const printer = printerOf(file.path, columns, meta, serialization)
  return {
    begin: () => append(printer.begin()),
    append: (cells, count) => append(printer.rows(cells, count)),
    async finish() {
      await append(printer.end())
      await gzip?.finish()
    },
  }
}

/** @param path of the file, for messages */
function printerOf(
  path: string,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  serialization: VotableSerialization,
): VotablePrinter {
  const texts = columns.find(({ type, arraySize }) => isText(type) && arraySize !== null)
  if (texts !== undefined) {
    throw configInvalid(
      path,
      `cannot hold column '${texts.name}', whose cells are arrays of texts; write Parquet or ECSV`,
    )
  }
  let rowCount = 0
  const print = serialization === 'TABLEDATA' ? textRow(columns) : binaryRow(columns)
  const [open, close] =
    serialization === 'TABLEDATA'
      ? ['<TABLEDATA>', '</TABLEDATA>']
      : ['<BINARY2>\n<STREAM encoding="base64">', '</STREAM>\n</BINARY2>']
  // Base64 is of three bytes each: what is left over waits for the next rows.
  let rest: Buffer = Buffer.alloc(0)
  const base64 = (bytes: Buffer) => (bytes.length === 0 ? '' : `${bytes.toString('base64')}\n`)
  return {
    begin: () => `${votableHead(columns, meta, { marks })}\n<DATA>\n${open}\n`,
    rows(cells, count) {
      const lines: (string | Buffer)[] = []
      for (let i = 0; i < count; i++) {
        rowCount++
        const row = cells.map((column, k) => inRange(path, columns[k], column[i], rowCount))
        lines.push(print(row))
      }
      if (serialization === 'TABLEDATA') return lines.join('')
      const bytes = Buffer.concat([rest, ...(lines as Buffer[])])
      const whole = bytes.length - (bytes.length % 3)
      rest = bytes.subarray(whole)
      return base64(bytes.subarray(0, whole))
    },
    end: () => `${base64(rest)}${close}\n</DATA>\n${votableTail}\n`,
  }
}

function isText(type: ColumnType): boolean {
  return type === 'string' || type === 'text'
}

/** @throws FusionError VALUE_OUT_OF_RANGE for an integer that VOTable has no room for */
function inRange(path: string, { name, type, arraySize }: Column, cell: Value, row: number): Value {
  const isFit = (value: Value) =>
    typeof value === 'bigint'
      ? value <= LONG_MAX && (arraySize === null || value !== LONG_NULL)
      : arraySize === null || type !== 'int' || value !== INT_NULL
  if (typeof cell === 'object' && cell !== null ? cell.every(isFit) : isFit(cell)) return cell
  throw new FusionError(
    'VALUE_OUT_OF_RANGE',
    `${path} cannot hold the integer of column '${name}' in row ${row}, for which VOTable has no room; write Parquet or ECSV.`,
    { detail: { path, column: name, row } },
  )
}

function textRow(columns: readonly Column[]): (cells: readonly Value[]) => string {
  const texts = columns.map(
    ({ type }) =>
      (value: Value) =>
        elementText(type, value),
  )
  const cellText = (cell: Value, i: number) => {
    if (cell === null) return '<TD/>'
    return `<TD>${typeof cell === 'object' ? cell.map(texts[i]).join(' ') : texts[i](cell)}</TD>`
  }
  return cells => `<TR>${cells.map(cellText).join('')}</TR>\n`
}

function elementText(type: ColumnType, value: Value): string {
  if (value === null)
    return type === 'boolean' ? '?' : type === 'float' || type === 'double' ? 'NaN' : marks[type as 'int']
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  // A reader of XML takes a lone carriage return for a line feed.
  if (typeof value === 'string') return escaped(value).replaceAll('\r', '&#13;')
  if (value === Infinity || value === -Infinity) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0.0'
  return type === 'float' ? shortestFloat(Number(value)) : String(value)
}

/** Bits of what is missing, then the cells, big-endian; a cell of any length behind its length (section 5.4). */
function binaryRow(columns: readonly Column[]): (cells: readonly Value[]) => Buffer {
  return cells => {
    const missing = Buffer.alloc(Math.ceil(columns.length / 8))
    const pieces: Buffer[] = [missing]
    columns.forEach(({ type, arraySize }, i) => {
      const cell = cells[i]
      if (cell === null) missing[i >> 3] |= 0x80 >> (i & 7)
      if (isText(type)) {
        const text = Buffer.from(typeof cell === 'string' ? cell : '', 'utf16le').swap16()
        pieces.push(lengthBytes(text.length / 2), text)
        return
      }
      const absent = Array<Value>(typeof arraySize === 'number' ? arraySize : 0).fill(null)
      const elements = arraySize === null ? [cell] : cell === null ? absent : (cell as readonly Value[])
      if (arraySize === '*') pieces.push(lengthBytes(elements.length))
      for (const element of elements) pieces.push(elementBytes(type, element))
    })
    return Buffer.concat(pieces)
  }
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

function elementBytes(type: ColumnType, value: Value): Buffer {
  const bytes = Buffer.alloc(type === 'boolean' ? 1 : type === 'int' || type === 'float' ? 4 : 8)
  if (type === 'boolean') bytes.write(elementText(type, value), 'latin1')
  else if (type === 'int') bytes.writeInt32BE(value === null ? INT_NULL : Number(value))
  else if (type === 'float') bytes.writeFloatBE(value === null ? Number.NaN : Number(value))
  else if (type === 'double') bytes.writeDoubleBE(value === null ? Number.NaN : Number(value))
  else bytes.writeBigInt64BE(value === null ? LONG_NULL : BigInt(value as bigint))
  return bytes
}
