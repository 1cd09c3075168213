// Columns of a FITS binary table: from TTYPEn, TFORMn, ... to what reads each cell out of a row.
import type { ByteSource } from './byteSource.ts'
import { columnNames } from './columnNames.ts'
import { joinFitsComments } from './fitsCards.ts'
import { type FitsElement, fitsElement, isScaling, readFitsBit, readFitsText } from './fitsElements.ts'
import { type FitsHeader, fitsInteger } from './fitsHeader.ts'
import type { Column, ColumnType, Value } from './table.ts'
import { parseTableYaml } from './tableYaml.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

/** How a cell of some elements lies in bytes, in the row itself or in the heap. */
interface Layout {
  readonly type: ColumnType
  readonly sizeOf: (count: number) => number
  readonly read: (bytes: Buffer, at: number, count: number) => Value
  /** A cell of a single element, where that is no array. */
  readonly readOne: (bytes: Buffer, at: number) => Value
}

export interface FitsColumn {
  readonly column: Column
  /** Within a row. */
  readonly offset: number
  readonly sizeBytes: number
  /** Of a cell within the row. */
  readonly read: (row: Buffer, at: number) => Value
  /** Where the row holds but the place of the cell: what reads it there. */
  readonly heap: FitsHeapCell | null
}

export interface FitsHeapCell {
  /** Of the elements and of the bytes before them in the heap. */
  readonly place: (row: Buffer, at: number) => { readonly count: number; readonly offset: number }
  readonly sizeOf: (count: number) => number
  readonly read: (bytes: Buffer, at: number, count: number) => Value
}

/** @throws FusionError FILE_UNREADABLE when a format is unknown or the columns do not fill the row */
export function fitsColumns(header: FitsHeader, source: ByteSource): readonly FitsColumn[] {
  const { path, limits } = source
  const count = fitsInteger(header, 'TFIELDS', 0, path)
  if (count > limits.maxColumns) {
    throw tooLarge(path, `has ${count} columns, more than ${limits.maxColumns}; leave out those that nobody needs`)
  }
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const names = columnNames(
    source,
    numbers.map(n => header.values.get(`TTYPE${n}`)),
  )
  const described = astropyDescriptions(header)
  let offset = 0
  const columns = numbers.map(n => {
    const field = fieldOf(header, n, names[n - 1], path)
    const { name } = field.column
    const known = described.get(name)
    const description = known?.description ?? header.values.get(`TCOMM${n}`) ?? remarkOf(header, n)
    const unit = field.column.unit ?? known?.unit ?? null
    const placed = { ...field, column: { ...field.column, unit, description }, offset }
    offset += field.sizeBytes
    return placed
  })
  const rowBytes = fitsInteger(header, 'NAXIS1', 0, path)
  if (offset > rowBytes || rowBytes === 0) {
    throw unreadable(path, `has rows of ${rowBytes} bytes for columns of ${offset}; write it again`)
  }
  return columns
}

/** Programs that have nothing to say about a column fill the remark with a stock phrase. */
function remarkOf(header: FitsHeader, n: number): string | null {
  const remark = header.remarks.get(`TTYPE${n}`)
  return remark === undefined || /^label for field/i.test(remark) ? null : remark
}

/** astropy keeps what FITS has no word for in comments, as the YAML of its other formats. */
function astropyDescriptions(header: FitsHeader): ReadonlyMap<string, Column> {
  const from = header.comments.indexOf('--BEGIN-ASTROPY-SERIALIZED-COLUMNS--')
  const to = header.comments.indexOf('--END-ASTROPY-SERIALIZED-COLUMNS--')
  if (from < 0 || to < from) return new Map()
  const yaml = joinFitsComments(header.comments.slice(from + 1, to)).join('\n')
  const columns = parseTableYaml(yaml)?.columns ?? []
  return new Map(columns.map(column => [column.name, column]))
}

