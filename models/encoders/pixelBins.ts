// A spectrum's pixels as the numbers that its encoder reads: whatever its pixels, its units and its gaps, and however its flux
// is scaled.
import { FusionError, type SpectrumSegment } from '../../schemas/index.ts'
import { airToVacuum } from '../simulators/spectra/airWavelengths.ts'
import { binCount, type PixelGrid, placeOf } from './pixelGrid.ts'

/** Of each bin: how far its flux is from the spectrum's level, and how well that is known. */
export const BIN_FEATURES = 2
const MEDIAN_STRIDE = 4

export interface BinnedSpectrum {
  /** [patches, 2 bins] the shrunk fluxes of a patch, then how well each is known, from 0 to 1. */
  readonly features: Float32Array
  /** [patches] 1 where any bin of the patch is known. */
  readonly mask: Float32Array
  /** Logarithm to base 10 of the spectrum's level in its own unit; null where the level means nothing. */
  readonly logLevel: number | null
  /** Logarithm to base 10 of the signal over the noise of a bin, the median of those that are known. */
  readonly logSignalToNoise: number
}

/**
 * Each pixel is shared out among the two bins that it lies between, weighed by its inverse variance; a bin holds the weighed mean.
 * A pixel without flux or with no inverse variance says nothing, and a bin without pixels is not known: it is not 0.
 *
 * @throws FusionError VALUE_OUT_OF_RANGE when no pixel with a flux and an error lies on the grid
 */
export function binPixels(segments: readonly SpectrumSegment[], grid: PixelGrid): BinnedSpectrum {
  const bins = binCount(grid)
  const [weights, sums] = [new Float64Array(bins), new Float64Array(bins)]
  for (const segment of segments) addPixels(segment, grid, weights, sums)
  const known = new Int32Array(bins)
  let count = 0
  for (let b = 0; b < bins; b++) {
    if (weights[b] === 0) continue
    sums[b] /= weights[b]
    known[count++] = b
  }
  if (count === 0) {
    throw new FusionError(
      'VALUE_OUT_OF_RANGE',
      `The spectrum has no pixel with a flux and an error from ${grid.firstAngstrom} Angstrom on that its encoder could read: is it of this instrument?`,
    )
  }
  const noise = 1 / Math.sqrt(medianOf(weights, known, count))
  // A level for spectra that are all noise too: never below what one bin tells.
  const level = Math.hypot(medianOf(sums, known, count), noise)
  const { patches, binsPerPatch } = grid
  const features = new Float32Array(patches * binsPerPatch * BIN_FEATURES)
  const mask = new Float32Array(patches)
  for (const b of known.subarray(0, count)) {
    const patch = Math.floor(b / binsPerPatch)
    const at = patch * binsPerPatch * BIN_FEATURES + (b % binsPerPatch)
    const signal2 = level ** 2 * weights[b]
    const share = signal2 / (1 + signal2)
    // Logarithmic far out: an emission line or a cosmic ray must not drown its patch.
    features[at] = share * Math.asinh(sums[b] / level - 1)
    features[at + binsPerPatch] = share
    mask[patch] = 1
  }
  const hasLevel = segments.every(({ fluxScale }) => fluxScale === 'absolute')
  return {
    ...{ features, mask },
    logLevel: hasLevel ? Math.log10(level) : null,
    logSignalToNoise: Math.log10(level / noise),
  }
}

function addPixels(segment: SpectrumSegment, grid: PixelGrid, weights: Float64Array, sums: Float64Array): void {
  const { fluxes, ivars } = segment
  for (let i = 0; i < fluxes.length; i++) {
    const flux = fluxes[i]
    const ivar = ivars[i]
    if (flux === null || !(ivar > 0) || !Number.isFinite(flux) || !Number.isFinite(ivar)) continue
    const place = placeOf(grid, log10VacuumAt(segment, i))
    const left = Math.floor(place)
    const right = place - left
    addTo(left, ivar * (1 - right))
    addTo(left + 1, ivar * right)

    function addTo(bin: number, weight: number): void {
      if (!(weight > 0) || bin < 0 || bin >= weights.length) return
      weights[bin] += weight
      sums[bin] += weight * (flux as number)
    }
  }
}

/** Logarithm to base 10 of the wavelength in vacuum, Angstrom. */
function log10VacuumAt(segment: SpectrumSegment, i: number): number {
  const { wavelengths, wavelengthLaw, wavelengthScale, wavelengthUnit, medium } = segment
  const told = wavelengthLaw === null ? wavelengths[i] : wavelengthLaw.start + wavelengthLaw.step * i
  const log10 = (wavelengthScale === 'log10' ? told : Math.log10(told)) + (wavelengthUnit === 'nm' ? 1 : 0)
  return medium === 'air' ? Math.log10(airToVacuum(10 ** log10)) : log10
}

/** Of the values at the first `count` places, or of every fourth: half of the time would else go into sorting. */
function medianOf(values: Float64Array, places: Int32Array, count: number): number {
  const some = new Float64Array(Math.ceil(count / MEDIAN_STRIDE))
  for (let k = 0; k < some.length; k++) some[k] = values[places[k * MEDIAN_STRIDE]]
  return some.sort()[some.length >> 1]
}
