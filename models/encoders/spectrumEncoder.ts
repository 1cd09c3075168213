// One encoder for each modality, all of one form: tokens of what was measured go through a small transformer; what its first
// token gathers becomes a few tokens for the star's transformer, and one vector in the space that all modalities share.
import type * as tf from '@tensorflow/tfjs'
import { linear } from '../transformer/attention.ts'
import { blockWeights, encodeGiven, type TokenModelConfig } from '../transformer/tokenModel.ts'
import { constant, dense, gaussian, type WeightSpec, type Weights } from '../transformer/weights.ts'
import type { Modality } from './modality.ts'

export interface EncoderConfig extends TokenModelConfig {
  /** Tokens for the star's transformer, and their width. */
  readonly outTokens: number
  readonly outWidth: number
  /** Of the vector z in the shared space. */
  readonly sharedWidth: number
}

export const encoderConfig: EncoderConfig = {
  ...{ width: 64, heads: 4, layers: 2, hidden: 128 },
  ...{ outTokens: 4, outWidth: 64, sharedWidth: 64 },
}

/** Names and shapes of the weights of a modality's encoder, in front of which its name stands. */
export function encoderWeights({ name, slots, features }: Modality, c: EncoderConfig): readonly WeightSpec[] {
  const specs = [
    dense('given.value', [slots, features, c.width]),
    gaussian('given.identity', [slots, c.width], 0.5),
    // The star's transformer modulates its blocks by a noise level, which an encoder has none of.
    ...blockWeights(c).filter(spec => !spec.name.includes('.modulate')),
    dense('tokens', [c.width, c.outTokens * c.outWidth]),
    constant('tokensBias', [c.outTokens * c.outWidth], 0),
    dense('shared', [c.width, c.sharedWidth]),
    constant('sharedBias', [c.sharedWidth], 0),
  ]
  return specs.map(spec => ({ ...spec, name: `${name}.${spec.name}` }))
}

export interface EncodedModality {
  /** [B, outTokens, outWidth] */
  readonly tokens: tf.Tensor
  /** [B, sharedWidth] */
  readonly z: tf.Tensor
}

/**
 * @param features [B, slots, features]; @param mask [B, slots] 1 where a token is, as `Modality` reads them
 */
export function encodeModality(
  weights: Weights,
  { name }: Modality,
  c: EncoderConfig,
  features: tf.Tensor,
  mask: tf.Tensor,
): EncodedModality {
  const prefix = `${name}.`
  const w = Object.fromEntries(
    Object.entries(weights).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  )
  const { star } = encodeGiven(w, c, features, mask)
  return {
    tokens: linear(star, w.tokens, w.tokensBias).reshape([-1, c.outTokens, c.outWidth]),
    z: linear(star, w.shared, w.sharedBias),
  }
}
