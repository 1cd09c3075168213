// Where a source of Gaia lies, by its id alone: the id begins with a HEALPix cell.
import { cellCenter, cellsWithin, parentCell } from './skyCells.ts'
import { PATCH_ORDER, REGION_ORDER } from './skyTrack.ts'

export interface GaiaPlace {
  /** The region that its cell lies in: nearly always, but at a border, the home of the source. */
  readonly region: number
  /** Patches of which the source lies in one, by rising number. */
  readonly patches: readonly number[]
}

const ID_ORDER = 12
/** Bits of an id behind its cell. */
const BEHIND_CELL = 35n
const CELL_COUNT = 12 * 4 ** ID_ORDER
/** From the centre of the cell to its corners, and as far again as a source may have moved since it was given its id. */
const REACH_ARCSEC = 60

/**
 * @param source an id of Gaia as text
 * @returns null for what is no id of Gaia
 *
 * Source: Gaia DR3 documentation, gaia_source, source_id: cell of order 12 in the nested scheme, ICRS, in bits 36 to 63.
 */
export function placeOfGaiaId(source: string): GaiaPlace | null {
  if (!/^\d{1,19}$/.test(source)) return null
  const cell = Number(BigInt(source) >> BEHIND_CELL)
  if (cell >= CELL_COUNT) return null
  const { raDeg, decDeg } = cellCenter(cell, ID_ORDER)
  return {
    region: parentCell(cell, ID_ORDER, REGION_ORDER),
    patches: cellsWithin(raDeg, decDeg, REACH_ARCSEC, PATCH_ORDER),
  }
}
