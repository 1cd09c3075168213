// The instruments whose pixels are read. A further one is a line here, a reader among the streams and a survey's file.
import { type PixelModality, pixelModality } from './modality.ts'
import { pixelGrids } from './pixelGrid.ts'

export const pixelModalities: readonly PixelModality[] = [
  pixelModality('boss', pixelGrids.optical, ['boss', 'sdss']),
  pixelModality('lamostLrs', pixelGrids.optical, ['lamostLrs']),
  pixelModality('lamostMrs', pixelGrids.mediumResolution, ['lamostMrs']),
  pixelModality('apogee', pixelGrids.hBand, ['apogee']),
]

/** Who reads the spectra of a survey; null where none does. */
export function modalityOf(survey: string): PixelModality | null {
  return pixelModalities.find(({ surveys }) => surveys.includes(survey)) ?? null
}
