// Figures: how wide posteriors are, how far off they are, and how often they hold the truth, against what a star was seen by.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

export interface ValuePanel {
  /** Such as `log age (yr)`. */
  readonly heading: string
  /** [rows] lengths of the bars, at least 0. */
  readonly widths: readonly number[]
  /** [rows] places of the circles; empty for none. */
  readonly scatters: readonly number[]
  /** [rows] written behind the bars, such as `67%`; empty for none. */
  readonly notes: readonly string[]
}

const ROW = 22
const TOP = 92
const BOX_WIDTH = 128
const STEP = BOX_WIDTH + 52
const CHARACTER_PX = 6.5
/** Room for the legend. */
const MIN_WIDTH = 560

/**
 * A row for each set of surveys, a panel for each quantity.
 *
 * @returns an SVG document
 * @throws RangeError when there is no row, or a panel has not as many
 */
export function valuePlot(
  title: string,
  subtitle: string,
  rows: readonly string[],
  panels: readonly ValuePanel[],
): string {
  if (rows.length === 0 || panels.some(({ widths }) => widths.length !== rows.length)) {
    throw new RangeError('valuePlot: no row, or a panel with other rows')
  }
  const left = 30 + CHARACTER_PX * Math.max(...rows.map(row => row.length))
  const height = rows.length * ROW
  const middle = (k: number) => rows.length - k - 0.5
  const parts = panels.flatMap(({ heading, widths, scatters, notes }, p) => {
    const box: PanelBox = { x: left + p * STEP, y: TOP, width: BOX_WIDTH, height }
    const most = Math.max(...widths, ...scatters)
    const bars = widths.map((width, k) => ({ width, low: middle(k) - 0.32, high: middle(k) + 0.32 }))
    return [
      ...chart({
        box,
        heading,
        x: { range: { low: 0, high: most > 0 ? 1.08 * most : 1 }, label: '' },
        y: { range: { low: 0, high: rows.length }, label: '', ticks: [] },
        marks: [
          Plot.rect(bars, { x1: 0, x2: 'width', y1: 'low', y2: 'high', fill: theme.series[0], fillOpacity: 0.55 }),
          Plot.dot(
            scatters.map((scatter, k) => ({ scatter, y: middle(k) })),
            { x: 'scatter', y: 'y', r: 3.2, stroke: theme.series[1], strokeWidth: 1.6 },
          ),
        ],
      }),
      ...notes.map((note, k) =>
        textAt(box.x + BOX_WIDTH + 6, TOP + (k + 0.5) * ROW + 4, note, { sizePx: 9.5, fill: theme.muted }),
      ),
    ]
  })
  const names = rows.map((row, k) => textAt(left - 12, TOP + (k + 0.5) * ROW + 4, row, { anchor: 'end' }))
  const legendY = TOP + height + 44
  const description = panels
    .map(({ heading, widths }) => `${heading}: ${rows.map((row, k) => `${row} ${readable(widths[k], 3)}`).join(', ')}.`)
    .join(' ')
  const width = Math.max(MIN_WIDTH, left + panels.length * STEP + 8)
  return figure(width, legendY + 34, title, description, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...names,
    ...parts,
    swatchAt({ x: 16, y: legendY - 9, width: 20, height: 10 }, theme.series[0], 0.55),
    textAt(44, legendY, 'half of the 68% interval, median over stars'),
    `<circle cx="26" cy="${legendY + 14}" r="3.2" fill="none" stroke="${theme.series[1]}" stroke-width="1.6"/>`,
    textAt(44, legendY + 18, 'scatter of the medians about the truth; %: truths within the 68% interval'),
  ])
}
