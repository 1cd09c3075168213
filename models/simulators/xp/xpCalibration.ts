// Coefficients -> spectrum: on the detector, calibrated in flux and wavelength, or through the Gaia passbands. After GaiaXPy 2.1.5.
import { loadGrid } from '../../grids/gridFile.ts'
import { BASIS_COUNT, bandRangeNm, basesInto, hermiteInto, type XpBand, xpBands, xpInstrument } from './xpBases.ts'

/** One band of one source as the archive gives it. */
export interface XpBandCoefficients {
  /** [55] electrons/s. */
  readonly coefficients: ArrayLike<number>
  /** [55] 1-sigma errors, already scaled by the standard deviation of the solution. */
  readonly errors: ArrayLike<number>
  /** [1485] below the diagonal, row by row, as in the archive. */
  readonly correlations: ArrayLike<number>
  /** Bases that stand out of the noise; those after it are left out when truncation is asked for. */
  readonly relevantBases?: number
}

/** A band that was not published is null. */
export interface XpCoefficients {
  readonly bp: XpBandCoefficients | null
  readonly rp: XpBandCoefficients | null
}

export interface SampledFlux {
  readonly flux: Float64Array
  /** 1 sigma. */
  readonly error: Float64Array
}

export interface CalibratedSpectrum extends SampledFlux {
  /** The wavelengths asked for that the published bands cover: all of them unless a band is missing. */
  readonly wavelengthsNm: Float64Array
}

export interface XpCalibration {
  readonly wavelengthsNm: Float64Array
  /**
   * Flux in W/m2/nm; where both bands contribute, by weights that go over linearly from 635 to 643 nm.
   * @returns undefined when neither band was published
   * @throws RangeError when a band has not 55 coefficients, 55 errors and 1485 correlations
   */
  calibrate(source: XpCoefficients, options?: { readonly truncated?: boolean }): CalibratedSpectrum | undefined
}

const samplingRangeNm = [330, 1050] as const

/**
 * @param samplingNm wavelengths in ascending order; left out: the archive's, 336 to 1020 nm every 2 nm, by GaiaXPy's own table,
 * which differs from its formula by up to 0.6% of the flux below 390 nm, a hundredth of the error there
 * @throws RangeError when they are not ascending or leave 330 to 1050 nm
 */
export function createXpCalibration(samplingNm?: ArrayLike<number>): XpCalibration {
  const grid = samplingNm === undefined ? archiveWavelengths() : Float64Array.from(samplingNm)
  assertSampling(grid)
  const count = grid.length
  const matrices = xpBands.map(band => (samplingNm === undefined ? archiveMatrix(band) : designMatrix(band, grid)))
  const weights = xpBands.map(band => grid.map(nm => bandWeight(band, nm)))

  return {
    wavelengthsNm: grid,
    calibrate(source, { truncated = false } = {}) {
      const parts = xpBands.map((band, b) => {
        const found = source[band]
        return found === null
          ? null
          : sampleBand(found, matrices[b], count, truncated ? found.relevantBases : undefined)
      })
      const [bp, rp] = parts
      if (bp !== null && rp !== null) {
        const merge = (k: number, share: (part: SampledFlux) => number, power: number) =>
          weights[0][k] ** power * share(bp) + weights[1][k] ** power * share(rp)
        const flux = grid.map((_, k) => merge(k, part => part.flux[k], 1))
        const error = grid.map((_, k) => Math.sqrt(merge(k, part => part.error[k] ** 2, 2)))
        return { wavelengthsNm: grid, flux, error }
      }
      const only = bp ?? rp
      if (only === null) return undefined
      const isCovered = (nm: number) => (only === bp ? nm < bandRangeNm.bp[1] : nm > bandRangeNm.rp[0])
      const keep = (values: Float64Array) => values.filter((_, k) => isCovered(grid[k]))
      return { wavelengthsNm: keep(grid), flux: keep(only.flux), error: keep(only.error) }
    },
  }
}

/**
 * Mean spectrum of one band on the detector, in electrons/s per unit of pseudo-wavelength.
 * @param pseudoWavelengths 0 to 60 in the window
 * @throws RangeError as `calibrate` does
 */
export function sampleInternally(
  band: XpBand,
  source: XpBandCoefficients,
  pseudoWavelengths: ArrayLike<number>,
  options: { readonly truncated?: boolean } = {},
): SampledFlux {
  const matrix = detectorMatrix(band, pseudoWavelengths)
  return sampleBand(source, matrix, pseudoWavelengths.length, options.truncated ? source.relevantBases : undefined)
}

/** [55][places] the bases on the detector. */
export function detectorMatrix(band: XpBand, pseudoWavelengths: ArrayLike<number>): Float64Array {
  const { transform, argument } = xpInstrument(band)
  const count = pseudoWavelengths.length
  const matrix = new Float64Array(BASIS_COUNT * count)
  const hermite = new Float64Array(BASIS_COUNT)
  for (let k = 0; k < count; k++) {
    hermiteInto(argument(pseudoWavelengths[k]), hermite)
    basesInto(transform, hermite, matrix, k, count)
  }
  return matrix
}

/** Vega magnitude of a mean flux of 1 W/m2/nm in G, BP and RP. */
const zeroPointsMag = [-26.4899, -25.9655, -27.2164]

export interface GaiaMagnitudes {
  readonly gMag: number
  readonly bpMag: number
  readonly rpMag: number
}

