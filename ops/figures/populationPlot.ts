// Figures: simulated stars by class as regions of density, and real stars on top of them as points.
import * as Plot from '@observablehq/plot'
import { type ChartAxis, chart } from './chart.ts'
import { type ClassRegion, classRegion, type Frame, type Points } from './classRegion.ts'
import type { Range } from './density.ts'
import { equalScales, type MapPlace, placeLegend, placeMarks, placesIn } from './mapPlaces.ts'
import { figure, lineAt, niceTicks, type PanelBox, swatchAt, textAt, theme } from './svg.ts'

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
  /** Whether a unit is as long along both axes. */
  readonly hasEqualScales?: boolean
  /** Whether it takes both columns, twice as wide as high. */
  readonly isWide?: boolean
  readonly places?: readonly MapPlace[]
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
/** Width of a wide panel over its height. */
export const WIDE_ASPECT = 2
/** Fewer than this have no density to speak of. */
const FEW = 100
/** More points would be a blot, and a file that no page wants to carry. */
const MAX_POINTS = 2500
/** What may lie outside a frame at each of its sides, of each class and of the real stars. */
const [TAIL, MAP_TAIL] = [0.004, 0.02]

/**
 * Panels in two columns: for each class the regions that hold 50% and 90% of its stars, points where they are few.
 *
 * @returns an SVG document
 * @throws RangeError when there is no panel, or one without any star
 */
export function populationPlot(input: PopulationFigure): string {
  const { title, subtitle, realNote, panels, classes } = input
  if (panels.length === 0) throw new RangeError('populationPlot: no panel')
  const boxes = boxesOf(panels)
  const seen: MapPlace[] = []
  const parts = panels.flatMap((panel, k) => {
    const box = boxes[k]
    const { shown, regions } = framesOf(panel)
    const places = panel.places ?? []
    const frame = panel.hasEqualScales === true ? equalScales(shown, places, box.width, box.height) : shown
    seen.push(...placesIn(places, frame))
    return chart({
      box,
      hasGrid: true,
      heading: panel.heading,
      x: axisOf(panel.x, frame.x, box.width),
      y: axisOf(panel.y, frame.y, box.height),
      marks: [
        ...(panel.isMap === true
          ? mapMarks(panel.simulated, frame)
          : panel.simulated.flatMap(
              (points, i) => regions[i]?.marks(colourOf(i), dashOf(i)) ?? [fewMarks(points, i, frame)],
            )),
        realMarks(panel.real, frame),
        ...placeMarks(places, frame, box.width),
      ],
    })
  })
  const width = Math.max(...boxes.map(box => box.x + box.width)) + 28
  const legendY = Math.max(...boxes.map(box => box.y + box.height)) + 66
  const hasReal = panels.some(({ real }) => real.xs.length > 0)
  const entries = [
    ...classes.flatMap((name, i) => {
      if (panels.every(({ simulated }) => simulated[i].xs.length === 0)) return []
      const hasRegion = panels.some(({ isMap = false }) => !isMap)
      const sign = (x: number, y: number) =>
        swatchAt({ x, y: y - 5, width: 15, height: 10 }, colourOf(i), 0.55) +
        (hasRegion ? lineAt(x - 2, y, x + 17, y, colourOf(i), 2, dashOf(i) || undefined) : '')
      return [{ name, sign }]
    }),
    ...(hasReal
      ? [
          {
            name: 'real stars',
            sign: (x: number, y: number) => `<circle cx="${x + 6}" cy="${y}" r="2" fill="${theme.ink}"/>`,
          },
        ]
      : []),
    ...placeLegend(seen),
  ]
  const perLine = Math.max(1, Math.floor((width - LEFT) / LEGEND_STEP))
  const legend = entries.flatMap(({ name, sign }, i) => {
    const [x, y] = [LEFT + (i % perLine) * LEGEND_STEP, legendY + 18 * Math.floor(i / perLine)]
    return [sign(x, y - 4), textAt(x + 22, y, name)]
  })
  const height = legendY + 18 * Math.ceil(entries.length / perLine) + 4
  return figure(width, height, title, describe(input), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, hasReal ? `${subtitle}; ${realNote}` : subtitle, { fill: theme.muted, isPlain: true }),
    textAt(16, 62, panels.some(({ isMap }) => isMap !== true) ? REGIONS : MAPS, { fill: theme.muted }),
    ...parts,
    ...legend,
  ])
}

const LEGEND_STEP = 128
const REGIONS = `Regions hold 50% and 90% of a class; below ${FEW} stars, points.`
const MAPS = `Every n-th star, ${MAX_POINTS.toLocaleString('en-US')} at most; the outermost may be cut off.`

