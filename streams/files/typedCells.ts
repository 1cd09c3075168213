// Text of a cell -> the value its column declares. Text that is no such value is kept as it is, not lost.
import { doubleFromText, parseLong } from './cellNumbers.ts'
import type { Column, Value } from './table.ts'

type Converter = (text: string) => Value

const INT_MIN = -(2 ** 31)
const INT_MAX = 2 ** 31 - 1
const ULONG_MAX = 2n ** 64n - 1n

const booleans = new Map<string, boolean | null>([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
  ['null', null],
  ['', null],
])

function orText(value: Value | undefined, text: string): Value {
  return value === undefined ? text : value
}

function intFromText(text: string): Value {
  const long = parseLong(text)
  if (long === undefined || long === null) return orText(long, text)
  const value = Number(long)
  return value >= INT_MIN && value <= INT_MAX ? value : text
}

function unsignedLongFromText(text: string): Value {
  const digits = text.trim()
  if (!/^\d{1,20}$/.test(digits)) return parseLong(text) === null ? null : text
  const value = BigInt(digits)
  return value <= ULONG_MAX ? value : text
}

/** The number as 32 bits hold it, so that a table has one content in every format. */
function floatFromText(text: string): Value {
  const value = doubleFromText(text)
  return typeof value === 'number' ? Math.fround(value) : orText(value, text)
}

const scalars: Readonly<Record<Column['type'], Converter>> = {
  text: text => text,
  string: text => text,
  boolean: text => orText(booleans.get(text.trim().toLowerCase()), text),
  int: intFromText,
  long: text => orText(parseLong(text), text),
  unsignedLong: unsignedLongFromText,
  float: floatFromText,
  double: text => orText(doubleFromText(text), text),
}

// Taken apart by hand since JSON.parse rounds integers beyond 2^53 and stops at the NaN that astropy writes.
const arrayToken = /"(?:[^"\\]|\\.)*"|[^\s,[\]]+/g

/** Arrays are JSON, of any depth, and come out flat. */
function arrayFromText(text: string, column: Column): Value {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'null') return null
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return text
  const convert = scalars[column.type]
  const cells: Value[] = []
  for (const [token] of trimmed.matchAll(arrayToken)) {
    if (token === 'null') cells.push(null)
    else if (!token.startsWith('"')) cells.push(convert(token))
    else {
      const inner = unquoted(token)
      if (inner === null) return text
      cells.push(convert(inner))
    }
  }
  return typeof column.arraySize === 'number' && cells.length !== column.arraySize ? text : cells
}

function unquoted(token: string): string | null {
  try {
    return JSON.parse(token)
  } catch {
    return null
  }
}

/** @returns what makes a column's values of its cells' text, given that the cell is not empty */
export function cellConverter(column: Column): Converter {
  return column.arraySize === null ? scalars[column.type] : text => arrayFromText(text, column)
}
