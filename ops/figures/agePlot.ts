// Figures: true against predicted age, for one model or several beside each other.
import * as Plot from '@observablehq/plot'
import { axisLabel } from './axisLabel.ts'
import { chart, NOTE_STEP } from './chart.ts'
import { medianAndInterval, type Range, rangeOf } from './density.ts'
import { figure, lineAt, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

export interface AgePanel {
  /** Such as `Simformer-like model, half of the inputs missing`. */
  readonly heading: string
  /** [N] truths and [N] posterior medians of the quantity. */
  readonly truths: ArrayLike<number>
  readonly medians: ArrayLike<number>
}

export interface AgePlotInput {
  readonly title: string
  readonly subtitle: string
  /** Name of the quantity that is compared, such as logAgeYr. */
  readonly quantity: string
  readonly panels: readonly AgePanel[]
}

const SQUARE = 290
const RESIDUAL_HEIGHT = 92
const LEFT = 70
const STEP = SQUARE + 78
const NOTES = 2
const TOP = 88 + NOTES * NOTE_STEP
const CELL_COUNT = 48

/**
 * For each panel the counts of stars by truth and prediction with the 1:1 line, and below it the residuals' median and
 * 68% interval along the truth.
 *
 * @returns an SVG document
 * @throws RangeError when a panel's arrays differ in length or hold nothing
 */
export function agePlot(input: AgePlotInput): string {
  for (const { heading, truths, medians } of input.panels) {
    if (truths.length === 0 || truths.length !== medians.length) {
      throw new RangeError(`agePlot: ${heading} has ${truths.length} truths and ${medians.length} predictions`)
    }
  }
  const range = rangeOf(input.panels.flatMap(panel => [...Array.from(panel.truths), ...Array.from(panel.medians)]))
  const residualReach = Math.max(
    0.3,
    ...input.panels.flatMap(panel =>
      trend(panel, range).map(bin => 1.15 * Math.max(Math.abs(bin.low), Math.abs(bin.high))),
    ),
  )
  const label = axisLabel(input.quantity)
  const parts = input.panels.flatMap((panel, k) => {
    const box: PanelBox = { x: LEFT + k * STEP, y: TOP, width: SQUARE, height: SQUARE }
    const below: PanelBox = { x: box.x, y: box.y + SQUARE + 14, width: SQUARE, height: RESIDUAL_HEIGHT }
    return [
      ...comparison(panel, range, box, k === 0 ? `predicted ${label}` : ''),
      ...residuals(panel, range, residualReach, below, `true ${label}`, k === 0 ? 'residual' : ''),
    ]
  })
  const width = LEFT + (input.panels.length - 1) * STEP + SQUARE + 24
  const legendY = TOP + SQUARE + RESIDUAL_HEIGHT + 78
  return figure(width, legendY + 16, input.title, describe(input), [
    textAt(16, 26, input.title, { sizePx: 14, isBold: true }),
    textAt(16, 46, input.subtitle, { fill: theme.muted }),
    ...parts,
    lineAt(LEFT, legendY - 4, LEFT + 20, legendY - 4, theme.series[1], 1.6),
    textAt(LEFT + 26, legendY, 'median of the residuals'),
    swatchAt({ x: LEFT + 180, y: legendY - 10, width: 20, height: 12 }, theme.series[1], 0.25),
    textAt(LEFT + 206, legendY, 'their 16th to 84th percentile'),
  ])
}

function describe(input: AgePlotInput): string {
  return input.panels.map(panel => `${panel.heading}: ${summary(panel).join(', ')}.`).join(' ')
}

function comparison(panel: AgePanel, range: Range, box: PanelBox, yLabel: string): string[] {
  const cells = countCells(panel, range)
  const most = Math.max(...cells.map(cell => cell.count))
  const step = (range.high - range.low) / CELL_COUNT
  const [bias, scatter, outliers] = summary(panel)
  return chart({
    box,
    heading: panel.heading,
    notes: [`${panel.truths.length.toLocaleString('en-US')} stars, ${bias}, ${scatter}`, outliers],
    x: { range, label: '', tickText: () => '' },
    y: { range, label: yLabel },
    marks: [
      // Square root: single stars stay visible beside the crowd.
      Plot.rect(cells, {
        x1: cell => range.low + cell.column * step,
        x2: cell => range.low + (cell.column + 1) * step,
        y1: cell => range.low + cell.row * step,
        y2: cell => range.low + (cell.row + 1) * step,
        fill: theme.series[0],
        fillOpacity: cell => 0.12 + 0.88 * Math.sqrt(cell.count / most),
        inset: -0.15,
      }),
      Plot.line(
        [
          [range.low, range.low],
          [range.high, range.high],
        ],
        { stroke: theme.ink, strokeDasharray: '4,3' },
      ),
    ],
  })
}

function residuals(
  panel: AgePanel,
  range: Range,
  reach: number,
  box: PanelBox,
  xLabel: string,
  yLabel: string,
): string[] {
  const bins = trend(panel, range)
  return chart({
    box,
    x: { range, label: xLabel },
    y: { range: { low: -reach, high: reach }, label: yLabel },
    marks: [
      Plot.areaY(bins, { x: 'at', y1: 'low', y2: 'high', fill: theme.series[1], fillOpacity: 0.25 }),
      Plot.ruleY([0], { stroke: theme.ink, strokeDasharray: '4,3' }),
      Plot.lineY(bins, { x: 'at', y: 'median', stroke: theme.series[1], strokeWidth: 1.6 }),
    ],
  })
}

/** Bias, scatter and share of far-off predictions, in words. */
function summary(panel: AgePanel): readonly [string, string, string] {
  const residuals = Float64Array.from(panel.medians, (value, i) => value - panel.truths[i])
  const [low, median, high] = medianAndInterval(residuals)
  const far = residuals.filter(value => Math.abs(value) > 1).length / residuals.length
  const sign = median >= 0 ? '+' : ''
  return [
    `bias ${sign}${readable(median, 2)}`,
    `scatter ${readable((high - low) / 2, 2)} dex`,
    `${readable(100 * far, 1)}% off by more than 1 dex`,
  ]
}

function trend(panel: AgePanel, range: Range) {
  const binCount = 14
  const groups: number[][] = Array.from({ length: binCount }, () => [])
  for (let i = 0; i < panel.truths.length; i++) {
    const bin = Math.floor(((panel.truths[i] - range.low) / (range.high - range.low)) * binCount)
    if (bin >= 0 && bin < binCount) groups[bin].push(panel.medians[i] - panel.truths[i])
  }
  return groups.flatMap((group, bin) => {
    // Percentiles of a handful of stars mislead more than a gap does.
    if (group.length < 8) return []
    const [low, median, high] = medianAndInterval(group)
    return [{ at: range.low + ((bin + 0.5) / binCount) * (range.high - range.low), low, median, high }]
  })
}

function countCells(panel: AgePanel, range: Range) {
  const counts = new Map<number, number>()
  const cellOf = (value: number) => Math.floor(((value - range.low) / (range.high - range.low)) * CELL_COUNT)
  for (let i = 0; i < panel.truths.length; i++) {
    const [column, row] = [cellOf(panel.truths[i]), cellOf(panel.medians[i])]
    if (column < 0 || column >= CELL_COUNT || row < 0 || row >= CELL_COUNT) continue
    const cell = row * CELL_COUNT + column
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  }
  return Array.from(counts, ([cell, count]) => ({
    column: cell % CELL_COUNT,
    row: Math.floor(cell / CELL_COUNT),
    count,
  }))
}