/** Two beside each other, a wide one in a row of its own. */
function boxesOf(panels: readonly PopulationPanel[]): PanelBox[] {
  let [y, column] = [TOP, 0]
  return panels.map((panel, k) => {
    const isWide = panel.isWide === true
    const width = isWide ? PER_ROW * CELL_WIDTH + (PER_ROW - 1) * GAP_X : CELL_WIDTH
    const height = isWide ? width / WIDE_ASPECT : CELL_HEIGHT
    const box = { x: LEFT + column * (CELL_WIDTH + GAP_X), y, width, height }
    column++
    if (isWide || column === PER_ROW || panels[k + 1]?.isWide === true) [y, column] = [y + height + GAP_Y, 0]
    return box
  })
}

/** Green and purple are much alike to some: outlines tell classes apart too. */
const DASHES = ['', '7,2', '3,2', '7,2,1.5,2'] as const

function dashOf(classIndex: number): string {
  return DASHES[classIndex % DASHES.length]
}

function colourOf(classIndex: number): string {
  return theme.series[classIndex % theme.series.length]
}

/** What is shown of a panel: in a diagram all that is drawn, on a map all but the outermost stars. */
function framesOf(panel: PopulationPanel): { shown: Frame; regions: readonly (ClassRegion | null)[] } {
  const { x, y, simulated, real, isMap = false } = panel
  // Each group by itself: one of few stars must not be cut off by one of many.
  const frameOf = (points: Points, tail: number): Frame | null =>
    points.xs.length === 0 ? null : { x: endsOf(points.xs, tail), y: endsOf(points.ys, tail) }
  const realFrame = frameOf(real, TAIL)
  const around = (frames: readonly (Frame | null)[]): Frame => {
    const found = frames.filter(frame => frame !== null)
    if (found.length === 0) throw new RangeError('populationPlot: a panel without any star')
    return { x: x.range ?? padded(found.map(frame => frame.x)), y: y.range ?? padded(found.map(frame => frame.y)) }
  }
  if (isMap) {
    return { shown: around([...simulated.map(points => frameOf(points, MAP_TAIL)), realFrame]), regions: [] }
  }
  const whole = around([...simulated.map(points => frameOf(points, TAIL)), realFrame])
  const roomy = { x: widened(whole.x), y: widened(whole.y) }
  const regions = simulated.map(points => (points.xs.length < FEW ? null : classRegion(points, roomy)))
  const drawn = simulated.map((points, i) => regions[i]?.extent ?? frameOf(points, 0))
  return { shown: around([...drawn, realFrame]), regions }
}

/** The least and greatest, a share of the values left out at each end. */
function endsOf(values: readonly number[], tail: number): Range {
  const sorted = Float64Array.from(values).sort()
  const skip = Math.floor(tail * (sorted.length - 1))
  return { low: sorted[skip], high: sorted[sorted.length - 1 - skip] }
}

function padded(ranges: readonly Range[]): Range {
  const [low, high] = [Math.min(...ranges.map(range => range.low)), Math.max(...ranges.map(range => range.high))]
  const pad = high > low ? (high - low) / 25 : 0.5
  return { low: low - pad, high: high + pad }
}

/** A region that ended at the edge of what was smoothed would be cut straight. */
function widened({ low, high }: Range): Range {
  const margin = (high - low) / 6
  return { low: low - margin, high: high + margin }
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

function fewMarks(points: Points, classIndex: number, frame: Frame): Plot.Markish {
  return Plot.dot(pairsOf(points, frame), { fill: colourOf(classIndex), fillOpacity: 0.7, r: 1.8 })
}

/** As many points in all, shared by the classes as their stars are; the rarest lie on top. */
function mapMarks(simulated: readonly Points[], frame: Frame): Plot.Markish[] {
  const total = simulated.reduce((sum, { xs }) => sum + xs.length, 0)
  const classIndices = simulated.map((_, i) => i).sort((a, b) => simulated[b].xs.length - simulated[a].xs.length)
  return classIndices.map(i => {
    const points = simulated[i]
    const most = Math.ceil((MAX_POINTS * points.xs.length) / Math.max(1, total))
    return Plot.dot(pairsOf(points, frame, most), { fill: colourOf(i), fillOpacity: 0.6, r: 1.15 })
  })
}

function realMarks(points: Points, frame: Frame): Plot.Markish {
  return Plot.dot(pairsOf(points, frame), { fill: theme.ink, fillOpacity: 0.6, r: 1.15 })
}

/** Those within the frame, every n-th of them where they are many. */
function pairsOf({ xs, ys }: Points, frame: Frame, most = MAX_POINTS): [number, number][] {
  const isIn = (value: number, { low, high }: Range) => value >= low && value <= high
  const inside = xs.flatMap((x, i): [number, number][] => {
    return isIn(x, frame.x) && isIn(ys[i], frame.y) ? [[x, ys[i]]] : []
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
