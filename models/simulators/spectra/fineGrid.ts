// The grid on which spectra of stars are made before a spectrograph sees them: two bins for each pixel of BOSS and LAMOST.

/** Step of the bins in log10 of the vacuum wavelength: 34.5 km/s. Pixels of both surveys are two bins wide, edge on edge. */
export const FINE_LOG10_STEP = 0.5e-4
/** Edge of the first bin: 3539.97 Angstrom, with room for velocities blueward of BOSS. */
export const FINE_LOG10_START = 3.549
/** Bins; the last ends at 10,555 Angstrom. */
export const FINE_COUNT = 9490

export const LIGHT_KM_PER_S = 299_792.458
export const FINE_LN_STEP = FINE_LOG10_STEP * Math.LN10
/** Width of a bin as a velocity. */
export const FINE_KM_PER_S = FINE_LN_STEP * LIGHT_KM_PER_S

/** [9490] middles of the bins in the logarithm, Angstrom in vacuum. */
export const fineAngstrom: Float64Array = Float64Array.from(
  { length: FINE_COUNT },
  (_, i) => 10 ** (FINE_LOG10_START + FINE_LOG10_STEP * (i + 0.5)),
)

/** Place of a wavelength in bins from the first edge: 2.5 is the middle of the third. */
export function finePlace(vacuumAngstrom: number): number {
  return (Math.log10(vacuumAngstrom) - FINE_LOG10_START) / FINE_LOG10_STEP
}
