// Noise levels: how training draws them and where the samplers step.
import type { Rng } from '../math/rng.ts'

export interface NoiseRange {
  readonly sigmaMin: number
  readonly sigmaMax: number
}

/** Latents have unit variance; below the smallest level a posterior is taken as resolved. */
export const pilotNoise: NoiseRange = { sigmaMin: 0.004, sigmaMax: 12 }

/** The level at a share of the range, even in the logarithm: the lowest at 0, the highest at 1. */
export function sigmaAt({ sigmaMin, sigmaMax }: NoiseRange, share: number): number {
  return sigmaMin * (sigmaMax / sigmaMin) ** share
}

/** A log-uniform noise level for a training row. */
export function drawSigma(range: NoiseRange, rng: Rng): number {
  return sigmaAt(range, rng.uniform())
}

/** Levels from sigmaMax down to sigmaMin, evenly spaced in the logarithm. */
export function logUniformLevels(range: NoiseRange, steps: number): Float64Array {
  if (!(steps >= 2)) throw new RangeError(`logUniformLevels: ${steps} steps are fewer than 2`)
  return Float64Array.from(
    { length: steps },
    (_, k) => range.sigmaMax * (range.sigmaMin / range.sigmaMax) ** (k / (steps - 1)),
  )
}
