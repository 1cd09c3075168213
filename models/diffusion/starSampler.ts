// The few-step posterior sampler as one graph: token features and noise in, samples and class logits out.
import * as tf from '@tensorflow/tfjs'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import {
  classify,
  conditionHead,
  denoiseHead,
  embedNoise,
  encodeGiven,
  type Weights,
} from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { type SamplerKind, sample } from './samplers.ts'

export interface SamplerSize {
  readonly stars: number
  readonly samples: number
}

/** Name -> shape of the graph's inputs. */
export function samplerInputs(
  size: SamplerSize,
  levelCount: number,
): readonly { name: string; shape: readonly number[] }[] {
  return [
    { name: 'features', shape: [size.stars, OBSERVED_SLOTS, FEATURE_COUNT] },
    { name: 'mask', shape: [size.stars, OBSERVED_SLOTS] },
    { name: 'noise', shape: [levelCount, size.stars, size.samples, PARAMETER_COUNT] },
  ]
}

/**
 * The network's posterior sampler.
 *
 * @param input features [B, 12, 8], mask [B, 12], noise [L, B, S, 7] standard normal
 * @returns latents [B, S, 7] and logits [B, C]
 */
export function samplePosterior(
  w: Weights,
  c: StarModelConfig,
  input: Weights,
  kind: SamplerKind,
  levels: ArrayLike<number>,
): { latents: tf.Tensor; logits: tf.Tensor } {
  const [levelCount, stars, samples] = input.noise.shape
  const given = encodeGiven(w, c, input.features, input.mask)
  const noiseLevels = embedNoise(tf.tensor1d(Array.from(levels))).reshape([1, levelCount, -1])
  const modulations = conditionHead(w, c, given.star, noiseLevels)
  const noises = tf
    .split(input.noise, levelCount, 0)
    .map(n => n.reshape([stars, 1, samples as number, PARAMETER_COUNT]))
  const denoise = (x: tf.Tensor, k: number) => {
    const atLevel = modulations.map(m => tf.slice(m, [0, k, 0, 0], [-1, 1, 1, m.shape[3] as number]))
    const output = denoiseHead(w, c, tf.mul(x, cIn(levels[k])), atLevel)
    return tf.add(tf.mul(x, cSkip(levels[k])), tf.mul(output, cOut(levels[k])))
  }
  const latents = sample(kind, denoise, levels, noises).reshape([stars, samples as number, PARAMETER_COUNT])
  return { latents, logits: classify(w, given.star) }
}
