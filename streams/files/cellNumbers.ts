// Numbers out of cells, whatever the file's format: what is missing, what is a number, and what is neither.
import type { Value } from './table.ts'

/** How tables write "nothing here" in a column of numbers, in lower case. A survey's sentinels are not among them. */
const missingTexts = new Set(['', 'null', 'nan', '--', 'none', 'na', 'n/a', 'masked'])

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/
const integer = /^[+-]?\d+$/
const wholeDecimal = /^([+-]?\d+)\.0*$/
const infinity = /^([+-]?)inf(?:inity)?$/i

const LONG_MIN = -(2n ** 63n)
const LONG_MAX = 2n ** 63n - 1n
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER)

function isMissingText(text: string): boolean {
  return text.length <= 6 && missingTexts.has(text.toLowerCase())
}

/**
 * The number a text stands for, infinities included.
 * @returns `null` where it is missing, `undefined` where it is no number or beyond the range of doubles
 */
export function doubleFromText(text: string): number | null | undefined {
  const trimmed = text.trim()
  if (decimal.test(trimmed)) {
    const value = Number(trimmed)
    // Fortran writes 1.5D-3.
    const read = Number.isNaN(value) ? Number(trimmed.replace(/[dD]/, 'e')) : value
    return Number.isFinite(read) ? read : undefined
  }
  if (isMissingText(trimmed)) return null
  const sign = infinity.exec(trimmed)
  if (sign !== null) return sign[1] === '-' ? -Infinity : Infinity
  return undefined
}

/**
 * The finite number in a cell of any format.
 * @returns `null` where it is missing (null, empty, NaN, `null`, `--`, ...); `undefined` where the cell holds
 *   something else: an infinity, a word, an array, a number beyond the range of doubles
 */
export function parseDouble(cell: Value): number | null | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.isNaN(cell) ? null : undefined
  if (cell === null) return null
  if (typeof cell === 'bigint') return Number(cell)
  if (typeof cell !== 'string') return undefined
  const value = doubleFromText(cell)
  return value === Infinity || value === -Infinity ? undefined : value
}

/**
 * The signed 64-bit integer in a cell of any format, exact.
 * `123.0` counts, since programs write so when a column has gaps, but only within 2^53: beyond it digits are already lost.
 * @returns `null` where it is missing; `undefined` where the cell holds no integer, or one beyond 64 bits
 */
export function parseLong(cell: Value): bigint | null | undefined {
  if (cell === null) return null
  if (typeof cell === 'bigint') return inLongRange(cell)
  if (typeof cell === 'number') {
    if (Number.isNaN(cell)) return null
    return Number.isSafeInteger(cell) ? BigInt(cell) : undefined
  }
  if (typeof cell !== 'string') return undefined
  const trimmed = cell.trim()
  if (integer.test(trimmed)) return trimmed.length > 40 ? undefined : inLongRange(bigintOf(trimmed))
  if (isMissingText(trimmed)) return null
  const whole = wholeDecimal.exec(trimmed)
  if (whole === null || whole[1].length > 17) return undefined
  const value = bigintOf(whole[1])
  return value <= SAFE_MAX && value >= -SAFE_MAX ? value : undefined
}

/** BigInt refuses a leading plus sign. */
export function bigintOf(digits: string): bigint {
  return BigInt(digits.startsWith('+') ? digits.slice(1) : digits)
}

function inLongRange(value: bigint): bigint | undefined {
  return value >= LONG_MIN && value <= LONG_MAX ? value : undefined
}

/** A cell as text, with every digit it has; `null` where it is missing. Arrays are JSON, their integers unquoted. */
export function cellText(cell: Value): string | null {
  if (cell === null || typeof cell === 'string') return cell
  return jsonText(cell)
}

function jsonText(cell: Value): string {
  if (cell === null) return 'null'
  if (typeof cell === 'string') return JSON.stringify(cell)
  if (typeof cell === 'object') return `[${cell.map(jsonText).join(',')}]`
  return Object.is(cell, -0) ? '-0' : String(cell)
}
