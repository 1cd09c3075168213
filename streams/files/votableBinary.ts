// One row of a VOTable's BINARY or BINARY2 stream: big-endian cells one after the other (VOTable 1.4, sections 5.3 and 5.4).
import { fitsElement, readFitsText } from './fitsElements.ts'
import type { Value } from './table.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'
import type { VotableField } from './votableFields.ts'

export interface BinaryField {
  readonly name: string
  readonly elementBytes: number
  /** Elements of a cell; `null` where each cell says so itself. */
  readonly count: number | null
  readonly read: (bytes: Buffer, at: number, count: number) => Value
}

/** Elements are those of a FITS binary table. */
const letters = new Map([
  ['boolean', 'L'],
  ['unsignedByte', 'B'],
  ['short', 'I'],
  ['int', 'J'],
  ['long', 'K'],
  ['float', 'E'],
  ['double', 'D'],
])

/** @throws FusionError FILE_UNREADABLE when the length of its cells cannot be told */
export function binaryField({ column, datatype, arraysize, missing }: VotableField, path: string): BinaryField {
  const { name } = column
  const size = arraysize?.trim() ?? ''
  const count = size === '' ? 1 : size.includes('*') ? null : size.split('x').reduce((n, axis) => n * Number(axis), 1)
  if (count !== null && !(Number.isSafeInteger(count) && count >= 0)) {
    throw unreadable(path, `has the column '${name}' of the size '${size}', no number; write it again`)
  }
  if (column.type === 'string') {
    const elementBytes = datatype === 'char' ? 1 : 2
    const read = (bytes: Buffer, at: number, n: number) =>
      elementBytes === 1 ? readFitsText(bytes, at, n) : readUtf16(bytes, at, n)
    return { name, elementBytes, count, read }
  }
  const element = fitsElement(letters.get(datatype) ?? '', {
    scale: undefined,
    zero: undefined,
    missing: missing ?? undefined,
  })
  if (element === null) throw new RangeError(`binaryField: no element for the type ${datatype}`)
  const { sizeBytes: elementBytes } = element
  const readOne = (bytes: Buffer, at: number) => {
    const value = element.read(bytes, at)
    return datatype === 'boolean' ? logical(value) : value
  }
  const read = (bytes: Buffer, at: number, n: number) =>
    column.arraySize === null
      ? readOne(bytes, at)
      : Array.from({ length: n }, (_, i) => readOne(bytes, at + i * elementBytes))
  return { name, elementBytes, count, read }
}

/**
 * The row that begins at a position.
 * @returns `null` where the bytes end within it
 * @throws FusionError RECORD_TOO_LARGE at a cell beyond the limit
 */
export function binaryRow(
  bytes: Buffer,
  start: number,
  fields: readonly BinaryField[],
  hasNulls: boolean,
  maxRecordBytes: number,
  path: string,
): { readonly cells: readonly Value[]; readonly next: number } | null {
  let at = start + (hasNulls ? Math.ceil(fields.length / 8) : 0)
  if (at >= bytes.length) return null
  const cells: Value[] = []
  for (let i = 0; i < fields.length; i++) {
    const { count: fixed, elementBytes, read, name } = fields[i]
    if (fixed === null && at + 4 > bytes.length) return null
    const count = fixed ?? bytes.readUInt32BE(at)
    if (fixed === null) at += 4
    const sizeBytes = count * elementBytes
    if (sizeBytes > maxRecordBytes) {
      throw tooLarge(path, `has a cell of ${sizeBytes} bytes in '${name}', more than ${maxRecordBytes}; leave it out`)
    }
    if (at + sizeBytes > bytes.length) return null
    const isNull = hasNulls && (bytes[start + (i >> 3)] & (0x80 >> (i & 7))) !== 0
    cells.push(isNull ? null : read(bytes, at, count))
    at += sizeBytes
  }
  return { cells, next: at }
}

/** VOTable writes a logical as any of these letters. */
function logical(value: Value): Value {
  if (typeof value !== 'string') return value
  const known = new Map<string, boolean | null>([
    ['t', true],
    ['1', true],
    ['f', false],
    ['0', false],
    ['?', null],
    [' ', null],
  ])
  const found = known.get(value)
  return found === undefined ? value : found
}

function readUtf16(bytes: Buffer, at: number, count: number): string | null {
  if (count === 0) return null
  const text = Buffer.from(bytes.subarray(at, at + 2 * count))
    .swap16()
    .toString('utf16le')
  const end = text.indexOf('\0')
  return (end < 0 ? text : text.slice(0, end)).replace(/ +$/, '')
}
