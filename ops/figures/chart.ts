// Figures: one framed panel with ticks, axis labels and a heading; figures are made of these.
import * as Plot from '@observablehq/plot'
import type { Range } from './density.ts'
import { lineAt, niceTicks, type PanelBox, panel, readable, textAt, theme } from './svg.ts'

export interface ChartAxis {
  readonly range: Range
  /** Empty for none. */
  readonly label: string
  /** Where ticks stand; round numbers when absent, none when empty. */
  readonly ticks?: readonly number[]
  /** Digits of the tick labels; as many as the ticks need when absent, on a logarithmic axis as many as each needs. */
  readonly tickText?: (tick: number) => string
  readonly isLog?: boolean
}

export interface Chart {
  /** The frame; ticks, labels and heading stand outside it. */
  readonly box: PanelBox
  readonly x: ChartAxis
  readonly y: ChartAxis
  readonly marks: readonly Plot.Markish[]
  readonly heading?: string
  /** Lines between heading and frame: words within it would hide what it shows. */
  readonly notes?: readonly string[]
  readonly hasGrid?: boolean
}

/** Frame colour, quiet beside the data. */
export const frameLook = { stroke: theme.muted, strokeOpacity: 0.5 } as const

/** Height of a line of notes. */
export const NOTE_STEP = 15

export function chart(spec: Chart): string[] {
  const { box, x, y, notes = [] } = spec
  const grid = spec.hasGrid === true
  const marks = [
    ...(grid ? [Plot.ruleX(ticksOf(x, box.width), { stroke: theme.grid })] : []),
    ...(grid ? [Plot.ruleY(ticksOf(y, box.height), { stroke: theme.grid })] : []),
    ...spec.marks,
    Plot.frame(frameLook),
  ]
  return [
    panel(box, { margin: 0, x: scaleOf(x), y: scaleOf(y), marks }),
    ...bottomAxis(x, box),
    ...leftAxis(y, box),
    ...notes.map((note, k) => textAt(box.x, box.y - 8 - NOTE_STEP * (notes.length - 1 - k), note, { sizePx: 10.5 })),
    ...(spec.heading === undefined
      ? []
      : [textAt(box.x, box.y - 8 - NOTE_STEP * notes.length, spec.heading, { isBold: true, sizePx: 11.5 })]),
  ]
}

/** Ticks and label below a box. */
export function bottomAxis(axis: ChartAxis, box: PanelBox): string[] {
  const ticks = ticksOf(axis, box.width)
  const y = box.y + box.height
  const marks = ticks.flatMap(tick => {
    const x = box.x + shareOf(axis, tick) * box.width
    return [
      lineAt(x, y, x, y + 4, theme.muted, 1),
      textAt(x, y + 16, tickText(axis, tick, ticks), { anchor: 'middle', sizePx: 10 }),
    ]
  })
  if (axis.label === '') return marks
  return [...marks, textAt(box.x + box.width / 2, y + 35, axis.label, { anchor: 'middle', sizePx: 12 })]
}

/** Ticks and label left of a box. */
export function leftAxis(axis: ChartAxis, box: PanelBox): string[] {
  const ticks = ticksOf(axis, box.height)
  const marks = ticks.flatMap(tick => {
    const y = box.y + (1 - shareOf(axis, tick)) * box.height
    return [
      lineAt(box.x - 4, y, box.x, y, theme.muted, 1),
      textAt(box.x - 7, y + 3.5, tickText(axis, tick, ticks), { anchor: 'end', sizePx: 10 }),
    ]
  })
  if (axis.label === '') return marks
  const widest = Math.max(0, ...ticks.map(tick => tickText(axis, tick, ticks).length))
  const x = box.x - 18 - 5.8 * widest
  return [...marks, textAt(x, box.y + box.height / 2, axis.label, { anchor: 'middle', sizePx: 12, rotateDeg: -90 })]
}

/** Where a value stands along an axis, 0 to 1. */
export function shareOf(axis: ChartAxis, value: number): number {
  const { low, high } = axis.range
  if (axis.isLog === true) return Math.log(value / low) / Math.log(high / low)
  return (value - low) / (high - low)
}

function scaleOf(axis: ChartAxis): Plot.ScaleOptions {
  return { axis: null, domain: [axis.range.low, axis.range.high], type: axis.isLog === true ? 'log' : 'linear' }
}

function ticksOf(axis: ChartAxis, lengthPx: number): readonly number[] {
  if (axis.ticks !== undefined) return axis.ticks
  return niceTicks(axis.range.low, axis.range.high, Math.max(2, Math.round(lengthPx / 55)))
}

function tickText(axis: ChartAxis, tick: number, ticks: readonly number[]): string {
  if (axis.tickText !== undefined) return axis.tickText(tick)
  if (axis.isLog === true) return String(tick)
  return readable(tick, Math.max(0, ...ticks.map(value => String(value).split('.')[1]?.length ?? 0)))
}
