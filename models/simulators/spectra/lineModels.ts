// The lines of each part of the spectrum, and the few numbers that were set for them by the Sun and other stars.
import { atomicLines } from './atomicLines.ts'
import { fineGrids } from './fineGrid.ts'
import { hBandLines } from './hBandLines.ts'
import type { LineModel } from './lineAbsorption.ts'
import { addBandDepth } from './molecularBands.ts'
import { moleculeLines } from './moleculeLines.ts'

/**
 * One layer makes all lines too strong, and those at long wavelengths most, where the light comes from a smaller range of temperatures.
 * log10 of what opacities are cut to, so that the Sun's strongest lines (Moore+ 1966) come out; Ca II H and K need little.
 */
const SOLAR_CUT_DEX = -0.85
const BLUE_CALCIUM_CUT_DEX = -0.2
const BLUE_CALCIUM_ANGSTROM = [3930, 3972] as const
/** Molecules make cool stars opaque between lines too, which the layer does not know: dex per kelvin below, set by Na D and K I of M dwarfs. */
const COOL_CUT = { belowK: 4400, dexPerK: 0.0011 } as const

const H_BAND_CUT_DEX = -0.6

/** h c / k at 16,000 Angstrom. */
const H_BAND_K = 8992

/** Light of a star's coolest layers over that of its continuum at 16,000 Angstrom, where opacity is least and one looks deepest: black bodies of 0.76 and 1.1 Teff. */
function coolLayerShare(teffK: number): number {
  return Math.expm1(H_BAND_K / (1.1 * teffK)) / Math.expm1(H_BAND_K / (0.76 * teffK))
}

export const lineModels = {
  optical: {
    grid: fineGrids.optical,
    parts: 12,
    lines: atomicLines,
    metalShare: 0.9,
    metalDarkness: () => 0.92,
    cutDex({ element, vacuumAngstrom }, teffK) {
      const cutDex = SOLAR_CUT_DEX - COOL_CUT.dexPerK * Math.max(0, COOL_CUT.belowK - teffK)
      const isOther =
        element !== 'Ca' || vacuumAngstrom < BLUE_CALCIUM_ANGSTROM[0] || vacuumAngstrom > BLUE_CALCIUM_ANGSTROM[1]
      return isOther ? cutDex : cutDex - SOLAR_CUT_DEX + BLUE_CALCIUM_CUT_DEX
    },
    series: [
      { lower: 2, share: 1.1 },
      { lower: 3, share: 1 },
    ],
    hydrogenDarkness: () => 0.8,
    molecules: () => [],
    addBandDepth,
  },
  hBand: {
    grid: fineGrids.hBand,
    parts: 2,
    lines: hBandLines,
    metalShare: 0.9,
    metalDarkness: teffK => 1 - coolLayerShare(teffK),
    cutDex: () => H_BAND_CUT_DEX,
    series: [{ lower: 4, share: 0.95 }],
    hydrogenDarkness: teffK => 0.5 * (1 - coolLayerShare(teffK)),
    molecules: moleculeLines,
    addBandDepth: () => undefined,
  },
} as const satisfies Record<string, LineModel>
