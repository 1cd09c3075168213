// Mean spectra of spectral types as BOSS saw them: every other one is a measure for our lines, the rest judges what came of it.
import { loadGrid } from '../../grids/gridFile.ts'

/** Temperatures of dwarfs: Pecaut & Mamajek 2013, table 5 and its later versions. */
const dwarfTeffK: Readonly<Record<string, number>> = {
  ...{ A6: 8000, A7: 7800, A9: 7440, F0: 7220, F1: 7020, F2: 6820, F3: 6750, F4: 6670, F5: 6550 },
  ...{ F6: 6350, F7: 6280, F8: 6180, F9: 6050, G0: 5930, G1: 5860, G2: 5770, G3: 5720, G4: 5680, G5: 5660 },
  ...{ G6: 5600, G7: 5550, G8: 5480, G9: 5380, K0: 5270, K1: 5170, K2: 5100, K3: 4830, K4: 4600, K5: 4440 },
  ...{ K7: 4050, M0: 3850, M1: 3680, M2: 3550, M3: 3400, M4: 3200, M5: 3050, M6: 2800, M7: 2650, M8: 2570 },
}

export interface MeanSpectrum {
  /** Such as F5. */
  readonly type: string
  /** Of a dwarf of that type. */
  readonly teffK: number
  /** [1483] F_lambda over its median; 0 or less where there was no light. */
  readonly fluxes: Float32Array
  /** No line was changed by it. */
  readonly isJudge: boolean
}

/** How many bins the means have. */
export const meanSpectrumBins = 1483
/** The bins of the means: the middle of bin j has this wavelength in vacuum. */
export const meanSpectrumAngstrom = (j: number) => FIRST_ANGSTROM * 10 ** (LOG10_STEP * j)
/** Its inverse. */
export const meanSpectrumBin = (angstrom: number) => Math.log10(angstrom / FIRST_ANGSTROM) / LOG10_STEP
const FIRST_ANGSTROM = 3660
const LOG10_STEP = 3e-4

/** Of dwarfs of about the Sun's abundance, from A6 to M8 (Kesseli et al. 2017, `models/grids/reduceTypes.py`). */
export function meanSpectra(): readonly MeanSpectrum[] {
  const { labels, values } = loadGrid('bossTypes')
  return (labels.get('type') ?? []).map((type, k) => ({
    ...{ type, teffK: dwarfTeffK[type] },
    fluxes: values.subarray(k * meanSpectrumBins, (k + 1) * meanSpectrumBins),
    isJudge: k % 2 === 1,
  }))
}
