// Fine spectrum -> the pixels of a spectrograph: velocity, line spread function, pixels, no light lost.
import { LIGHT_KM_PER_S } from './fineGrid.ts'
import { FWHM_PER_SIGMA, factAt, pixelLog10Step, type SpectrographName, spectrographs } from './spectrographFacts.ts'

/** Radial velocities that the fine grids have room for. */
export const MAX_VELOCITY_KM_PER_S = 1500

export interface Spectrograph {
  /** [P] middles of the pixels in the logarithm, Angstrom in vacuum. */
  readonly angstrom: Float64Array
  /** [P] widths of the pixels. */
  readonly widthAngstrom: Float64Array
  /**
   * @param energies [grid.count] light in each bin of the survey's fine grid, any unit
   * @param velocityKmPerS of the star, positive away, at most 1500 either way
   * @param out [P] receives the light in each pixel, in the same unit
   */
  energiesInto(energies: Float32Array, velocityKmPerS: number, out: Float64Array): void
}

/** Where the Gaussian ends; what it lacks beyond is given to the rest. */
const REACH_SIGMAS = 4

/**
 * The light of each bin is spread as a Gaussian, so that what a sharp line becomes in the pixels, bins' and pixels' own widths included, has
 * the resolving power of `spectrographFacts`. Spread light all arrives: weights of each bin sum to 1.
 *
 * Accuracy: the width of a line within 1%, its centre within 1 km/s, the sum of the light within 1e-6.
 */
export function createSpectrograph(name: SpectrographName): Spectrograph {
  const { grid, firstLog10, pixels, resolution } = spectrographs[name]
  const log10Step = pixelLog10Step(spectrographs[name])
  const middle = (i: number) => 10 ** (firstLog10 + log10Step * i)
  const angstrom = Float64Array.from({ length: pixels }, (_, i) => middle(i))
  const widthAngstrom = angstrom.map((_, i) => middle(i + 0.5) - middle(i - 0.5))
  const sigmaAt = (wavelength: number) => {
    const total = 1 / (factAt(resolution.angstrom, resolution.power, wavelength) * FWHM_PER_SIGMA * grid.lnStep)
    // A pixel is two bins wide: the variance of its box, of that of a bin, and of the cubic shift are there anyway.
    return Math.sqrt(Math.max(total ** 2 - 4 / 12, 0.25))
  }
  /** Bin at which the first pixel begins. */
  const origin = Math.round((firstLog10 - log10Step / 2 - grid.log10Start) / grid.log10Step)
  const reachAt = (wavelength: number) => Math.ceil(REACH_SIGMAS * sigmaAt(wavelength))
  const widest = Math.max(...Array.from(angstrom, reachAt))
  /** Of each pixel: the first bin whose light it gets, and where its shares of that and the next bins' light begin. */
  const firstBins = Int32Array.from(angstrom, (one, p) => origin + 2 * p - reachAt(one) - 1)
  const starts = new Int32Array(pixels + 1)
  for (let p = 0; p < pixels; p++) starts[p + 1] = starts[p] + 2 * (reachAt(angstrom[p]) + 2)
  const weights = new Float32Array(starts[pixels])
  for (let bin = origin - 2 * widest; bin < origin + 2 * (pixels + widest); bin++) {
    const wavelength = 10 ** (grid.log10Start + grid.log10Step * (bin + 0.5))
    const [sigma, reach] = [sigmaAt(wavelength), reachAt(wavelength)]
    const shares = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2))
    const sum = shares.reduce((total, share) => total + share, 0)
    for (let k = 0; k <= 2 * reach; k++) {
      const pixel = Math.floor((bin + k - reach - origin) / 2)
      if (pixel < 0 || pixel >= pixels) continue
      // Where the width changes, a bin may reach one further than the pixel looks.
      const at = starts[pixel] + bin - firstBins[pixel]
      if (at >= starts[pixel] && at < starts[pixel + 1]) weights[at] += shares[k] / sum
    }
  }
  const sums = new Float64Array(grid.count + 1)
  const shifted = new Float64Array(grid.count)

  return {
    angstrom,
    widthAngstrom,
    energiesInto(energies, velocityKmPerS, out) {
      if (!(Math.abs(velocityKmPerS) <= MAX_VELOCITY_KM_PER_S))
        throw new RangeError(`a velocity of ${velocityKmPerS} km/s is beyond ${MAX_VELOCITY_KM_PER_S}`)
      shiftInto(energies, Math.log1p(velocityKmPerS / LIGHT_KM_PER_S) / grid.lnStep, sums, shifted)
      for (let p = 0; p < pixels; p++) {
        const end = starts[p + 1]
        let sum = 0
        for (let k = starts[p], bin = firstBins[p]; k < end; k++, bin++) sum += weights[k] * shifted[bin]
        out[p] = sum
      }
    },
  }
}

/** Moves light by a number of bins: the running sum is read between its values by a cubic, so that none is lost and lines stay as narrow. */
function shiftInto(energies: Float32Array, bins: number, sums: Float64Array, out: Float64Array): void {
  const count = out.length
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i] + energies[i]
  const whole = Math.floor(-bins)
  const x = -bins - whole
  // Lagrange through the four sums around; with x = 0 they are the sums themselves.
  const a = (-x * (x - 1) * (x - 2)) / 6
  const b = ((x + 1) * (x - 1) * (x - 2)) / 2
  const c = (-x * (x + 1) * (x - 2)) / 2
  const d = (x * (x + 1) * (x - 1)) / 6
  const sumAt = (i: number) => {
    if (i >= 0 && i <= count) return sums[i]
    // Beyond the ends the spectrum goes on as it is there.
    return i < 0 ? i * energies[0] : sums[count] + (i - count) * energies[count - 1]
  }
  const first = Math.max(0, 1 - whole)
  const last = Math.min(count, count - 2 - whole)
  const shiftedSum = (i: number) =>
    a * sumAt(i + whole - 1) + b * sumAt(i + whole) + c * sumAt(i + whole + 1) + d * sumAt(i + whole + 2)
  let before = shiftedSum(0)
  for (let i = 0; i < count; i++) {
    const edge = i + 1
    const j = edge + whole
    const after =
      edge >= first && edge <= last
        ? a * sums[j - 1] + b * sums[j] + c * sums[j + 1] + d * sums[j + 2]
        : shiftedSum(edge)
    out[i] = after - before
    before = after
  }
}
