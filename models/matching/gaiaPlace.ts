// Where a source of Gaia lies, by its id alone: the id begins with a HEALPix cell.
import { RAD_PER_ARCSEC } from '../../schemas/index.ts'
import { type Direction, directionOf, separationRad } from './properMotion.ts'
import { cellCenter, cellsWithin, parentCell } from './skyCells.ts'
import type { SkySource } from './skySource.ts'
import { PATCH_ORDER, REGION_ORDER } from './skyTrack.ts'

export interface GaiaPlace {
  /** The region that its cell lies in: but at a border, the home of the source. */
  readonly region: number
  /** Centre of its cell, ICRS degrees. */
  readonly raDeg: number
  readonly decDeg: number
  readonly direction: Direction
}

const ID_ORDER = 12
/** Bits of an id behind its cell. */
const BEHIND_CELL = 35n
const CELL_COUNT = 12 * 4 ** ID_ORDER
/** From the centre of the cell to its corners, and half as far again as a source may have moved since it was given its id. */
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
  return { region: parentCell(cell, ID_ORDER, REGION_ORDER), raDeg, decDeg, direction: directionOf(raDeg, decDeg) }
}

/** Whether a source lies where its id says, within a minute of arc; then the region of the id knows it. */
export function liesAt({ direction }: GaiaPlace, { reference }: Pick<SkySource, 'reference'>): boolean {
  return separationRad(direction, reference) <= REACH_ARCSEC * RAD_PER_ARCSEC
}

/** Patches that hold every source which lies there. */
export function patchesAt({ raDeg, decDeg }: GaiaPlace): readonly number[] {
  return cellsWithin(raDeg, decDeg, REACH_ARCSEC, PATCH_ORDER)
}
