// Corner plot of samples: marginals on the diagonal, below them pairs with the regions that hold 68% and 95%.
import { densityCurve, densityGrid, medianAndInterval, rangeOf } from '../figures/density.ts'
import { quantityTicks } from './axisTicks.ts'
import { contourPath } from './contour.ts'
import { shownQuantity } from './shownQuantity.ts'
import type { SampleLists, SummaryAnswer } from './starAnswer.ts'

interface CornerProps {
  readonly names: readonly string[]
  readonly samples: SampleLists
  /** Drawn as dashed outlines, to compare with. */
  readonly others?: SampleLists
  /** Of a posterior without samples: its 68% intervals, shaded. */
  readonly intervals?: readonly SummaryAnswer[]
  readonly title: string
}

const CELL = 120
const GAP = 10
const LEFT = 62
const BOTTOM = 52
const GRID = 36

export function CornerChart({ names, samples, others, intervals, title }: CornerProps) {
  const side = names.length * (CELL + GAP)
  const intervalOf = (name: string) => intervals?.find(({ parameter }) => parameter === name)
  const ranges = names.map(name => {
    const interval = intervalOf(name)
    const ends = interval === undefined ? [] : [interval.q16, interval.q84]
    const own = rangeOf(samples[name], 0.004)
    const all = [own, ...(others?.[name] === undefined ? [] : [rangeOf(others[name], 0.004)])]
    return {
      low: Math.min(...all.map(({ low }) => low), ...ends),
      high: Math.max(...all.map(({ high }) => high), ...ends),
    }
  })
  const place = (k: number) => k * (CELL + GAP)
  return (
    <svg
      class="corner"
      viewBox={`0 0 ${LEFT + side + 8} ${side + BOTTOM + 6}`}
      role="img"
      aria-label={title}
      // Below this its words cannot be read: on a phone it moves within itself.
      style={{ maxWidth: `${LEFT + side}px`, minWidth: `${Math.min(LEFT + side, 560)}px` }}
    >
      <title>{title}</title>
      <g transform={`translate(${LEFT} 6)`}>
        {names.map((name, row) =>
          names.slice(0, row + 1).map((other, column) => (
            <g key={`${name} ${other}`} transform={`translate(${place(column)} ${place(row)})`}>
              <rect class="frame" width={CELL} height={CELL} rx={2} />
              {row === column ? (
                <>
                  <Stripe interval={intervalOf(name)} range={ranges[row]} />
                  <Diagonal values={samples[name]} before={others?.[name]} range={ranges[row]} />
                </>
              ) : (
                <>
                  <Stripe interval={intervalOf(other)} range={ranges[column]} />
                  <Stripe interval={intervalOf(name)} range={ranges[row]} isLevel />
                  <Pair xs={samples[other]} ys={samples[name]} xRange={ranges[column]} yRange={ranges[row]} />
                  {others?.[name] !== undefined && others[other] !== undefined && (
                    <Outline xs={others[other]} ys={others[name]} xRange={ranges[column]} yRange={ranges[row]} />
                  )}
                </>
              )}
              {column === 0 && row > 0 && <Ticks name={name} range={ranges[row]} isUpright />}
              {row === names.length - 1 && <Ticks name={other} range={ranges[column]} isUpright={false} />}
            </g>
          )),
        )}
      </g>
    </svg>
  )
}

type Range = ReturnType<typeof rangeOf>

interface StripeProps {
  readonly interval: SummaryAnswer | undefined
  readonly range: Range
  /** Across rather than upright. */
  readonly isLevel?: boolean
}

/** A 68% interval over the whole of a cell. */
function Stripe({ interval, range, isLevel = false }: StripeProps) {
  if (interval === undefined) return null
  const at = (value: number) => ((value - range.low) / (range.high - range.low)) * CELL
  const [from, to] = [at(interval.q16), at(interval.q84)]
  const box = isLevel
    ? { x: 0, width: CELL, y: CELL - to, height: to - from }
    : { x: from, width: to - from, y: 0, height: CELL }
  return <rect class="stripe" {...box} />
}

