// Figures: what is written beside an axis, from the vocabulary alone.
import { isQuantity, quantity } from '../../schemas/index.ts'
import type { Range } from './density.ts'

const unitSymbols = new Map([
  ['solMass', 'M_\u2299'],
  ['solLum', 'L_\u2299'],
  ['solRad', 'R_\u2299'],
  ['cm/s2', 'cm s^{\u22122}'],
])

/** Symbol and unit of a quantity, such as `log T_eff (K)`; the name itself where the vocabulary does not hold it. */
export function axisLabel(name: string): string {
  if (!isQuantity(name)) return name
  const { symbol, unit } = quantity(name)
  // The logarithm of a quantity is told by its symbol, so the bracket holds the unit of the quantity itself.
  const inside = /^dex\((.*)\)$/.exec(unit)?.[1] ?? unit
  return inside === '' ? symbol : `${symbol} (${unitSymbols.get(inside) ?? inside})`
}

/** Symbol alone, such as `A_V`. */
export function symbolOf(name: string): string {
  return isQuantity(name) ? quantity(name).symbol : name
}

/** A range of values cut to what the quantity can be, so that no axis shows a negative extinction. */
export function possibleRange(name: string, range: Range): Range {
  if (!isQuantity(name)) return range
  const { min, max } = quantity(name)
  const [low, high] = [Math.max(min, range.low), Math.min(max, range.high)]
  return low < high ? { low, high } : range
}

/** A name of the code in words: `youngDisk` becomes `young disk`. */
export function wordsOf(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
}
