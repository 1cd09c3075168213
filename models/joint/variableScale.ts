// The coordinates in which a table's variables are diffused: open, near to standard normal, one at a time.
import { normalCdf, probit } from '../math/special.ts'

export interface VariableScale {
  /** Values lie between these and are brought to an open scale by the normal quantile; null where nothing bounds them. */
  readonly bounds: readonly [number, number] | null
  readonly mean: number
  readonly sd: number
}

/** The share of a range that is kept from its ends: float32 noise would carry a value beyond them. */
const EDGE = 1e-7

/** @throws RangeError when a value is not finite, lies outside its bounds, or all are the same */
export function fitScale(values: ArrayLike<number>, bounds: VariableScale['bounds'], name: string): VariableScale {
  const raw = { bounds, mean: 0, sd: 1 }
  let sum = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const isInside = bounds === null || (value >= bounds[0] && value <= bounds[1])
    if (!Number.isFinite(value) || !isInside) throw new RangeError(`fitScale: ${name} cannot be ${value}`)
    const open = scaleValue(raw, value)
    sum += open
    squares += open * open
  }
  const mean = sum / values.length
  const sd = Math.sqrt(Math.max(0, squares / values.length - mean * mean))
  if (!(sd > 1e-9 * Math.max(1, Math.abs(mean)))) throw new RangeError(`fitScale: ${name} is the same in all rows`)
  return { bounds, mean, sd }
}

/** Latent of a value. */
export function scaleValue({ bounds, mean, sd }: VariableScale, value: number): number {
  if (bounds === null) return (value - mean) / sd
  const share = (value - bounds[0]) / (bounds[1] - bounds[0])
  return (probit(Math.min(1 - EDGE, Math.max(EDGE, share))) - mean) / sd
}

/** The value of a latent, the inverse of `scaleValue`; always inside the bounds. */
export function unscaleValue({ bounds, mean, sd }: VariableScale, latent: number): number {
  const open = mean + sd * latent
  return bounds === null ? open : bounds[0] + (bounds[1] - bounds[0]) * normalCdf(open)
}
