// Figures: spectra of many objects in panels of three columns, with the median and the middle 68% of each panel.
import * as Plot from '@observablehq/plot'
import { chart, shareOf } from './chart.ts'
import { figure, lineAt, swatchAt, textAt, theme } from './svg.ts'

/** Dex of lambda F_lambda; `null` where there is nothing. */
type Levels = ArrayLike<number | null>

export interface SedPanel {
  readonly heading: string
  /** Below the heading. */
  readonly note: string
  /** On the input's wavelengths, as are the three levels. */
  readonly spectra: readonly Levels[]
  readonly median: Levels
  readonly low: Levels
  readonly high: Levels
  readonly published: { readonly wavelengthsUm: ArrayLike<number>; readonly levels: Levels } | null
}

export interface SedPlotInput {
  readonly title: string
  readonly subtitles: readonly string[]
  /** Rising. */
  readonly wavelengthsUm: ArrayLike<number>
  readonly panels: readonly SedPanel[]
  /** Name of what is published; told where a panel has it. */
  readonly publishedName: string
}

const PER_ROW = 3
const KEY_STEP = 110
const CELL = { width: 262, height: 176 } as const
const [LEFT, GAP_X, GAP_Y] = [70, 46, 66]
const X_LABEL = 'wavelength (\u03bcm)'
const X_AXIS = { range: { low: 0.1, high: 1000 }, isLog: true, ticks: [0.1, 1, 10, 100, 1000] } as const
const Y_AXIS = { range: { low: -6, high: 0.5 }, ticks: [-6, -5, -4, -3, -2, -1, 0] } as const
/** More lines are a blot. */
const MOST_LINES = 60
/** Finer than this no line is followed: nobody sees it, and a figure would weigh megabytes. */
const TOLERANCE_PX = 0.3
const [LINES, SUMMARY, PUBLISHED] = [theme.muted, theme.series[0], theme.series[1]]

/**
 * Panels in three columns, all with the same axes.
 *
 * @returns an SVG document
 * @throws RangeError when there is no panel, or a spectrum has another number of wavelengths
 */
export function sedPlot(input: SedPlotInput): string {
  const { title, subtitles, wavelengthsUm, panels } = input
  if (panels.length === 0) throw new RangeError('sedPlot: no panel')
  for (const { heading, spectra, median, low, high } of panels)
    for (const levels of [...spectra, median, low, high])
      if (levels.length !== wavelengthsUm.length)
        throw new RangeError(`sedPlot: ${heading} has ${levels.length} values at ${wavelengthsUm.length} wavelengths`)
  const top = 80 + 16 * subtitles.length + 20
  const rows = Math.ceil(panels.length / PER_ROW)
  const columns = Math.min(PER_ROW, panels.length)
  const parts = panels.flatMap((panel, k) => {
    const [column, row] = [k % PER_ROW, Math.floor(k / PER_ROW)]
    return chart({
      box: { x: LEFT + column * (CELL.width + GAP_X), y: top + row * (CELL.height + GAP_Y), ...CELL },
      hasGrid: true,
      heading: panel.heading,
      notes: [panel.note],
      x: { ...X_AXIS, label: k + PER_ROW >= panels.length ? X_LABEL : '' },
      y: { ...Y_AXIS, label: column === 0 ? 'log (\u03bbF_{\u03bb} / F_{star})' : '' },
      marks: marksOf(panel, wavelengthsUm),
    })
  })
  const width = LEFT + Math.max(2, columns) * (CELL.width + GAP_X) - GAP_X + 24
  const height = top + rows * CELL.height + (rows - 1) * GAP_Y + 50
  const legendY = 56 + 16 * subtitles.length
  const hasPublished = panels.some(({ published }) => published !== null)
  const key = (index: number) => LEFT + index * KEY_STEP
  return figure(width, height, title, describe(panels), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    ...subtitles.map((text, k) => textAt(16, 46 + 16 * k, text, { fill: theme.muted })),
    lineAt(key(0), legendY - 4, key(0) + 20, legendY - 4, LINES, 0.8),
    textAt(key(0) + 26, legendY, 'one object'),
    lineAt(key(1), legendY - 4, key(1) + 20, legendY - 4, SUMMARY, 2),
    textAt(key(1) + 26, legendY, 'median'),
    swatchAt({ x: key(2), y: legendY - 10, width: 20, height: 12 }, SUMMARY, 0.25),
    textAt(key(2) + 26, legendY, '16 to 84%'),
    ...(hasPublished
      ? [
          lineAt(key(3), legendY - 4, key(3) + 20, legendY - 4, PUBLISHED, 1.8),
          textAt(key(3) + 26, legendY, input.publishedName, { isPlain: true }),
        ]
      : []),
    ...parts,
  ])
}

