// One marginal as a smooth curve with its 68% interval, and a second one behind it to compare with.
import { densityCurve, medianAndInterval, rangeOf } from '../figures/density.ts'
import { quantityTicks } from './axisTicks.ts'
import { shownQuantity } from './shownQuantity.ts'

interface MarginalProps {
  readonly name: string
  readonly samples: readonly number[]
  /** Drawn as an outline, such as the posterior before a change. */
  readonly before?: readonly number[]
  readonly heightPx?: number
  readonly label: string
}

const WIDTH = 260
const POINTS = 90

export function MarginalChart({ name, samples, before, heightPx = 64, label }: MarginalProps) {
  const range = rangeOf(before === undefined ? samples : [...samples, ...before], 0.004)
  const base = heightPx - 16
  const curve = densityCurve(samples, range, POINTS)
  const old = before === undefined ? null : densityCurve(before, range, POINTS)
  const peak = Math.max(...curve.densities, ...(old?.densities ?? []))
  const xOf = (value: number) => ((value - range.low) / (range.high - range.low)) * WIDTH
  const lineOf = ({ points, densities }: typeof curve) =>
    Array.from(points, (x, k) => `${xOf(x).toFixed(1)} ${(base - (densities[k] / peak) * (base - 4)).toFixed(1)}`)
  const [low, median, high] = medianAndInterval(samples)
  const line = lineOf(curve)
  const inside = line.filter((_, k) => curve.points[k] >= low && curve.points[k] <= high)
  return (
    <svg class="marginal" viewBox={`0 0 ${WIDTH} ${heightPx}`} role="img" aria-label={label}>
      {inside.length > 1 && <path class="band" d={`M${xOf(low)} ${base}L${inside.join('L')}L${xOf(high)} ${base}Z`} />}
      {old !== null && <path class="before" d={`M${lineOf(old).join('L')}`} />}
      <path class="curve" d={`M${line.join('L')}`} />
      <line class="median" x1={xOf(median)} x2={xOf(median)} y1={base} y2={4} />
      <line class="axis" x1={0} x2={WIDTH} y1={base} y2={base} />
      {quantityTicks(shownQuantity(name), range.low, range.high, 4).map(({ at, label: text }) => (
        <text key={text} class="tick" x={xOf(at)} y={heightPx - 4} text-anchor="middle">
          {text}
        </text>
      ))}
    </svg>
  )
}
