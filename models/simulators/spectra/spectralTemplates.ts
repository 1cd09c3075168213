// Spectra of photospheres on the fine grids: built in, or a user's own.
import type { OpticalPhotosphere } from '../xp/xpStarlight.ts'
import { type FineGrid, fineGrids } from './fineGrid.ts'
import { createHBandTemplates } from './hBandTemplates.ts'
import { createOpticalTemplates } from './opticalTemplates.ts'

/** What a simulation of spectra is made from: built in, or a user's own grid. */
export interface SpectralTemplates {
  /**
   * Flux at the star's surface, at rest and not rotating.
   * @param grid one of `fineGrids`
   * @param out [grid.count] receives F_lambda in erg/s/cm2/Angstrom; untouched when the answer is false
   * @returns false outside the coverage: there is no spectrum, and none is made up
   */
  fluxInto(photosphere: OpticalPhotosphere, grid: FineGrid, out: Float32Array): boolean
}

let built: SpectralTemplates | null = null

/**
 * The same ones for whoever asks: nodes are made when they are first needed, in some 10 ms each, and kept, at most 90 MB for a family in the
 * optical, 80 MB in the H band.
 */
export function builtInTemplates(): SpectralTemplates {
  built ??= build()
  return built
}

function build(): SpectralTemplates {
  const optical = createOpticalTemplates()
  const hBand = createHBandTemplates()
  return {
    fluxInto(photosphere, grid, out) {
      return grid === fineGrids.hBand ? hBand(photosphere, out) : optical(photosphere, out)
    },
  }
}
