// FITS binary tables out: rows go to the file as they come; what only the last row tells is put into the header then.
import { FusionError } from '../../schemas/index.ts'
import { fitsAscii, fitsCard, fitsComments, fitsHeaderBytes } from './fitsCards.ts'
import { FITS_BLOCK_BYTES } from './fitsHeader.ts'
import type { Column, ColumnType, Value } from './table.ts'
import type { TableEncoder } from './tableEncoder.ts'
import type { TableSink } from './tableSink.ts'
import { printTableYaml } from './tableYaml.ts'
import { configInvalid } from './unreadableFile.ts'

const MOVE_BYTES = 2 ** 20
const INT_NULL = -(2 ** 31)
const LONG_NULL = -(2n ** 63n)
/** Unsigned integers are stored less this (standard 4.0, table 19); their null is the largest. */
const LONG_ZERO = 2n ** 63n
const UNSIGNED_NULL = 2n ** 63n - 1n

interface Field {
  readonly column: Column
  /** Elements of a cell; for a text, its bytes, which grow with the longest. */
  repeat: number
  readonly elementBytes: number
}

const forms: Readonly<Record<ColumnType, readonly [letter: string, elementBytes: number]>> = {
  text: ['A', 1],
  string: ['A', 1],
  boolean: ['L', 1],
  int: ['J', 4],
  long: ['K', 8],
  unsignedLong: ['K', 8],
  float: ['E', 4],
  double: ['D', 8],
}

/** @throws FusionError CONFIG_INVALID for a column of lists of any length or of arrays of texts */
export function createFitsEncoder(
  file: TableSink,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
): TableEncoder {
  const fields = columns.map(column => fieldOf({ ...column, name: fitsAscii(column.name) }, file.path))
  if (new Set(fields.map(field => field.column.name)).size < fields.length) {
    throw configInvalid(
      file.path,
      'cannot tell its columns apart, since FITS knows only ASCII; rename some or write Parquet',
    )
  }
  let dataStart = 0
  let rowCount = 0
  let rowBytes = widthOf(fields)

  const widen = async (lengths: readonly number[]) => {
    const before = fields.map(field => ({ ...field }))
    const wider = fields.map((field, i) => Math.max(field.repeat, roomFor(lengths[i])))
    if (wider.every((repeat, i) => repeat === fields[i].repeat)) return
    fields.forEach((field, i) => {
      field.repeat = wider[i]
    })
    await moveRows(file, dataStart, rowCount, before, fields)
    rowBytes = widthOf(fields)
  }

  return {
    async begin() {
      const header = headerOf(fields, rowCount, meta)
      dataStart = header.length
      await file.append(header)
    },
    async append(cells, count) {
      const bytes = fields.map((field, i) => (isText(field) ? cells[i].map(textBytes) : null))
      await widen(bytes.map(texts => texts?.reduce((most, text) => Math.max(most, text.length), 0) ?? 0))
      const rows = Buffer.alloc(count * rowBytes)
      let offset = 0
      fields.forEach((field, i) => {
        for (let row = 0; row < count; row++) {
          const at = row * rowBytes + offset
          const text = bytes[i]?.[row]
          if (text !== undefined) rows.set(text, at)
          else writeCell(field, cells[i][row], rows, at, () => reserved(file.path, field.column, rowCount + row + 1))
        }
        offset += field.repeat * field.elementBytes
      })
      await file.writeAt(dataStart + rowCount * rowBytes, rows)
      rowCount += count
    },
    async finish() {
      const end = dataStart + rowCount * rowBytes
      await file.writeAt(end, Buffer.alloc((FITS_BLOCK_BYTES - (end % FITS_BLOCK_BYTES)) % FITS_BLOCK_BYTES))
      await file.writeAt(0, headerOf(fields, rowCount, meta))
    },
  }
}

function isText({ column }: Field): boolean {
  return column.type === 'string' || column.type === 'text'
}

function fieldOf(column: Column, path: string): Field {
  const [, elementBytes] = forms[column.type]
  const field = { column, repeat: column.arraySize === null ? 1 : Number(column.arraySize), elementBytes }
  if (column.arraySize === '*' || (isText(field) && column.arraySize !== null)) {
    const what = column.arraySize === '*' ? 'lists of any length' : 'arrays of texts'
    throw configInvalid(path, `cannot hold column '${column.name}', whose cells are ${what}; write Parquet or ECSV`)
  }
  return field
}

function widthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { repeat, elementBytes }) => sum + repeat * elementBytes, 0)
}

/** Some more than is needed, so that texts that grow by and by do not move all rows each time. */
function roomFor(length: number): number {
  return length <= 1 ? length : Math.ceil((length * 5) / 32) * 8
}

function textBytes(cell: Value): Buffer {
  return Buffer.from(typeof cell === 'string' ? cell : '', 'utf8')
}

