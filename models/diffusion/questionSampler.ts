// Any question, by tokens: what is given is encoded once, its keys and values serve all samples and steps.
import * as tf from '@tensorflow/tfjs'
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS } from '../tokens/layout.ts'
import { decodeAsked } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { encodeGiven } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { type SamplerKind, sample } from './samplers.ts'

/** Name -> shape of the graph's inputs: one star, S samples, and N draws of noise, `noiseCount` of the sampler. */
export function questionInputs(samples: number, draws: number): readonly { name: string; shape: readonly number[] }[] {
  return [
    { name: 'features', shape: [1, GIVEN_SLOTS, FEATURE_COUNT] },
    { name: 'mask', shape: [1, GIVEN_SLOTS] },
    { name: 'asked', shape: [1, ASKED_SLOTS] },
    { name: 'noise', shape: [draws, samples, ASKED_SLOTS] },
  ]
}

/**
 * Samples of what is asked given what is given.
 *
 * @param input features [1, 19, 8] and mask [1, 19] of the given tokens, asked [1, 18] 1 where asked, noise [N, S, 18]
 * @returns [S, 18] latents; slots that were not asked hold noise and mean nothing
 */
export function sampleQuestion(
  w: Weights,
  c: StarModelConfig,
  input: Weights,
  kind: SamplerKind,
  levels: ArrayLike<number>,
): tf.Tensor {
  const [draws, samples] = input.noise.shape
  const given = encodeGiven(w, c, input.features, input.mask)
  // [T, H, D / H] -> [T, S H, D / H]: every sample sees the one star.
  const spread = (x: tf.Tensor3D) => tf.tile(x, [1, samples as number, 1])
  const shared = {
    star: given.star,
    bias: tf.tile(given.bias, [samples as number, 1, 1]),
    memory: given.memory.map(({ keys, values }) => ({ keys: spread(keys), values: spread(values) })),
  }
  const asked = tf.tile(input.asked, [samples as number, 1])
  const denoise = (x: tf.Tensor, k: number) => {
    const sigma = tf.fill([samples as number], levels[k])
    const output = decodeAsked(w, c, shared, tf.mul(x, cIn(levels[k])), sigma, asked)
    return tf.add(tf.mul(x, cSkip(levels[k])), tf.mul(output, cOut(levels[k])))
  }
  const noises = tf.split(input.noise, draws, 0).map(n => n.reshape([samples as number, ASKED_SLOTS]))
  return sample(kind, denoise, levels, noises)
}
