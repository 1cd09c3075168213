// What a sampler makes of Gaussian data, exactly: its values are then sums of its noises, so feeding it these one by one
// gives their weights, and nothing is left to chance.
import * as tf from '@tensorflow/tfjs'
import { withBackend } from '../engine/backends.ts'
import { mixtureDenoiser } from './closedForm.ts'
import { isOde, langevinSteps, noiseCount, type SamplerKind, sample, startingSpread } from './samplers.ts'

export interface Normal {
  readonly mean: number
  readonly sd: number
}

/**
 * The law of a sampler's values where the data are Gaussian and the denoiser exact.
 * Isotropic noise keeps the axes of a correlated Gaussian, so one dimension tells of any number.
 *
 * Accuracy: float32, some 1e-6 of the width.
 */
export function samplerLaw(kind: SamplerKind, target: Normal, levels: ArrayLike<number>): Normal {
  const denoiser = mixtureDenoiser([{ weight: 1, mean: [target.mean], covariance: [[target.sd ** 2]] }])
  const count = noiseCount(kind, levels.length)
  const values = withBackend('cpu', () =>
    tf.tidy(() => {
      // Row 0 has no noise; row j + 1 has one unit of noise j.
      const noises = Array.from({ length: count }, (_, j) => {
        const column = new Float32Array(count + 1)
        column[j + 1] = 1
        return tf.tensor2d(column, [count + 1, 1])
      })
      return sample(kind, (x, k) => denoiser(x, levels[k]), levels, noises).dataSync<'float32'>()
    }),
  )
  const [mean] = values
  return { mean, sd: Math.hypot(...values.subarray(1).map(value => value - mean)) }
}

/**
 * What that law tends to as levels between the same first and last grow in number.
 *
 * With v = sd^2 + sigma^2, deviations from the mean grow as v along the SDE and as sqrt(v) along the ODE; annealed
 * Langevin dynamics forgets its start and is too wide by what its steps are too long at the last level.
 */
export function limitLaw(kind: SamplerKind, { mean, sd }: Normal, levels: ArrayLike<number>): Normal {
  const [sigmaFirst, sigmaLast] = [levels[0], levels[levels.length - 1]]
  const [first, last] = [sd ** 2 + sigmaFirst ** 2, sd ** 2 + sigmaLast ** 2]
  const denoised = sd ** 2 / last
  if (kind === 'langevin') {
    const excess = 1 - (langevinSteps.stepVariance * sigmaLast ** 2) / (4 * last)
    return { mean, sd: denoised * Math.sqrt(last / excess) }
  }
  const ratio = last / first
  const start = startingSpread(levels) ** 2
  const kept = isOde(kind) ? Math.sqrt(ratio) : ratio
  const variance = isOde(kind) ? start * ratio : last + (start - first) * ratio ** 2
  return { mean: mean * (1 - denoised * kept), sd: denoised * Math.sqrt(variance) }
}

/** The 2-Wasserstein distance of two Gaussians. Source: Dowson & Landau 1982, J. Multivariate Anal. 12, 450. */
export const normalDistance = (a: Normal, b: Normal) => Math.hypot(a.mean - b.mean, a.sd - b.sd)
