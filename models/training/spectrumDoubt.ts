// What simulated spectra get wrong, nobody can simulate: lines are made stronger and weaker at random, and parts taken away, so that a
// network leans on no single feature of the templates.
import type { PixelModality } from '../encoders/modality.ts'
import type { Rng } from '../math/rng.ts'

export interface SpectrumDoubt {
  /** Standard deviations of the logarithm by which all lines of a star are stronger, and those of each patch beside. */
  readonly starGain: number
  readonly patchGain: number
  /** Of half of the spectra patches are lost, each with one chance between 0 and this. */
  readonly mostLost: number
}

export const noDoubt: SpectrumDoubt = { starGain: 0, patchGain: 0, mostLost: 0 }

/** Slot 0 is of the whole spectrum. */
const FIRST_PATCH = 1

/**
 * Changes a spectrum as its encoder is told of it, in place. At least one patch stays.
 *
 * @param features [slots, features] of one star, see `spectrumTokens`
 * @param mask [slots]
 */
export function doubtSpectrum(
  { slots, features: width, grid }: PixelModality,
  features: Float32Array,
  mask: Float32Array,
  doubt: SpectrumDoubt,
  rng: Rng,
): void {
  const { starGain, patchGain, mostLost } = doubt
  const ofStar = starGain * rng.normal()
  const lost = rng.uniform() < 0.5 ? 0 : mostLost * rng.uniform()
  const present = [...mask.keys()].filter(slot => slot >= FIRST_PATCH && mask[slot] === 1)
  const spared = present[Math.floor(rng.uniform() * present.length)]
  for (let slot = FIRST_PATCH; slot < slots; slot++) {
    // Numbers are drawn for every patch, there or not: what a spectrum lacks does not change the rest.
    const gain = Math.exp(ofStar + patchGain * rng.normal())
    const isLost = rng.uniform() < lost
    if (mask[slot] === 0) continue
    const patch = features.subarray(slot * width, (slot + 1) * width)
    if (isLost && slot !== spared) {
      patch.fill(0)
      mask[slot] = 0
    } else scaleAboutMean(patch, grid.binsPerPatch, gain)
  }
}

/** The continuum stays where it is; a bin that is half known has half of the mean. */
function scaleAboutMean(patch: Float32Array, bins: number, gain: number): void {
  let sum = 0
  let known = 0
  for (let b = 0; b < bins; b++) {
    sum += patch[b]
    known += patch[bins + b]
  }
  if (known === 0) return
  for (let b = 0; b < bins; b++) {
    const middle = (sum / known) * patch[bins + b]
    patch[b] = middle + gain * (patch[b] - middle)
  }
}
