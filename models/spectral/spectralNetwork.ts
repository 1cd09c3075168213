// The star model with spectra: its encoder of photometry and XP stays as it is; what the instruments' encoders tell is joined to the
// star that it gathered, and a posterior head and classes of its own are asked. A star without such spectra never comes here.
import * as tf from '@tensorflow/tfjs'
import { pixelModalities } from '../encoders/modalities.ts'
import type { Modality, PixelModality } from '../encoders/modality.ts'
import { type EncoderConfig, encodeModality, encoderWeights } from '../encoders/spectrumEncoder.ts'
import { type StarModelConfig, starModelWeights } from '../transformer/starModelConfig.ts'
import { constant, prefixed, type WeightSpec, type Weights, withoutPrefix } from '../transformer/weights.ts'
import type { SpectralConfig } from './spectralConfig.ts'

/** In front of the names of these weights, which lie among those of the star model. */
export const SPECTRAL_PREFIX = 'spectral.'
const JOIN = 'join'

/** The modalities of a configuration; @throws TypeError for a name that is none */
export function spectralModalities({ modalities }: SpectralConfig): readonly PixelModality[] {
  return modalities.map(name => {
    const modality = pixelModalities.find(one => one.name === name)
    if (modality === undefined) throw new TypeError(`no spectrum with pixels is called ${name}`)
    return modality
  })
}

/** The join has the form of an encoder: slot 0 is the star, the others the encoders' tokens. */
function joinOf({ modalities, encoder, join }: SpectralConfig): { modality: Modality; config: EncoderConfig } {
  return {
    modality: { name: JOIN, slots: 1 + modalities.length * encoder.outTokens, features: encoder.outWidth },
    config: { ...join, outTokens: 0, outWidth: 0, sharedWidth: encoder.outWidth },
  }
}

/** Whether a weight of a star model belongs to its posterior head or its classes, which stars with spectra have their own of. */
const isOfHead = ({ name }: WeightSpec) => /^(head|class)/.test(name)

/**
 * Names and shapes of all weights. What the spectra add to the star starts at nothing.
 * @param star the model that is given spectra
 */
export function spectralWeights(c: SpectralConfig, star: StarModelConfig): readonly WeightSpec[] {
  const { modality, config } = joinOf(c)
  const specs = [
    ...spectralModalities(c).flatMap(one => encoderWeights(one, c.encoder)),
    ...encoderWeights(modality, config, ['z']).map(spec =>
      spec.name === `${JOIN}.z` ? constant(spec.name, spec.shape, 0) : spec,
    ),
    ...starModelWeights(star).filter(isOfHead),
  ]
  return prefixed(specs, SPECTRAL_PREFIX)
}

/** The head and the classes that training starts from: those of the star model. */
export function startingHead(
  star: StarModelConfig,
  weights: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  const names = starModelWeights(star)
    .filter(isOfHead)
    .map(({ name }) => name)
  return Object.fromEntries(names.map(name => [SPECTRAL_PREFIX + name, weights[name]]))
}

/** The weights of the encoders, and of the head and the classes, under the names that these have by themselves. */
export const spectralPart = <Value>(weights: Readonly<Record<string, Value>>): Record<string, Value> =>
  withoutPrefix(weights, SPECTRAL_PREFIX)

/**
 * @param features [B, slots, features]; @param mask [B, slots], see `spectrumTokens`
 * @returns tokens [B, outTokens, outWidth] and the vector z in the shared space [B, sharedWidth]
 */
export function readSpectrum(
  weights: Weights,
  c: SpectralConfig,
  modality: PixelModality,
  features: tf.Tensor,
  mask: tf.Tensor,
): { readonly tokens: tf.Tensor; readonly z: tf.Tensor } {
  return encodeModality(spectralPart(weights), modality, c.encoder, features, mask, ['tokens', 'z'])
}

/**
 * The star as its surveys and its spectra tell it.
 *
 * @param star [B, D] as `encodeGiven` gathered it
 * @param tokens of each modality of the configuration [B, outTokens, outWidth], null for one that no star of the batch has
 * @param given [B, modalities] 1 where the star has such a spectrum
 * @returns [B, D]
 */
export function joinSpectra(
  weights: Weights,
  c: SpectralConfig,
  star: tf.Tensor,
  tokens: readonly (tf.Tensor | null)[],
  given: tf.Tensor,
): tf.Tensor {
  const { modality, config } = joinOf(c)
  const { outTokens, outWidth } = c.encoder
  const rows = star.shape[0]
  const none = tf.zeros([rows, outTokens, outWidth])
  const features = tf.concat([star.reshape([rows, 1, outWidth]), ...tokens.map(one => one ?? none)], 1)
  const seen = tf.tile(given.reshape([rows, -1, 1]), [1, 1, outTokens]).reshape([rows, -1])
  const mask = tf.concat([tf.ones([rows, 1]), seen], 1)
  const { z } = encodeModality(spectralPart(weights), modality, config, features, mask, ['z'])
  return tf.add(star, z)
}
