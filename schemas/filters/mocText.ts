// A MOC as text -> ranges of cells. A MOC lists parts of the sky as nested HEALPix cells of several orders.
import { filterError, shown } from './filterError.ts'
import { type CellRange, mergedRanges, rangeOf, SKY_ORDER } from './skyRanges.ts'

export const MAX_MOC_CHARACTERS = 200_000
/** Cells and ranges of cells that a MOC lists. */
export const MAX_MOC_ENTRIES = 20_000
/** A MOC may name an order up to this one, without cells, to say how fine it is. */
const MAX_NAMED_ORDER = 29

/**
 * Reads the ASCII form, `4/30-33,38 5/122`, or the JSON form, `{"4":[30,31],"5":[122]}`.
 * @returns ranges in order, none of which touch
 * @throws FusionError FILTER_INVALID with the place that is wrong; also for more than 20,000 entries, and for cells finer
 * than order 24
 *
 * Source: IVOA MOC 2.0 recommendation, 2022.
 */
export function parseMoc(text: string): readonly CellRange[] {
  if (text.length > MAX_MOC_CHARACTERS) {
    throw filterError('MOC', MAX_MOC_CHARACTERS, `it is longer than ${MAX_MOC_CHARACTERS} characters, make it coarser`)
  }
  const ranges = text.trimStart().startsWith('{') ? fromJson(text) : fromAscii(text)
  if (ranges.length === 0) throw filterError('MOC', 0, 'it holds no cell, write cells as 4/30-33,38 5/122')
  return mergedRanges(ranges)
}

const ENTRY = /[\s,]*(?:(\d{1,2})\/|(\d{1,16})(?:-(\d{1,16}))?(?![\d/]))/y

function fromAscii(text: string): readonly CellRange[] {
  const ranges: CellRange[] = []
  let order: number | null = null
  // By hand: a pattern that is tied to the end takes the square of the time where such characters abound.
  let end = text.length
  while (end > 0 && /[\s,]/.test(text[end - 1])) end--
  ENTRY.lastIndex = 0
  while (ENTRY.lastIndex < end) {
    const at = ENTRY.lastIndex
    const match = ENTRY.exec(text)
    if (match === null)
      throw filterError('MOC', at, `${shown(text.slice(at).trimStart())} is no cell, write 4/30-33,38`)
    const [, orderText, first, last] = match
    if (orderText !== undefined) order = checkedOrder(Number(orderText), at)
    else if (order === null) throw filterError('MOC', at, 'a cell comes before its order, write 4/30')
    else addCells(ranges, order, Number(first), Number(last ?? first), at)
  }
  return ranges
}

function fromJson(text: string): readonly CellRange[] {
  let moc: unknown
  try {
    moc = JSON.parse(text)
  } catch {
    throw filterError('MOC', 0, 'it begins as JSON and is none, write {"4":[30,31]}')
  }
  const ranges: CellRange[] = []
  for (const [name, cells] of Object.entries(moc as object)) {
    // Where in the text an order stands; what is wrong within it is told by its number.
    const at = Math.max(0, text.indexOf(JSON.stringify(name)))
    if (!/^\d{1,2}$/.test(name)) throw filterError('MOC', at, `${shown(name)} is no order, write {"4":[30,31]}`)
    const order = checkedOrder(Number(name), at)
    if (!Array.isArray(cells)) throw filterError('MOC', at, `order ${name} has no list of cells`)
    for (const cell of cells as readonly unknown[]) {
      if (typeof cell !== 'number') throw filterError('MOC', at, `order ${name} lists what is no number`)
      addCells(ranges, order, cell, cell, at)
    }
  }
  return ranges
}

function checkedOrder(order: number, at: number): number {
  if (order > MAX_NAMED_ORDER) throw filterError('MOC', at, `there is no order ${order}, only 0 to ${MAX_NAMED_ORDER}`)
  return order
}

function addCells(ranges: CellRange[], order: number, first: number, last: number, at: number): void {
  if (order > SKY_ORDER)
    throw filterError('MOC', at, `cells finer than order ${SKY_ORDER} are not read, make it coarser`)
  if (ranges.length >= MAX_MOC_ENTRIES) {
    throw filterError('MOC', at, `it lists more than ${MAX_MOC_ENTRIES} cells, make it coarser`)
  }
  const count = 12 * 4 ** order
  if (!(Number.isInteger(first) && first >= 0 && first <= last && last < count)) {
    throw filterError('MOC', at, `cells of order ${order} are 0 to ${count - 1}, the first before the last`)
  }
  ranges.push(rangeOf(order, first, last))
}
