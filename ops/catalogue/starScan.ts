// Goes over the stars of the table that a question is about, and lets others have a turn on the way.
import { setImmediate } from 'node:timers/promises'
import type { SkyRegion } from './skyRegion.ts'
import type { StarTable } from './starTable.ts'

const ROWS_PER_LOOK = 1024
/** A scan that takes longer is interrupted, so that nothing else waits for it. */
const TURN_MS = 8

export interface StarChoice {
  /** The only ones that may be meant; null is any. */
  readonly rows?: readonly number[] | null
  /** All must hold the star. */
  readonly regions: readonly SkyRegion[]
  /** Null takes all. */
  readonly accepts: ((row: number) => boolean) | null
}

/**
 * Calls `visit` with each row that is chosen. Stars come and go between turns: a row is judged when it is come to.
 */
export async function scanStars(
  table: StarTable,
  { rows = null, regions, accepts }: StarChoice,
  visit: (row: number) => void,
): Promise<void> {
  let turnEndMs = performance.now() + TURN_MS
  let looked = 0
  const rest = async () => {
    if (performance.now() < turnEndMs) return
    await setImmediate()
    turnEndMs = performance.now() + TURN_MS
  }
  const judge = (row: number) => {
    if (!table.isListed(row)) return
    if (regions.length > 0) {
      const [ra, dec] = [table.numbers('raDeg')[row], table.numbers('decDeg')[row]]
      if (!regions.every(region => region.contains(ra, dec))) return
    }
    if (accepts === null || accepts(row)) visit(row)
  }
  const cells = fewestCells(regions)
  if (rows !== null) {
    for (const row of rows) {
      judge(row)
      if (++looked % ROWS_PER_LOOK === 0) await rest()
    }
    return
  }
  if (cells === null) {
    for (let row = 0; row < table.rowCount; row++) {
      judge(row)
      if (++looked % ROWS_PER_LOOK === 0) await rest()
    }
    return
  }
  for (const cell of cells) {
    // Whole, since a chain must not be left and found changed.
    for (const row of table.rowsIn(cell)) judge(row)
    if (++looked % 16 === 0) await rest()
  }
}

function fewestCells(regions: readonly SkyRegion[]): readonly number[] | null {
  const listed = regions.flatMap(({ cells }) => (cells === null ? [] : [cells]))
  return listed.reduce<readonly number[] | null>(
    (best, cells) => (best === null || cells.length < best.length ? cells : best),
    null,
  )
}
