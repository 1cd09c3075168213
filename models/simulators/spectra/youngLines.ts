// What is young about a spectrum: lithium, emission lines, and the veil of accretion. All on the fine grid.
import { normalCdf } from '../../math/special.ts'
import { airToVacuum } from './airWavelengths.ts'
import { FINE_COUNT, FINE_KM_PER_S, FINE_LN_STEP, fineAngstrom, finePlace } from './fineGrid.ts'
import { expOfNodesInto, NODE_STEP, nodeCount } from './smoothFactor.ts'

/** Wavelengths in air, Angstrom (NIST). */
const airLines = {
  hAlpha: 6562.8,
  hBeta: 4861.33,
  hGamma: 4340.47,
  hDelta: 4101.74,
  caK: 3933.66,
  caH: 3968.47,
  ca8498: 8498.02,
  ca8542: 8542.09,
  ca8662: 8662.14,
  he5876: 5875.62,
  he6678: 6678.15,
  oi6300: 6300.3,
  sii6716: 6716.44,
  sii6731: 6730.82,
} as const
export type EmissionName = keyof typeof airLines
export const emissionNames = Object.keys(airLines) as readonly EmissionName[]

export interface EmissionLine {
  readonly line: EmissionName
  /** Against the level around it, positive in emission. */
  readonly ewAngstrom: number
  /** Full width at half maximum of a Gaussian. */
  readonly fwhmKmPerS: number
}

/** Middle of the doublet, two parts of 6707.76 and one of 6707.91. */
const LITHIUM_AIR_ANGSTROM = 6707.81
/** Thermal and turbulent motion and the doublet; wider where the line would else go below a fifth of the continuum. */
const LITHIUM_SIGMA_ANGSTROM = 0.35
const LITHIUM_DARKNESS = 0.8
/** The level around a line is the mean over these distances on both sides, Angstrom. */
const AROUND_ANGSTROM = [15, 35] as const
const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2)
const VEIL_ANGSTROM = 6500
const VEIL_HALF_ANGSTROM = 50
/** h c / k, Angstrom K. */
const RADIATION_ANGSTROM_K = 1.438777e8

/** Calls with each bin near a wavelength and its share of a Gaussian of sigma `bins`; shares sum to 1 within 1e-6. */
function overGaussian(vacuumAngstrom: number, bins: number, add: (bin: number, share: number) => void): void {
  const place = finePlace(vacuumAngstrom)
  const reach = 5 * bins
  const first = Math.max(0, Math.floor(place - reach))
  const last = Math.min(FINE_COUNT - 1, Math.floor(place + reach))
  let below = normalCdf((first - place) / bins)
  for (let i = first; i <= last; i++) {
    const above = normalCdf((i + 1 - place) / bins)
    add(i, above - below)
    below = above
  }
}

/**
 * Takes Li I 6708 out of a photosphere.
 * @param flux [9490] F_lambda on the fine grid
 * @param ewAngstrom 0 to 2, against the same star without lithium
 */
export function absorbLithium(flux: Float32Array, ewAngstrom: number): void {
  if (ewAngstrom === 0) return
  const vacuum = airToVacuum(LITHIUM_AIR_ANGSTROM)
  const sigma = Math.max(LITHIUM_SIGMA_ANGSTROM, ewAngstrom / (LITHIUM_DARKNESS * Math.sqrt(2 * Math.PI)))
  overGaussian(vacuum, sigma / vacuum / FINE_LN_STEP, (bin, share) => {
    flux[bin] *= Math.max(0, 1 - (ewAngstrom * share) / (fineAngstrom[bin] * FINE_LN_STEP))
  })
}

/** Mean flux around a wavelength on both sides of the line. */
function levelAround(flux: Float32Array, vacuumAngstrom: number): number {
  const [near, far] = AROUND_ANGSTROM
  const blue = meanFlux(flux, vacuumAngstrom - far, vacuumAngstrom - near)
  const red = meanFlux(flux, vacuumAngstrom + near, vacuumAngstrom + far)
  return (blue + red) / 2
}

function meanFlux(flux: Float32Array, fromAngstrom: number, toAngstrom: number): number {
  const [from, to] = [Math.round(finePlace(fromAngstrom)), Math.round(finePlace(toAngstrom))]
  let sum = 0
  for (let i = from; i < to; i++) sum += flux[i]
  return sum / (to - from)
}

/**
 * Adds lines, each against the flux around it before any was added.
 * @param flux [9490] F_lambda on the fine grid
 * @throws RangeError on a width that is not above zero
 */
export function addEmission(flux: Float32Array, lines: readonly EmissionLine[]): void {
  const levels = lines.map(({ line }) => levelAround(flux, airToVacuum(airLines[line])))
  for (const [k, { line, ewAngstrom, fwhmKmPerS }] of lines.entries()) {
    if (!(fwhmKmPerS > 0)) throw new RangeError(`the line ${line} cannot be ${fwhmKmPerS} km/s wide`)
    overGaussian(airToVacuum(airLines[line]), fwhmKmPerS / FWHM_PER_SIGMA / FINE_KM_PER_S, (bin, share) => {
      flux[bin] += (levels[k] * ewAngstrom * share) / (fineAngstrom[bin] * FINE_LN_STEP)
    })
  }
}

/**
 * Adds the light of a hot spot without lines: a black body, so many times as bright as the photosphere from 6450 to 6550 Angstrom.
 * @param flux [9490] F_lambda on the fine grid
 */
export function addVeil(flux: Float32Array, ratio: number, temperatureK: number): void {
  if (ratio === 0) return
  const level = ratio * meanFlux(flux, VEIL_ANGSTROM - VEIL_HALF_ANGSTROM, VEIL_ANGSTROM + VEIL_HALF_ANGSTROM)
  const lnShape = (angstrom: number) =>
    -5 * Math.log(angstrom) - Math.log(Math.expm1(RADIATION_ANGSTROM_K / (angstrom * temperatureK)))
  const lnLevel = Math.log(level) - lnShape(VEIL_ANGSTROM)
  for (let k = 0; k < lnVeil.length; k++) lnVeil[k] = lnLevel + lnShape(nodeAngstrom[k])
  expOfNodesInto(lnVeil, veil)
  for (let i = 0; i < FINE_COUNT; i++) flux[i] += veil[i]
}

const lnVeil = new Float64Array(nodeCount(FINE_COUNT))
const veil = new Float64Array(FINE_COUNT)
const nodeAngstrom = lnVeil.map((_, k) => fineAngstrom[0] * (fineAngstrom[1] / fineAngstrom[0]) ** (k * NODE_STEP))
