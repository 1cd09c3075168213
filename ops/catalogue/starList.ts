// One page of a list: the first so many stars of a choice in an order, after a place; and how many there are.

import type { FilterChoice } from './filterChoice.ts'
import { formatPlace, type ListPlace, placesIn, type StarOrder } from './starOrder.ts'
import { type StarChoice, scanStars } from './starScan.ts'
import type { StarTable } from './starTable.ts'

export interface PageRequest {
  readonly choice: StarChoice
  readonly order: StarOrder
  readonly limit: number
  /** Null begins at the first. */
  readonly after: ListPlace | null
}

export interface StarPage {
  /** Of the whole choice, all pages together. */
  readonly total: number
  readonly rows: readonly number[]
  /** Where the next page begins; null where this is the last. */
  readonly next: string | null
}

/** Stars whose samples are read for one page: some tenths of a second. */
export const MAX_JUDGED = 1000

export interface FilteredPage extends StarPage {
  /** True where the total counts only stars whose samples were read for this page. */
  readonly isPartial: boolean
}

/**
 * A page of what a filter lets through. Where it asks for samples, those of at most `MAX_JUDGED` stars that pass everything
 * else are read, the first in the order; the next page goes on after them.
 */
export async function listFiltered(
  table: StarTable,
  request: PageRequest & { readonly choice: FilterChoice },
): Promise<FilteredPage> {
  const { choice, order, limit, after } = request
  if (choice.judge === null) return { ...(await listStars(table, request)), isPartial: false }
  const candidates = await listStars(table, { choice, order, limit: MAX_JUDGED, after })
  const passed = await choice.judge(candidates.rows)
  const page = passed.slice(0, limit)
  const isCut = passed.length > limit
  const { placeOf } = placesIn(table, order)
  return {
    total: passed.length,
    rows: page,
    next: isCut ? formatPlace(order, placeOf(page[limit - 1])) : candidates.next,
    isPartial: candidates.next !== null || after !== null,
  }
}

/** Costs one look at each star that may be meant, and memory of two pages. */
export async function listStars(table: StarTable, request: PageRequest): Promise<StarPage> {
  const { choice, order, limit, after } = request
  const places = placesIn(table, order)
  const isOnPage = (row: number) => after === null || places.isAfter(row, after)
  let total = 0
  let first: number[] = []
  let isFull = false
  await scanStars(table, choice, row => {
    total++
    if (!isOnPage(row) || (isFull && places.compare(row, first[limit]) > 0)) return
    first.push(row)
    if (first.length <= 2 * limit + 1) return
    first = first.sort(places.compare).slice(0, limit + 1)
    isFull = true
  })
  // A star may have left, or changed, while others had a turn.
  const isChosen = (row: number) =>
    table.isListed(row) && isOnPage(row) && (choice.accepts === null || choice.accepts(row))
  const rows = first.filter(isChosen).sort(places.compare)
  const page = rows.slice(0, limit)
  const isMore = rows.length > limit
  return { total, rows: page, next: isMore ? formatPlace(order, places.placeOf(page[limit - 1])) : null }
}
