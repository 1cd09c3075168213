// The passbands of the surveys as weights on the 300 bins, with their zero points.
import { readFileSync } from 'node:fs'
import { packageFile } from '../../../schemas/index.ts'
import { BIN_COUNT } from './wavelengths.ts'

/** All bands, in the order of every array of magnitudes: Gaia, 2MASS, WISE, IRAC, MIPS, SDSS, Pan-STARRS, Johnson-Cousins. */
export const passbandNames = [
  ...(['gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'] as const),
  ...(['i1Mag', 'i2Mag', 'i3Mag', 'i4Mag', 'm24Mag'] as const),
  ...(['sdssUMag', 'sdssGMag', 'sdssRMag', 'sdssIMag', 'sdssZMag'] as const),
  ...(['ps1GMag', 'ps1RMag', 'ps1IMag', 'ps1ZMag', 'ps1YMag'] as const),
  ...(['johnsonBMag', 'johnsonVMag', 'cousinsRMag', 'cousinsIMag'] as const),
] as const
export type PassbandName = (typeof passbandNames)[number]

export interface Passband {
  readonly name: PassbandName
  readonly system: 'Vega' | 'AB'
  /** Flux density of magnitude zero, as published. */
  readonly zeroPointJy: number
  readonly zeroPointSource: string
  /** sqrt(int T lambda / int T / lambda): turns F_nu into F_lambda. */
  readonly pivotUm: number
  readonly firstBin: number
  /** Share of each bin from `firstBin` on in the photon-weighted mean of F_lambda; sum 1. */
  readonly weights: Float64Array
  /**
   * Weight times how far, in bins, the light that the band takes from a bin lies from the bin's middle.
   * Where the band's edge cuts a bin, a spectrum that rises or falls is counted at the right place with it.
   */
  readonly moments: Float64Array
  /** Of narrow bands the bins in which 10% and 90% of the weights are reached. */
  readonly tiltBins?: readonly [number, number]
  /** Magnitude of a mean F_lambda of 1 erg/s/cm2/A. */
  readonly zeroPointMag: number
}

const ANGSTROM_PER_S = 2.99792458e18
const ERG_PER_JY = 1e-23

interface PassbandFile {
  readonly bands: readonly (Omit<Passband, 'weights' | 'moments' | 'zeroPointMag'> & {
    readonly weights: readonly number[]
    readonly moments: readonly number[]
  })[]
}

let loaded: readonly Passband[] | undefined

/**
 * The passbands in the order of `passbandNames`.
 *
 * Accuracy: within 0.001 mag of integrating the native model spectra (docs/forward-model.md).
 * Source: models/grids/ORIGIN.md. Every curve counts photons. W4 is the curve of Wright+ 2010.
 * @throws RangeError when the file does not hold these bands
 */
export function loadPassbands(): readonly Passband[] {
  if (loaded !== undefined) return loaded
  const path = packageFile('models', 'grids', 'passbands.json')
  const { bands } = JSON.parse(readFileSync(path, 'utf8')) as PassbandFile
  loaded = passbandNames.map((name, i) => {
    const band = bands[i]
    if (band?.name !== name || band.weights.length !== band.moments.length)
      throw new RangeError(`passbands.json: band ${i} is not ${name} with a moment for each weight`)
    if (band.firstBin < 0 || band.firstBin + band.weights.length > BIN_COUNT)
      throw new RangeError(`passbands.json: ${name} reaches beyond the ${BIN_COUNT} bins`)
    const zeroFlux = (band.zeroPointJy * ERG_PER_JY * ANGSTROM_PER_S) / (band.pivotUm * 1e4) ** 2
    return {
      ...band,
      weights: Float64Array.from(band.weights),
      moments: Float64Array.from(band.moments),
      zeroPointMag: 2.5 * Math.log10(zeroFlux),
    }
  })
  return loaded
}

/**
 * Places of bands in the arrays of magnitudes.
 * @throws RangeError on a name that is none of `passbandNames`
 */
export function passbandIndices(names: readonly string[]): Int32Array {
  return Int32Array.from(names, name => {
    const index = (passbandNames as readonly string[]).indexOf(name)
    if (index < 0) throw new RangeError(`there is no band ${name}; the bands are ${passbandNames.join(', ')}`)
    return index
  })
}
