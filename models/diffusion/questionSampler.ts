// Any question, by tokens: what is given is encoded once, its keys and values serve all samples and steps.
import * as tf from '@tensorflow/tfjs'
import { FEATURE_COUNT, GIVEN_SLOTS } from '../tokens/layout.ts'
import { decodeAsked } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { encodeGiven } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { type SamplerKind, sample } from './samplers.ts'

/** Name -> shape of the graph's inputs: one star, S samples, A asked slots, and N draws of noise, `noiseCount` of the sampler. */
export function questionInputs(
  samples: number,
  draws: number,
  askedCount: number,
): readonly { name: string; shape: readonly number[] }[] {
  return [
    { name: 'features', shape: [1, GIVEN_SLOTS, FEATURE_COUNT] },
    { name: 'mask', shape: [1, GIVEN_SLOTS] },
    { name: 'noise', shape: [draws, samples, askedCount] },
  ]
}

/** Weights that are one row for each slot that may be asked. */
const perSlot = ['asked.value', 'asked.identity', 'asked.out', 'asked.outBias'] as const

/**
 * Samples of what is asked given what is given. Slots that are not asked have no token and cost nothing.
 *
 * @param slots A of the 18 slots that may be asked, ascending
 * @param input features [1, 19, 8] and mask [1, 19] of the given tokens, noise [N, S, A]
 * @returns [S, A] latents
 */
export function sampleQuestion(
  w: Weights,
  c: StarModelConfig,
  slots: readonly number[],
  input: Weights,
  kind: SamplerKind,
  levels: ArrayLike<number>,
): tf.Tensor {
  const [draws, samples, askedCount] = input.noise.shape as [number, number, number]
  const places = tf.tensor1d([...slots], 'int32')
  const ofAsked: Weights = { ...w, ...Object.fromEntries(perSlot.map(name => [name, tf.gather(w[name], places)])) }
  const given = encodeGiven(w, c, input.features, input.mask)
  // [T, H, D / H] -> [T, S H, D / H]: every sample sees the one star.
  const spread = (x: tf.Tensor3D) => tf.tile(x, [1, samples, 1])
  const shared = {
    star: given.star,
    bias: tf.tile(given.bias, [samples, 1, 1]),
    memory: given.memory.map(({ keys, values }) => ({ keys: spread(keys), values: spread(values) })),
  }
  const asked = tf.ones([samples, askedCount])
  const denoise = (x: tf.Tensor, k: number) => {
    const sigma = tf.fill([samples], levels[k])
    const output = decodeAsked(ofAsked, c, shared, tf.mul(x, cIn(levels[k])), sigma, asked)
    return tf.add(tf.mul(x, cSkip(levels[k])), tf.mul(output, cOut(levels[k])))
  }
  const noises = tf.split(input.noise, draws, 0).map(n => n.reshape([samples, askedCount]))
  return sample(kind, denoise, levels, noises)
}
