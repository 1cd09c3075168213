// Samplers of the reverse diffusion as plain loops. The model is any callable (x, level) -> denoised x.
import * as tf from '@tensorflow/tfjs'

/**
 * Each step of these is a sum, with known weights, of the noisy value, the last two denoised ones and noise:
 * - `reverseSde`: Euler-Maruyama on the variance-exploding reverse SDE (Song et al. 2021, arXiv:2011.13456, equation 6)
 * - `ancestral`: the exact conditional of the forward chain given the denoised value
 * - `secondOrderSde`: ancestral with a linear multistep correction, DPM-Solver++(2M) SDE (Lu et al. 2022, arXiv:2211.01095)
 * - `multistepOde`: the probability-flow ODE by DPM-Solver++(2M) (the same paper, algorithm 2); noise at its start alone
 */
export type LinearKind = 'reverseSde' | 'ancestral' | 'secondOrderSde' | 'multistepOde'

/**
 * The others ask the model more than once a level:
 * - `heunOde`: the probability-flow ODE by Heun's method (Karras et al. 2022, arXiv:2206.00364, algorithm 1)
 * - `langevin`: annealed Langevin dynamics (Song & Ermon 2019, arXiv:1907.05600, algorithm 1), `langevinSteps`
 */
export type SamplerKind = LinearKind | 'heunOde' | 'langevin'

export const linearKinds: readonly LinearKind[] = ['reverseSde', 'ancestral', 'secondOrderSde', 'multistepOde']
export const samplerKinds: readonly SamplerKind[] = [...linearKinds, 'heunOde', 'langevin']

/** Whether noise enters at the start alone. */
export const isOde = (kind: SamplerKind) => kind === 'multistepOde' || kind === 'heunOde'

/** Expected clean value of a noisy one at level k. */
export type Denoise = (x: tf.Tensor, level: number) => tf.Tensor

export interface LangevinSteps {
  /** Steps at each level. */
  readonly perLevel: number
  /** Variance of the noise of a step, in units of the level's. */
  readonly stepVariance: number
}

export const langevinSteps: LangevinSteps = { perLevel: 4, stepVariance: 1 }

/** How many standard normal tensors a sampler reads. */
export function noiseCount(kind: SamplerKind, levelCount: number): number {
  if (kind === 'langevin') return 1 + langevinSteps.perLevel * levelCount
  return isOde(kind) ? 1 : levelCount
}

/** How often a sampler asks the model. */
export function callCount(kind: SamplerKind, levelCount: number): number {
  if (kind === 'langevin') return 1 + langevinSteps.perLevel * levelCount
  return kind === 'heunOde' ? 2 * levelCount - 1 : levelCount
}

/** The most levels for which a sampler asks the model at most `calls` times; null where two are too many. */
export function levelCountWithin(kind: SamplerKind, calls: number): number | null {
  let count = 1
  while (callCount(kind, count + 1) <= calls) count++
  return count >= 2 ? count : null
}

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
export function samplerSteps(kind: LinearKind, levels: ArrayLike<number>): readonly SamplerStep[] {
  const isSecondOrder = kind === 'secondOrderSde' || kind === 'multistepOde'
  return Array.from({ length: levels.length - 1 }, (_, k) => {
    const ratio = levels[k + 1] / levels[k]
    const kept = kind === 'multistepOde' ? ratio : ratio ** 2
    const correction = isSecondOrder && k > 0 ? correctionAt(levels, k, kept) : 0
    return {
      ofNoisy: kept,
      ofDenoised: 1 - kept + correction,
      ofPrevious: -correction,
      ofNoise: noiseOf(kind, levels[k], levels[k + 1], kept),
    }
  })
}

function noiseOf(kind: LinearKind, sigma: number, next: number, kept: number): number {
  if (kind === 'multistepOde') return 0
  return kind === 'reverseSde' ? Math.sqrt(sigma ** 2 - next ** 2) : next * Math.sqrt(1 - kept)
}

