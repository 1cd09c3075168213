// Figures: how one star's posterior sharpens as surveys arrive.
import * as Plot from '@observablehq/plot'
import { axisLabel, possibleRange } from './axisLabel.ts'
import { chart } from './chart.ts'
import { densityCurve, medianAndInterval, type Range, rangeOf } from './density.ts'
import { digitsFor, figure, type PanelBox, readable, textAt, theme } from './svg.ts'

export interface EvolutionStage {
  /** What was there, such as `Gaia DR3` and then `+ 2MASS`. */
  readonly label: string
  /** For each name its samples at that stage. */
  readonly samples: readonly ArrayLike<number>[]
}

export interface EvolutionPlotInput {
  readonly title: string
  readonly subtitle: string
  readonly names: readonly string[]
  /** From first to last. */
  readonly stages: readonly EvolutionStage[]
  /** A value known from elsewhere for each name, or null. */
  readonly references?: readonly (number | null)[]
}

const WIDTH = 176
const STEP = 212
const ROW = 72
const LEFT = 128
const TOP = 68

/**
 * A column for each parameter and a row for each stage: the density then, its median and 68% interval.
 *
 * @returns an SVG document
 * @throws RangeError when a stage does not hold every name
 */
export function evolutionPlot(input: EvolutionPlotInput): string {
  const { names, stages } = input
  if (stages.length === 0 || stages.some(stage => stage.samples.length !== names.length)) {
    throw new RangeError(`evolutionPlot: a stage without the samples of all ${names.length} names`)
  }
  const height = stages.length * ROW
  const parts = names.flatMap((name, p) => {
    const range = possibleRange(name, unionOf(stages.map(stage => rangeOf(stage.samples[p], 0.005))))
    const box: PanelBox = { x: LEFT + p * STEP, y: TOP, width: WIDTH, height }
    return [
      ...chart({
        box,
        x: { range, label: axisLabel(name) },
        y: { range: { low: 0, high: stages.length }, label: '', ticks: [] },
        marks: [
          ...referenceMarks(input.references?.[p] ?? null),
          ...stages.flatMap((stage, k) =>
            ridge(stage.samples[p], range, stages.length - 1 - k, shade(k, stages.length)),
          ),
        ],
      }),
      ...stages.map((stage, k) =>
        textAt(box.x + WIDTH - 6, TOP + k * ROW + 14, interval(stage.samples[p]), {
          anchor: 'end',
          sizePx: 9.5,
          fill: theme.muted,
        }),
      ),
    ]
  })
  const labels = stages.map((stage, k) =>
    textAt(LEFT - 12, TOP + k * ROW + ROW / 2 + 10, stage.label, { anchor: 'end', sizePx: 11.5 }),
  )
  const width = LEFT + (names.length - 1) * STEP + WIDTH + 20
  const description = stages
    .map(stage => `${stage.label}: ${names.map((name, p) => `${name} ${interval(stage.samples[p])}`).join(', ')}.`)
    .join(' ')
  return figure(Math.max(400, width), TOP + height + 50, input.title, description, [
    textAt(16, 26, input.title, { sizePx: 14, isBold: true }),
    textAt(16, 46, input.subtitle, { fill: theme.muted }),
    ...labels,
    ...parts,
  ])
}

function unionOf(ranges: readonly Range[]): Range {
  return { low: Math.min(...ranges.map(range => range.low)), high: Math.max(...ranges.map(range => range.high)) }
}

/** Later stages are darker. */
function shade(stage: number, count: number): number {
  return count === 1 ? 0.7 : 0.18 + (0.52 * stage) / (count - 1)
}

function ridge(samples: ArrayLike<number>, range: Range, base: number, opacity: number): Plot.Markish[] {
  const { points, densities } = densityCurve(samples, range, 160)
  // Every ridge has the same height: widths are to be compared, and they would drown in heights.
  const scale = 0.6 / Math.max(...densities)
  const curve = Array.from(points, (x, k) => ({ x, y: base + 0.1 + densities[k] * scale }))
  const [low, median, high] = medianAndInterval(samples)
  const look = { stroke: theme.series[0], strokeWidth: 1.2 }
  return [
    Plot.areaY(curve, { x: 'x', y1: base + 0.1, y2: 'y', fill: theme.series[0], fillOpacity: opacity }),
    Plot.lineY(curve, { x: 'x', y: 'y', ...look }),
    Plot.ruleY([base + 0.1], { x1: low, x2: high, stroke: theme.ink, strokeWidth: 2.2 }),
    Plot.dot([[median, base + 0.1]], { fill: theme.ink, r: 3 }),
  ]
}

function referenceMarks(value: number | null): Plot.Markish[] {
  return value === null
    ? []
    : [Plot.ruleX([value], { stroke: theme.series[1], strokeDasharray: '4,3', strokeWidth: 1.2 })]
}

function interval(samples: ArrayLike<number>): string {
  const [low, median, high] = medianAndInterval(samples)
  const digits = digitsFor((high - low) / 2)
  return `${readable(median, digits)} \u00b1 ${readable((high - low) / 2, digits)}`
}
