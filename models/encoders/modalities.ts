// What is encoded: photometry and XP by the tokens of the star model, and the instruments whose pixels are read. A further one of those is
// a line here, a reader among the streams and a survey's file.
import { FEATURE_COUNT, modelSpectra, OBSERVABLE_COUNT, OBSERVED_SLOTS, SPECTRA_SLOT } from '../tokens/layout.ts'
import { type Modality, type PixelModality, pixelModality } from './modality.ts'
import { pixelGrids } from './pixelGrid.ts'

/** Parallax and magnitudes, z^G. */
export const photometryModality: Modality = {
  name: 'photometry',
  slots: 1 + OBSERVABLE_COUNT,
  features: FEATURE_COUNT,
}

/** Coefficients of BP and RP, z^XP. */
export const xpModality: Modality = {
  name: 'gaiaXp',
  slots: 1 + OBSERVED_SLOTS - SPECTRA_SLOT,
  features: FEATURE_COUNT,
}

export const pixelModalities: readonly PixelModality[] = [
  pixelModality('boss', 'BOSS', pixelGrids.optical, ['boss', 'sdss']),
  pixelModality('lamostLrs', 'LAMOST LRS', pixelGrids.optical, ['lamostLrs']),
  pixelModality('lamostMrs', 'LAMOST MRS', pixelGrids.mediumResolution, ['lamostMrs']),
  pixelModality('apogee', 'APOGEE', pixelGrids.hBand, ['apogee']),
  pixelModality('desi', 'DESI', pixelGrids.optical, ['desi']),
]

/** All spectra that a star may be given, by the names in its posterior: Gaia's bands, then those with pixels. */
export const spectrumNames: readonly string[] = [
  ...modelSpectra,
  ...pixelModalities.map(({ spectrumName }) => spectrumName),
]

/** Whether a name is that of a spectrum with pixels, such as `bossSpectrum`. */
export const isPixelSpectrum = (name: string) => pixelModalities.some(({ spectrumName }) => spectrumName === name)

/** Who reads the spectra of a survey; null where none does. */
export function modalityOf(survey: string): PixelModality | null {
  return pixelModalities.find(({ surveys }) => surveys.includes(survey)) ?? null
}
