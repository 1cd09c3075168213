// What one instrument tells of a star, as slots of features: slot 0 is the whole, each other slot a part that may be missing.
import type { SpectrumSegment } from '../../schemas/index.ts'
import { BIN_FEATURES, binPixels } from './pixelBins.ts'
import type { PixelGrid } from './pixelGrid.ts'

export interface Modality {
  readonly name: string
  readonly slots: number
  /** Of each slot. */
  readonly features: number
}

/** [slots, features] and [slots], 1 where there is something. */
export interface ModalityTokens {
  readonly features: Float32Array
  readonly mask: Float32Array
}

export interface PixelModality extends Modality {
  /** Its instrument, as people call it. */
  readonly title: string
  /** What a posterior calls a spectrum that it was given, such as bossSpectrum. */
  readonly spectrumName: string
  readonly grid: PixelGrid
  /** Surveys whose spectra it reads, by the names of their records. */
  readonly surveys: readonly string[]
  /**
   * Whether the encoder is told the level of the flux: of no use where it means nothing, or where a fibre loses light.
   */
  readonly tellsLevel: boolean
}

/** Slot 0 beside the patches. */
const WHOLE = 1

/** An instrument that measures pixels. @param tellsLevel see `PixelModality` */
export function pixelModality(
  name: string,
  title: string,
  grid: PixelGrid,
  surveys: readonly string[],
  tellsLevel = false,
): PixelModality {
  return {
    ...{ name, title, grid, surveys, tellsLevel },
    spectrumName: `${name}Spectrum`,
    slots: WHOLE + grid.patches,
    features: grid.binsPerPatch * BIN_FEATURES,
  }
}

/**
 * A spectrum as its encoder is told of it.
 *
 * @throws FusionError VALUE_OUT_OF_RANGE as `binPixels` does
 */
export function spectrumTokens(modality: PixelModality, segments: readonly SpectrumSegment[]): ModalityTokens {
  const binned = binPixels(segments, modality.grid)
  const features = new Float32Array(modality.slots * modality.features)
  const mask = new Float32Array(modality.slots)
  mask[0] = 1
  features[0] = binned.logSignalToNoise
  if (modality.tellsLevel && binned.logLevel !== null) {
    features[1] = binned.logLevel
    features[2] = 1
  }
  features.set(binned.features, modality.features)
  mask.set(binned.mask, WHOLE)
  return { features, mask }
}
