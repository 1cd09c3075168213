// The coordinates in which a table's variables are diffused, one at a time: open, standardised, and straight away from bounds.

export interface VariableScale {
  /** Values lie between these, and their scale is bent to reach to infinity near both; null where nothing bounds them. */
  readonly bounds: readonly [number, number] | null
  readonly mean: number
  readonly sd: number
}

/**
 * The share of a range over which its scale bends: a straight scale keeps what is linear between variables linear, as
 * normal quantiles would not.
 */
const BEND = 0.02
/** The share of a range that is kept from its ends: there the scale is infinite. */
const EDGE = 1e-9

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
  return (open(Math.min(1 - EDGE, Math.max(EDGE, share))) - mean) / sd
}

/** The value of a latent, the inverse of `scaleValue`; always inside the bounds. */
export function unscaleValue({ bounds, mean, sd }: VariableScale, latent: number): number {
  const target = mean + sd * latent
  return bounds === null ? target : bounds[0] + (bounds[1] - bounds[0]) * close(target)
}

/** Natural log of how fast the value grows with its latent, which turns a density of latents into one of values. */
export function logSlope({ bounds, mean, sd }: VariableScale, latent: number): number {
  if (bounds === null) return Math.log(sd)
  const share = close(mean + sd * latent)
  return Math.log((sd * (bounds[1] - bounds[0])) / (1 + BEND / (share * (1 - share))))
}

/** (0, 1) to the real numbers: a straight line, bent at its ends by a logarithm. */
const open = (share: number) => share + BEND * Math.log(share / (1 - share))

/** The share that `open` brings to a number: Newton's steps in its logit, in a bracket that they cannot leave. */
function close(target: number): number {
  let low = (target - 1) / BEND
  let high = target / BEND
  const guess = Math.min(0.99, Math.max(0.01, target))
  let logit = Math.min(high, Math.max(low, Math.log(guess / (1 - guess))))
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    const share = 1 / (1 + Math.exp(-logit))
    const beyond = share + BEND * logit - target
    if (beyond < 0) low = logit
    else high = logit
    const step = beyond / (share * (1 - share) + BEND)
    if (Math.abs(step) < PRECISION) break
    const next = logit - step
    logit = next > low && next < high ? next : 0.5 * (low + high)
  }
  return 1 / (1 + Math.exp(-logit))
}

/** Halving alone would leave 1e-13 of the bracket, which is 1 / BEND wide; Newton's steps need 3 to 8. */
const MAX_ITERATIONS = 48
/** Of a logit. */
const PRECISION = 1e-12
