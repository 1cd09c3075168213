// The grids on which spectra of stars are made before a spectrograph sees them: two bins for each pixel of a survey, edge on edge.

export interface FineGrid {
  /** Step of the bins in log10 of the vacuum wavelength, in Angstrom. */
  readonly log10Step: number
  /** Edge of the first bin. */
  readonly log10Start: number
  /** Bins. */
  readonly count: number
  readonly lnStep: number
  /** Width of a bin as a velocity. */
  readonly kmPerS: number
  /** [count] middles of the bins in the logarithm, Angstrom in vacuum. */
  readonly angstrom: Float64Array
  /** Over so many bins, or pixels, what is smooth is an exponential of the wavelength. */
  readonly nodeStep: number
  /** Place of a wavelength in bins from the first edge: 2.5 is the middle of the third. */
  placeOf(vacuumAngstrom: number): number
}

export const LIGHT_KM_PER_S = 299_792.458

function fineGrid(log10Start: number, log10Step: number, count: number, nodeStep: number): FineGrid {
  const lnStep = log10Step * Math.LN10
  return {
    ...{ log10Step, log10Start, count, lnStep, nodeStep },
    kmPerS: lnStep * LIGHT_KM_PER_S,
    angstrom: Float64Array.from({ length: count }, (_, i) => 10 ** (log10Start + log10Step * (i + 0.5))),
    placeOf: vacuumAngstrom => (Math.log10(vacuumAngstrom) - log10Start) / log10Step,
  }
}

/** Each has room for velocities of 1500 km/s beyond the pixels of its surveys. */
export const fineGrids = {
  /** BOSS and LAMOST: 3540 to 10,555 Angstrom in bins of 34.5 km/s. */
  optical: fineGrid(3.549, 0.5e-4, 9490, 8),
  /** APOGEE: 15,022 to 17,090 Angstrom in bins of 2.1 km/s. */
  hBand: fineGrid(4.179 - 761 * 3e-6, 3e-6, 18_672, 64),
} as const
