// Figures: two sets of points and the plans that join them, side by side.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, lineAt, textAt, theme } from './svg.ts'

export interface PlanPoint {
  readonly x: number
  readonly y: number
  /** Which of the kinds it is. */
  readonly kind: number
}

/** Mass that goes from one source to one target. */
export interface PlanLink {
  readonly source: number
  readonly target: number
  /** Share of what the source sends, 0 to 1. */
  readonly share: number
}

export interface PlanPlotInput {
  readonly title: string
  readonly subtitles: readonly string[]
  readonly source: readonly PlanPoint[]
  readonly target: readonly PlanPoint[]
  /** Known pairs, drawn strong in every panel. */
  readonly pairs: readonly (readonly [source: number, target: number])[]
  /** Four. */
  readonly panels: readonly { readonly heading: string; readonly note: string; readonly links: readonly PlanLink[] }[]
}

const [WIDTH, HEIGHT] = [350, 290]
const PLACES = [
  { x: 50, y: 112 },
  { x: 450, y: 112 },
  { x: 50, y: 480 },
  { x: 450, y: 480 },
] as const
const LEGEND_Y = 812
const kindColours = [theme.series[0], theme.series[2], theme.series[3]] as const
const linkLooks = { right: { stroke: '#9aa3ab', width: 0.9 }, wrong: { stroke: theme.series[1], width: 0.9 } } as const
const colourOf = ({ kind }: PlanPoint) => kindColours[kind % kindColours.length]

/** @returns an SVG document */
export function planPlot({ title, subtitles, source, target, pairs, panels }: PlanPlotInput): string {
  const rangeOf = (axis: 'x' | 'y') => {
    const values = [...source, ...target].map(point => point[axis])
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return { low: low - 0.06 * (high - low), high: high + 0.06 * (high - low) }
  }
  const [x, y] = [rangeOf('x'), rangeOf('y')]
  const ends = (from: PlanPoint, to: PlanPoint) => ({ x1: from.x, y1: from.y, x2: to.x, y2: to.y })
  const lines = (links: readonly PlanLink[], which: keyof typeof linkLooks) =>
    Plot.link(
      links
        .filter(link => (source[link.source].kind === target[link.target].kind) === (which === 'right'))
        .map(link => ({ ...ends(source[link.source], target[link.target]), share: link.share })),
      {
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        stroke: linkLooks[which].stroke,
        strokeWidth: linkLooks[which].width,
        strokeOpacity: 'share',
      },
    )
  const pairLines = Plot.link(
    pairs.map(([i, j]) => ends(source[i], target[j])),
    { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: theme.ink, strokeWidth: 1.6 },
  )
  const points = [
    Plot.dot(source, { x: 'x', y: 'y', r: 2.8, stroke: colourOf, fill: theme.paper, strokeWidth: 1.3 }),
    Plot.dot(target, { x: 'x', y: 'y', r: 3, fill: colourOf }),
  ]
  const description = panels.map(({ heading, note }) => `${heading}: ${note}`).join('; ')
  const legend: readonly (readonly [string, string, number])[] = [
    ['goes to its own kind', linkLooks.right.stroke, 1.5],
    ['goes to another kind', linkLooks.wrong.stroke, 1.5],
    ['known pair', theme.ink, 2],
  ]
  return figure(830, LEGEND_Y + 22, title, `${description}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    ...subtitles.map((line, k) => textAt(16, 46 + 16 * k, line, { fill: theme.muted })),
    ...panels.flatMap(({ heading, note, links }, k) =>
      chart({
        box: { ...PLACES[k], width: WIDTH, height: HEIGHT },
        heading,
        notes: [note],
        x: { range: x, label: '' },
        y: { range: y, label: '' },
        marks: [lines(links, 'right'), lines(links, 'wrong'), pairLines, ...points],
      }),
    ),
    ...legend.flatMap(([text, stroke, width], k) => [
      lineAt(50 + 180 * k, LEGEND_Y - 4, 72 + 180 * k, LEGEND_Y - 4, stroke, width),
      textAt(78 + 180 * k, LEGEND_Y, text),
    ]),
    textAt(590, LEGEND_Y, 'rings: simulated; discs: seen'),
  ])
}
