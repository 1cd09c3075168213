// What BOSS and LAMOST do to light, as published and as real files state it.
import type { MaskBit } from '../../../schemas/index.ts'

export const spectrographNames = ['boss', 'lamostLrs'] as const
export type SpectrographName = (typeof spectrographNames)[number]

export interface SpectrographFacts {
  /** log10 of the vacuum wavelength of the middle of pixel 0 in Angstrom; pixels are 1e-4 wide, as in the surveys' files. */
  readonly firstLog10: number
  readonly pixels: number
  /** Resolving power, wavelength over full width at half maximum of what a sharp line becomes, linear between these wavelengths. */
  readonly resolution: { readonly angstrom: readonly number[]; readonly power: readonly number[] }
  /** Efficiency from sky to detector, in any unit, linear between these wavelengths. */
  readonly efficiency: { readonly angstrom: readonly number[]; readonly share: readonly number[] }
  /** Noise of the detector against the photons of the sky's continuum at 6500 Angstrom, as a share of its variance. */
  readonly readShare: number
  readonly product: string
  readonly fluxUnit: string
  readonly fluxScale: 'absolute' | 'relative'
  /** 1 sigma of ln of the calibration, over the whole range. */
  readonly calibrationLn: number
  /** Residuals of sky lines as a share of the lines, 1 sigma. */
  readonly skyResidualShare: number
  readonly brightSkyBit: MaskBit | null
  readonly noDataBit: MaskBit | null
}

export const LOG10_STEP = 1e-4

export const spectrographs: Readonly<Record<SpectrographName, SpectrographFacts>> = {
  /**
   * Smee+ 2013, AJ 146, 32: 1,560 to 2,270 in the blue, 1,850 to 2,650 in the red channel, and efficiencies of figure 38. Where channels overlap real
   * spectra lie between both: these are rounded medians of the dispersions (`wdisp`) of four files. Calibration: Margala+ 2016, 5 to 10%.
   */
  boss: {
    firstLog10: 3.5564,
    pixels: 4608,
    resolution: {
      angstrom: [3600, 4000, 4500, 5000, 5500, 6000, 6500, 7000, 8000, 9000, 10_400],
      power: [1300, 1450, 1640, 1870, 1980, 1900, 1900, 2070, 2320, 2550, 2500],
    },
    efficiency: {
      angstrom: [3500, 3700, 4000, 4500, 5500, 6000, 6500, 7500, 8500, 9500, 10_400],
      share: [0.02, 0.06, 0.12, 0.19, 0.24, 0.22, 0.27, 0.28, 0.24, 0.14, 0.04],
    },
    readShare: 0.3,
    product: 'sdssSpec',
    fluxUnit: '1e-17 erg/s/cm2/Angstrom',
    fluxScale: 'absolute',
    calibrationLn: 0.05,
    skyResidualShare: 0.02,
    brightSkyBit: { bit: 23, name: 'BRIGHTSKY' },
    noDataBit: { bit: 24, name: 'NODATA' },
  },
  /**
   * Zhao+ 2012, RAA 12, 723: R about 1,800 at 5500 Angstrom; widths of arc lines are nearly constant in wavelength within each arm (3700 to 5900, 5700 to 9000).
   * Calibration is relative, by stars of the same plate: Du+ 2016, 10%. LAMOST's bits are kept as numbers, so none is set.
   */
  lamostLrs: {
    firstLog10: 3.5682,
    pixels: 3909,
    resolution: {
      angstrom: [3700, 4500, 5500, 5900, 6500, 7500, 8500, 9100],
      power: [1250, 1500, 1800, 1500, 1650, 1900, 2150, 2300],
    },
    efficiency: {
      angstrom: [3700, 4000, 4500, 5500, 5900, 6500, 7500, 8500, 9100],
      share: [0.02, 0.05, 0.09, 0.12, 0.08, 0.14, 0.15, 0.12, 0.08],
    },
    readShare: 0.5,
    product: 'lamostLrs',
    fluxUnit: '',
    fluxScale: 'relative',
    calibrationLn: 0.1,
    skyResidualShare: 0.03,
    brightSkyBit: null,
    noDataBit: null,
  },
}

/** Value of a table of facts, linear between its wavelengths, constant beyond. */
export function factAt(angstroms: readonly number[], values: readonly number[], angstrom: number): number {
  const last = angstroms.length - 1
  if (angstrom <= angstroms[0]) return values[0]
  if (angstrom >= angstroms[last]) return values[last]
  const i = angstroms.findIndex(edge => edge > angstrom)
  const share = (angstrom - angstroms[i - 1]) / (angstroms[i] - angstroms[i - 1])
  return values[i - 1] + share * (values[i] - values[i - 1])
}
