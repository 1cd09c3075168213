// Any question, by tokens: what is given is encoded once, its keys and values serve all samples and steps.
import * as tf from '@tensorflow/tfjs'
import { FEATURE_COUNT, GIVEN_SLOTS } from '../tokens/layout.ts'
import type { SharedKeys } from '../transformer/attention.ts'
import { decodeAskedSamples } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { encodeGiven, shareMemory } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { type SamplerKind, sample } from './samplers.ts'

type Shapes = readonly { name: string; shape: readonly number[] }[]

/** Name -> shape of what is given of one star. */
export const givenInputs: Shapes = [
  { name: 'features', shape: [1, GIVEN_SLOTS, FEATURE_COUNT] },
  { name: 'mask', shape: [1, GIVEN_SLOTS] },
]

/** Name -> shape of the inputs of all steps: one star, S samples, A asked slots, and N draws of noise, as many as the sampler's. */
export function questionInputs(samples: number, draws: number, askedCount: number): Shapes {
  return [...givenInputs, { name: 'noise', shape: [draws, samples, askedCount] }]
}

/** Name -> shape of the inputs of one step: what `shareGiven` put out, and the state of S samples of A asked slots. */
export function stepInputs(c: StarModelConfig, samples: number, askedCount: number): Shapes {
  const [heads, perHead] = [c.heads, c.width / c.heads]
  const layers = Array.from({ length: c.layers }, (_, l) => [
    { name: `keys${l}`, shape: [heads, GIVEN_SLOTS, perHead] },
    { name: `values${l}`, shape: [heads, GIVEN_SLOTS, perHead + 1] },
  ])
  const state = ['noisy', 'previous', 'noise'].map(name => ({ name, shape: [samples, askedCount] }))
  return [
    ...layers.flat(),
    { name: 'bias', shape: [heads, 1, GIVEN_SLOTS] },
    ...state,
    { name: 'sigma', shape: [1] },
    { name: 'weights', shape: [4] },
  ]
}

/** Weights that are one row for each slot that may be asked. */
const perSlot = ['asked.value', 'asked.identity', 'asked.out', 'asked.outBias'] as const

/** Keeps of the weights of slots those of what is asked. */
function weightsOf(w: Weights, slots: readonly number[]): Weights {
  const places = tf.tensor1d([...slots], 'int32')
  return { ...w, ...Object.fromEntries(perSlot.map(name => [name, tf.gather(w[name], places)])) }
}

/** What all steps and samples of a star share, by the names of `stepInputs`. */
export function shareGiven(w: Weights, c: StarModelConfig, input: Weights): Record<string, tf.Tensor> {
  const shared = shareMemory(encodeGiven(w, c, input.features, input.mask))
  const layers = shared.flatMap(({ keys, values }, l) => [
    [`keys${l}`, keys],
    [`values${l}`, values],
  ])
  return { ...Object.fromEntries(layers), bias: shared[0].bias }
}

function denoised(
  w: Weights,
  c: StarModelConfig,
  shared: readonly SharedKeys[],
  x: tf.Tensor,
  sigma: tf.Tensor,
): tf.Tensor {
  const scale = tf.rsqrt(tf.add(tf.square(sigma), 1))
  const output = decodeAskedSamples(w, c, shared, tf.mul(x, scale), sigma)
  return tf.add(tf.mul(x, tf.square(scale)), tf.mul(output, tf.mul(sigma, scale)))
}

/**
 * One step of a sampler, a graph small enough to be opened at once.
 *
 * @param slots A of the 18 slots that may be asked, ascending
 * @param input by `stepInputs`; `weights` are those of `SamplerStep`
 * @returns denoised [S, A], and next [S, A], the noisy values of the next level
 */
export function stepQuestion(
  w: Weights,
  c: StarModelConfig,
  slots: readonly number[],
  input: Weights,
): { denoised: tf.Tensor; next: tf.Tensor } {
  const shared = Array.from({ length: c.layers }, (_, l) => ({
    keys: input[`keys${l}`] as tf.Tensor3D,
    values: input[`values${l}`] as tf.Tensor3D,
    bias: input.bias,
  }))
  const clean = denoised(weightsOf(w, slots), c, shared, input.noisy, input.sigma)
  const [ofNoisy, ofDenoised, ofPrevious, ofNoise] = tf.split(input.weights, 4)
  const moved = tf.add(tf.mul(input.noisy, ofNoisy), tf.mul(clean, ofDenoised))
  const carried = tf.add(tf.mul(input.previous, ofPrevious), tf.mul(input.noise, ofNoise))
  return { denoised: clean, next: tf.add(moved, carried) }
}

/**
 * Samples of what is asked given what is given, all steps of any sampler in one graph: thirty such steps take seconds to
 * open, which `stepQuestion` spares. Slots that are not asked have no token and cost nothing.
 *
 * @param slots A of the 18 slots that may be asked, ascending
 * @param input features [1, 23, 8] and mask [1, 23] of the given tokens, noise [N, S, A]
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
  const ofAsked = weightsOf(w, slots)
  const shared = shareMemory(encodeGiven(w, c, input.features, input.mask))
  const denoise = (x: tf.Tensor, k: number) => denoised(ofAsked, c, shared, x, tf.tensor1d([levels[k]]))
  const noises = tf.split(input.noise, draws, 0).map(n => n.reshape([samples, askedCount]))
  return sample(kind, denoise, levels, noises)
}
