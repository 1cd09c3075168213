// Figures: how far samplers are from what they should draw, against how often they ask the model.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { decades, figure, lineAt, textAt, theme } from './svg.ts'

export interface SamplerCurve {
  readonly name: string
  readonly points: readonly { readonly calls: number; readonly fromLimit: number; readonly fromTruth: number }[]
}

const BOXES = [
  { x: 74, y: 112, width: 320, height: 300 },
  { x: 486, y: 112, width: 320, height: 300 },
] as const

/**
 * @param curves distances in units of the data's width
 * @returns an SVG document
 */
export function samplerPlot(title: string, subtitles: readonly string[], curves: readonly SamplerCurve[]): string {
  const calls = curves.flatMap(({ points }) => points.map(point => point.calls))
  const errors = curves.flatMap(({ points }) => points.flatMap(({ fromLimit, fromTruth }) => [fromLimit, fromTruth]))
  const range = { low: Math.min(...errors) / 1.5, high: Math.min(10, Math.max(...errors)) * 1.5 }
  const description = curves
    .map(({ name, points }) => {
      const last = points[points.length - 1]
      return `${name} is ${last.fromTruth.toPrecision(2)} from the truth after ${last.calls} calls`
    })
    .join('; ')
  const halves = [
    { heading: 'From the limit of many steps', note: 'error of the steps alone', y: 'fromLimit' },
    { heading: 'From the data', note: 'error of the start and of the last level too', y: 'fromTruth' },
  ] as const
  const legendY = BOXES[0].y + BOXES[0].height + 62
  return figure(830, legendY + 34, title, `${description}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    ...subtitles.map((line, k) => textAt(16, 46 + 16 * k, line, { fill: theme.muted })),
    ...halves.flatMap(({ heading, note, y }, h) =>
      chart({
        box: BOXES[h],
        heading,
        notes: [note],
        hasGrid: true,
        x: {
          range: { low: Math.min(...calls) / 1.2, high: Math.max(...calls) * 1.2 },
          label: 'calls of the model',
          isLog: true,
          ticks: [...new Set(calls)],
        },
        y: { range, label: h === 0 ? 'distance / width' : '', isLog: true, ticks: decades(range.low, range.high) },
        marks: curves.flatMap(({ points }, k) => {
          const shown = points.filter(point => point[y] <= range.high)
          return [
            Plot.lineY(shown, { x: 'calls', y, stroke: theme.series[k], strokeWidth: 1.8 }),
            Plot.dot(shown, { x: 'calls', y, fill: theme.series[k], r: 2.4 }),
          ]
        }),
      }),
    ),
    ...curves.flatMap(({ name }, k) => {
      const [x, y] = [74 + 250 * (k % 3), legendY + 17 * Math.floor(k / 3)]
      return [lineAt(x, y - 4, x + 22, y - 4, theme.series[k], 2), textAt(x + 28, y, name)]
    }),
  ])
}