/** Makes room within the rows already written, from the last to the first so that none is overwritten unmoved. */
async function moveRows(
  file: TableSink,
  start: number,
  rowCount: number,
  before: readonly Field[],
  after: readonly Field[],
): Promise<void> {
  const [oldBytes, newBytes] = [widthOf(before), widthOf(after)]
  const rowsPerMove = Math.max(1, Math.floor(MOVE_BYTES / newBytes))
  for (let end = rowCount; end > 0; end -= rowsPerMove) {
    const first = Math.max(0, end - rowsPerMove)
    const old = await file.readAt(start + first * oldBytes, (end - first) * oldBytes)
    const moved = Buffer.alloc((end - first) * newBytes)
    for (let row = 0; row < end - first; row++) {
      let from = row * oldBytes
      let to = row * newBytes
      for (let i = 0; i < before.length; i++) {
        const length = before[i].repeat * before[i].elementBytes
        old.copy(moved, to, from, from + length)
        from += length
        to += after[i].repeat * after[i].elementBytes
      }
    }
    await file.writeAt(start + first * newBytes, moved)
  }
}

function writeCell(field: Field, cell: Value, rows: Buffer, at: number, refuse: () => Error): void {
  const { column, elementBytes, repeat } = field
  for (let k = 0; k < repeat; k++) {
    const value = column.arraySize === null || cell === null ? cell : (cell as readonly Value[])[k]
    writeElement(column.type, value, rows, at + k * elementBytes, refuse)
  }
}

function writeElement(type: ColumnType, value: Value, rows: Buffer, at: number, refuse: () => Error): void {
  switch (type) {
    case 'boolean':
      rows[at] = value === null ? 0 : (value === true ? 'T' : 'F').charCodeAt(0)
      return
    case 'int':
      if (value === INT_NULL) throw refuse()
      rows.writeInt32BE(value === null ? INT_NULL : Number(value), at)
      return
    case 'long':
      if (value === LONG_NULL) throw refuse()
      rows.writeBigInt64BE(value === null ? LONG_NULL : (value as bigint), at)
      return
    case 'unsignedLong':
      if (value === UNSIGNED_NULL + LONG_ZERO) throw refuse()
      rows.writeBigInt64BE(value === null ? UNSIGNED_NULL : (value as bigint) - LONG_ZERO, at)
      return
    case 'float':
      rows.writeFloatBE(value === null ? Number.NaN : Number(value), at)
      return
    default:
      rows.writeDoubleBE(value === null ? Number.NaN : Number(value), at)
  }
}

function reserved(path: string, column: Column, row: number): Error {
  return new FusionError(
    'VALUE_OUT_OF_RANGE',
    `${path} cannot hold the extreme integer of column '${column.name}' in row ${row}, which FITS needs for missing ones; write Parquet or ECSV.`,
    { detail: { path, column: column.name, row } },
  )
}

/** Its length does not depend on rows or widths, which are all that is not known at the beginning. */
function headerOf(fields: readonly Field[], rowCount: number, meta: Readonly<Record<string, string>>): Buffer {
  const primary = [
    ...fitsCard('SIMPLE', true, 'conforms to FITS standard'),
    ...fitsCard('BITPIX', 8),
    ...fitsCard('NAXIS', 0),
    ...fitsCard('EXTEND', true),
  ]
  const columns = fields.map(field => field.column)
  const yaml = printTableYaml(columns, meta, { logarithmic: columns.filter(isLogarithmic) }).replace(
    /[^\x20-\x7e\n]/g,
    escapedCharacter,
  )
  const table = [
    ...fitsCard('XTENSION', 'BINTABLE'),
    ...fitsCard('BITPIX', 8),
    ...fitsCard('NAXIS', 2),
    ...fitsCard('NAXIS1', widthOf(fields), 'bytes of a row'),
    ...fitsCard('NAXIS2', rowCount, 'rows'),
    ...fitsCard('PCOUNT', 0),
    ...fitsCard('GCOUNT', 1),
    ...fitsCard('TFIELDS', fields.length),
    ...fields.flatMap(fieldCards),
    ...fitsComments([
      '--BEGIN-ASTROPY-SERIALIZED-COLUMNS--',
      ...yaml.trimEnd().split('\n'),
      '--END-ASTROPY-SERIALIZED-COLUMNS--',
    ]),
  ]
  return Buffer.concat([fitsHeaderBytes(primary), fitsHeaderBytes(table)])
}

function escapedCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Units of logarithms are none to the FITS standard (4.0, table 5), and astropy warns of each: only its YAML tells of them. */
function isLogarithmic({ unit, type }: Column): boolean {
  return unit !== null && /^dex\b/.test(unit) && (type === 'double' || type === 'float')
}

function fieldCards({ column, repeat }: Field, i: number): string[] {
  const n = i + 1
  const { name, unit, description, ucd, type } = column
  const isLog = isLogarithmic(column)
  return [
    ...fitsCard(`TTYPE${n}`, name),
    ...fitsCard(`TFORM${n}`, `${repeat}${forms[type][0]}`),
    ...(type === 'int' ? fitsCard(`TNULL${n}`, INT_NULL) : []),
    ...(type === 'long' ? fitsCard(`TNULL${n}`, LONG_NULL) : []),
    ...(type === 'unsignedLong' ? [...fitsCard(`TZERO${n}`, LONG_ZERO), ...fitsCard(`TNULL${n}`, UNSIGNED_NULL)] : []),
    ...(unit === null || isLog ? [] : fitsCard(`TUNIT${n}`, unit)),
    ...(description === null ? [] : fitsCard(`TCOMM${n}`, description + (isLog ? ` [${unit}]` : ''))),
    ...(ucd === null ? [] : fitsCard(`TUCD${n}`, ucd)),
  ]
}
