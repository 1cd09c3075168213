// Figures: where the stars of a class lie in a diagram, as regions that hold given shares of them.
import * as Plot from '@observablehq/plot'
import { densityGrid, type Range } from './density.ts'

export interface Frame {
  readonly x: Range
  readonly y: Range
}

/** As many numbers on both axes. */
export interface Points {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

export interface ClassRegion {
  /** What the outermost region reaches. */
  readonly extent: Frame
  /** @param dash of its outline, as SVG has it; empty for none */
  marks(colour: string, dash: string): Plot.Markish[]
}

const GRID_SIZE = 128
/** Shares of a class inside the regions, the largest first. */
const SHARES = [0.9, 0.5] as const
/** Stars lie along narrow lines, which are seen where there are enough of them; of few stars each would be an island. */
const SHARPEST = 2
const [BLUNT_COUNT, SHARP_COUNT] = [100, 2000] as const

/** @param frame that holds nearly all of the points */
export function classRegion({ xs, ys }: Points, frame: Frame): ClassRegion {
  const { x, y } = frame
  const along = Math.log(xs.length / BLUNT_COUNT) / Math.log(SHARP_COUNT / BLUNT_COUNT)
  const sharpness = 1 + (SHARPEST - 1) * Math.min(1, Math.max(0, along))
  const { values, levels } = densityGrid(xs, ys, x, y, GRID_SIZE, SHARES, sharpness)
  const [rows, columns] = [new Set<number>(), new Set<number>()]
  values.forEach((value, i) => {
    if (value < levels[0]) return
    columns.add(i % GRID_SIZE)
    rows.add(Math.floor(i / GRID_SIZE))
  })
  const reach = ({ low, high }: Range, cells: ReadonlySet<number>): Range => {
    const step = (high - low) / GRID_SIZE
    return { low: low + Math.min(...cells) * step, high: low + (Math.max(...cells) + 1) * step }
  }
  return {
    extent: { x: reach(x, columns), y: reach(y, rows) },
    marks: (colour, dash) => [
      Plot.contour(values, {
        ...{ width: GRID_SIZE, height: GRID_SIZE, x1: x.low, x2: x.high, y1: y.low, y2: y.high },
        thresholds: Array.from(new Set(levels)),
        ...{ fill: colour, fillOpacity: 0.16, stroke: colour, strokeWidth: 1.1 },
        ...(dash === '' ? {} : { strokeDasharray: dash }),
      }),
    ],
  }
}
