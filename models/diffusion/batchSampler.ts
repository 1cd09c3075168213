// The few-step posterior sampler for many stars in one graph: the same mathematics as starSampler.ts, written for processors
// that are fed by large products and not by small caches.
import * as tf from '@tensorflow/tfjs'
import { PARAMETER_COUNT } from '../tokens/layout.ts'
import { conditionHead, denoiseHead } from '../transformer/posteriorHead.ts'
import { classify } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { embedNoise, encodeGiven } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { type LinearKind, sample } from './samplers.ts'

/**
 * @param input as of `samplePosterior`: features and mask of B stars, noise [L, B, S, 7]
 * @returns latents [B, S, 7], logits [B, C] and what each star's own token gathered [B, D]: those of `samplePosterior` but
 * for the order of summation
 */
export function sampleBatch(
  w: Weights,
  c: StarModelConfig,
  input: Weights,
  kind: LinearKind,
  levels: ArrayLike<number>,
): { latents: tf.Tensor; logits: tf.Tensor; star: tf.Tensor } {
  const [count, stars, samples] = input.noise.shape as [number, number, number]
  const sigmas = Array.from(levels)
  const { star } = encodeGiven(w, c, input.features, input.mask)
  const noiseLevels = sigmas.map(sigma => embedNoise(tf.tensor1d([sigma])).reshape([1, 1, -1]))
  const modulations = noiseLevels.map(level => conditionHead(w, c, star, level))
  const denoise = (x: tf.Tensor, k: number) => {
    const raw = denoiseHead(w, c, tf.mul(x, cIn(sigmas[k])), modulations[k])
    return tf.add(tf.mul(x, cSkip(sigmas[k])), tf.mul(raw, cOut(sigmas[k])))
  }
  const rows = input.noise.reshape([count, stars, 1, samples, PARAMETER_COUNT])
  const noises = tf.unstack(rows)
  return {
    latents: sample(kind, denoise, sigmas, noises).reshape([stars, samples, PARAMETER_COUNT]),
    logits: classify(w, star),
    star,
  }
}
