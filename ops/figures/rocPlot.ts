// Figures: how well a probability sorts stars of two known kinds.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, lineAt, readable, textAt, theme } from './svg.ts'

export interface RocLine {
  readonly title: string
  readonly area: number
  readonly falseShares: readonly number[]
  readonly trueShares: readonly number[]
}

const BOX = { x: 74, y: 76, width: 300, height: 300 } as const

/**
 * Receiver operating curves, one for each pair of kinds.
 *
 * @returns an SVG document
 * @throws RangeError when there is no curve
 */
export function rocPlot(title: string, subtitle: string, curves: readonly RocLine[]): string {
  if (curves.length === 0) throw new RangeError('rocPlot: no curve')
  const unit = { low: 0, high: 1 }
  const marks = curves.map(({ falseShares, trueShares }, k) =>
    Plot.line(cornersOf(falseShares.map((x, i) => [x, trueShares[i]] as const)), {
      stroke: colourAt(k),
      strokeWidth: 1.6,
    }),
  )
  const legendX = BOX.x + BOX.width + 26
  return figure(legendX + 260, BOX.y + BOX.height + 56, title, describe(curves), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...chart({
      box: BOX,
      x: { range: unit, label: 'old stars called young' },
      y: { range: unit, label: 'young stars called young' },
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: theme.muted, strokeDasharray: '4,3' },
        ),
        ...marks,
      ],
    }),
    ...curves.flatMap(({ title: name, area }, k) => {
      const y = BOX.y + 24 + 20 * k
      return [
        lineAt(legendX, y - 4, legendX + 20, y - 4, colourAt(k), 2),
        textAt(legendX + 26, y, `${name}: area ${readable(area, 3)}`),
      ]
    }),
  ])
}

/** Points within a straight run add bytes and nothing to see. */
function cornersOf(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  return points.filter((point, i) => {
    if (i === 0 || i === points.length - 1) return true
    const isRun = (axis: 0 | 1) => points[i - 1][axis] === point[axis] && points[i + 1][axis] === point[axis]
    return !isRun(0) && !isRun(1)
  })
}

function describe(curves: readonly RocLine[]): string {
  return curves.map(({ title, area }) => `${title}: area under the curve ${readable(area, 3)}.`).join(' ')
}

function colourAt(k: number): string {
  return theme.series[k % theme.series.length]
}
