// Figures: what share of a gap each way of adaptation wins back, seed by seed.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, type PanelBox, textAt, theme } from './svg.ts'

export interface WonBackRow {
  readonly name: string
  /** A share for each seed; null where a seed has no gap. */
  readonly bias: readonly (number | null)[]
  readonly coverage: readonly (number | null)[]
}

const ROW = 34
const BOX = { x: 196, y: 76, width: 520 } as const
/** Worse is drawn at this share. */
const LEAST = -1
const kinds = [
  { kind: 'bias', label: 'bias', colour: theme.series[0], lift: 0.66 },
  { kind: 'coverage', label: 'coverage', colour: theme.series[1], lift: 0.34 },
] as const

/**
 * A row for each condition: small points are seeds, bars their mean.
 *
 * @returns an SVG document
 * @throws RangeError when there is no row
 */
export function ablationPlot(title: string, subtitle: string, rows: readonly WonBackRow[]): string {
  if (rows.length === 0) throw new RangeError('ablationPlot: no condition')
  const box: PanelBox = { ...BOX, height: rows.length * ROW }
  const marks = rows.flatMap((row, k) =>
    kinds.flatMap(({ kind, colour, lift }) => {
      const y = rows.length - 1 - k + lift
      const found = row[kind].filter(share => share !== null)
      if (found.length === 0) return []
      const mean = found.reduce((sum, share) => sum + share, 0) / found.length
      const dots = found.map(share => ({ x: Math.max(LEAST, share), y }))
      return [
        Plot.dot(dots, { x: 'x', y: 'y', fill: colour, fillOpacity: 0.5, r: 2.4 }),
        Plot.tickX([{ x: Math.max(LEAST, mean) }], {
          ...{ x: 'x', stroke: colour, strokeWidth: 3 },
          ...{ insetTop: box.height - (y + 0.13) * ROW, insetBottom: (y - 0.13) * ROW },
        }),
      ]
    }),
  )
  const legendY = BOX.y + box.height + 58
  return figure(BOX.x + BOX.width + 24, legendY + 14, title, describe(rows), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...chart({
      box,
      x: { range: { low: LEAST - 0.05, high: 1.1 }, label: 'share of the gap won back', ticks: [-1, -0.5, 0, 0.5, 1] },
      y: { range: { low: 0, high: rows.length }, label: '', ticks: [] },
      marks: [Plot.ruleX([0, 0.5, 1], { stroke: theme.muted, strokeOpacity: 0.5, strokeDasharray: '4,4' }), ...marks],
    }),
    ...rows.map(({ name }, k) =>
      textAt(BOX.x - 12, BOX.y + (k + 0.5) * ROW + 4, name, { anchor: 'end', isPlain: true }),
    ),
    ...kinds.flatMap(({ label, colour }, k) => [
      `<circle cx="${BOX.x + 110 * k + 6}" cy="${legendY - 4}" r="4" fill="${colour}"/>`,
      textAt(BOX.x + 110 * k + 16, legendY, label),
    ]),
    textAt(BOX.x + 220, legendY, 'points: seeds; bars: their mean; worse is drawn at \u22121', {
      sizePx: 10,
    }),
  ])
}

function describe(rows: readonly WonBackRow[]): string {
  const meanOf = (shares: readonly (number | null)[]) => {
    const found = shares.filter(share => share !== null)
    return found.length === 0 ? 'no gap' : `${((100 * found.reduce((a, b) => a + b, 0)) / found.length).toFixed(0)}%`
  }
  return `${rows.map(({ name, bias, coverage }) => `${name}: bias ${meanOf(bias)}, coverage ${meanOf(coverage)}`).join('; ')}.`
}
