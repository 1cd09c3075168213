// Figures: a star's posterior, every parameter alone and every pair.
import * as Plot from '@observablehq/plot'
import { axisLabel, possibleRange, symbolOf } from './axisLabel.ts'
import { bottomAxis, type ChartAxis, frameLook, leftAxis } from './chart.ts'
import { densityCurve, densityGrid, medianAndInterval, type Range, rangeOf } from './density.ts'
import { digitsFor, figure, niceTicks, panel, readable, swatchAt, textAt, theme } from './svg.ts'

export interface CornerPlotInput {
  readonly title: string
  readonly subtitle: string
  /** Parameters, in the order they are drawn; names of the vocabulary get their symbol and unit. */
  readonly names: readonly string[]
  /** For each name its samples, all of one length. */
  readonly samples: readonly ArrayLike<number>[]
  /** A value known from elsewhere for each name, or null. */
  readonly references?: readonly (number | null)[]
  /** Class probabilities, drawn in the empty corner when there is room. */
  readonly classes?: readonly { readonly name: string; readonly probability: number }[]
}

const CELL = 108
const GAP = 8
const LEFT = 72
const TOP = 94
const BOTTOM = 52
const RIGHT = 20
const GRID_SIZE = 40
/** Shares of the samples inside the drawn contours. */
const SHARES = [0.95, 0.68] as const

/**
 * Corner plot: on the diagonal each parameter's density with its median and 68% interval, below it the regions that
 * hold 68% and 95% of each pair.
 *
 * @returns an SVG document
 * @throws RangeError when samples do not fit the names
 */
export function cornerPlot(input: CornerPlotInput): string {
  const { names, samples } = input
  const count = names.length
  if (count === 0 || samples.length !== count || samples.some(column => column.length !== samples[0].length)) {
    throw new RangeError(`cornerPlot: ${count} names, columns of ${samples.map(column => column.length).join(', ')}`)
  }
  const ranges = samples.map((column, p) =>
    withReference(possibleRange(names[p], rangeOf(column)), input.references?.[p] ?? null),
  )
  const parts: string[] = []
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      const box = { x: LEFT + column * (CELL + GAP), y: TOP + row * (CELL + GAP), width: CELL, height: CELL }
      const marks = row === column ? diagonalMarks(input, ranges, row) : pairMarks(input, ranges, column, row)
      parts.push(panel(box, { ...frameOf(ranges, column, row), marks }))
      if (row === count - 1) parts.push(...bottomAxis(axisOf(names[column], ranges[column]), box))
      if (column === 0 && row > 0) parts.push(...leftAxis(axisOf(names[row], ranges[row]), box))
      if (row === column) parts.push(summaryAt(names[row], samples[row], box.x + CELL / 2, box.y - 8))
    }
  }
  const side = count * (CELL + GAP) - GAP
  const width = Math.max(360, LEFT + side + RIGHT)
  parts.push(textAt(16, 24, input.title, { sizePx: 14, isBold: true }))
  parts.push(textAt(16, 42, input.subtitle, { fill: theme.muted }))
  if (count >= 4 && input.classes !== undefined) parts.push(...classBars(input.classes, LEFT + side))
  return figure(
    width,
    TOP + side + BOTTOM,
    input.title,
    `Corner plot of ${names.length} parameters: ${names.map((name, p) => `${name} ${summaryText(samples[p])}`).join('; ')}.`,
    parts,
  )
}

function withReference(range: Range, reference: number | null): Range {
  if (reference === null) return range
  const pad = (range.high - range.low) / 20
  return { low: Math.min(range.low, reference - pad), high: Math.max(range.high, reference + pad) }
}

function frameOf(ranges: readonly Range[], column: number, row: number): Plot.PlotOptions {
  const y = row === column ? { axis: null } : { axis: null, domain: [ranges[row].low, ranges[row].high] }
  return { margin: 0, x: { axis: null, domain: [ranges[column].low, ranges[column].high] }, y } as Plot.PlotOptions
}

