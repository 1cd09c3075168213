// How many of the samples lie on one side of a value. Columns are sorted once, whoever asks.
import type { SampleColumns } from '../samples.ts'
import type { Sign } from './filterGrammar.ts'

const sorted = new WeakMap<SampleColumns, Map<string, Float32Array>>()

/** `null` where there is no such column, or no sample in it. */
function sortedColumn(samples: SampleColumns, name: string): Float32Array | null {
  let columns = sorted.get(samples)
  if (columns === undefined) {
    columns = new Map()
    sorted.set(samples, columns)
  }
  let column = columns.get(name)
  if (column === undefined) {
    const { names, count, values } = samples
    const i = names.indexOf(name)
    if (i === -1 || count === 0) return null
    column = values.slice(i * count, (i + 1) * count).sort()
    columns.set(name, column)
  }
  return column
}

/**
 * Fraction of the samples on one side of a value.
 * @returns `null` where the samples do not tell
 */
export function fractionOf(samples: SampleColumns, name: string, sign: Sign, value: number): number | null {
  const column = sortedColumn(samples, name)
  if (column === null) return null
  // Not above is below or equal, not at or above is below.
  const orEqual = sign === '<=' || sign === '>'
  let low = 0
  let high = column.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (column[middle] < value || (orEqual && column[middle] === value)) low = middle + 1
    else high = middle
  }
  return (sign === '<' || sign === '<=' ? low : column.length - low) / column.length
}