interface DiagonalProps {
  readonly values: readonly number[]
  readonly before: readonly number[] | undefined
  readonly range: Range
}

function Diagonal({ values, before, range }: DiagonalProps) {
  const curve = densityCurve(values, range, 80)
  const old = before === undefined ? null : densityCurve(before, range, 80)
  const peak = Math.max(...curve.densities, ...(old?.densities ?? []))
  const xOf = (value: number) => ((value - range.low) / (range.high - range.low)) * CELL
  const lineOf = ({ points, densities }: typeof curve) =>
    Array.from(points, (x, k) => `${xOf(x).toFixed(1)} ${(CELL - (densities[k] / peak) * (CELL - 10)).toFixed(1)}`)
  const line = lineOf(curve)
  const [low, median, high] = medianAndInterval(values)
  const inside = line.filter((_, k) => curve.points[k] >= low && curve.points[k] <= high)
  return (
    <>
      {inside.length > 1 && <path class="band" d={`M${xOf(low)} ${CELL}L${inside.join('L')}L${xOf(high)} ${CELL}Z`} />}
      {old !== null && <path class="before" d={`M${lineOf(old).join('L')}`} />}
      <path class="curve" d={`M${line.join('L')}`} />
      <line class="median" x1={xOf(median)} x2={xOf(median)} y1={CELL} y2={8} />
    </>
  )
}

interface PairProps {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  readonly xRange: Range
  readonly yRange: Range
}

function Pair({ xs, ys, xRange, yRange }: PairProps) {
  const { values, levels } = densityGrid(xs, ys, xRange, yRange, GRID, [0.95, 0.68])
  const dots: string[] = []
  for (let i = 0; i < xs.length; i++) {
    const x = ((xs[i] - xRange.low) / (xRange.high - xRange.low)) * CELL
    const y = CELL - ((ys[i] - yRange.low) / (yRange.high - yRange.low)) * CELL
    // A line of no length with round ends is a dot; one path for all is what keeps a corner plot light.
    if (x >= 0 && x <= CELL && y >= 0 && y <= CELL) dots.push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`)
  }
  return (
    <>
      <path class="dots" d={dots.join('')} />
      <path class="outer" d={contourPath(values, GRID, levels[0], CELL)} />
      <path class="inner" d={contourPath(values, GRID, levels[1], CELL)} />
    </>
  )
}

/** What holds 68% of others, without their samples. */
function Outline({ xs, ys, xRange, yRange }: PairProps) {
  const { values, levels } = densityGrid(xs, ys, xRange, yRange, GRID, [0.68])
  return <path class="before" d={contourPath(values, GRID, levels[0], CELL)} />
}

function Ticks({
  name,
  range,
  isUpright,
}: {
  readonly name: string
  readonly range: Range
  readonly isUpright: boolean
}) {
  const shown = shownQuantity(name)
  const at = (value: number) => ((value - range.low) / (range.high - range.low)) * CELL
  const title = shown.unit === '' ? shown.label : `${shown.label} (${shown.unit})`
  const ticks = quantityTicks(shown, range.low, range.high, 3)
  if (isUpright) {
    return (
      <>
        {ticks.map(tick => (
          <text key={tick.label} class="tick" x={-5} y={CELL - at(tick.at) + 3} text-anchor="end">
            {tick.label}
          </text>
        ))}
        <text class="axisTitle" text-anchor="middle" transform={`translate(-44 ${CELL / 2}) rotate(-90)`}>
          {title}
        </text>
      </>
    )
  }
  return (
    <>
      {ticks.map(tick => (
        <text key={tick.label} class="tick" x={at(tick.at)} y={CELL + 14} text-anchor="middle">
          {tick.label}
        </text>
      ))}
      <text class="axisTitle" x={CELL / 2} y={CELL + 34} text-anchor="middle">
        {title}
      </text>
    </>
  )
}
