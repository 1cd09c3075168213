// Median errors against magnitude as tables of equal steps: one look-up a band in the hot loop.
import type { BandRow, ErrorNode, LimitCurve } from './surveyFacts.ts'

/** Range and step of the tables, magnitudes. */
const FIRST_MAG = -8
const LAST_MAG = 34
const STEPS_PER_MAG = 16
const SIZE = (LAST_MAG - FIRST_MAG) * STEPS_PER_MAG + 1
/** A source on a background: the relative error follows 1 / flux. */
const BACKGROUND_DEX_PER_MAG = 0.4

/** [673] values at -8, -7.9375, ... 34 mag. */
export type CurveTable = Float64Array

/** Median error at a magnitude from its nodes; the first node holds before it, 0.4 dex a magnitude after the last. */
export function errorAt(nodes: readonly ErrorNode[], mag: number): number {
  if (mag <= nodes[0][0]) return nodes[0][1]
  const [lastMag, lastError] = nodes[nodes.length - 1]
  if (mag >= lastMag) return lastError * 10 ** (BACKGROUND_DEX_PER_MAG * (mag - lastMag))
  const high = nodes.findIndex(([node]) => node > mag)
  const [x0, y0] = nodes[high - 1]
  const [x1, y1] = nodes[high]
  return y0 * (y1 / y0) ** ((mag - x0) / (x1 - x0))
}

/** Share of stars kept by a limit: 1 far brighter, 0 far fainter. */
export function shareFound(curve: LimitCurve, mag: number): number {
  return 1 / (1 + Math.exp((mag - curve.halfMag) / curve.widthMag))
}

/** The error curve of a band, tabulated. */
export function errorTable(row: BandRow): CurveTable {
  return tabulate(mag => errorAt(row.errors, mag))
}

/** Any function of magnitude, tabulated. */
export function tabulate(f: (mag: number) => number): CurveTable {
  return Float64Array.from({ length: SIZE }, (_, i) => f(FIRST_MAG + i / STEPS_PER_MAG))
}

/** The table at a magnitude, linear between its steps (error of the interpolation below 0.3%); its ends hold beyond them. */
export function lookUp(table: CurveTable, mag: number): number {
  const place = (mag - FIRST_MAG) * STEPS_PER_MAG
  if (!(place > 0)) return table[0]
  if (place >= SIZE - 1) return table[SIZE - 1]
  const low = Math.floor(place)
  return table[low] + (table[low + 1] - table[low]) * (place - low)
}
