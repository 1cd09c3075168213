// What becomes of a star's light in its dust: seen straight, absorbed, or turned away.
import { type DustGrid, MAX_LATITUDES, RADII } from './dustGrid.ts'
import { dust, fade, WAVELENGTHS } from './dustOpacity.ts'

/**
 * Divides the star's light at each wavelength, over all directions; the three parts are all of it.
 *
 * Light that meets dust is turned back with the albedo of a deep layer, (1 - e) / (1 + e) with e the root of the share of absorption in
 * what stops it (Eddington's), or of a thin one; it then gets away where the way is open, or meets dust again: in the end a closed shell
 * takes all, and a disk what it does not turn away.
 *
 * @param shares [200] of the star's luminosity, by bin
 * @param taken [200] receives the share of luminosity that surroundings which stop all light would take
 * @param loose [200] receives what leaves turned, over the star's light
 */
export function divideLight(grid: DustGrid, shares: Float64Array, taken: Float64Array, loose: Float64Array): void {
  const { latitudes, sine, column } = grid
  for (let i = 0; i < WAVELENGTHS; i++) {
    let met = 0
    let deep = 0
    let stopped = 0
    for (let k = 0; k < latitudes; k++) {
      const share = sine[k + 1] - sine[k]
      const whole = column[RADII * MAX_LATITUDES + k]
      const meeting = lost(dust.effective[i] * whole)
      met += share * meeting
      deep += share * meeting * meeting
      stopped += share * lost(dust.extinction[i] * whole)
    }
    const e = dust.absorption[i] / dust.effective[i]
    const once = e * (1 + ((1 - e) / (1 + e)) * (met > 0 ? deep / met : 0))
    const inAll = once / (1 - (1 - once) * met)
    taken[i] = shares[i] * inAll
    loose[i] = Math.max(0, stopped - inAll * met)
  }
}

const lost = (depth: number): number => (depth < 1e-4 ? depth : 1 - fade(depth))
