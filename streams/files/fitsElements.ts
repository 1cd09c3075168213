// One element of a FITS binary table -> a value: byte order, null values, scaling (FITS standard 4.0, section 7.3).
import { isAscii, isUtf8 } from 'node:buffer'
import type { ColumnType, Value } from './table.ts'

export interface FitsScaling {
  /** TSCALn, TZEROn, TNULLn as written. */
  readonly scale: string | undefined
  readonly zero: string | undefined
  readonly missing: string | undefined
}

export interface FitsElement {
  readonly type: ColumnType
  /** Of one element in the file. */
  readonly sizeBytes: number
  /** Values an element gives: a complex number is two. */
  readonly parts: number
  read(row: Buffer, at: number): Value
}

const TRUE = 'T'.charCodeAt(0)
const FALSE = 'F'.charCodeAt(0)

/**
 * @param code the letter of TFORMn, but for A and X, whose elements are not of whole bytes or have no values of their own
 * @returns `null` for a letter the standard does not have
 */
export function fitsElement(code: string, scaling: FitsScaling): FitsElement | null {
  switch (code) {
    case 'L':
      return { type: 'boolean', sizeBytes: 1, parts: 1, read: readLogical }
    case 'B':
      return integerElement(1, (row, at) => row[at], scaling)
    case 'I':
      return integerElement(2, (row, at) => row.readInt16BE(at), scaling)
    case 'J':
      return integerElement(4, (row, at) => row.readInt32BE(at), scaling)
    case 'K':
      return longElement(scaling)
    case 'E':
      return floatElement('float', 4, (row, at) => row.readFloatBE(at), scaling)
    case 'D':
      return floatElement('double', 8, (row, at) => row.readDoubleBE(at), scaling)
    case 'C':
      return { ...floatElement('float', 4, (row, at) => row.readFloatBE(at), scaling), parts: 2 }
    case 'M':
      return { ...floatElement('double', 8, (row, at) => row.readDoubleBE(at), scaling), parts: 2 }
    default:
      return null
  }
}

function readLogical(row: Buffer, at: number): Value {
  const byte = row[at]
  if (byte === TRUE || byte === FALSE) return byte === TRUE
  return byte === 0 ? null : String.fromCharCode(byte)
}

function factors({ scale, zero }: FitsScaling): { readonly factor: number; readonly offset: number } {
  return { factor: doubleOf(scale ?? '1'), offset: doubleOf(zero ?? '0') }
}

export function isScaling({ scale = '1', zero = '0' }: FitsScaling): boolean {
  return Number.isFinite(doubleOf(scale)) && Number.isFinite(doubleOf(zero))
}

function doubleOf(text: string): number {
  return Number(text.replace(/[dD]/, 'E'))
}

/** The exact zero point where scaling is a shift by a whole number, which is how unsigned integers are written. */
function wholeShift({ scale, zero }: FitsScaling): bigint | null {
  if (doubleOf(scale ?? '1') !== 1) return null
  const text = (zero ?? '0').replace(/^\+/, '')
  if (/^-?\d+$/.test(text)) return BigInt(text)
  return Number.isInteger(doubleOf(text)) ? BigInt(doubleOf(text)) : null
}

function integerElement(
  sizeBytes: number,
  raw: (row: Buffer, at: number) => number,
  scaling: FitsScaling,
): FitsElement {
  const missing = scaling.missing === undefined ? Number.NaN : Number(scaling.missing)
  const shift = wholeShift(scaling)
  if (shift === null) {
    const { factor, offset } = factors(scaling)
    const read = (row: Buffer, at: number) => (raw(row, at) === missing ? null : raw(row, at) * factor + offset)
    return { type: 'double', sizeBytes, parts: 1, read }
  }
  // A shifted 32-bit integer no longer fits 32 bits.
  if (sizeBytes === 4 && shift !== 0n) {
    const read = (row: Buffer, at: number) => (raw(row, at) === missing ? null : BigInt(raw(row, at)) + shift)
    return { type: 'long', sizeBytes, parts: 1, read }
  }
  const offset = Number(shift)
  const read = (row: Buffer, at: number) => (raw(row, at) === missing ? null : raw(row, at) + offset)
  return { type: Math.abs(offset) <= 2 ** 30 ? 'int' : 'double', sizeBytes, parts: 1, read }
}

function longElement(scaling: FitsScaling): FitsElement {
  const missing = /^[+-]?\d+$/.test(scaling.missing ?? '') ? BigInt((scaling.missing ?? '').replace('+', '')) : null
  const shift = wholeShift(scaling)
  if (shift === null) {
    const { factor, offset } = factors(scaling)
    const read = (row: Buffer, at: number) => {
      const value = row.readBigInt64BE(at)
      return value === missing ? null : Number(value) * factor + offset
    }
    return { type: 'double', sizeBytes: 8, parts: 1, read }
  }
  const read = (row: Buffer, at: number) => {
    const value = row.readBigInt64BE(at)
    return value === missing ? null : value + shift
  }
  return { type: shift > 0n ? 'unsignedLong' : 'long', sizeBytes: 8, parts: 1, read }
}

function floatElement(
  type: 'float' | 'double',
  sizeBytes: number,
  raw: (row: Buffer, at: number) => number,
  scaling: FitsScaling,
): FitsElement {
  const { factor, offset } = factors(scaling)
  const isScaled = factor !== 1 || offset !== 0
  const read = (row: Buffer, at: number) => {
    const value = isScaled ? raw(row, at) * factor + offset : raw(row, at)
    return Number.isNaN(value) ? null : value
  }
  return { type: isScaled ? 'double' : type, sizeBytes, parts: 1, read }
}

/** Text ends at the first NUL, and spaces at its end mean nothing; a leading NUL is a null text (section 7.3.3). */
export function readFitsText(row: Buffer, at: number, width: number): string | null {
  if (width === 0 || row[at] === 0) return null
  const field = row.subarray(at, at + width)
  const nul = field.indexOf(0)
  const bytes = nul < 0 ? field : field.subarray(0, nul)
  // Only ASCII is allowed; what breaks the rule is mostly UTF-8, and nothing is lost by Latin-1.
  const text = isAscii(bytes) || !isUtf8(bytes) ? bytes.toString('latin1') : bytes.toString('utf8')
  return text.replace(/ +$/, '')
}

/** The n-th bit, the highest of a byte being first. */
export function readFitsBit(row: Buffer, at: number, n: number): boolean {
  return (row[at + (n >> 3)] & (0x80 >> (n & 7))) !== 0
}