interface Point {
  readonly x: number
  readonly y: number
}

function marksOf(panel: SedPanel, wavelengthsUm: ArrayLike<number>): Plot.Markish[] {
  const step = Math.max(1, panel.spectra.length / MOST_LINES)
  const drawn = Array.from({ length: Math.floor(panel.spectra.length / step) }, (_, i) => {
    return panel.spectra[Math.floor(i * step)]
  })
  const lines = (spectra: readonly Levels[], at: ArrayLike<number>, look: Plot.LineOptions) =>
    Plot.line(
      spectra.flatMap((levels, z) =>
        insideOf(at, levels).flatMap((run, r) => run.map(p => ({ ...p, z: `${z} ${r}` }))),
      ),
      { x: 'x', y: 'y', z: 'z', ...look },
    )
  const foot = (levels: Levels, k: number) => Math.max(Y_AXIS.range.low, levels[k] ?? Y_AXIS.range.low)
  const band = Array.from(wavelengthsUm, (x, k) => ({ x, y1: foot(panel.low, k), y2: foot(panel.high, k) }))
  return [
    lines(drawn, wavelengthsUm, { stroke: LINES, strokeOpacity: 0.4, strokeWidth: 0.6 }),
    Plot.areaY(band, { x: 'x', y1: 'y1', y2: 'y2', fill: SUMMARY, fillOpacity: 0.25 }),
    lines([panel.median], wavelengthsUm, { stroke: SUMMARY, strokeWidth: 2 }),
    ...(panel.published === null
      ? []
      : [lines([panel.published.levels], panel.published.wavelengthsUm, { stroke: PUBLISHED, strokeWidth: 1.8 })]),
  ]
}

/** The pieces of a spectrum within the frame, ending where it crosses the edges, on as few points as show it. */
function insideOf(wavelengthsUm: ArrayLike<number>, levels: Levels): Point[][] {
  const { low, high } = Y_AXIS.range
  const runs: Point[][] = []
  let run: Point[] = []
  let before: Point | null = null
  const isIn = ({ y }: Point) => y >= low && y <= high
  const edge = (a: Point, b: Point): Point => {
    const y = Math.min(a.y, b.y) < low ? low : high
    const part = (y - a.y) / (b.y - a.y)
    return { x: a.x * (b.x / a.x) ** part, y }
  }
  const close = () => {
    if (run.length > 1) runs.push(simplified(run))
    run = []
  }
  for (let k = 0; k < wavelengthsUm.length; k++) {
    const [x, y] = [wavelengthsUm[k], levels[k]]
    if (y === null || !(x >= X_AXIS.range.low && x <= X_AXIS.range.high)) {
      close()
      before = null
      continue
    }
    const point = { x, y }
    if (before !== null && isIn(before) !== isIn(point)) run.push(edge(before, point))
    if (isIn(point)) run.push(point)
    else close()
    before = point
  }
  close()
  return runs
}

/** Those points without which a line would be off by more than the tolerance (Douglas & Peucker 1973). */
function simplified(points: readonly Point[]): Point[] {
  const place = ({ x, y }: Point) => [
    shareOf({ ...X_AXIS, label: '' }, x) * CELL.width,
    shareOf({ ...Y_AXIS, label: '' }, y) * CELL.height,
  ]
  const places = points.map(place)
  const kept = new Set([0, points.length - 1])
  const open: [number, number][] = [[0, points.length - 1]]
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span
    const [[ax, ay], [bx, by]] = [places[from], places[to]]
    const length = Math.hypot(bx - ax, by - ay) || 1
    let [worst, farthest] = [-1, TOLERANCE_PX]
    for (let k = from + 1; k < to; k++) {
      const off = Math.abs((bx - ax) * (places[k][1] - ay) - (by - ay) * (places[k][0] - ax)) / length
      if (off > farthest) [worst, farthest] = [k, off]
    }
    if (worst === -1) continue
    kept.add(worst)
    open.push([from, worst], [worst, to])
  }
  return points.filter((_, k) => kept.has(k))
}

function describe(panels: readonly SedPanel[]): string {
  return panels.map(({ heading, note }) => `${heading}: ${note}.`).join(' ')
}
