// The network of the adaptation: an encoder for each modality, a correction of what is real, their mean, and a posterior read off it.
import * as tf from '@tensorflow/tfjs'
import { type EncoderConfig, encodeModality, encoderWeights } from '../encoders/spectrumEncoder.ts'
import { normalize, silu } from '../engine/layers.ts'
import { firstMixture, type Mixture, type MixtureConfig, mixtureWeights, readData } from '../student/mixtureNetwork.ts'
import { linear } from '../transformer/attention.ts'
import { constant, dense, prefixed, type WeightSpec, type Weights, withoutPrefix } from '../transformer/weights.ts'
import { adaptedModalities, adaptedParameters } from './worldStars.ts'

export interface AdaptationConfig {
  readonly encoder: EncoderConfig
  /** Of the correction that each modality of a real star goes through. */
  readonly correctionWidth: number
  /** Of what the posterior reads, and how many normal distributions it is made of. */
  readonly readerWidth: number
  readonly components: number
  /** Names of the modalities whose mean the posterior reads; the others only take part in the contrastive loss. */
  readonly reads: readonly string[]
  /** Centres and widths of `adaptedParameters` that the network counts from and in; near those of the stars it is taught on. */
  readonly units: { readonly centres: readonly number[]; readonly widths: readonly number[] }
}

export const adaptationConfig: AdaptationConfig = {
  encoder: { width: 32, heads: 2, layers: 1, hidden: 64, outTokens: 1, outWidth: 1, sharedWidth: 16 },
  correctionWidth: 64,
  readerWidth: 64,
  components: 6,
  reads: adaptedModalities.map(({ name }) => name),
  units: { centres: [6.9, 3.55, 1.5], widths: [0.5, 0.08, 0.9] },
}

const HEAD = 'head.'
const correctionOf = (name: string) => `${name}.correction`

function headConfig(c: AdaptationConfig): MixtureConfig {
  return {
    ...{ parameterCount: adaptedParameters.length, dataCount: c.encoder.sharedWidth, dataWidth: c.readerWidth },
    ...{ firstComponents: c.components, dataOctaves: 0, levels: [] },
    // Of later calls, of which there are none.
    ...{ width: 1, blocks: 0, components: 1, parameterOctaves: 0 },
  }
}

/** Names and shapes of all weights. Corrections start as none. */
export function adaptationWeights(c: AdaptationConfig): readonly WeightSpec[] {
  const { sharedWidth } = c.encoder
  return [
    ...adaptedModalities.flatMap(modality => [
      ...encoderWeights(modality, c.encoder, ['z']),
      dense(`${correctionOf(modality.name)}.in`, [sharedWidth, c.correctionWidth]),
      constant(`${correctionOf(modality.name)}.inBias`, [c.correctionWidth], 0),
      constant(`${correctionOf(modality.name)}.out`, [c.correctionWidth, sharedWidth], 0),
      constant(`${correctionOf(modality.name)}.outBias`, [sharedWidth], 0),
    ]),
    ...prefixed(mixtureWeights(headConfig(c)), HEAD),
  ]
}

export interface Embeddings {
  /** [rows, D] of each modality, without the correction; of rows that it did not see they mean nothing. */
  readonly each: readonly tf.Tensor[]
  /** [rows, D], the mean of those that are read and saw the star, brought to one length: all that the posterior reads. */
  readonly pooled: tf.Tensor
}

/** @param seen `seenSpecs` of the rows, and `isReal` [rows, 1] */
export function embed(w: Weights, c: AdaptationConfig, seen: Weights): Embeddings {
  const each = adaptedModalities.map(modality => {
    const { name } = modality
    const { z } = encodeModality(w, modality, c.encoder, seen[`${name}.features`], seen[`${name}.mask`], ['z'])
    return { z, corrected: tf.add(z, tf.mul(correction(w, correctionOf(name), z), seen.isReal)) }
  })
  const isRead = adaptedModalities.map(({ name }) => (c.reads.includes(name) ? 1 : 0))
  const present = tf.mul(seen.present, tf.tensor1d(isRead))
  const parts = tf.split(present, each.length, 1)
  const sum = tf.addN(each.map(({ corrected }, m) => tf.mul(corrected, parts[m])))
  return { each: each.map(({ z }) => z), pooled: normalize(tf.div(sum, tf.maximum(tf.sum(present, 1, true), 1))) }
}

function correction(w: Weights, name: string, z: tf.Tensor): tf.Tensor {
  const inner = silu(linear(normalize(z), w[`${name}.in`], w[`${name}.inBias`]))
  return linear(inner, w[`${name}.out`], w[`${name}.outBias`])
}

/** What the pooled embeddings [rows, D] say of the parameters, in the network's units. */
export function readPosterior(w: Weights, c: AdaptationConfig, pooled: tf.Tensor): Mixture {
  const [head, config] = [withoutPrefix(w, HEAD), headConfig(c)]
  return firstMixture(head, config, readData(head, config, pooled))
}

/** [rows, parameters] physical -> the network's units. */
export function toUnits(values: tf.Tensor, { units }: AdaptationConfig): tf.Tensor {
  return tf.div(tf.sub(values, tf.tensor1d([...units.centres])), tf.tensor1d([...units.widths]))
}

/** The way back. */
export function fromUnits(values: tf.Tensor, { units }: AdaptationConfig): tf.Tensor {
  return tf.add(tf.mul(values, tf.tensor1d([...units.widths])), tf.tensor1d([...units.centres]))
}
