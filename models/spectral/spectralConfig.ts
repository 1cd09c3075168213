// What a star model needs beside itself to read spectra with pixels: an encoder for each instrument, and a small transformer that joins
// their tokens to the star.
import { type EncoderConfig, encoderConfig } from '../encoders/spectrumEncoder.ts'
import type { TokenModelConfig } from '../transformer/tokenModel.ts'

export interface SpectralConfig {
  /** Names of the pixel modalities that are read, in the order of their tokens. */
  readonly modalities: readonly string[]
  /** Of every encoder; its tokens are as wide as the star. */
  readonly encoder: EncoderConfig
  /** Of the transformer that joins the encoders' tokens to the star. */
  readonly join: TokenModelConfig
}

/** @param modalities that spectra are simulated of */
export function spectralConfig(modalities: readonly string[]): SpectralConfig {
  return { modalities, encoder: encoderConfig, join: { width: 64, heads: 4, layers: 3, hidden: 192 } }
}
