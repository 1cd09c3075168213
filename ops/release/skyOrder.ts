// The catalogue in the order of the sky: by nested HEALPix cell, then by id, holding the ids of one stretch at a time.
import { servingModel } from '../../actors/index.ts'
import { decodeKnown, SKY_ORDER, skyCell } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { type CatalogueEntry, catalogueEntry } from '../stars/catalogueWriter.ts'

export interface PlacedEntry extends CatalogueEntry {
  /** Nested HEALPix cell of `SKY_ORDER` where the star lay when the reading began. */
  readonly cell: number
}

/** Ids held at a time, some hundred bytes each; of more stars, their topic is read again for the next stretch of the sky. */
const WINDOW = 500_000
/** Stars are counted in cells of 14 arcmin. */
const COUNT_ORDER = 8
const COUNT_WIDTH = 4 ** (SKY_ORDER - COUNT_ORDER)

/**
 * Each star that is in force and has a posterior, once, by rising cell.
 * @param window the most ids held in memory, unless one cell of 14 arcmin holds more stars
 */
export async function* readInSkyOrder(log: Log, window = WINDOW): AsyncGenerator<PlacedEntry, void, undefined> {
  const serving = await servingModel(log)
  const counts = new Uint32Array(12 * 4 ** COUNT_ORDER)
  for await (const { cell } of placedStars(log)) counts[Math.floor(cell / COUNT_WIDTH)]++
  for (const [first, end] of stretches(counts, window)) {
    const cells = new Map<string, number>()
    for await (const { starId, cell } of placedStars(log)) {
      const place = Math.floor(cell / COUNT_WIDTH)
      if (place >= first && place < end) cells.set(starId, cell)
      else cells.delete(starId)
    }
    const ordered = [...cells].sort(([a, cellA], [b, cellB]) => cellA - cellB || (a < b ? -1 : 1))
    for (const [starId, cell] of ordered) {
      const entry = await catalogueEntry(log, starId, serving)
      if (entry !== null) yield { ...entry, cell }
    }
  }
}

async function* placedStars(log: Log): AsyncGenerator<{ starId: string; cell: number }, void, undefined> {
  const reader = log.openReader({ topics: ['latest-stars'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const record of batch.records) {
        const star = record.value === null ? null : decodeKnown('star', record.value, record)
        if (star !== null && !star.isRetired) yield { starId: star.starId, cell: skyCell(star.raDeg, star.decDeg) }
      }
    }
  } finally {
    await reader.close()
  }
}

/** Stretches of cells, each from one up to before another, with as many stars as are held at a time. */
function stretches(counts: Uint32Array, window: number): readonly (readonly [first: number, end: number])[] {
  const found: [number, number][] = []
  let first = 0
  let sum = 0
  for (let cell = 0; cell < counts.length; cell++) {
    if (sum > 0 && sum + counts[cell] > window) {
      found.push([first, cell])
      first = cell
      sum = 0
    }
    sum += counts[cell]
  }
  return sum > 0 ? [...found, [first, counts.length]] : found
}
