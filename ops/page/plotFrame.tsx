// The frame of a plot: grid lines, the marks of both axes and their titles, drawn in the pixels it has.
import type { ComponentChildren } from 'preact'

export interface PlotSize {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface PlotTick {
  /** In pixels along its axis. */
  readonly px: number
  readonly label: ComponentChildren
}

interface FrameProps {
  readonly size: PlotSize
  readonly xTicks: readonly PlotTick[]
  readonly yTicks: readonly PlotTick[]
  readonly xTitle: string
  readonly yTitle: ComponentChildren
}

export function PlotFrame({ size, xTicks, yTicks, xTitle, yTitle }: FrameProps) {
  const { width, height, left, right, top, bottom } = size
  const base = height - bottom
  return (
    <>
      {xTicks.map(({ px, label }) => (
        <g key={px}>
          <line class="grid" x1={px} x2={px} y1={top} y2={base} />
          <text class="tick" x={px} y={base + 16} text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      {yTicks.map(({ px, label }) => (
        <g key={px}>
          <line class="grid" x1={left} x2={width - right} y1={px} y2={px} />
          <text class="tick" x={left - 6} y={px + 4} text-anchor="end">
            {label}
          </text>
        </g>
      ))}
      <text class="axisTitle" x={(left + width - right) / 2} y={height - 6} text-anchor="middle">
        {xTitle}
      </text>
      <text class="axisTitle" text-anchor="middle" transform={`translate(12 ${(top + base) / 2}) rotate(-90)`}>
        {yTitle}
      </text>
    </>
  )
}
