// Samplers of the reverse diffusion as plain loops. The model is any callable (x, level) -> denoised x.
import * as tf from '@tensorflow/tfjs'

/**
 * - `reverseSde`: Euler-Maruyama on the variance-exploding reverse SDE (Song et al. 2021, arXiv:2011.13456, equation 6)
 * - `ancestral`: the exact conditional of the forward chain given the denoised value
 * - `secondOrderSde`: ancestral with a linear multistep correction, DPM-Solver++(2M) SDE (Lu et al. 2022, arXiv:2211.01095)
 */
export type SamplerKind = 'reverseSde' | 'ancestral' | 'secondOrderSde'

export const samplerKinds: readonly SamplerKind[] = ['reverseSde', 'ancestral', 'secondOrderSde']

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
  // Latents have unit variance, so noisy ones at the first level have variance sigma^2 + 1.
  let x = tf.mul(noises[0], Math.sqrt(levels[0] ** 2 + 1))
  let previous: tf.Tensor | null = null
  for (let k = 0; k + 1 < levels.length; k++) {
    const sigma = levels[k]
    const next = levels[k + 1]
    const denoised = denoise(x, k)
    const ratio2 = (next / sigma) ** 2
    if (kind === 'reverseSde') {
      const drift = tf.mul(tf.sub(denoised, x), 1 - ratio2)
      x = tf.add(tf.add(x, drift), tf.mul(noises[k + 1], Math.sqrt(sigma ** 2 - next ** 2)))
      continue
    }
    const mean = tf.add(tf.mul(x, ratio2), tf.mul(denoised, 1 - ratio2))
    const corrected =
      kind === 'secondOrderSde' && previous !== null
        ? tf.add(mean, tf.mul(tf.sub(denoised, previous), correction(levels, k, ratio2)))
        : mean
    x = tf.add(corrected, tf.mul(noises[k + 1], next * Math.sqrt(1 - ratio2)))
    previous = denoised
  }
  return denoise(x, levels.length - 1)
}

/** Half the weight of the denoised value, over the ratio of the last log step to this one. */
function correction(levels: ArrayLike<number>, k: number, ratio2: number): number {
  const step = Math.log(levels[k] / levels[k + 1])
  const lastStep = Math.log(levels[k - 1] / levels[k])
  return 0.5 * (1 - ratio2) * (step / lastStep)
}
