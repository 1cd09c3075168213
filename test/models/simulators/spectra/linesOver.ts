// Lines of a spectrum in even bins, told from its shape, for those that judge simulated ones by mean spectra of the sky.

/** Flux over the mean of so many bins to each side, less one. */
export function linesOver(fluxes: Float64Array, half: number): Float64Array {
  return fluxes.map((flux, j) => {
    const around = fluxes.subarray(Math.max(0, j - half), j + half + 1)
    return flux / (around.reduce((a, b) => a + b, 0) / around.length) - 1
  })
}
