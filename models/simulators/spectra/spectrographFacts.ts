// What BOSS, LAMOST and APOGEE do to light, as published and as real files state it.
import type { MaskBit } from '../../../schemas/index.ts'
import { type FineGrid, fineGrids } from './fineGrid.ts'

export const spectrographNames = ['boss', 'lamostLrs', 'apogee'] as const
export type SpectrographName = (typeof spectrographNames)[number]

export interface SpectrographFacts {
  /** What its light is made on: a pixel is two bins wide. */
  readonly grid: FineGrid
  /** Of stars' discs, linear. */
  readonly limbDarkening: number
  /** log10 of the vacuum wavelength of the middle of pixel 0 in Angstrom. */
  readonly firstLog10: number
  readonly pixels: number
  /** Resolving power, wavelength over full width at half maximum of what a sharp line becomes, linear between these wavelengths. */
  readonly resolution: { readonly angstrom: readonly number[]; readonly power: readonly number[] }
  /** Efficiency from sky to detector, in any unit, linear between these wavelengths. */
  readonly efficiency: { readonly angstrom: readonly number[]; readonly share: readonly number[] }
  /** From where to where signal over noise is told, and the brightness of the sky. */
  readonly measuredAngstrom: readonly [number, number]
  /** Flux of the sky's continuum over that of the stars that are observed. */
  readonly skyRatio: { readonly low: number; readonly high: number }
  /** Noise of the detector against the photons of the sky's continuum at `readAngstrom`, as a share of its variance. */
  readonly readAngstrom: number
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
  /** What is left of the bands of the air, as a share of their optical depth, 1 sigma for each gas; null where they are not simulated. */
  readonly air: { readonly residualShare: number; readonly bit: MaskBit } | null
  /** Detectors with gaps between them, where nothing is measured; null for one without. */
  readonly chipsAngstrom: readonly (readonly [number, number])[] | null
  /** Names of the masks that a file has. */
  readonly masks: readonly string[]
}

/** What both optical surveys share. */
const optical = {
  grid: fineGrids.optical,
  limbDarkening: 0.6,
  measuredAngstrom: [5600, 6800],
  readAngstrom: 6500,
  skyRatio: { low: 0.05, high: 1.5 },
  air: null,
  chipsAngstrom: null,
  masks: ['and', 'or'],
} as const

export const spectrographs: Readonly<Record<SpectrographName, SpectrographFacts>> = {
  /**
   * Smee+ 2013, AJ 146, 32: 1,560 to 2,270 in the blue, 1,850 to 2,650 in the red channel, and efficiencies of figure 38. Where channels overlap real
   * spectra lie between both: these are rounded medians of the dispersions (`wdisp`) of four files. Calibration: Margala+ 2016, 5 to 10%.
   */
  boss: {
    ...optical,
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
    ...optical,
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
  /**
   * Pixels of apStar and aspcapStar, as a visit has them: the star's velocity is in them, the sky's lines are at rest. Chips, R and dispersion: Wilson+ 2019, PASP 131, 055001;
   * Nidever+ 2015, AJ 150, 173 (bits; residuals of some percent of telluric and sky lines). Levels are set by 2MASS, but fibres lose light: 10%.
   */
  apogee: {
    grid: fineGrids.hBand,
    limbDarkening: 0.35,
    firstLog10: 4.179,
    pixels: 8575,
    resolution: { angstrom: [15_100, 17_000], power: [22_500, 22_500] },
    efficiency: {
      angstrom: [15_100, 15_300, 15_800, 16_400, 16_800, 17_000],
      share: [0.12, 0.16, 0.19, 0.2, 0.18, 0.14],
    },
    measuredAngstrom: [15_900, 16_400],
    readAngstrom: 16_000,
    skyRatio: { low: 0.003, high: 0.3 },
    readShare: 0.5,
    product: 'apStar',
    fluxUnit: '1e-17 erg/s/cm2/Angstrom',
    fluxScale: 'absolute',
    calibrationLn: 0.1,
    skyResidualShare: 0.02,
    brightSkyBit: { bit: 12, name: 'SIG_SKYLINE' },
    noDataBit: { bit: 0, name: 'BADPIX' },
    air: { residualShare: 0.1, bit: { bit: 13, name: 'SIG_TELLURIC' } },
    chipsAngstrom: [
      [15_140, 15_810],
      [15_850, 16_440],
      [16_470, 16_960],
    ],
    masks: ['pixel'],
  },
}

export const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2)

/** Step of the pixels in log10 of the wavelength. */
export const pixelLog10Step = ({ grid }: Pick<SpectrographFacts, 'grid'>) => 2 * grid.log10Step

/** Value of a table of facts, linear between its wavelengths, constant beyond. */
export function factAt(angstroms: readonly number[], values: readonly number[], angstrom: number): number {
  const last = angstroms.length - 1
  if (angstrom <= angstroms[0]) return values[0]
  if (angstrom >= angstroms[last]) return values[last]
  const i = angstroms.findIndex(edge => edge > angstrom)
  const share = (angstrom - angstroms[i - 1]) / (angstroms[i] - angstroms[i - 1])
  return values[i - 1] + share * (values[i] - values[i - 1])
}
