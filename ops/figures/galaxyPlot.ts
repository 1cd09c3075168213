// Figures: samples of young stars from above the Galaxy, what is not young marked, and how densely both stand in rings about the Sun.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, lineAt, textAt, theme } from './svg.ts'

export interface GalaxyDot {
  /** Towards the Galactic centre, and along its rotation. */
  readonly xPc: number
  readonly yPc: number
  readonly isYoung: boolean
  /** How many stars of the sky it stands for. */
  readonly weight: number
}

export interface GalaxyPanel {
  readonly heading: string
  readonly dots: readonly GalaxyDot[]
  /** Middle of a ring, and stars for each square kiloparsec. */
  readonly young: readonly RingPoint[]
  readonly contaminants: readonly RingPoint[]
}

export interface RingPoint {
  readonly pc: number
  readonly perKpc2: number
}

const SIDE = 300
const BOX = { x: 70, y: 84 } as const
const RING_BOX = { y: BOX.y + SIDE + 66, height: 170 } as const
const GAP = 44
const [YOUNG, OTHER, TRUTH] = [theme.series[0], theme.series[1], theme.muted]

/**
 * @param trueYoung all young stars where they are
 * @returns an SVG document
 * @throws RangeError when there is no panel
 */
export function galaxyPlot(
  title: string,
  subtitle: string,
  reachPc: number,
  panels: readonly GalaxyPanel[],
  trueYoung: readonly RingPoint[],
): string {
  if (panels.length === 0) throw new RangeError('galaxyPlot: no panel')
  const range = { low: -reachPc, high: reachPc }
  const ticks = [-reachPc, 0, reachPc]
  const densities = [trueYoung, ...panels.flatMap(({ young, contaminants }) => [young, contaminants])].flat()
  const most = Math.max(1e-3, ...densities.map(({ perKpc2 }) => perKpc2))
  const densityRange = { low: most / 10_000, high: most * 1.6 }
  const maps = panels.flatMap(({ heading, dots }, k) =>
    chart({
      box: { x: BOX.x + k * (SIDE + GAP), y: BOX.y, width: SIDE, height: SIDE },
      heading,
      x: { range, label: 'x, pc: to the Galactic centre', ticks },
      y: { range, label: k === 0 ? 'y, pc: along the rotation' : '', ticks, ...(k > 0 && { tickText: () => '' }) },
      marks: [...circles(reachPc), ...dotsOf(dots, reachPc)],
    }),
  )
  /** An empty ring breaks the line. */
  const lineOf = (points: readonly RingPoint[], colour: string, dash?: string) => {
    const seen = points.map(({ pc, perKpc2 }) => ({ pc, y: perKpc2 >= densityRange.low ? perKpc2 : Number.NaN }))
    const look = dash === undefined ? {} : { strokeDasharray: dash }
    return [
      Plot.lineY(seen, { x: 'pc', y: 'y', stroke: colour, strokeWidth: 1.8, ...look }),
      Plot.dot(seen, { x: 'pc', y: 'y', fill: colour, r: 2 }),
    ]
  }
  const rings = panels.flatMap(({ young, contaminants }, k) =>
    chart({
      box: { x: BOX.x + k * (SIDE + GAP), y: RING_BOX.y, width: SIDE, height: RING_BOX.height },
      hasGrid: true,
      x: { range: { low: 0, high: reachPc }, label: 'distance in the plane, pc' },
      y: {
        range: densityRange,
        isLog: true,
        ticks: logTicks(densityRange.low, densityRange.high),
        label: k === 0 ? 'stars per kpc²' : '',
        ...(k > 0 && { tickText: () => '' }),
      },
      marks: [...lineOf(trueYoung, TRUTH, '4,4'), ...lineOf(young, YOUNG), ...lineOf(contaminants, OTHER)],
    }),
  )
  const bottom = RING_BOX.y + RING_BOX.height + 58
  const legend = [
    [YOUNG, 'young stars in the sample', undefined],
    [OTHER, 'contaminants in the sample', undefined],
    [TRUTH, 'all young stars, where they are', '4,4'],
  ] as const
  return figure(BOX.x + panels.length * (SIDE + GAP), bottom + 22, title, describe(panels), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...maps,
    ...rings,
    ...legend.flatMap(([colour, text, dash], k) => [
      lineAt(BOX.x + 215 * k, bottom - 4, BOX.x + 215 * k + 22, bottom - 4, colour, 2, dash),
      textAt(BOX.x + 215 * k + 28, bottom, text),
    ]),
  ])
}

/** Young stars first; those that stand for many are larger. */
function dotsOf(dots: readonly GalaxyDot[], reachPc: number): Plot.Markish[] {
  const shown = dots.filter(dot => Math.max(Math.abs(dot.xPc), Math.abs(dot.yPc)) < reachPc)
  const weights = [...new Set(shown.map(({ weight }) => weight))]
  return [true, false].flatMap(isYoung =>
    weights.map(weight =>
      Plot.dot(
        shown.filter(dot => dot.isYoung === isYoung && dot.weight === weight),
        {
          ...{ x: 'xPc', y: 'yPc', fill: isYoung ? YOUNG : OTHER, fillOpacity: 0.5 },
          r: Math.min(8, Math.max(1.2, 1.2 * weight ** 0.25)),
        },
      ),
    ),
  )
}

/** Circles about the Sun. */
function circles(reachPc: number): Plot.Markish[] {
  const angles = Array.from({ length: 73 }, (_, k) => (k * Math.PI) / 36)
  return [0.25, 0.5, 0.75, 1].map(share =>
    Plot.line(
      angles.map(angle => [share * reachPc * Math.cos(angle), share * reachPc * Math.sin(angle)]),
      { stroke: theme.muted, strokeOpacity: 0.35, strokeWidth: 0.7 },
    ),
  )
}

function logTicks(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low))
  const last = Math.floor(Math.log10(high))
  return Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k))
}

function describe(panels: readonly GalaxyPanel[]): string {
  return panels
    .map(({ heading, contaminants }) => {
      const worst = contaminants.reduce((a, b) => (b.perKpc2 > a.perKpc2 ? b : a))
      return `${heading}: contaminants stand densest at ${Math.round(worst.pc)} pc, ${worst.perKpc2.toFixed(1)} per square kiloparsec.`
    })
    .join(' ')
}
