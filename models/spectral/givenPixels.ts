// Spectra with pixels as a star brings them -> what the encoders of a model are told.
import { FusionError } from '../../schemas/index.ts'
import { modalityOf } from '../encoders/modalities.ts'
import { type ModalityTokens, type PixelModality, spectrumTokens } from '../encoders/modality.ts'
import type { StarInput } from '../posterior.ts'
import type { SpectralConfig } from './spectralConfig.ts'

export interface ReadSpectrum {
  readonly modality: PixelModality
  readonly tokens: ModalityTokens
}

/**
 * Of each encoder the first spectrum that it can read, in the order of the configuration. One without a pixel on the encoder's grid tells
 * nothing, and is left out as those are that no encoder reads: the posterior names what it was given.
 */
export function readPixels(
  { pixels = [] }: StarInput,
  { modalities }: Pick<SpectralConfig, 'modalities'>,
): readonly ReadSpectrum[] {
  return modalities.flatMap(name => {
    for (const { survey, segments } of pixels) {
      const modality = modalityOf(survey)
      if (modality?.name !== name) continue
      const tokens = tokensOf(modality, segments)
      if (tokens !== null) return [{ modality, tokens }]
    }
    return []
  })
}

function tokensOf(...[modality, segments]: Parameters<typeof spectrumTokens>): ModalityTokens | null {
  try {
    return spectrumTokens(modality, segments)
  } catch (error) {
    if (error instanceof FusionError && error.code === 'VALUE_OUT_OF_RANGE') return null
    throw error
  }
}
