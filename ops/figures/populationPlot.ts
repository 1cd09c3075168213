// Figures: simulated stars by class as regions of density, and real stars on top of them as points.
import * as Plot from '@observablehq/plot'
import { type ChartAxis, chart } from './chart.ts'
import { densityGrid, type Range } from './density.ts'
import { figure, niceTicks, swatchAt, textAt, theme } from './svg.ts'

/** As many numbers on both axes. */
export interface Points {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

export interface PopulationAxis {
  readonly label: string
  /** Whether values fall along the axis, as magnitudes and temperatures are drawn. */
  readonly isReversed?: boolean
  /** What is shown; absent, all but the outermost of what there is. */
  readonly range?: Range
  readonly ticks?: readonly number[]
  readonly tickText?: (tick: number) => string
}

export interface PopulationPanel {
  readonly heading: string
  readonly x: PopulationAxis
  readonly y: PopulationAxis
  /** By class, in the order of the classes. */
  readonly simulated: readonly Points[]
  readonly real: Points
  /** A map, on which stars are points: their density would hide where they are. */
  readonly isMap?: boolean
}

export interface PopulationFigure {
  readonly title: string
  /** What is simulated. */
  readonly subtitle: string
  /** What the points are; told where there are any. */
  readonly realNote: string
  readonly classes: readonly string[]
  readonly panels: readonly PopulationPanel[]
}

const [CELL_WIDTH, CELL_HEIGHT] = [330, 300]
const [LEFT, GAP_X, TOP, GAP_Y] = [78, 92, 92, 84]
const PER_ROW = 2
const GRID_SIZE = 96
/** Stars lie along narrow lines. */
const SHARPNESS = 2
/** Shares of a class inside the drawn regions. */
const SHARES = [0.9, 0.5] as const
/** Fewer than this have no density to speak of. */
const FEW = 40
/** More points would be a blot, and a file that no page wants to carry. */
const MAX_POINTS = 2500
const TAIL = 0.004

/**
 * Panels in two columns: for each class the regions that hold 50% and 90% of its stars, points where they are few.
 *
 * @returns an SVG document
 * @throws RangeError when there is no panel, or one without any star
 */
export function populationPlot(input: PopulationFigure): string {
  const { title, subtitle, realNote, panels, classes } = input
  if (panels.length === 0) throw new RangeError('populationPlot: no panel')
  const rows = Math.ceil(panels.length / PER_ROW)
  const columns = Math.min(PER_ROW, panels.length)
  const parts = panels.flatMap((panel, k) => {
    const [column, row] = [k % PER_ROW, Math.floor(k / PER_ROW)]
    const box = {
      x: LEFT + column * (CELL_WIDTH + GAP_X),
      y: TOP + row * (CELL_HEIGHT + GAP_Y),
      ...{ width: CELL_WIDTH, height: CELL_HEIGHT },
    }
    const groups = [...panel.simulated, panel.real]
    const xRange = shownRange(
      panel.x,
      groups.map(({ xs }) => xs),
    )
    const yRange = shownRange(
      panel.y,
      groups.map(({ ys }) => ys),
    )
    return chart({
      box,
      hasGrid: true,
      heading: panel.heading,
      x: axisOf(panel.x, xRange, CELL_WIDTH),
      y: axisOf(panel.y, yRange, CELL_HEIGHT),
      marks: [
        ...(panel.isMap === true
          ? mapMarks(panel.simulated, xRange, yRange)
          : panel.simulated.flatMap((points, i) => simulatedMarks(points, colourOf(i), xRange, yRange))),
        realMarks(panel.real, xRange, yRange),
      ],
    })
  })
  const width = LEFT + columns * CELL_WIDTH + (columns - 1) * GAP_X + 28
  const legendY = TOP + rows * CELL_HEIGHT + (rows - 1) * GAP_Y + 66
  const hasReal = panels.some(({ real }) => real.xs.length > 0)
  const names = [...classes, ...(hasReal ? ['real stars'] : [])]
  const perLine = Math.max(1, Math.floor((width - LEFT) / LEGEND_STEP))
  const legend = names.flatMap((name, i) => {
    const [x, y] = [LEFT + (i % perLine) * LEGEND_STEP, legendY + 18 * Math.floor(i / perLine)]
    const mark =
      i < classes.length
        ? swatchAt({ x, y: y - 9, width: 13, height: 10 }, colourOf(i), 0.55)
        : `<circle cx="${x + 6}" cy="${y - 4}" r="2" fill="${theme.ink}"/>`
    return [mark, textAt(x + 19, y, name)]
  })
  const height = legendY + 18 * Math.ceil(names.length / perLine) + 4
  return figure(width, height, title, describe(input), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, hasReal ? `${subtitle}; ${realNote}` : subtitle, { fill: theme.muted }),
    textAt(16, 62, panels.some(({ isMap }) => isMap !== true) ? REGIONS : MAPS, { fill: theme.muted }),
    ...parts,
    ...legend,
  ])
}