/** Half the weight of the denoised value, over the ratio of the last log step to this one. */
function correctionAt(levels: ArrayLike<number>, k: number, kept: number): number {
  const step = Math.log(levels[k] / levels[k + 1])
  const lastStep = Math.log(levels[k - 1] / levels[k])
  return 0.5 * (1 - kept) * (step / lastStep)
}

/** Spread of the noisy values at the first level: latents have unit variance. */
export const startingSpread = (levels: ArrayLike<number>) => Math.sqrt(levels[0] ** 2 + 1)

/**
 * Draws samples from noise.
 *
 * @param kind the method
 * @param levels decreasing noise levels; the last denoised value is the sample
 * @param noises `noiseCount` standard normal tensors, each of the shape of the samples
 * @throws RangeError when they are fewer
 */
export function sample(
  kind: SamplerKind,
  denoise: Denoise,
  levels: ArrayLike<number>,
  noises: readonly tf.Tensor[],
): tf.Tensor {
  const needed = noiseCount(kind, levels.length)
  if (noises.length < needed) throw new RangeError(`sample: ${kind} needs ${needed} noises and got ${noises.length}`)
  if (kind === 'heunOde') return sampleByHeun(denoise, levels, noises[0])
  if (kind === 'langevin') return sampleByLangevin(denoise, levels, noises)
  let x = tf.mul(noises[0], startingSpread(levels))
  let previous: tf.Tensor | null = null
  samplerSteps(kind, levels).forEach((step, k) => {
    const denoised = denoise(x, k)
    x = tf.add(tf.mul(x, step.ofNoisy), tf.mul(denoised, step.ofDenoised))
    if (previous !== null && step.ofPrevious !== 0) x = tf.add(x, tf.mul(previous, step.ofPrevious))
    if (step.ofNoise !== 0) x = tf.add(x, tf.mul(noises[k + 1], step.ofNoise))
    previous = denoised
  })
  return denoise(x, levels.length - 1)
}

/** dx / dsigma = (x - denoised) / sigma, each step by the mean of the slopes at its two ends; the last, to 0, by Euler. */
function sampleByHeun(denoise: Denoise, levels: ArrayLike<number>, noise: tf.Tensor): tf.Tensor {
  const slope = (x: tf.Tensor, k: number) => tf.div(tf.sub(x, denoise(x, k)), levels[k])
  let x = tf.mul(noise, startingSpread(levels))
  for (let k = 0; k + 1 < levels.length; k++) {
    const step = levels[k + 1] - levels[k]
    const d = slope(x, k)
    const atEnd = slope(tf.add(x, tf.mul(d, step)), k + 1)
    x = tf.add(x, tf.mul(tf.add(d, atEnd), step / 2))
  }
  return denoise(x, levels.length - 1)
}

/**
 * Steps x + (a / 2) score + sqrt(a) noise at each level, where a = stepVariance sigma^2 and the score is
 * (denoised - x) / sigma^2. Ends, unlike the paper's, with the denoised value: what is left at the last level is noise.
 *
 * @param noises 1 + perLevel of each level
 */
export function sampleByLangevin(
  denoise: Denoise,
  levels: ArrayLike<number>,
  noises: readonly tf.Tensor[],
  { perLevel, stepVariance }: LangevinSteps = langevinSteps,
): tf.Tensor {
  let x = tf.mul(noises[0], startingSpread(levels))
  for (let k = 0; k < levels.length; k++) {
    for (let i = 0; i < perLevel; i++) {
      const moved = tf.add(tf.mul(x, 1 - stepVariance / 2), tf.mul(denoise(x, k), stepVariance / 2))
      x = tf.add(moved, tf.mul(noises[1 + k * perLevel + i], Math.sqrt(stepVariance) * levels[k]))
    }
  }
  return denoise(x, levels.length - 1)
}
