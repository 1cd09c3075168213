// Figures: how a training went.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, lineAt, textAt, theme } from './svg.ts'

export interface LossCurve {
  /** Such as `training` or `validation`. */
  readonly name: string
  /** Losses that were not finite are left out by the caller. */
  readonly points: readonly { readonly step: number; readonly loss: number }[]
}

const BOX = { x: 74, y: 78, width: 560, height: 250 } as const

/**
 * Loss against step for a few curves.
 *
 * @returns an SVG document
 * @throws RangeError when no curve has a point
 */
export function lossPlot(title: string, subtitle: string, curves: readonly LossCurve[]): string {
  const points = curves.flatMap(curve => curve.points)
  if (points.length === 0) throw new RangeError('lossPlot: no point to draw')
  const last = Math.max(...points.map(point => point.step))
  // The first steps are far above the rest and would press it flat: the axis begins at the 97th percentile.
  const sorted = points.map(point => point.loss).sort((a, b) => a - b)
  const [low, high] = [sorted[0], sorted[Math.floor(0.97 * (sorted.length - 1))]]
  const pad = high > low ? 0.06 * (high - low) : Math.max(1e-6, 0.01 * Math.abs(low))
  const range = { low: low - pad, high: high + pad }
  const description = curves
    .filter(curve => curve.points.length > 0)
    .map(curve => `${curve.name} ends at ${curve.points[curve.points.length - 1].loss.toPrecision(4)}`)
    .join('; ')
  return figure(BOX.x + BOX.width + 24, BOX.y + BOX.height + 54, title, `${description}.`, [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...chart({
      box: BOX,
      hasGrid: true,
      x: {
        range: { low: 0, high: last * 1.01 },
        label: 'training step',
        tickText: tick => tick.toLocaleString('en-US'),
      },
      y: { range, label: 'loss' },
      marks: curves.map((curve, k) =>
        Plot.lineY(
          curve.points.filter(point => point.loss <= range.high),
          { x: 'step', y: 'loss', stroke: theme.series[k % theme.series.length], strokeWidth: k === 0 ? 1.1 : 1.8 },
        ),
      ),
    }),
    ...curves.flatMap((curve, k) => {
      const [x, y] = [BOX.x + BOX.width - 130, BOX.y + 20 + 17 * k]
      return [lineAt(x, y - 4, x + 22, y - 4, theme.series[k % theme.series.length], 2), textAt(x + 28, y, curve.name)]
    }),
  ])
}