const LEGEND_STEP = 128
const REGIONS = 'Regions hold 50% and 90% of the simulated stars of each class.'
const MAPS = `Of many stars every n-th is shown, ${MAX_POINTS.toLocaleString('en-US')} at most.`

function colourOf(classIndex: number): string {
  return theme.series[classIndex % theme.series.length]
}

function shownRange({ range }: PopulationAxis, groups: readonly (readonly number[])[]): Range {
  if (range !== undefined) return range
  // Each group by itself: one of few stars must not be cut off by one of many.
  const ends = groups
    .filter(values => values.length > 0)
    .flatMap(values => {
      const sorted = Float64Array.from(values).sort()
      const skip = Math.floor(TAIL * (sorted.length - 1))
      return [sorted[skip], sorted[sorted.length - 1 - skip]]
    })
  if (ends.length === 0) throw new RangeError('populationPlot: a panel without any star')
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const pad = high > low ? (high - low) / 25 : 0.5
  return { low: low - pad, high: high + pad }
}

/** A scale from high to low has no round numbers of its own. */
function axisOf(axis: PopulationAxis, range: Range, lengthPx: number): ChartAxis {
  const { low, high } = range
  return {
    label: axis.label,
    range: axis.isReversed === true ? { low: high, high: low } : range,
    ticks: axis.ticks ?? niceTicks(low, high, Math.round(lengthPx / 55)),
    ...(axis.tickText === undefined ? {} : { tickText: axis.tickText }),
  }
}

function simulatedMarks(points: Points, colour: string, xRange: Range, yRange: Range): Plot.Markish[] {
  const { xs, ys } = points
  if (xs.length === 0) return []
  if (xs.length < FEW) return [Plot.dot(pairsOf(points, xRange, yRange), { fill: colour, fillOpacity: 0.7, r: 1.8 })]
  const { values, levels } = densityGrid(xs, ys, xRange, yRange, GRID_SIZE, SHARES, SHARPNESS)
  return [
    Plot.contour(values, {
      ...{ width: GRID_SIZE, height: GRID_SIZE, x1: xRange.low, x2: xRange.high, y1: yRange.low, y2: yRange.high },
      thresholds: Array.from(new Set(levels)),
      ...{ fill: colour, fillOpacity: 0.16, stroke: colour, strokeWidth: 1 },
    }),
  ]
}

/** As many points in all, shared by the classes as their stars are. */
function mapMarks(simulated: readonly Points[], xRange: Range, yRange: Range): Plot.Markish[] {
  const total = simulated.reduce((sum, { xs }) => sum + xs.length, 0)
  return simulated.map((points, i) => {
    const most = Math.ceil((MAX_POINTS * points.xs.length) / Math.max(1, total))
    return Plot.dot(pairsOf(points, xRange, yRange, most), { fill: colourOf(i), fillOpacity: 0.6, r: 1.15 })
  })
}

function realMarks(points: Points, xRange: Range, yRange: Range): Plot.Markish {
  return Plot.dot(pairsOf(points, xRange, yRange), { fill: theme.ink, fillOpacity: 0.6, r: 1.15 })
}

/** Those within the frame, every n-th of them where they are many. */
function pairsOf({ xs, ys }: Points, xRange: Range, yRange: Range, most = MAX_POINTS): [number, number][] {
  const isIn = (value: number, { low, high }: Range) => value >= low && value <= high
  const inside = xs.flatMap((x, i): [number, number][] => {
    return isIn(x, xRange) && isIn(ys[i], yRange) ? [[x, ys[i]]] : []
  })
  const step = Math.max(1, inside.length / Math.max(1, most))
  return Array.from({ length: Math.floor(inside.length / step) }, (_, i) => inside[Math.floor(i * step)])
}

function describe({ panels, classes }: PopulationFigure): string {
  return panels
    .map(({ heading, simulated, real }) => {
      const counts = simulated.map(({ xs }, i) => `${xs.length} ${classes[i]}`).join(', ')
      return `${heading}: ${counts}; ${real.xs.length} real stars.`
    })
    .join(' ')
}
