// Figures: which share of each kind of star a threshold leaves, a column for each set of surveys.
import * as Plot from '@observablehq/plot'
import { chart } from './chart.ts'
import { figure, type PanelBox, textAt, theme } from './svg.ts'

export interface KindsPanel {
  readonly heading: string
  readonly methods: readonly {
    readonly name: string
    /** A number for each kind, null where it was not judged. */
    readonly shares: readonly ({ readonly passed: number; readonly count: number } | null)[]
  }[]
}

const ROW = 26
const BOX = { x: 190, y: 88, width: 165 } as const
const GAP = 22
const range = { low: 1e-4, high: 1 }
const ticks = [1e-3, 1e-2, 1e-1]

/**
 * Full points are shares that pass; hollow ones stand at one in as many as were judged, where none has passed.
 *
 * @param kinds titles of the rows
 * @returns an SVG document
 * @throws RangeError when there is no panel or no kind
 */
export function kindsPlot(
  title: string,
  subtitle: string,
  kinds: readonly string[],
  panels: readonly KindsPanel[],
): string {
  if (kinds.length === 0 || panels.length === 0) throw new RangeError('kindsPlot: nothing to draw')
  const names = [...new Set(panels.flatMap(({ methods }) => methods.map(({ name }) => name)))]
  const colourOf = (name: string) => theme.series[names.indexOf(name) % theme.series.length]
  const charts = panels.flatMap(({ heading, methods }, k) => {
    const box: PanelBox = { ...BOX, x: BOX.x + k * (BOX.width + GAP), height: kinds.length * ROW }
    const dots = methods.flatMap(({ name, shares }, m) =>
      shares.flatMap((found, row) => {
        if (found === null) return []
        const x = Math.max(range.low, Math.max(1, found.passed) / found.count)
        const y = kinds.length - row - (m + 1) / (methods.length + 1)
        return [{ x, y, name, isNone: found.passed === 0 }]
      }),
    )
    return chart({
      box,
      heading,
      x: {
        range,
        isLog: true,
        label: 'share that passes',
        ticks,
        tickText: tick => `${Number((100 * tick).toPrecision(3))}%`,
      },
      y: { range: { low: 0, high: kinds.length }, label: '', ticks: [] },
      marks: [
        Plot.ruleY(
          Array.from({ length: kinds.length - 1 }, (_, row) => row + 1),
          { stroke: theme.grid },
        ),
        Plot.ruleX(ticks, { stroke: theme.grid }),
        ...names.flatMap(name => [
          Plot.dot(
            dots.filter(dot => dot.name === name && !dot.isNone),
            { x: 'x', y: 'y', r: 3.5, fill: colourOf(name) },
          ),
          Plot.dot(
            dots.filter(dot => dot.name === name && dot.isNone),
            { x: 'x', y: 'y', r: 3, stroke: colourOf(name) },
          ),
        ]),
      ],
    })
  })
  const bottom = BOX.y + kinds.length * ROW
  return figure(BOX.x + panels.length * (BOX.width + GAP), bottom + 80, title, describe(kinds, panels), [
    textAt(16, 26, title, { sizePx: 14, isBold: true }),
    textAt(16, 46, subtitle, { fill: theme.muted }),
    ...kinds.map((kind, row) => textAt(BOX.x - 10, BOX.y + (row + 0.5) * ROW + 4, kind, { anchor: 'end' })),
    ...charts,
    ...names.flatMap((name, k) => [
      `<circle cx="${BOX.x + 190 * k + 6}" cy="${bottom + 58}" r="4" fill="${colourOf(name)}"/>`,
      textAt(BOX.x + 190 * k + 16, bottom + 62, name),
    ]),
    textAt(BOX.x + 190 * names.length + 10, bottom + 62, 'hollow: none of those judged', { sizePx: 10 }),
  ])
}

function describe(kinds: readonly string[], panels: readonly KindsPanel[]): string {
  return panels
    .map(({ heading, methods }) => {
      const told = methods.map(({ name, shares }) => {
        const texts = shares.map((found, k) => (found === null ? '' : `${kinds[k]} ${found.passed} of ${found.count}`))
        return `${name}: ${texts.filter(text => text !== '').join(', ')}`
      })
      return `${heading}: ${told.join('; ')}.`
    })
    .join(' ')
}
