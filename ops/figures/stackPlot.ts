// Figures: ages of clusters, each from the stack of its members' posteriors in two ways, beside the literature.
import * as Plot from '@observablehq/plot'
import { axisLabel } from './axisLabel.ts'
import { chart } from './chart.ts'
import type { LiteratureAge } from './clusterPlot.ts'
import { figure, lineAt, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

interface Interval {
  readonly q025: number
  readonly q16: number
  readonly q50: number
  readonly q84: number
  readonly q975: number
}

export interface StackedAges {
  readonly name: string
  /** Below the name, such as `320 stars, Gaia DR3 + 2MASS`. */
  readonly note: string
  readonly cluster: Interval
  readonly mixture: Interval
  readonly literature: readonly LiteratureAge[]
  /** Lowest and highest published log age, or the truth twice; `null` where nothing is published. */
  readonly published: readonly [low: number, high: number] | null
}

const ROW = 46
const BOX = { x: 226, y: 76, width: 520 } as const
const SOURCE_WIDTH = 142

/**
 * A row for each cluster: the cluster's age with 68% and 95% intervals, the middle 68% of its members' joined
 * posteriors, the range of published ages, and a point for each catalogue.
 *
 * @returns an SVG document
 * @throws RangeError when there is no cluster
 */
export function stackPlot(title: string, subtitle: string, rows: readonly StackedAges[]): string {
  if (rows.length === 0) throw new RangeError('stackPlot: no cluster')
  const values = rows.flatMap(row => [
    ...(row.published ?? []),
    ...row.literature.map(age => age.logAgeYr),
    ...[row.cluster.q025, row.cluster.q975, row.mixture.q16, row.mixture.q84],
  ])
  const range = { low: Math.min(...values) - 0.12, high: Math.max(...values) + 0.12 }
  const box: PanelBox = { ...BOX, height: rows.length * ROW }
  const sources = [...new Set(rows.flatMap(row => row.literature.map(age => age.source)))]
  const colourOf = (source: string) => theme.series[2 + (sources.indexOf(source) % (theme.series.length - 2))]
  const marks = rows.flatMap((row, k) => rowMarks(row, rows.length - 1 - k, colourOf))
  const names = rows.flatMap((row, k) => {
    const y = BOX.y + (k + 0.5) * ROW
    return [
      textAt(BOX.x - 12, y - 2, row.name, { anchor: 'end', isBold: true }),
      textAt(BOX.x - 12, y + 12, row.note, { anchor: 'end', sizePx: 9.5, fill: theme.muted }),
      textAt(BOX.x + BOX.width + 12, y + 4, readable(row.cluster.q50, 2)),
    ]
  })
  const legendY = BOX.y + box.height + 60
  const perRow = 4
  const legend = [
    lineAt(BOX.x - 110, legendY - 4, BOX.x - 90, legendY - 4, theme.series[0], 4),
    textAt(BOX.x - 84, legendY, 'age of the cluster, 68% and 95%', { sizePx: 10.5 }),
    lineAt(BOX.x + 110, legendY - 4, BOX.x + 130, legendY - 4, theme.series[1], 1.6),
    textAt(BOX.x + 136, legendY, 'members joined, 68%', { sizePx: 10.5 }),
    swatchAt({ x: BOX.x + 270, y: legendY - 10, width: 20, height: 12 }, theme.muted, 0.22),
    textAt(BOX.x + 296, legendY, 'published, lowest to highest', { sizePx: 10.5 }),
    ...sources.flatMap((source, k) => {
      const [x, y] = [BOX.x - 106 + (k % perRow) * SOURCE_WIDTH, legendY + 20 + Math.floor(k / perRow) * 17]
      return [
        `<circle cx="${x}" cy="${y - 4}" r="4" fill="${colourOf(source)}"/>`,
        textAt(x + 10, y, source, { sizePx: 10.5 }),
      ]
    }),
  ]
  const height = legendY + 16 + 17 * Math.ceil(sources.length / perRow)
  return figure(BOX.x + BOX.width + 62, height, title, describe(rows), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...chart({
      box,
      x: { range, label: axisLabel('logAgeYr') },
      y: { range: { low: 0, high: rows.length }, label: '', ticks: [] },
      marks,
    }),
    ...names,
    ...legend,
  ])
}

function rowMarks(row: StackedAges, base: number, colourOf: (source: string) => string): Plot.Markish[] {
  const { cluster, mixture, published, literature } = row
  const span = (y: number, low: number, high: number, stroke: string, strokeWidth: number, strokeOpacity = 1) =>
    Plot.ruleY([y], { x1: low, x2: high, stroke, strokeWidth, strokeOpacity })
  return [
    ...(base > 0 ? [Plot.ruleY([base], { stroke: theme.grid })] : []),
    ...(published === null ? [] : [span(base + 0.5, published[0], published[1], theme.muted, 30, 0.22)]),
    span(base + 0.25, mixture.q16, mixture.q84, theme.series[1], 1.6),
    Plot.dot([[mixture.q50, base + 0.25]], { stroke: theme.series[1], fill: theme.paper, r: 3 }),
    span(base + 0.5, cluster.q025, cluster.q975, theme.series[0], 1.4),
    span(base + 0.5, cluster.q16, cluster.q84, theme.series[0], 4),
    Plot.dot([[cluster.q50, base + 0.5]], { fill: theme.series[0], stroke: theme.paper, strokeWidth: 0.6, r: 4 }),
    ...literature.map(age =>
      Plot.dot([[age.logAgeYr, base + 0.78]], {
        fill: colourOf(age.source),
        stroke: theme.paper,
        strokeWidth: 0.6,
        r: 3.4,
      }),
    ),
  ]
}

function describe(rows: readonly StackedAges[]): string {
  return rows
    .map(({ name, cluster, published }) => {
      const known = published === null ? '' : `, published ${readable(published[0], 2)} to ${readable(published[1], 2)}`
      return `${name}: log age ${readable(cluster.q50, 2)} (${readable(cluster.q16, 2)} to ${readable(cluster.q84, 2)})${known}.`
    })
    .join(' ')
}