function diagonalMarks(input: CornerPlotInput, ranges: readonly Range[], p: number): Plot.Markish[] {
  const { points, densities } = densityCurve(input.samples[p], ranges[p], 120)
  const curve = Array.from(points, (x, k) => ({ x, y: densities[k] }))
  const [low, median, high] = medianAndInterval(input.samples[p])
  const top = Math.max(...densities) * 1.12
  const heightAt = (x: number) =>
    densities[Math.min(119, Math.max(0, Math.floor((x - points[0]) / (points[1] - points[0]) + 0.5)))]
  return [
    Plot.areaY(
      curve.filter(point => point.x >= low && point.x <= high),
      { x: 'x', y: 'y', fill: theme.series[0], fillOpacity: 0.28 },
    ),
    Plot.lineY(curve, { x: 'x', y: 'y', stroke: theme.series[0], strokeWidth: 1.3 }),
    Plot.ruleX([median], { y1: 0, y2: heightAt(median), stroke: theme.series[0], strokeWidth: 1.3 }),
    Plot.ruleY([top], { stroke: 'none' }),
    ...referenceMarks(input, p, null),
    Plot.frame(frameLook),
  ]
}

function pairMarks(input: CornerPlotInput, ranges: readonly Range[], column: number, row: number): Plot.Markish[] {
  const [xs, ys, xRange, yRange] = [input.samples[column], input.samples[row], ranges[column], ranges[row]]
  const { values, levels } = densityGrid(xs, ys, xRange, yRange, GRID_SIZE, SHARES)
  return [
    Plot.contour(values, {
      width: GRID_SIZE,
      height: GRID_SIZE,
      x1: xRange.low,
      x2: xRange.high,
      y1: yRange.low,
      y2: yRange.high,
      thresholds: Array.from(levels),
      fill: theme.series[0],
      fillOpacity: 0.26,
      stroke: theme.series[0],
      strokeWidth: 0.9,
    }),
    ...referenceMarks(input, column, row),
    Plot.frame(frameLook),
  ]
}

function referenceMarks(input: CornerPlotInput, column: number, row: number | null): Plot.Markish[] {
  const x = input.references?.[column] ?? null
  const y = row === null ? null : (input.references?.[row] ?? null)
  const look = { stroke: theme.series[1], strokeWidth: 1.1, strokeDasharray: '3,2' }
  return [...(x === null ? [] : [Plot.ruleX([x], look)]), ...(y === null ? [] : [Plot.ruleY([y], look)])]
}

function axisOf(name: string, range: Range): ChartAxis {
  return { range, label: axisLabel(name), ticks: innerTicks(range) }
}

/** Ticks away from the corners, where they would run into the next panel's. */
function innerTicks(range: Range): number[] {
  const margin = (range.high - range.low) * 0.12
  for (const wanted of [3, 4, 5, 7]) {
    const ticks = niceTicks(range.low + margin, range.high - margin, wanted)
    // Long labels leave room for fewer.
    const most = ticks.some(tick => String(tick).length > 4) ? 2 : 3
    if (ticks.length >= 2) return ticks.length > most ? ticks.filter((_, k) => k % 2 === 0) : ticks
  }
  return []
}

function summaryText(samples: ArrayLike<number>): string {
  const [low, median, high] = medianAndInterval(samples)
  const digits = digitsFor(Math.min(high - median, median - low))
  return `${readable(median, digits)} +${readable(high - median, digits)} \u2212${readable(median - low, digits)}`
}

function summaryAt(name: string, samples: ArrayLike<number>, x: number, y: number): string {
  const [value, plus, minus] = summaryText(samples).split(' ')
  // Digits are about 0.6 of the size wide: enough to centre the three pieces.
  const turn = x + 3.2 * (value.length - 0.8 * Math.max(plus.length, minus.length))
  return [
    textAt(x, y - 18, symbolOf(name), { anchor: 'middle', isBold: true }),
    textAt(turn, y, value, { anchor: 'end', sizePx: 10.5 }),
    textAt(turn + 2, y - 5, plus, { sizePx: 8.5 }),
    textAt(turn + 2, y + 4, minus, { sizePx: 8.5 }),
  ].join('\n')
}

function classBars(
  classes: readonly { readonly name: string; readonly probability: number }[],
  right: number,
): string[] {
  const [barWidth, lineHeight, top] = [130, 18, TOP + 14]
  const left = right - barWidth - 34
  return [
    textAt(left - 8, top - 6, 'class', { anchor: 'end', fill: theme.muted }),
    textAt(left, top - 6, 'probability', { fill: theme.muted }),
    ...classes.flatMap(({ name, probability }, k) => {
      const y = top + k * lineHeight
      return [
        textAt(left - 8, y + 11, name, { anchor: 'end' }),
        swatchAt({ x: left, y: y + 2, width: barWidth, height: 11 }, theme.grid, 1),
        swatchAt({ x: left, y: y + 2, width: barWidth * probability, height: 11 }, theme.series[0], 0.75),
        textAt(left + barWidth + 6, y + 11, readable(probability, 2)),
      ]
    }),
  ]
}
