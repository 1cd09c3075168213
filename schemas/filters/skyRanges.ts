// Parts of the sky as ranges of nested HEALPix cells of one fine order: what a filter may ask for, and an index looks up.
import { ang2vec, max_pixrad, order2nside, pix2vec_nest } from '@hscmap/healpix'
import { RAD_PER_DEG } from '../units.ts'

/** Cells of this order are 12 milliarcsec wide, and their numbers are exact in a double. */
export const SKY_ORDER = 24
export const SKY_CELL_COUNT = 12 * 4 ** SKY_ORDER

/** Cells from `from` on, up to before `to`, of `SKY_ORDER`. */
export interface CellRange {
  readonly from: number
  readonly to: number
}

export const wholeSky: readonly CellRange[] = [{ from: 0, to: SKY_CELL_COUNT }]

const NSIDE = 2 ** SKY_ORDER
/** Bits that are interleaved at a time. */
const HALF_ORDER = SKY_ORDER / 2
const HALF_MASK = 2 ** HALF_ORDER - 1
/** The finest order of which the library knows the cells. */
const FINEST_ORDER = 15

/**
 * The nested cell of a position, of `SKY_ORDER`.
 * @param raDeg ICRS, degrees, any turn of the circle
 * @param decDeg ICRS, -90 to 90 degrees
 *
 * Source: Gorski et al. 2005, ApJ 622, 759.
 */
export function skyCell(raDeg: number, decDeg: number): number {
  const quarters = (((raDeg % 360) + 360) % 360) / 90
  const { face, x, y } = cellOnFace(quarters, decDeg * RAD_PER_DEG)
  const high = interleaved(x >> HALF_ORDER, y >> HALF_ORDER)
  return face * NSIDE ** 2 + high * 4 ** HALF_ORDER + interleaved(x & HALF_MASK, y & HALF_MASK)
}

/**
 * Base cell, and place on it. The library's own takes the meridians that part the polar caps for the poles.
 * @param quarters of a turn, 0 to 4
 */
function cellOnFace(quarters: number, decRad: number): { face: number; x: number; y: number } {
  // Of the angle from the pole, as the reference programs have it: rounding puts the equator into the same cells.
  const z = Math.cos(Math.PI / 2 - decRad)
  if (Math.abs(z) <= 2 / 3) {
    // Rounding must not lead past the last corner.
    const [falling, rising] = [-z, z].map(up =>
      Math.min(5 * NSIDE - 1, Math.floor(NSIDE * (0.5 + quarters + 0.75 * up))),
    )
    const [a, b] = [falling >> SKY_ORDER, rising >> SKY_ORDER]
    const face = a === b ? (a & 3) + 4 : a < b ? a : b + 8
    return { face, x: rising & (NSIDE - 1), y: NSIDE - 1 - (falling & (NSIDE - 1)) }
  }
  const quarter = Math.min(3, Math.floor(quarters))
  // The square root of 3 (1 - |z|), exact at the poles too.
  const width = NSIDE * Math.cos(decRad) * Math.sqrt(3 / (1 + Math.abs(z)))
  const along = (part: number) => Math.min(NSIDE - 1, Math.floor(part * width))
  const [falling, rising] = [along(quarters - quarter), along(1 - (quarters - quarter))]
  return z > 0
    ? { face: quarter, x: NSIDE - 1 - rising, y: NSIDE - 1 - falling }
    : { face: quarter + 8, x: falling, y: rising }
}

/** The bits of x and y in turn, those of x in the even places. */
function interleaved(x: number, y: number): number {
  let cell = 0
  for (let bit = 0; bit < HALF_ORDER; bit++) cell |= (((x >> bit) & 1) | (((y >> bit) & 1) << 1)) << (2 * bit)
  return cell
}

/** The cells that one cell of a lower order is made of. */
export function rangeOf(order: number, first: number, last = first): CellRange {
  const width = 4 ** (SKY_ORDER - order)
  return { from: first * width, to: (last + 1) * width }
}

/** The same cells in rising order, with no two ranges that touch. */
export function mergedRanges(ranges: readonly CellRange[]): readonly CellRange[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged[merged.length - 1]
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** The cells that are in both; each is in order and without ranges that touch. */
export function commonRanges(a: readonly CellRange[], b: readonly CellRange[]): readonly CellRange[] {
  const common: CellRange[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i].from, b[j].from)
    const to = Math.min(a[i].to, b[j].to)
    if (from < to) common.push({ from, to })
    if (a[i].to < b[j].to) i++
    else j++
  }
  return common
}

/** @param ranges in order and without ranges that touch */
export function rangesHold(ranges: readonly CellRange[], cell: number): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle].to <= cell) low = middle + 1
    else high = middle
  }
  return low < ranges.length && ranges[low].from <= cell
}

/**
 * Cells that hold every place of a cone, and others close by: coarse, so that an index has few of them.
 * @param radiusDeg 0 to 180 degrees
 */
export function coneRanges(raDeg: number, decDeg: number, radiusDeg: number): readonly CellRange[] {
  const center = ang2vec((90 - decDeg) * RAD_PER_DEG, raDeg * RAD_PER_DEG)
  const radius = radiusDeg * RAD_PER_DEG
  const found: CellRange[] = []
  const visit = (order: number, cell: number) => {
    const nside = order2nside(order)
    // No point of a cell is farther from its centre than this.
    const reach = max_pixrad(nside) * 1.001
    const [x, y, z] = pix2vec_nest(nside, cell)
    const chord = Math.hypot(x - center[0], y - center[1], z - center[2])
    const separation = 2 * Math.asin(Math.min(1, chord / 2))
    if (separation > radius + reach) return
    if (separation < radius - reach || reach < radius / 4 || order === FINEST_ORDER) found.push(rangeOf(order, cell))
    else for (let child = 4 * cell; child < 4 * cell + 4; child++) visit(order + 1, child)
  }
  for (let base = 0; base < 12; base++) visit(0, base)
  return mergedRanges(found)
}
