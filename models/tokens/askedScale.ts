// In what coordinates an asked observable is diffused: a magnitude by its colour against the nearest band that is given.
// The prior of a magnitude is 4 mag wide; against a neighbour it is a few tenths, and the network learns the few tenths.
import { modelObservables, OBSERVABLE_COUNT } from './layout.ts'
import type { ObservedStar } from './tokenizer.ts'

/** Spreads over the prior, of measurements. */
export interface ObservableScale {
  /** [11] mean and standard deviation of each observable; of a parallax, those of its inverse hyperbolic sine. */
  readonly observableMean: readonly number[]
  readonly observableSd: readonly number[]
  /** [11][11] mean and standard deviation of one magnitude minus another; the deviation is 0 where the pair is never seen. */
  readonly colourMean: readonly (readonly number[])[]
  readonly colourSd: readonly (readonly number[])[]
}

/** [11] where an observable's latent is zero, and what one is worth. */
export interface AskedScale {
  readonly zero: Float64Array
  readonly unit: Float64Array
}

const PARALLAX = modelObservables.indexOf('parallaxMas')

/** @param given the star's given measurements; what is asked is not present */
export function askedScale(scale: ObservableScale, given: ObservedStar): AskedScale {
  const zero = Float64Array.from(scale.observableMean)
  const unit = Float64Array.from(scale.observableSd)
  for (let o = 0; o < OBSERVABLE_COUNT; o++) {
    if (o === PARALLAX) continue
    for (let r = 0; r < OBSERVABLE_COUNT; r++) {
      const sd = scale.colourSd[o][r]
      if (r === PARALLAX || r === o || given.present[r] === 0 || given.limits[r] === 1) continue
      if (!(sd > 0 && sd < unit[o])) continue
      unit[o] = sd
      zero[o] = given.values[r] + scale.colourMean[o][r]
    }
  }
  return { zero, unit }
}

/** Latent of observable o at a value in its unit. */
export function observableLatent({ zero, unit }: AskedScale, o: number, value: number): number {
  return ((o === PARALLAX ? Math.asinh(value) : value) - zero[o]) / unit[o]
}

/** The observable at a latent, the inverse of `observableLatent`. */
export function observableFromLatent({ zero, unit }: AskedScale, o: number, z: number): number {
  const plain = zero[o] + unit[o] * z
  return o === PARALLAX ? Math.sinh(plain) : plain
}
