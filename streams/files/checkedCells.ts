// Cells on their way out: each must be what its column declares, since a written file cannot say otherwise.
import type { Column, Value } from './table.ts'

/** Values of one column: an array, or a typed array whose NaN means missing. */
export type ColumnValues = ArrayLike<Value | undefined>

const LONG_RANGE = [-(2n ** 63n), 2n ** 63n - 1n] as const
const ULONG_RANGE = [0n, 2n ** 64n - 1n] as const

/**
 * @param firstRow number of the first of the values, for messages
 * @returns the values with everything missing as `null`, and 64-bit integers as bigint
 * @throws TypeError, RangeError when a value is not what the column declares
 */
export function checkedCells(column: Column, values: ColumnValues, firstRow: number): Value[] {
  const check = column.arraySize === null ? checkedScalar : checkedArray
  const cells: Value[] = new Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) cells[i] = null
    else {
      const cell = check(column, value)
      if (cell === undefined) throw misfit(column, value, firstRow + i)
      cells[i] = cell
    }
  }
  return cells
}

function misfit(column: Column, value: Value, row: number): Error {
  const shown =
    typeof value === 'string' ? `'${value.slice(0, 40)}'` : typeof value === 'object' ? 'an array' : `${value}`
  const size = column.arraySize === null ? '' : `[${column.arraySize}]`
  return new TypeError(`column '${column.name}' of ${column.type}${size} cannot hold ${shown} in row ${row}`)
}

/** @returns `undefined` for a value the column cannot hold */
function checkedScalar(column: Column, value: Value): Value | undefined {
  switch (column.type) {
    case 'text':
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'int':
      return typeof value === 'number' && value === (value | 0) ? value : undefined
    case 'long':
      return checkedLong(value, LONG_RANGE)
    case 'unsignedLong':
      return checkedLong(value, ULONG_RANGE)
    case 'float':
    case 'double':
      if (typeof value !== 'number') return undefined
      return Number.isNaN(value) ? null : value
  }
}

function checkedLong(value: Value, [least, most]: readonly [bigint, bigint]): bigint | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && BigInt(value) >= least ? BigInt(value) : undefined
  return typeof value === 'bigint' && value >= least && value <= most ? value : undefined
}

function checkedArray(column: Column, value: Value): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof column.arraySize === 'number' && value.length !== column.arraySize) return undefined
  const cells: Value[] = new Array(value.length)
  for (let i = 0; i < value.length; i++) {
    const element = value[i]
    const cell = element === null || element === undefined ? null : checkedScalar(column, element)
    if (cell === undefined) return undefined
    cells[i] = cell
  }
  return cells
}
