// Figures: purity and completeness of samples by the threshold on a probability, a column for each set of surveys.
import * as Plot from '@observablehq/plot'
import type { Estimate } from '../../models/index.ts'
import { chart } from './chart.ts'
import { figure, lineAt, readable, textAt, theme } from './svg.ts'

export interface PurityLine {
  readonly name: string
  readonly points: readonly {
    readonly threshold: number
    readonly purity: Estimate | null
    readonly completeness: Estimate
  }[]
}

export interface PurityPanel {
  readonly heading: string
  readonly lines: readonly PurityLine[]
}

const BOX = { x: 66, y: 84, width: 190, height: 170 } as const
const GAP = { x: 26, y: 30 } as const
const rows = ['purity', 'completeness'] as const
const unit = { low: 0, high: 1 }

/**
 * Lines with their 95% intervals; a line has the same colour in every panel.
 *
 * @returns an SVG document
 * @throws RangeError when there is no panel
 */
export function purityPlot(title: string, subtitle: string, panels: readonly PurityPanel[]): string {
  if (panels.length === 0) throw new RangeError('purityPlot: no panel')
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))]
  const colourOf = (name: string) => theme.series[names.indexOf(name) % theme.series.length]
  const charts = panels.flatMap(({ heading, lines }, k) =>
    rows.flatMap((row, r) =>
      chart({
        box: { ...BOX, x: BOX.x + k * (BOX.width + GAP.x), y: BOX.y + r * (BOX.height + GAP.y) },
        hasGrid: true,
        ...(r === 0 && { heading }),
        x: {
          range: unit,
          label: r === 0 ? '' : 'P(young) above',
          ticks: [0, 0.5, 1],
          ...(r === 0 && { tickText: () => '' }),
        },
        y: {
          range: unit,
          label: k === 0 ? row : '',
          ticks: [0, 0.5, 1],
          ...(k > 0 && { tickText: () => '' }),
        },
        marks: lines.flatMap(({ name, points }) => {
          const seen = points.flatMap(({ threshold, [row]: found }) =>
            found === null ? [] : [{ threshold, ...found }],
          )
          const look = { x: 'threshold', stroke: colourOf(name) }
          return [
            Plot.areaY(seen, { x: 'threshold', y1: 'low', y2: 'high', fill: look.stroke, fillOpacity: 0.15 }),
            Plot.lineY(seen, { ...look, y: 'value', strokeWidth: 1.8 }),
          ]
        }),
      }),
    ),
  )
  const bottom = BOX.y + rows.length * BOX.height + GAP.y
  const width = BOX.x + panels.length * (BOX.width + GAP.x)
  return figure(width, bottom + 78, title, describe(panels), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...charts,
    ...names.flatMap((name, k) => {
      const x = BOX.x + 200 * k
      return [lineAt(x, bottom + 58, x + 22, bottom + 58, colourOf(name), 2), textAt(x + 28, bottom + 62, name)]
    }),
  ])
}

function describe(panels: readonly PurityPanel[]): string {
  const middle = ({ points }: PurityLine) => points.find(({ threshold }) => threshold === 0.5) ?? points[0]
  return panels
    .map(({ heading, lines }) => {
      const told = lines.map(line => {
        const { threshold, purity, completeness } = middle(line)
        const pure = purity === null ? 'nothing' : readable(purity.value, 2)
        return `${line.name} above ${threshold}: purity ${pure}, completeness ${readable(completeness.value, 2)}`
      })
      return `${heading}: ${told.join('; ')}.`
    })
    .join(' ')
}
