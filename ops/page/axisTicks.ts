// Where the marks of an axis stand: round numbers, and on axes of logarithms round numbers of the quantity itself.
import { numberText, type ShownQuantity } from './shownQuantity.ts'

export interface Tick {
  /** On the axis' own scale. */
  readonly at: number
  readonly label: string
}

/** About so many round steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number): readonly number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / Math.max(1, count)
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = size * ([1, 2, 5, 10].find(factor => factor * size >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  // Counted in steps: sums of steps would drift off the round numbers.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Number(((first + k) * step).toPrecision(12)))
}

/** Marks of a quantity between two values of its own scale, labelled in the unit people use. */
export function quantityTicks(shown: ShownQuantity, low: number, high: number, count: number): readonly Tick[] {
  if (!shown.isLog) return roundTicks(low, high, count).map(at => ({ at, label: plainText(at) }))
  const [from, to] = [shown.toUnit(low), shown.toUnit(high)]
  const offset = low - Math.log10(from)
  const values = to / from > 8 ? decadeTicks(from, to, count) : roundTicks(from, to, count)
  return values.map(value => ({ at: Math.log10(value) + offset, label: plainText(value) }))
}

/** Powers of ten, with 3 (and 2 and 5) between where there is room. */
function decadeTicks(low: number, high: number, count: number): readonly number[] {
  const decades = Math.log10(high / low)
  const factors = decades * 3 <= count ? [1, 2, 5] : decades * 2 <= count ? [1, 3] : [1]
  const every = Math.max(1, Math.ceil(decades / count))
  const values: number[] = []
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) {
    if (factors.length === 1 && k % every !== 0) continue
    for (const factor of factors) values.push(Number((factor * 10 ** k).toPrecision(3)))
  }
  return values.filter(value => value >= low && value <= high)
}

/** As short as a number of few digits can be. */
export function plainText(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)) return numberText(value, 1)
  return String(Number(value.toPrecision(4))).replace('-', '−')
}
