// Where on the sky something is, as a number: HEALPix cells in the nested scheme. Step 2 of the walk routes by them.
import { bit_decombine, order2nside, pix2ang_nest, query_disc_inclusive_nest } from '@hscmap/healpix'
import { RAD_PER_ARCSEC, RAD_PER_DEG, SKY_ORDER, skyCell } from '../../schemas/index.ts'

/** Cells that observations are filed under: 6.9 arcmin wide. */
export const CELL_ORDER = 9

const MAX_ORDER = 15
/** Of the twelve base cells. */
const BASE_WIDTH_ARCSEC = 58.6 * 3600

/**
 * The nested HEALPix cell of a position.
 *
 * @param raDeg any right ascension, degrees; taken modulo 360
 * @param decDeg -90 to 90 degrees
 * @param order 0 to 15; a cell is 58.6 degrees / 2^order wide
 * @throws RangeError when the position or the order is impossible
 *
 * Source: Gorski et al. 2005, ApJ 622, 759.
 */
export function cellOf(raDeg: number, decDeg: number, order = CELL_ORDER): number {
  checkPlace(raDeg, decDeg)
  return Math.floor(skyCell(raDeg, decDeg) / (2 ** SKY_ORDER / nsideOf(order)) ** 2)
}

/** Centre of a cell, ICRS degrees. */
export function cellCenter(cell: number, order = CELL_ORDER): { readonly raDeg: number; readonly decDeg: number } {
  const { theta, phi } = pix2ang_nest(nsideOf(order), cell)
  return { raDeg: (phi / RAD_PER_DEG) % 360, decDeg: 90 - theta / RAD_PER_DEG }
}

/** The cell of a lower order that holds a cell. */
export function parentCell(cell: number, order: number, parentOrder: number): number {
  if (parentOrder > order) throw new RangeError(`parentCell: order ${parentOrder} is finer than ${order}`)
  return Math.floor(cell / 4 ** (order - parentOrder))
}

/**
 * Every cell that a disc touches, and perhaps one that it misses by no more than its own radius or by half a cell;
 * by rising number, without repeats. This is how neighbours across a border are found: no point of the disc lies
 * outside the cells.
 *
 * @param radiusArcsec 0 to 90 degrees
 */
export function cellsWithin(raDeg: number, decDeg: number, radiusArcsec: number, order = CELL_ORDER): number[] {
  const { theta, phi } = anglesOf(raDeg, decDeg)
  const direction: [number, number, number] = [
    Math.sin(theta) * Math.cos(phi),
    Math.sin(theta) * Math.sin(phi),
    Math.cos(theta),
  ]
  // What the library takes for touched is generous by a cell's own size, so it is asked for small cells.
  const fineOrder = Math.max(order, Math.min(MAX_ORDER, Math.ceil(Math.log2((1.5 * BASE_WIDTH_ARCSEC) / radiusArcsec))))
  const cells = new Set([cellOf(raDeg, decDeg, order)])
  query_disc_inclusive_nest(nsideOf(fineOrder), direction, radiusArcsec * RAD_PER_ARCSEC, cell =>
    cells.add(parentCell(cell, fineOrder, order)),
  )
  return [...cells].sort((a, b) => a - b)
}

/** Steps into which `borderDepth` divides the side of a cell. */
const DEPTH_ORDERS = 6

/**
 * How far a position is from the border of its cell, along the cell's own axes, in sides of the cell: 0 at the border
 * to 0.5 in the middle, rounded down to 1/64. On the sky a depth d is at least 0.6 d sides, that of the slimmest cells
 * at the poles.
 */
export function borderDepth(raDeg: number, decDeg: number, order: number): number {
  const steps = 2 ** DEPTH_ORDERS
  const { x, y } = bit_decombine(cellOf(raDeg, decDeg, order + DEPTH_ORDERS) % steps ** 2)
  return Math.min(x, y, steps - 1 - x, steps - 1 - y) / steps
}

function checkPlace(raDeg: number, decDeg: number): void {
  if (!Number.isFinite(raDeg) || !(decDeg >= -90 && decDeg <= 90)) {
    throw new RangeError(`skyCells: no place on the sky has right ascension ${raDeg} and declination ${decDeg}`)
  }
}

function anglesOf(raDeg: number, decDeg: number): { theta: number; phi: number } {
  checkPlace(raDeg, decDeg)
  return { theta: (90 - decDeg) * RAD_PER_DEG, phi: (((raDeg % 360) + 360) % 360) * RAD_PER_DEG }
}

function nsideOf(order: number): number {
  if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) {
    throw new RangeError(`skyCells: order ${order} is not one of 0 to ${MAX_ORDER}`)
  }
  return order2nside(order)
}
