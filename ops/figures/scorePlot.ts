// Figures: arrows of a learned score over those of the true one, and how far they are apart at each noise level.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { decades, figure, lineAt, textAt, theme } from './svg.ts'

export interface ScorePanel {
  readonly heading: string
  readonly note: string
  /** Where the arrows stand, and the score there. */
  readonly arrows: readonly {
    readonly x: number
    readonly y: number
    readonly learned: readonly [number, number]
    readonly truth: readonly [number, number]
  }[]
}

export interface ErrorCurve {
  readonly name: string
  readonly points: readonly { readonly sigma: number; readonly error: number }[]
}

export interface ScorePlotInput {
  readonly title: string
  readonly subtitles: readonly string[]
  /** Three, drawn with arrows of one scale. */
  readonly panels: readonly ScorePanel[]
  readonly reach: number
  readonly curves: readonly ErrorCurve[]
}

const SIDE = 300
const PLACES = [
  { x: 64, y: 118 },
  { x: 446, y: 118 },
  { x: 64, y: 514 },
] as const
const CURVES = { x: 446, y: 514, width: SIDE, height: SIDE } as const
const LEGEND_Y = 866
const truthLook = { stroke: '#b8c0c8', strokeWidth: 2.6, headLength: 3.4, bend: false } as const

/** @returns an SVG document */
export function scorePlot({ title, subtitles, panels, reach, curves }: ScorePlotInput): string {
  const lengths = panels.flatMap(({ arrows }) => arrows.map(({ truth }) => Math.hypot(...truth))).sort((a, b) => a - b)
  const spacing = (2 * reach) / (Math.sqrt(panels[0].arrows.length) - 1)
  // The longest few would cross their neighbours.
  const scale = (1.3 * spacing) / lengths[Math.floor(0.97 * (lengths.length - 1))]
  const edge = reach + 1.6 * spacing
  const axis = (label: string) => ({ range: { low: -edge, high: edge }, label, ticks: [-2, -1, 0, 1, 2] })
  const arrowsOf = (panel: ScorePanel, which: 'learned' | 'truth', look: Plot.ArrowOptions) =>
    Plot.arrow(
      panel.arrows.map(({ x, y, [which]: [u, v] }) => ({ x, y, toX: x + scale * u, toY: y + scale * v })),
      { x1: 'x', y1: 'y', x2: 'toX', y2: 'toY', ...look },
    )
  const errors = curves.flatMap(({ points }) => points.map(({ error }) => error))
  const sigmas = curves.flatMap(({ points }) => points.map(({ sigma }) => sigma))
  const errorRange = { low: Math.min(...errors) / 1.3, high: Math.max(1, ...errors) * 1.3 }
  const description = curves
    .map(
      ({ name, points }) =>
        `${name}: ${points.map(({ sigma, error }) => `${error.toFixed(3)} at ${sigma}`).join(', ')}`,
    )
    .join('; ')
  return figure(770, LEGEND_Y + 16 * curves.length + 22, title, `${description}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    ...subtitles.map((line, k) => textAt(16, 46 + 16 * k, line, { fill: theme.muted })),
    ...panels.flatMap((panel, k) =>
      chart({
        box: { ...PLACES[k], width: SIDE, height: SIDE },
        heading: panel.heading,
        notes: [panel.note],
        x: axis('x'),
        y: axis('y'),
        marks: [
          arrowsOf(panel, 'truth', truthLook),
          arrowsOf(panel, 'learned', { stroke: theme.series[0], strokeWidth: 1.1, headLength: 4, bend: false }),
        ],
      }),
    ),
    ...chart({
      box: CURVES,
      heading: 'How far from which score',
      notes: ['root mean square of the error, over that of the score'],
      hasGrid: true,
      x: {
        range: { low: Math.min(...sigmas) / 1.2, high: Math.max(...sigmas) * 1.2 },
        label: 'noise',
        isLog: true,
        ticks: [...new Set(sigmas)],
      },
      y: {
        range: errorRange,
        label: 'relative error',
        isLog: true,
        ticks: decades(errorRange.low, errorRange.high),
      },
      marks: curves.flatMap(({ points }, k) => [
        Plot.lineY(points, { x: 'sigma', y: 'error', stroke: theme.series[k], strokeWidth: 1.8 }),
        Plot.dot(points, { x: 'sigma', y: 'error', fill: theme.series[k], r: 2.4 }),
      ]),
    }),
    lineAt(64, LEGEND_Y - 4, 86, LEGEND_Y - 4, truthLook.stroke, 3),
    textAt(92, LEGEND_Y, 'closed form'),
    lineAt(64, LEGEND_Y + 12, 86, LEGEND_Y + 12, theme.series[0], 1.5),
    textAt(92, LEGEND_Y + 16, 'learned'),
    ...curves.flatMap(({ name }, k) => [
      lineAt(CURVES.x - 130, LEGEND_Y - 4 + 16 * k, CURVES.x - 108, LEGEND_Y - 4 + 16 * k, theme.series[k], 2),
      textAt(CURVES.x - 102, LEGEND_Y + 16 * k, name),
    ]),
  ])
}
