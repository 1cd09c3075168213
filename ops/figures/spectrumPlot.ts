// Figures: a spectrum as it was delivered, a panel for each segment; of coefficients, how far each rises above its noise.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { type Range, rangeOf } from './density.ts'
import { decades, figure, lineAt, type PanelBox, textAt, theme } from './svg.ts'

export interface FluxPanel {
  readonly heading: string
  readonly wavelengthsNm: ArrayLike<number>
  readonly fluxes: readonly (number | null)[]
  readonly ivars: readonly number[]
}

export interface CoefficientPanel {
  readonly heading: string
  /** Coefficients over their errors. */
  readonly ratios: readonly number[]
  readonly relevantBases: number | null
}

const LEFT = 84
const WIDTH = 800
const HEIGHT = 170
const ROW = HEIGHT + 76
const TOP = 84
/** Share of good pixels that may leave the frame at each end: cosmic rays would else be all that is seen. */
const TAIL = 0.005

/**
 * @returns an SVG document
 * @throws RangeError without a panel
 */
export function spectrumPlot(
  title: string,
  subtitle: string,
  panels: readonly (FluxPanel | CoefficientPanel)[],
): string {
  if (panels.length === 0) throw new RangeError('spectrumPlot: no panel')
  const hasBad = panels.some(panel => 'ivars' in panel && panel.ivars.includes(0))
  const height = TOP + panels.length * ROW - (hasBad ? 4 : 22)
  const names = { isPlain: true, widthPx: LEFT + WIDTH }
  return figure(LEFT + WIDTH + 24, height, title, `${subtitle}. ${panels.map(({ heading }) => heading).join('; ')}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true, ...names }),
    textAt(16, 46, subtitle, { fill: theme.muted, ...names }),
    ...panels.flatMap((panel, k) => {
      const box: PanelBox = { x: LEFT, y: TOP + k * ROW, width: WIDTH, height: HEIGHT }
      return 'ivars' in panel ? fluxChart(panel, box) : coefficientChart(panel, box)
    }),
    ...(hasBad
      ? [
          lineAt(LEFT + 4, height - 14, LEFT + 4, height - 6, theme.series[1], 1.2),
          textAt(LEFT + 12, height - 6, 'pixels that say nothing', { sizePx: 10.5 }),
        ]
      : []),
  ])
}

function fluxChart({ heading, wavelengthsNm, fluxes, ivars }: FluxPanel, box: PanelBox): string[] {
  const points = Array.from(fluxes, (flux, i) => {
    const isGood = flux !== null && ivars[i] > 0
    return { nm: wavelengthsNm[i], flux: isGood ? flux : Number.NaN, err: isGood ? ivars[i] ** -0.5 : 0 }
  })
  const good = points.filter(point => !Number.isNaN(point.flux))
  const x = { low: Math.min(...ends(wavelengthsNm)), high: Math.max(...ends(wavelengthsNm)) }
  const y =
    good.length === 0
      ? { low: 0, high: 1 }
      : rangeOf(
          good.map(point => point.flux),
          TAIL,
        )
  const inside = (value: number) => Math.min(y.high, Math.max(y.low, value))
  const bad = points.filter(point => Number.isNaN(point.flux))
  return chart({
    box,
    heading,
    x: { range: x, label: 'wavelength (nm)' },
    y: { range: y, label: 'flux', tickText: tick => tickText(tick, y) },
    marks: [
      Plot.areaY(points, {
        x: 'nm',
        y1: point => inside(point.flux - point.err),
        y2: point => inside(point.flux + point.err),
        fill: theme.series[0],
        fillOpacity: 0.25,
      }),
      Plot.lineY(points, { x: 'nm', y: point => inside(point.flux), stroke: theme.series[0], strokeWidth: 0.8 }),
      Plot.ruleX(bad, {
        x: 'nm',
        y1: y.low,
        y2: y.low + (y.high - y.low) / 16,
        stroke: theme.series[1],
        strokeWidth: 0.8,
      }),
    ],
  })
}

const ends = (values: ArrayLike<number>) => [values[0], values[values.length - 1]]

/** Very small numbers, as of W/m2/nm, are told with a power of ten. */
function tickText(tick: number, { low, high }: Range): string {
  const reach = Math.max(Math.abs(low), Math.abs(high))
  if (reach >= 1e-3 && reach < 1e6) return String(Number(tick.toPrecision(6))).replace('-', '\u2212')
  return tick === 0 ? '0' : tick.toExponential(1).replaceAll('-', '\u2212').replace('+', '')
}

function coefficientChart({ heading, ratios, relevantBases }: CoefficientPanel, box: PanelBox): string[] {
  const points = ratios.map((ratio, i) => ({ place: i + 1, size: Math.abs(ratio), isNegative: ratio < 0 }))
  const seen = points.filter(point => point.size > 0)
  const sizes = seen.map(point => point.size)
  const range = { low: Math.min(0.1, ...sizes) / 1.3, high: Math.max(10, ...sizes) * 1.5 }
  return chart({
    box,
    heading,
    hasGrid: true,
    x: { range: { low: 0, high: ratios.length + 1 }, label: 'place of the coefficient' },
    y: { range, label: 'size / error', isLog: true, ticks: decades(range.low, range.high), tickText: String },
    marks: [
      Plot.ruleY([1], { stroke: theme.muted }),
      ...(relevantBases === null
        ? []
        : [Plot.ruleX([relevantBases + 0.5], { stroke: theme.muted, strokeDasharray: '4 3' })]),
      Plot.ruleX(seen, { x: 'place', y1: range.low, y2: 'size', stroke: theme.series[0], strokeOpacity: 0.35 }),
      Plot.dot(seen, {
        x: 'place',
        y: 'size',
        r: 2.6,
        stroke: theme.series[0],
        fill: point => (point.isNegative ? theme.paper : theme.series[0]),
      }),
    ],
  })
}
