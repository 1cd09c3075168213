// Figures: differences of two posteriors of the same stars over their widths, beside what is expected.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, lineAt, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

export interface AgreementPanel {
  /** [N] calibrated differences. */
  readonly differences: ArrayLike<number>
  /** Of the Gaussian that is drawn beside them. */
  readonly expectedWidth: number
}

export interface AgreementRow {
  readonly heading: string
  /** As many as there are columns. */
  readonly panels: readonly AgreementPanel[]
}

const BOX = { width: 136, height: 84 } as const
const [LEFT, TOP] = [28, 104]
const [STEP_X, STEP_Y] = [BOX.width + 22, BOX.height + 62]
/** Room for the legend. */
const MIN_WIDTH = 520
const REACH = 4
const BINS = 32

/**
 * A row for each pair of instruments, a column for each quantity. What lies beyond the ends is counted in the outermost bins.
 *
 * @returns an SVG document
 * @throws RangeError when there is no row or a row has other columns
 */
export function agreementPlot(
  title: string,
  subtitle: string,
  columns: readonly string[],
  rows: readonly AgreementRow[],
): string {
  if (rows.length === 0 || rows.some(({ panels }) => panels.length !== columns.length)) {
    throw new RangeError('agreementPlot: no row, or one with other columns')
  }
  const parts = rows.flatMap(({ heading, panels }, r) => {
    const y = TOP + r * STEP_Y
    return [
      textAt(LEFT, y - 10, heading, { isBold: true, sizePx: 11.5 }),
      ...panels.flatMap((panel, c) => histogram(panel, { x: LEFT + c * STEP_X, y, ...BOX })),
    ]
  })
  const width = Math.max(MIN_WIDTH, LEFT + columns.length * STEP_X + 4)
  const legendY = TOP + rows.length * STEP_Y - 12
  const description = `Histograms for ${rows.map(({ heading }) => heading).join('; ')} of ${columns.join(', ')}.`
  return figure(width, legendY + 32, title, description, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...columns.map((name, c) => textAt(LEFT + c * STEP_X + BOX.width / 2, TOP - 32, name, { anchor: 'middle' })),
    ...parts,
    swatchAt({ x: LEFT, y: legendY - 9, width: 20, height: 10 }, theme.series[0], 0.5),
    textAt(LEFT + 26, legendY, 'stars: difference of the medians over the quadrature of the widths'),
    lineAt(LEFT, legendY + 14, LEFT + 20, legendY + 14, theme.series[1], 1.6),
    textAt(LEFT + 26, legendY + 18, 'a Gaussian of the width expected'),
  ])
}

function histogram({ differences, expectedWidth }: AgreementPanel, box: PanelBox): string[] {
  const step = (2 * REACH) / BINS
  const counts = new Array<number>(BINS).fill(0)
  for (const one of Array.from(differences)) counts[Math.min(BINS - 1, Math.max(0, Math.floor((one + REACH) / step)))]++
  const bars = counts.map((count, k) => ({
    low: -REACH + k * step,
    high: -REACH + (k + 1) * step,
    density: count / (differences.length * step),
  }))
  const normal = Array.from({ length: 81 }, (_, k) => -REACH + (k * 2 * REACH) / 80).map(z => ({
    z,
    density: Math.exp(-0.5 * (z / expectedWidth) ** 2) / (Math.sqrt(2 * Math.PI) * expectedWidth),
  }))
  const isDrawn = expectedWidth > 0
  const top = 1.1 * Math.max(...bars.map(bar => bar.density), isDrawn ? 0.4 / expectedWidth : 0)
  return chart({
    box,
    x: {
      range: { low: -REACH, high: REACH },
      label: '',
      ticks: [-4, -2, 0, 2, 4],
      tickText: tick => readable(tick, 0),
    },
    y: { range: { low: 0, high: top }, label: '', ticks: [] },
    marks: [
      Plot.rect(bars, { x1: 'low', x2: 'high', y1: 0, y2: 'density', fill: theme.series[0], fillOpacity: 0.5 }),
      ...(isDrawn
        ? [Plot.lineY(normal, { x: 'z', y: 'density', stroke: theme.series[1], strokeWidth: 1.6, clip: true })]
        : []),
    ],
  })
}
