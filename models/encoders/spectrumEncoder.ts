// One encoder for each modality, all of one form: tokens of what was measured go through a small transformer; what its first
// token gathers becomes a few tokens for the star's transformer, and one vector in the space that all modalities share.
import type * as tf from '@tensorflow/tfjs'
import { linear } from '../transformer/attention.ts'
import { blockWeights, encodeGiven, type TokenModelConfig } from '../transformer/tokenModel.ts'
import {
  constant,
  dense,
  gaussian,
  prefixed,
  type WeightSpec,
  type Weights,
  withoutPrefix,
} from '../transformer/weights.ts'
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

/** What an encoder puts out: tokens for the star's transformer, a vector in the shared space, or both. */
export type EncoderOutput = 'tokens' | 'z'

const bothOutputs: readonly EncoderOutput[] = ['tokens', 'z']

/** Names and shapes of the weights of a modality's encoder, in front of which its name stands. */
export function encoderWeights(
  { name, slots, features }: Modality,
  c: EncoderConfig,
  outputs: readonly EncoderOutput[] = bothOutputs,
): readonly WeightSpec[] {
  const widths = { tokens: c.outTokens * c.outWidth, z: c.sharedWidth }
  const specs = [
    dense('given.value', [slots, features, c.width]),
    gaussian('given.identity', [slots, c.width], 0.5),
    // The star's transformer modulates its blocks by a noise level, which an encoder has none of.
    ...blockWeights(c).filter(spec => !spec.name.includes('.modulate')),
    ...outputs.flatMap(output => [
      dense(output, [c.width, widths[output]]),
      constant(`${output}Bias`, [widths[output]], 0),
    ]),
  ]
  return prefixed(specs, `${name}.`)
}

/**
 * @param features [B, slots, features]; @param mask [B, slots] 1 where a token is, as `Modality` reads them
 * @returns of those asked for: tokens [B, outTokens, outWidth] and z [B, sharedWidth]
 */
export function encodeModality<Output extends EncoderOutput>(
  weights: Weights,
  { name }: Modality,
  c: EncoderConfig,
  features: tf.Tensor,
  mask: tf.Tensor,
  outputs: readonly Output[],
): Readonly<Record<Output, tf.Tensor>> {
  const w = withoutPrefix(weights, `${name}.`)
  const { star } = encodeGiven(w, c, features, mask)
  const found = outputs.map(output => {
    const value = linear(star, w[output], w[`${output}Bias`])
    return [output, output === 'z' ? value : value.reshape([-1, c.outTokens, c.outWidth])] as const
  })
  return Object.fromEntries(found) as Record<Output, tf.Tensor>
}
