// What the 300 bins lose of a narrow band: a jump or a molecular edge within a bin, where the band itself begins or ends.
import { loadPassbands, passbandNames } from './passbands.ts'
import { BIN_COUNT } from './wavelengths.ts'

/** Bands from this place in `passbandNames` on are narrow: SDSS, Pan-STARRS and Johnson-Cousins. */
export const FIRST_NARROW_BAND = passbandNames.indexOf('sdssUMag')
export const NARROW_COUNT = passbandNames.length - FIRST_NARROW_BAND

/**
 * Bins of a spectrum with the details of the narrow bands behind them: [300] flux, [14] natural log of the band's mean flux over that of the
 * bins, [14] how much this grows with the tilt that dust gives to the band.
 */
export const SPECTRUM_WIDTH = BIN_COUNT + 2 * NARROW_COUNT

/** Bins in which the light of a band begins and ends (10% and 90% of the weights), and the one halfway. */
interface Extent {
  readonly blueBin: number
  readonly redBin: number
  readonly middleBin: number
}

let extents: readonly Extent[] | undefined

function loadExtents(): readonly Extent[] {
  extents ??= loadPassbands()
    .slice(FIRST_NARROW_BAND)
    .map(({ name, tiltBins }) => {
      if (tiltBins === undefined) throw new RangeError(`passbands.json: the narrow band ${name} has no tiltBins`)
      const [blueBin, redBin] = tiltBins
      return { blueBin, redBin, middleBin: Math.round((blueBin + redBin) / 2) }
    })
  return extents
}

/** Whether any of these places in `passbandNames` is that of a narrow band. */
export function hasNarrowBand(bandIndices: Int32Array): boolean {
  for (let b = 0; b < bandIndices.length; b++) if (bandIndices[b] >= FIRST_NARROW_BAND) return true
  return false
}

/**
 * Details times the flux in the middle of their bands, or back: as fluxes they add up when spectra do, each by its share of the light.
 * @param spectrum [328] with fluxes in its bins; a band without light has no details
 */
export function detailsToFlux(spectrum: Float64Array | Float32Array): void {
  loadExtents().forEach(({ middleBin }, j) => {
    spectrum[BIN_COUNT + j] *= spectrum[middleBin]
    spectrum[BIN_COUNT + NARROW_COUNT + j] *= spectrum[middleBin]
  })
}

/** @param flux [328] of `detailsToFlux`; @param out [328] receives the details in their places */
export function detailsFromFlux(flux: ArrayLike<number>, out: Float64Array): void {
  loadExtents().forEach(({ middleBin }, j) => {
    const share = flux[middleBin] > 0 ? 1 / flux[middleBin] : 0
    out[BIN_COUNT + j] = flux[BIN_COUNT + j] * share
    out[BIN_COUNT + NARROW_COUNT + j] = flux[BIN_COUNT + NARROW_COUNT + j] * share
  })
}

/**
 * Natural log of what a narrow band sees over what the bins give it.
 *
 * @param details [328] a spectrum with the details in their places
 * @param terms those of the extinction law in the bins
 * @param depth optical depth in V
 */
export function lnDetail(
  bandIndex: number,
  details: Float64Array,
  terms: readonly (Float64Array | undefined)[],
  depth: number,
  rv: number,
): number {
  const j = bandIndex - FIRST_NARROW_BAND
  const { blueBin, redBin } = loadExtents()[j]
  let tilt = 0
  if (depth > 0) {
    let power = depth
    for (let t = 0; t < 3; t++) {
      const term = terms[t]
      if (term !== undefined) tilt += power * (term[blueBin] - term[redBin])
      power /= rv
    }
    const linear = terms[3]
    if (linear !== undefined) tilt += depth * rv * (linear[blueBin] - linear[redBin])
  }
  return details[BIN_COUNT + j] + tilt * details[BIN_COUNT + NARROW_COUNT + j]
}