/**
 * Gaia G, BP and RP (Vega) of the spectrum, as GaiaXPy generates them.
 * @returns undefined unless both bands were published, and where a flux is not positive
 * @throws RangeError when a band has not 55 coefficients
 */
export function xpMagnitudes(source: XpCoefficients): GaiaMagnitudes | undefined {
  if (source.bp === null || source.rp === null) return undefined
  return magnitudesOf(source.bp.coefficients, source.rp.coefficients)
}

/** The same from bare coefficients, [55] each. @throws RangeError on another number of them */
export function magnitudesOf(bp: ArrayLike<number>, rp: ArrayLike<number>): GaiaMagnitudes | undefined {
  if (bp.length !== BASIS_COUNT || rp.length !== BASIS_COUNT)
    throw new RangeError(`xpCalibration: ${bp.length} and ${rp.length} coefficients instead of ${BASIS_COUNT} twice`)
  const { values, width } = loadGrid('xpPhotometry')
  const magnitudes = zeroPointsMag.map((zeroMag, k) => {
    let flux = 0
    for (let i = 0; i < BASIS_COUNT; i++)
      flux += bp[i] * values[i * width + k] + rp[i] * values[(BASIS_COUNT + i) * width + k]
    return zeroMag - 2.5 * Math.log10(flux)
  })
  return magnitudes.every(Number.isFinite)
    ? { gMag: magnitudes[0], bpMag: magnitudes[1], rpMag: magnitudes[2] }
    : undefined
}

function archiveWavelengths(): Float64Array {
  return Float64Array.from({ length: 343 }, (_, k) => 336 + 2 * k)
}

function archiveMatrix(band: XpBand): Float32Array {
  const table = loadGrid('xpSampling')
  const size = BASIS_COUNT * table.width
  const from = xpBands.indexOf(band) * size
  return table.values.subarray(from, from + size)
}

/** [55][wavelengths] W/m2/nm of each basis; zero where the band has no weight or no response. */
function designMatrix(band: XpBand, wavelengthsNm: Float64Array): Float64Array {
  const { inverse, argument, pseudoOf, electronsPerFlux } = xpInstrument(band)
  const count = wavelengthsNm.length
  const matrix = new Float64Array(BASIS_COUNT * count)
  const hermite = new Float64Array(BASIS_COUNT)
  for (let k = 0; k < count; k++) {
    const nm = wavelengthsNm[k]
    const electrons = electronsPerFlux(nm)
    if (bandWeight(band, nm) === 0 || electrons === 0) continue
    hermiteInto(argument(pseudoOf(nm)), hermite)
    basesInto(inverse, hermite, matrix, k, count)
    for (let i = 0; i < BASIS_COUNT; i++) matrix[i * count + k] /= electrons
  }
  return matrix
}

/** Share of a band in the merged spectrum. */
export function bandWeight(band: XpBand, wavelengthNm: number): number {
  const from = bandRangeNm.rp[0]
  const to = bandRangeNm.bp[1]
  const rp = Math.min(Math.max((wavelengthNm - from) / (to - from), 0), 1)
  return band === 'rp' ? rp : 1 - rp
}

function sampleBand(
  source: XpBandCoefficients,
  matrix: ArrayLike<number>,
  count: number,
  relevantBases: number | undefined,
): SampledFlux {
  const { coefficients, errors, correlations } = source
  const below = (BASIS_COUNT * (BASIS_COUNT - 1)) / 2
  if (coefficients.length !== BASIS_COUNT || errors.length !== BASIS_COUNT || correlations.length !== below)
    throw new RangeError(
      `xpCalibration: ${coefficients.length} coefficients, ${errors.length} errors and ${correlations.length} correlations ` +
        `instead of ${BASIS_COUNT}, ${BASIS_COUNT} and ${below}`,
    )
  const used = relevantBases !== undefined && relevantBases > 0 ? Math.min(relevantBases, BASIS_COUNT) : BASIS_COUNT
  const flux = new Float64Array(count)
  const error = new Float64Array(count)
  const spread = new Float64Array(used)
  for (let k = 0; k < count; k++) {
    let sum = 0
    for (let i = 0; i < used; i++) {
      const value = matrix[i * count + k]
      sum += coefficients[i] * value
      spread[i] = errors[i] * value
    }
    flux[k] = sum
    let variance = 0
    for (let i = 0, c = 0; i < used; i++) {
      let row = 0
      for (let j = 0; j < i; j++) row += correlations[c++] * spread[j]
      variance += spread[i] * (spread[i] + 2 * row)
    }
    error[k] = Math.sqrt(Math.max(variance, 0))
  }
  return { flux, error }
}

function assertSampling(wavelengthsNm: Float64Array): void {
  const [low, high] = samplingRangeNm
  const last = wavelengthsNm.length - 1
  for (let k = 1; k <= last; k++)
    if (!(wavelengthsNm[k] > wavelengthsNm[k - 1]))
      throw new RangeError(`xpCalibration: wavelength ${k} (${wavelengthsNm[k]} nm) does not follow the one before it`)
  if (!(wavelengthsNm[0] >= low && wavelengthsNm[last] <= high))
    throw new RangeError(
      `xpCalibration: wavelengths from ${wavelengthsNm[0]} to ${wavelengthsNm[last]} nm leave ${low} to ${high} nm`,
    )
}
