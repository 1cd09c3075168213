// Parts of a spectrum taken away at random, so that a network leans on no single one of them.
import type { PixelModality } from '../encoders/modality.ts'
import type { Rng } from '../math/rng.ts'

/** Slot 0 is of the whole spectrum. */
const FIRST_PATCH = 1

/**
 * Of half of the spectra loses patches as its encoder is told of them, in place, each with one chance between 0 and `mostLost`. At least
 * one patch stays.
 *
 * @param features [slots, features] of one star, see `spectrumTokens`
 * @param mask [slots]
 */
export function losePatches(
  { slots, features: width }: PixelModality,
  features: Float32Array,
  mask: Float32Array,
  mostLost: number,
  rng: Rng,
): void {
  const lost = rng.uniform() < 0.5 ? 0 : mostLost * rng.uniform()
  const present = [...mask.keys()].filter(slot => slot >= FIRST_PATCH && mask[slot] === 1)
  const spared = present[Math.floor(rng.uniform() * present.length)]
  for (let slot = FIRST_PATCH; slot < slots; slot++) {
    // Numbers are drawn for every patch, there or not: what a spectrum lacks does not change the rest.
    const isLost = rng.uniform() < lost
    if (mask[slot] === 0 || !isLost || slot === spared) continue
    features.fill(0, slot * width, (slot + 1) * width)
    mask[slot] = 0
  }
}
