// Figures: what work costs against how much there is of it, beside cost that grows in proportion.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import type { Range } from './density.ts'
import { decades, figure, lineAt, textAt, theme } from './svg.ts'

export interface CostCurve {
  readonly name: string
  /** Of a straight line in logarithms; 1 is proportional. */
  readonly slope: number
  /** Sizes grow. */
  readonly points: readonly { readonly size: number; readonly costMs: number }[]
}

const BOX = { x: 74, y: 62, width: 560, height: 320 } as const

/**
 * Cost against size on logarithmic axes; a dashed line of slope 1 ends in each curve's last point.
 *
 * @returns an SVG document
 * @throws RangeError when no curve has a point
 */
export function costPlot(title: string, subtitle: string, curves: readonly CostCurve[]): string {
  const drawn = curves.filter(({ points }) => points.length > 0)
  if (drawn.length === 0) throw new RangeError('costPlot: no point to draw')
  const inProportion = drawn.map(({ points }) => {
    const last = points[points.length - 1]
    return points.map(({ size }) => ({ size, costMs: (last.costMs * size) / last.size }))
  })
  const all = [...drawn.flatMap(({ points }) => points), ...inProportion.flat()]
  const [x, y] = [rangeOf(all.map(({ size }) => size)), rangeOf(all.map(({ costMs }) => costMs))]
  const names = drawn.map(({ name, slope }) => `${name}: slope ${slope.toFixed(2)}`)
  const legendY = BOX.y + BOX.height + 60
  return figure(BOX.x + BOX.width + 24, legendY + 17 * drawn.length + 12, title, `${names.join('; ')}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...chart({
      box: BOX,
      hasGrid: true,
      x: { range: x, label: 'how many', isLog: true, ticks: roundTicks(x) },
      y: { range: y, label: 'processor time, ms', isLog: true, ticks: roundTicks(y) },
      marks: drawn.flatMap(({ points }, k) => {
        const look = { x: 'size', y: 'costMs', stroke: theme.series[k % theme.series.length] }
        return [
          Plot.lineY(inProportion[k], { ...look, strokeDasharray: '4,4' }),
          Plot.lineY(points, { ...look, strokeWidth: 1.8 }),
          Plot.dot(points, { x: 'size', y: 'costMs', fill: look.stroke, r: 3 }),
        ]
      }),
    }),
    ...names.flatMap((name, k) => {
      const at = legendY + 17 * k
      return [lineAt(74, at - 4, 96, at - 4, theme.series[k % theme.series.length], 2), textAt(102, at, name)]
    }),
    lineAt(394, legendY - 4, 416, legendY - 4, theme.muted, 1, '4,4'),
    textAt(422, legendY, 'in proportion: slope 1'),
  ])
}

function rangeOf(values: readonly number[]): Range {
  return { low: Math.min(...values) / 1.3, high: Math.max(...values) * 1.3 }
}

/** 1, 2 and 5 times powers of ten inside a range. */
function roundTicks({ low, high }: Range): number[] {
  const ticks = decades(low / 10, high).flatMap(power => [power, 2 * power, 5 * power])
  return ticks.filter(tick => tick >= low && tick <= high)
}
