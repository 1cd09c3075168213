// The few-step posterior sampler as one graph: token features and noise in, samples and class logits out.
import * as tf from '@tensorflow/tfjs'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { classify } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { encodeGiven } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { sampleHead } from './headSampler.ts'
import type { LinearKind } from './samplers.ts'

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
 * @param input features [B, 16, 8], mask [B, 16], noise [L, B, S, 7] standard normal
 * @returns latents [B, S, 7], logits [B, C] and what each star's own token gathered [B, D]
 */
export function samplePosterior(
  w: Weights,
  c: StarModelConfig,
  input: Weights,
  kind: LinearKind,
  levels: ArrayLike<number>,
): { latents: tf.Tensor; logits: tf.Tensor; star: tf.Tensor } {
  const { star } = encodeGiven(w, c, input.features, input.mask)
  return { ...sampleStars(w, c, star, input.noise, kind, levels), star }
}

/**
 * Of stars that are encoded already.
 *
 * @param star [B, D]; @param noise [L, B, S, 7]
 * @returns latents [B, S, 7], logits [B, C]
 */
export function sampleStars(
  w: Weights,
  c: StarModelConfig,
  star: tf.Tensor,
  noise: tf.Tensor,
  kind: LinearKind,
  levels: ArrayLike<number>,
): { latents: tf.Tensor; logits: tf.Tensor } {
  const [levelCount, stars, samples] = noise.shape as [number, number, number]
  const latents = Array.from({ length: stars }, (_, i) => {
    const own = tf.slice(noise, [0, i, 0, 0], [-1, 1, -1, -1]).reshape([levelCount, samples, PARAMETER_COUNT])
    return sampleHead(w, c, tf.slice(star, [i, 0], [1, c.width]), own, kind, levels)
  })
  return { latents: tf.stack(latents), logits: classify(w, star) }
}

/** What each star's own token gathers, without any sample. @returns star [B, D] */
export function embedStars(w: Weights, c: StarModelConfig, input: Weights): { star: tf.Tensor } {
  return { star: encodeGiven(w, c, input.features, input.mask).star }
}
