// Figures: the stacked age posteriors of clusters beside the ages that the literature gives them.
import * as Plot from '@observablehq/plot'
import { axisLabel } from './axisLabel.ts'
import { chart } from './chart.ts'
import { densityCurve, medianAndInterval, quantileOf, rangeOf } from './density.ts'
import { figure, type PanelBox, readable, textAt, theme } from './svg.ts'

export interface LiteratureAge {
  readonly logAgeYr: number
  /** 1 sigma, or null where the paper gives none. */
  readonly logAgeErr: number | null
  /** Such as `Dias 2021`. */
  readonly source: string
}

export interface ClusterAges {
  readonly name: string
  readonly starCount: number
  /** log10 of the age in years: the same number of samples of every member, joined. */
  readonly samples: ArrayLike<number>
  readonly literature: readonly LiteratureAge[]
}

const ROW = 58
const BOX = { x: 168, y: 84, width: 520 } as const

/**
 * A row for each cluster: density of the joined samples, their median and 68% interval, and the literature's ages.
 *
 * @returns an SVG document
 * @throws RangeError when there is no cluster or one has no samples
 */
export function clusterPlot(title: string, subtitle: string, clusters: readonly ClusterAges[]): string {
  if (clusters.length === 0 || clusters.some(cluster => cluster.samples.length === 0)) {
    throw new RangeError('clusterPlot: no cluster, or one without samples')
  }
  const sources = [...new Set(clusters.flatMap(cluster => cluster.literature.map(age => age.source)))]
  const known = clusters.flatMap(cluster => cluster.literature.map(age => age.logAgeYr))
  const spread = clusters.flatMap(cluster => {
    const { low, high } = rangeOf(cluster.samples, 0.01)
    return [low, high]
  })
  const range = { low: Math.min(...spread, ...known) - 0.1, high: Math.max(...spread, ...known) + 0.1 }
  const box: PanelBox = { ...BOX, height: clusters.length * ROW }
  const baseOf = (k: number) => clusters.length - 1 - k
  const colourOf = (source: string) => theme.series[1 + (sources.indexOf(source) % (theme.series.length - 1))]
  const marks = clusters.flatMap((cluster, k) => [
    ...ridge(cluster, range, baseOf(k)),
    ...cluster.literature.flatMap((age, place) => {
      const y = baseOf(k) + 0.84 - 0.13 * (place % 5)
      const err = age.logAgeErr ?? 0
      const look = { stroke: colourOf(age.source), strokeWidth: 1.5 }
      return [
        Plot.ruleY([y], { x1: age.logAgeYr - err, x2: age.logAgeYr + err, ...look }),
        Plot.dot([[age.logAgeYr, y]], { fill: colourOf(age.source), stroke: theme.paper, strokeWidth: 0.6, r: 3.6 }),
      ]
    }),
  ])
  const rows = clusters.flatMap((cluster, k) => {
    const y = BOX.y + k * ROW + ROW / 2
    const [low, median, high] = medianAndInterval(cluster.samples)
    return [
      textAt(BOX.x - 12, y, cluster.name, { anchor: 'end', isBold: true }),
      textAt(BOX.x - 12, y + 15, `${cluster.starCount.toLocaleString('en-US')} stars`, {
        anchor: 'end',
        sizePx: 10,
        fill: theme.muted,
      }),
      textAt(BOX.x + BOX.width + 12, y + 4, readable(median, 2)),
      textAt(BOX.x + BOX.width + 38, y - 1, `+${readable(high - median, 2)}`, { sizePx: 9 }),
      textAt(BOX.x + BOX.width + 38, y + 9, `\u2212${readable(median - low, 2)}`, { sizePx: 9 }),
    ]
  })
  const legendRows = Math.ceil(sources.length / 4)
  const legendY = BOX.y + box.height + 62
  const legend = sources.flatMap((source, k) => {
    const [x, y] = [BOX.x + (k % 4) * 150, legendY + Math.floor(k / 4) * 17]
    return [
      `<circle cx="${x}" cy="${y - 4}" r="4" fill="${colourOf(source)}"/>`,
      textAt(x + 10, y, source, { sizePx: 10.5 }),
    ]
  })
  const width = BOX.x + BOX.width + 84
  return figure(width, legendY + 16 * legendRows, title, describe(clusters), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    textAt(BOX.x + BOX.width + 12, BOX.y - 10, 'median', { fill: theme.muted, sizePx: 10 }),
    ...chart({
      box,
      x: { range, label: axisLabel('logAgeYr') },
      y: { range: { low: 0, high: clusters.length }, label: '', ticks: [] },
      marks,
    }),
    ...rows,
    ...legend,
  ])
}

function ridge(
  cluster: ClusterAges,
  range: { readonly low: number; readonly high: number },
  base: number,
): Plot.Markish[] {
  const { points, densities } = densityCurve(cluster.samples, range, 240)
  const scale = 0.8 / Math.max(...densities)
  const curve = Array.from(points, (x, k) => ({ x, y: base + 0.06 + densities[k] * scale }))
  const sorted = Float64Array.from(cluster.samples).sort()
  const [low, high] = [quantileOf(sorted, 0.16), quantileOf(sorted, 0.84)]
  return [
    ...(base > 0 ? [Plot.ruleY([base], { stroke: theme.grid })] : []),
    Plot.areaY(curve, { x: 'x', y1: base + 0.06, y2: 'y', fill: theme.series[0], fillOpacity: 0.25 }),
    Plot.lineY(curve, { x: 'x', y: 'y', stroke: theme.series[0], strokeWidth: 1.2 }),
    Plot.ruleY([base + 0.06], { x1: low, x2: high, stroke: theme.series[0], strokeWidth: 2.6 }),
    Plot.dot([[quantileOf(sorted, 0.5), base + 0.06]], { fill: theme.series[0], r: 3.2 }),
  ]
}

function describe(clusters: readonly ClusterAges[]): string {
  return clusters
    .map(cluster => {
      const [low, median, high] = medianAndInterval(cluster.samples)
      const known = cluster.literature.map(age => `${readable(age.logAgeYr, 2)} in ${age.source}`).join(', ')
      return `${cluster.name}: log age ${readable(median, 2)} (${readable(low, 2)} to ${readable(high, 2)}); ${known}.`
    })
    .join(' ')
}
