// The even steps in the logarithm of wavelength that an encoder reads a spectrum in, cut into patches: one token each.

export interface PixelGrid {
  /** Vacuum, Angstrom: the middle of the first bin. */
  readonly firstAngstrom: number
  /** From bin to bin, in the logarithm to base 10. */
  readonly log10Step: number
  readonly patches: number
  readonly binsPerPatch: number
}

/** Bins of all patches. */
export const binCount = ({ patches, binsPerPatch }: PixelGrid) => patches * binsPerPatch

/**
 * Place of a wavelength among the bins, not rounded; below 0 or above the last bin where it lies outside.
 *
 * @param log10Vacuum logarithm to base 10 of the wavelength in vacuum, Angstrom
 */
export function placeOf(grid: PixelGrid, log10Vacuum: number): number {
  return (log10Vacuum - Math.log10(grid.firstAngstrom)) / grid.log10Step
}

/** The grid from one wavelength to another, in whole patches: the last may reach beyond. */
function gridBetween(firstAngstrom: number, lastAngstrom: number, log10Step: number, binsPerPatch = 64): PixelGrid {
  const bins = Math.log10(lastAngstrom / firstAngstrom) / log10Step
  return { firstAngstrom, log10Step, patches: Math.ceil(bins / binsPerPatch), binsPerPatch }
}

/**
 * Instruments of one grid may share an encoder's weights. Steps are half of what the instrument resolves, or its own pixels:
 * SDSS and BOSS R 1,500 to 2,600 (Smee et al. 2013), LAMOST R 1,800 (Zhao et al. 2012), MRS R 7,500 (Liu et al. 2020),
 * APOGEE R 22,500 (Wilson et al. 2019).
 */
export const pixelGrids = {
  optical: gridBetween(3600, 10_400, 1e-4),
  mediumResolution: gridBetween(4940, 6840, 2.5e-5, 128),
  hBand: gridBetween(15_100, 17_000, 1e-5, 128),
} as const satisfies Readonly<Record<string, PixelGrid>>
