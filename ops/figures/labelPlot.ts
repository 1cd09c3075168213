// Figures: what the model says of stars against what others have measured, and the differences over their errors.
import * as Plot from '@observablehq/plot'
import { chart, NOTE_STEP } from './chart.ts'
import { type Range, rangeOf } from './density.ts'
import { figure, lineAt, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

export interface LabelPanel {
  readonly heading: string
  /** Such as `T_eff (K)`. */
  readonly axis: string
  readonly points: readonly { readonly label: number; readonly predicted: number; readonly z: number }[]
  /** Such as `107 stars, bias +20 K`; two lines at most are read. */
  readonly notes: readonly string[]
}

const SQUARE = 250
const STRIP = 84
const STEP = SQUARE + 88
const LEFT = 74
const MAX_NOTES = 2
const TOP = 84 + MAX_NOTES * NOTE_STEP
const MAX_COLUMNS = 3
const ROW = SQUARE + STRIP + 132 + MAX_NOTES * NOTE_STEP
const Z_REACH = 5
const BINS = 20

/**
 * A panel for each comparison: stars about the 1:1 line, and below them the histogram of the scores beside the unit
 * normal that right errors give. Scores beyond the ends are counted in the outermost bins.
 *
 * @returns an SVG document
 * @throws RangeError when a panel has no points
 */
export function labelPlot(title: string, subtitle: string, panels: readonly LabelPanel[]): string {
  if (panels.length === 0 || panels.some(panel => panel.points.length === 0)) {
    throw new RangeError('labelPlot: no panel, or one without stars')
  }
  const columns = Math.min(MAX_COLUMNS, panels.length)
  const parts = panels.flatMap((panel, k) => {
    const box: PanelBox = {
      x: LEFT + (k % MAX_COLUMNS) * STEP,
      y: TOP + Math.floor(k / MAX_COLUMNS) * ROW,
      width: SQUARE,
      height: SQUARE,
    }
    return [...comparison(panel, box), ...scores(panel, { ...box, y: box.y + SQUARE + 58, height: STRIP })]
  })
  const height = TOP + Math.ceil(panels.length / MAX_COLUMNS) * ROW - MAX_NOTES * NOTE_STEP
  return figure(LEFT + (columns - 1) * STEP + SQUARE + 24, height, title, describe(panels), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...parts,
    swatchAt({ x: LEFT, y: height - 22, width: 20, height: 10 }, theme.series[0], 0.5),
    textAt(LEFT + 26, height - 13, 'stars'),
    lineAt(LEFT + 70, height - 17, LEFT + 90, height - 17, theme.series[1], 1.6),
    textAt(LEFT + 96, height - 13, 'were the errors right'),
  ])
}

function describe(panels: readonly LabelPanel[]): string {
  return panels.map(panel => `${panel.heading}: ${panel.notes.join(', ')}.`).join(' ')
}

function comparison(panel: LabelPanel, box: PanelBox): string[] {
  const values = panel.points.flatMap(point => [point.label, point.predicted])
  const range: Range = rangeOf(values, 0.002)
  const isInside = (value: number) => value >= range.low && value <= range.high
  const shown = panel.points.filter(point => isInside(point.label) && isInside(point.predicted))
  return chart({
    box,
    heading: panel.heading,
    notes: panel.notes.slice(0, MAX_NOTES),
    x: { range, label: `measured ${panel.axis}` },
    y: { range, label: `predicted ${panel.axis}` },
    marks: [
      Plot.line(
        [
          [range.low, range.low],
          [range.high, range.high],
        ],
        { stroke: theme.ink, strokeDasharray: '4,3' },
      ),
      Plot.dot(shown, {
        x: 'label',
        y: 'predicted',
        r: shown.length > 400 ? 1.4 : 2.2,
        fill: theme.series[0],
        fillOpacity: 0.5,
      }),
    ],
  })
}

function scores({ points }: LabelPanel, box: PanelBox): string[] {
  const step = (2 * Z_REACH) / BINS
  const counts = new Array<number>(BINS).fill(0)
  for (const { z } of points) counts[Math.min(BINS - 1, Math.max(0, Math.floor((z + Z_REACH) / step)))]++
  const bars = counts.map((count, k) => ({
    low: -Z_REACH + k * step,
    high: -Z_REACH + (k + 1) * step,
    density: count / (points.length * step),
  }))
  const normal = Array.from({ length: 81 }, (_, k) => -Z_REACH + (k * 2 * Z_REACH) / 80).map(z => ({
    z,
    density: Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI),
  }))
  const top = 1.1 * Math.max(0.42, ...bars.map(bar => bar.density))
  return chart({
    box,
    x: { range: { low: -Z_REACH, high: Z_REACH }, label: 'difference over its error', ticks: [-4, -2, 0, 2, 4] },
    y: { range: { low: 0, high: top }, label: '', ticks: [] },
    marks: [
      Plot.rect(bars, {
        x1: 'low',
        x2: 'high',
        y1: 0,
        y2: 'density',
        fill: theme.series[0],
        fillOpacity: 0.5,
        insetLeft: 0.4,
        insetRight: 0.4,
      }),
      Plot.lineY(normal, { x: 'z', y: 'density', stroke: theme.series[1], strokeWidth: 1.6 }),
    ],
  })
}

/** Such as `+20`: a number whose sign is news. */
export function signedText(value: number, digits: number): string {
  const text = readable(value, digits)
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text
}
