// The 55 + 55 bases of Gaia's BP and RP mean spectra: on the detector, and before the line spread function (De Angeli+ 2023, Montegriffo+ 2023).
import { loadGrid } from '../../grids/gridFile.ts'

export const xpBands = ['bp', 'rp'] as const
export type XpBand = (typeof xpBands)[number]

/** Coefficients of one band. */
export const BASIS_COUNT = 55
/** Pupil of a Gaia telescope. */
const PUPIL_AREA_M2 = 0.7278
/** Planck's constant times the speed of light, in J nm, as in the Gaia Parameter Database. */
const HC_J_NM = 6.62607004e-34 * 2.99792458e8 * 1e9
/** Pseudo-wavelengths from 0 to 59 are stretched to these arguments of the Hermite functions. */
const PSEUDO_RANGE = 59
const hermiteRange = { bp: [-9.8, 9.467], rp: [-9.933, 9.6] } as const
/** Wavelengths each band covers in a calibrated spectrum, and where both meet. */
export const bandRangeNm = { bp: [330, 643], rp: [635, 1020] } as const

/** Shares of a row of `xpInstrument`. */
const PSEUDO = 0
const RESPONSE = 2

export interface XpInstrument {
  readonly band: XpBand
  /** [55][55] Hermite functions -> bases on the detector; orthogonal. */
  readonly transform: Float64Array
  /** [55][55] Hermite functions -> bases before the line spread function. */
  readonly inverse: Float64Array
  /** Argument of the Hermite functions at a pseudo-wavelength. */
  argument(pseudo: number): number
  /** Pseudo-wavelength, 0 to 60 on the detector. @throws RangeError outside 310 to 1100 nm */
  pseudoOf(wavelengthNm: number): number
  /** Electrons per photon, 0 to 1; 0 where the band is blind. @throws RangeError outside 310 to 1100 nm */
  response(wavelengthNm: number): number
  /** Electrons/s in a nanometre for one W/m2/nm. @throws RangeError outside 310 to 1100 nm */
  electronsPerFlux(wavelengthNm: number): number
}

/** Wavelengths that the tables of the instrument cover. */
export const instrumentRangeNm = [310, 1100] as const

/**
 * The first 55 Hermite functions, orthonormal on the line.
 * @param out [55]
 */
export function hermiteInto(x: number, out: Float64Array): void {
  out[0] = Math.PI ** -0.25 * Math.exp(-x * x * 0.5)
  out[1] = Math.SQRT2 * x * out[0]
  for (let n = 2; n < BASIS_COUNT; n++) out[n] = Math.sqrt(2 / n) * x * out[n - 1] - Math.sqrt((n - 1) / n) * out[n - 2]
}

const instruments = new Map<XpBand, XpInstrument>()

/** The instrument of DR3: BP model v375wi, RP model v142r. */
export function xpInstrument(band: XpBand): XpInstrument {
  const known = instruments.get(band)
  if (known !== undefined) return known
  const created = createInstrument(band)
  instruments.set(band, created)
  return created
}

function createInstrument(band: XpBand): XpInstrument {
  const bandIndex = xpBands.indexOf(band)
  const bases = loadGrid('xpBases')
  const size = BASIS_COUNT * BASIS_COUNT
  const matrix = (which: number) =>
    Float64Array.from(bases.values.subarray((bandIndex * 2 + which) * size).subarray(0, size))
  const transform = matrix(0)
  const inverse = product(transform, matrix(1))

  const curves = loadGrid('xpInstrument')
  const wavelengths = curves.axes[1]
  const rows = curves.values.subarray(bandIndex * wavelengths.length * curves.width)
  const stepNm = wavelengths[1] - wavelengths[0]
  const [lowest, highest] = instrumentRangeNm

  /** A cubic between nodes from values and slopes: the very splines the nodes were taken from. */
  function curveAt(quantity: number, wavelengthNm: number): number {
    if (!(wavelengthNm >= lowest && wavelengthNm <= highest))
      throw new RangeError(`xpInstrument: ${wavelengthNm} nm lies outside ${lowest} to ${highest} nm`)
    const place = (wavelengthNm - lowest) / stepNm
    const node = Math.min(Math.floor(place), wavelengths.length - 2)
    const t = place - node
    const from = node * curves.width + quantity
    const to = from + curves.width
    const s = 1 - t
    return (
      s * s * ((1 + 2 * t) * rows[from] + t * stepNm * rows[from + 1]) +
      t * t * ((1 + 2 * s) * rows[to] - s * stepNm * rows[to + 1])
    )
  }

  const [low, high] = hermiteRange[band]
  const response = (wavelengthNm: number) => Math.max(curveAt(RESPONSE, wavelengthNm), 0)
  return {
    band,
    transform,
    inverse,
    argument: pseudo => low + (pseudo * (high - low)) / PSEUDO_RANGE,
    pseudoOf: wavelengthNm => curveAt(PSEUDO, wavelengthNm),
    response,
    electronsPerFlux: wavelengthNm => (PUPIL_AREA_M2 * response(wavelengthNm) * wavelengthNm) / HC_J_NM,
  }
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(BASIS_COUNT * BASIS_COUNT)
  for (let i = 0; i < BASIS_COUNT; i++)
    for (let k = 0; k < BASIS_COUNT; k++) {
      const factor = a[i * BASIS_COUNT + k]
      for (let j = 0; j < BASIS_COUNT; j++) out[i * BASIS_COUNT + j] += factor * b[k * BASIS_COUNT + j]
    }
  return out
}

/**
 * All bases at one place.
 * @param matrix [55][55] `transform` or `inverse` of an instrument
 * @param hermite [55] from `hermiteInto`
 * @param out receives [55] numbers from `offset` on, `stride` apart
 */
export function basesInto(
  matrix: Float64Array,
  hermite: Float64Array,
  out: Float64Array,
  offset: number,
  stride: number,
): void {
  for (let i = 0; i < BASIS_COUNT; i++) {
    let sum = 0
    for (let k = 0; k < BASIS_COUNT; k++) sum += matrix[i * BASIS_COUNT + k] * hermite[k]
    out[offset + i * stride] = sum
  }
}
