// Samplers of the reverse diffusion as plain loops. The model is any callable (x, level) -> denoised x.
import * as tf from '@tensorflow/tfjs'

/**
 * - `reverseSde`: Euler-Maruyama on the variance-exploding reverse SDE (Song et al. 2021, arXiv:2011.13456, equation 6)
 * - `ancestral`: the exact conditional of the forward chain given the denoised value
 * - `secondOrderSde`: ancestral with a linear multistep correction, DPM-Solver++(2M) SDE (Lu et al. 2022, arXiv:2211.01095)
 */
export type SamplerKind = 'reverseSde' | 'ancestral' | 'secondOrderSde'

export const samplerKinds: readonly SamplerKind[] = ['reverseSde', 'ancestral', 'secondOrderSde']

/** What the noisy value of the next level is made of: a sum of these with the following weights. */
export interface SamplerStep {
  readonly ofNoisy: number
  readonly ofDenoised: number
  /** Of the denoised value of the level before; 0 at the first. */
  readonly ofPrevious: number
  /** Of a standard normal number. */
  readonly ofNoise: number
}

/**
 * The steps between the levels, one fewer than there are levels.
 *
 * @param levels decreasing noise levels, > 0
 */
export function samplerSteps(kind: SamplerKind, levels: ArrayLike<number>): readonly SamplerStep[] {
  return Array.from({ length: levels.length - 1 }, (_, k) => {
    const sigma = levels[k]
    const next = levels[k + 1]
    const ratio2 = (next / sigma) ** 2
    const correction = kind === 'secondOrderSde' && k > 0 ? correctionAt(levels, k, ratio2) : 0
    return {
      ofNoisy: ratio2,
      ofDenoised: 1 - ratio2 + correction,
      ofPrevious: -correction,
      ofNoise: kind === 'reverseSde' ? Math.sqrt(sigma ** 2 - next ** 2) : next * Math.sqrt(1 - ratio2),
    }
  })
}

/** Half the weight of the denoised value, over the ratio of the last log step to this one. */
function correctionAt(levels: ArrayLike<number>, k: number, ratio2: number): number {
  const step = Math.log(levels[k] / levels[k + 1])
  const lastStep = Math.log(levels[k - 1] / levels[k])
  return 0.5 * (1 - ratio2) * (step / lastStep)
}

/** Spread of the noisy values at the first level: latents have unit variance. */
export const startingSpread = (levels: ArrayLike<number>) => Math.sqrt(levels[0] ** 2 + 1)

/**
 * Draws samples from noise.
 *
 * @param kind the method
 * @param denoise expected clean value of a noisy one at level k
 * @param levels decreasing noise levels; the last denoised value is the sample
 * @param noises one standard normal tensor a level, each of the shape of the samples
 */
export function sample(
  kind: SamplerKind,
  denoise: (x: tf.Tensor, level: number) => tf.Tensor,
  levels: ArrayLike<number>,
  noises: readonly tf.Tensor[],
): tf.Tensor {
  let x = tf.mul(noises[0], startingSpread(levels))
  let previous: tf.Tensor | null = null
  samplerSteps(kind, levels).forEach((step, k) => {
    const denoised = denoise(x, k)
    x = tf.add(tf.mul(x, step.ofNoisy), tf.mul(denoised, step.ofDenoised))
    if (previous !== null && step.ofPrevious !== 0) x = tf.add(x, tf.mul(previous, step.ofPrevious))
    x = tf.add(x, tf.mul(noises[k + 1], step.ofNoise))
    previous = denoised
  })
  return denoise(x, levels.length - 1)
}
