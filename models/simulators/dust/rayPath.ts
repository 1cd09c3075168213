// The way of all lines of sight of one direction, kept: when dust only changes its temperature, its light is gathered anew without tracing.
import { MAX_LATITUDES, RADII } from './dustGrid.ts'
import type { DustTemperatures } from './dustTemperature.ts'
import { COLUMNS, ROWS_PER_LEVEL } from './lightTables.ts'

/** Stretches of lines of sight through one cell each, in the order in which they were met. */
export interface RayPath {
  count: number
  readonly cell: Uint16Array
  /** cm2 of sky. */
  readonly area: Float64Array
  /** Columns before the near and the far end: the node below, and how far on to the next. */
  readonly nearNode: Uint8Array
  readonly nearShare: Float64Array
  readonly farNode: Uint8Array
  readonly farShare: Float64Array
}

/**
 * Room for so many lines of sight. From its closest point to the edge, a line's sine of latitude turns round once at most: it crosses
 * each latitude, above and below the plane, no more than twice.
 */
export function createRayPath(lines: number): RayPath {
  const most = lines * 2 * (RADII + 4 * MAX_LATITUDES + 4)
  return {
    count: 0,
    cell: new Uint16Array(most),
    area: new Float64Array(most),
    nearNode: new Uint8Array(most),
    nearShare: new Float64Array(most),
    farNode: new Uint8Array(most),
    farShare: new Float64Array(most),
  }
}

/** Gathers the light of a path into sums of one area that hold none, [LEVELS, COLUMNS] cm2. */
export function gatherLight(path: RayPath, temperatures: DustTemperatures, light: Float64Array): void {
  const { row: rows, gain, floorRow } = temperatures
  const { count, cell: cells, area, nearNode, nearShare, farNode, farShare } = path
  for (let n = 0; n < count; n++) {
    const cell = cells[n]
    const row = rows[cell]
    if (row === floorRow) continue
    const level = (row / ROWS_PER_LEVEL) | 0
    const warmer = row / ROWS_PER_LEVEL - level
    const bright = area[n] * gain[cell]
    const place = level * COLUMNS
    put(light, place, bright * (1 - warmer), nearNode[n], nearShare[n], farNode[n], farShare[n])
    put(light, place + COLUMNS, bright * warmer, nearNode[n], nearShare[n], farNode[n], farShare[n])
  }
}

/** Near end of a stretch gives light, its far end takes it: the difference is what the stretch sends. */
export function put(
  light: Float64Array,
  at: number,
  area: number,
  n0: number,
  s0: number,
  n1: number,
  s1: number,
): void {
  light[at + n0] += area * (1 - s0)
  light[at + n0 + 1] += area * s0
  light[at + n1] -= area * (1 - s1)
  light[at + n1 + 1] -= area * s1
}