function fieldOf(header: FitsHeader, n: number, name: string, path: string): Omit<FitsColumn, 'offset'> {
  const form = header.values.get(`TFORM${n}`) ?? ''
  const parsed = /^(\d*)([LXBIJKAEDCMPQ])(.*)$/.exec(form.trim())
  const scaling = {
    scale: header.values.get(`TSCAL${n}`) || undefined,
    zero: header.values.get(`TZERO${n}`) || undefined,
    missing: header.values.get(`TNULL${n}`),
  }
  if (!isScaling(scaling)) {
    throw unreadable(path, `has the column '${name}' scaled by what is no number; write it again`)
  }
  const isHeap = parsed?.[2] === 'P' || parsed?.[2] === 'Q'
  const code = isHeap ? parsed[3][0] : parsed?.[2]
  const width = textWidth(header.values.get(`TDIM${n}`), parsed?.[3])
  const layout = layoutOf(code ?? '', fitsElement(code ?? '', scaling), isHeap ? null : width)
  if (parsed === null || layout === null) {
    throw unreadable(path, `has the column '${name}' in a format '${form}' that FITS does not know; write it again`)
  }
  const repeat = parsed[1] === '' ? 1 : Number(parsed[1])
  const shared = {
    name,
    unit: header.values.get(`TUNIT${n}`) || null,
    description: null,
    ucd: header.values.get(`TUCD${n}`) || null,
    type: layout.type,
  }
  if (isHeap) {
    const isWide = parsed[2] === 'Q'
    const heap = { place: isWide ? placeQ : placeP, sizeOf: layout.sizeOf, read: layout.read }
    const arraySize = code === 'A' ? null : ('*' as const)
    const sizeBytes = repeat === 0 ? 0 : isWide ? 16 : 8
    return { column: { ...shared, arraySize }, sizeBytes, read: () => null, heap: repeat === 0 ? null : heap }
  }
  const parts = code === 'C' || code === 'M' ? 2 : 1
  const length = code !== 'A' ? repeat * parts : width === null ? 1 : Math.floor(repeat / width)
  const { read, readOne } = layout
  const isArray = length !== 1
  return {
    column: { ...shared, arraySize: isArray ? length : null },
    sizeBytes: layout.sizeOf(repeat),
    read: repeat === 0 ? () => null : isArray || code === 'A' ? (row, at) => read(row, at, repeat) : readOne,
    heap: null,
  }
}

/** Width of the texts in an array of them: the first of TDIMn, or what follows the A (appendix C of the standard). */
function textWidth(dimensions: string | undefined, rest: string | undefined): number | null {
  const first = /^\((\d+),/.exec(dimensions ?? '') ?? /^(\d+)/.exec(rest ?? '')
  const width = Number(first?.[1] ?? 0)
  return width > 0 ? width : null
}

function layoutOf(code: string, element: FitsElement | null, width: number | null): Layout | null {
  if (code === 'X') {
    return {
      type: 'boolean',
      sizeOf: count => Math.ceil(count / 8),
      read: (bytes, at, count) => Array.from({ length: count }, (_, i) => readFitsBit(bytes, at, i)),
      readOne: (bytes, at) => readFitsBit(bytes, at, 0),
    }
  }
  if (code === 'A') {
    const readTexts = (bytes: Buffer, at: number, count: number, step: number) =>
      Array.from({ length: Math.floor(count / step) }, (_, i) => readFitsText(bytes, at + i * step, step))
    return {
      type: 'string',
      sizeOf: count => count,
      read: (bytes, at, count) =>
        width === null || width === count ? readFitsText(bytes, at, count) : readTexts(bytes, at, count, width),
      readOne: (bytes, at) => readFitsText(bytes, at, 1),
    }
  }
  if (element === null) return null
  const { sizeBytes, parts, type } = element
  return {
    type,
    sizeOf: count => count * parts * sizeBytes,
    read: (bytes, at, count) => {
      const values: Value[] = new Array(count * parts)
      for (let i = 0; i < values.length; i++) values[i] = element.read(bytes, at + i * sizeBytes)
      return values
    },
    readOne: element.read,
  }
}

function placeP(row: Buffer, at: number): { readonly count: number; readonly offset: number } {
  return { count: row.readInt32BE(at), offset: row.readInt32BE(at + 4) }
}

function placeQ(row: Buffer, at: number): { readonly count: number; readonly offset: number } {
  return { count: Number(row.readBigInt64BE(at)), offset: Number(row.readBigInt64BE(at + 8)) }
}
