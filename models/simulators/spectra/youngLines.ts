// What is young about a spectrum: lithium, emission lines, and the veil of accretion. All on a fine grid.
import { normalCdf } from '../../math/special.ts'
import { airToVacuum } from './airWavelengths.ts'
import type { FineGrid } from './fineGrid.ts'
import { hydrogenLines } from './hydrogenLines.ts'
import { expOfNodesInto, nodeCount } from './smoothFactor.ts'

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
/** Brackett lines by their upper levels. */
const brackettLines = { br11: 11, br12: 12, br13: 13, br14: 14 } as const
export type EmissionName = keyof typeof airLines | keyof typeof brackettLines
/** Vacuum. */
const lineAngstrom = Object.fromEntries([
  ...Object.entries(airLines).map(([name, air]) => [name, airToVacuum(air)]),
  ...Object.entries(brackettLines).map(([name, level]) => [name, brackettAngstrom(level)]),
]) as Readonly<Record<EmissionName, number>>
export const emissionNames = Object.keys(lineAngstrom) as readonly EmissionName[]

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
/** Where the light of accretion is told against the photosphere's. */
export const VEIL_ANGSTROM = 6500
/** The same for warm dust. */
export const DUST_ANGSTROM = 16_000
const LEVEL_HALF_ANGSTROM = 50
/** h c / k, Angstrom K. */
const RADIATION_ANGSTROM_K = 1.438777e8

/** Calls with each bin near a wavelength and its share of a Gaussian of sigma `bins`; shares sum to 1 within 1e-6. */
function overGaussian(
  grid: FineGrid,
  vacuumAngstrom: number,
  bins: number,
  add: (bin: number, share: number) => void,
): void {
  const place = grid.placeOf(vacuumAngstrom)
  const reach = 5 * bins
  const first = Math.max(0, Math.floor(place - reach))
  const last = Math.min(grid.count - 1, Math.floor(place + reach))
  let below = normalCdf((first - place) / bins)
  for (let i = first; i <= last; i++) {
    const above = normalCdf((i + 1 - place) / bins)
    add(i, above - below)
    below = above
  }
}

/**
 * Takes Li I 6708 out of a photosphere.
 * @param flux [grid.count] F_lambda
 * @param ewAngstrom 0 to 2, against the same star without lithium
 */
export function absorbLithium(grid: FineGrid, flux: Float32Array, ewAngstrom: number): void {
  if (ewAngstrom === 0) return
  const vacuum = airToVacuum(LITHIUM_AIR_ANGSTROM)
  const sigma = Math.max(LITHIUM_SIGMA_ANGSTROM, ewAngstrom / (LITHIUM_DARKNESS * Math.sqrt(2 * Math.PI)))
  overGaussian(grid, vacuum, sigma / vacuum / grid.lnStep, (bin, share) => {
    flux[bin] *= Math.max(0, 1 - (ewAngstrom * share) / (grid.angstrom[bin] * grid.lnStep))
  })
}

/** Mean flux around a wavelength on both sides of the line. */
function levelAround(grid: FineGrid, flux: Float32Array, vacuumAngstrom: number): number {
  const [near, far] = AROUND_ANGSTROM
  const blue = meanFlux(grid, flux, vacuumAngstrom - far, vacuumAngstrom - near)
  const red = meanFlux(grid, flux, vacuumAngstrom + near, vacuumAngstrom + far)
  return (blue + red) / 2
}

function meanFlux(grid: FineGrid, flux: Float32Array, fromAngstrom: number, toAngstrom: number): number {
  const [from, to] = [Math.round(grid.placeOf(fromAngstrom)), Math.round(grid.placeOf(toAngstrom))]
  let sum = 0
  for (let i = from; i < to; i++) sum += flux[i]
  return sum / (to - from)
}

/**
 * Adds lines, each against the flux around it before any was added; those beyond the grid are not seen.
 * @param flux [grid.count] F_lambda
 * @throws RangeError on a width that is not above zero
 */
export function addEmission(grid: FineGrid, flux: Float32Array, lines: readonly EmissionLine[]): void {
  const seen = lines.flatMap(({ line, ewAngstrom, fwhmKmPerS }) => {
    if (!(fwhmKmPerS > 0)) throw new RangeError(`the line ${line} cannot be ${fwhmKmPerS} km/s wide`)
    const vacuum = lineAngstrom[line]
    const isInside =
      vacuum > grid.angstrom[0] + AROUND_ANGSTROM[1] && vacuum < grid.angstrom[grid.count - 1] - AROUND_ANGSTROM[1]
    return isInside ? [{ vacuum, ewAngstrom, fwhmKmPerS, level: levelAround(grid, flux, vacuum) }] : []
  })
  for (const { vacuum, ewAngstrom, fwhmKmPerS, level } of seen) {
    overGaussian(grid, vacuum, fwhmKmPerS / FWHM_PER_SIGMA / grid.kmPerS, (bin, share) => {
      flux[bin] += (level * ewAngstrom * share) / (grid.angstrom[bin] * grid.lnStep)
    })
  }
}

/** Mean flux within 50 Angstrom, which a black body's light is told against. @param flux [grid.count] F_lambda */
export function levelNear(grid: FineGrid, flux: Float32Array, vacuumAngstrom: number): number {
  return meanFlux(grid, flux, vacuumAngstrom - LEVEL_HALF_ANGSTROM, vacuumAngstrom + LEVEL_HALF_ANGSTROM)
}

/**
 * Adds the light of a hot spot or of warm dust without lines: a black body.
 * @param flux [grid.count] F_lambda
 * @param level its F_lambda at a wavelength, in the unit of the flux
 */
export function addBlackBody(
  grid: FineGrid,
  flux: Float32Array,
  temperatureK: number,
  atAngstrom: number,
  level: number,
): void {
  if (level === 0) return
  const lnRest = (angstrom: number) => Math.log(Math.expm1(RADIATION_ANGSTROM_K / (angstrom * temperatureK)))
  const lnLevel = Math.log(level) - (-5 * Math.log(atAngstrom) - lnRest(atAngstrom))
  const { angstrom, lnPower, lnLight, light } = nodesOf(grid)
  for (let k = 0; k < angstrom.length; k++) lnLight[k] = lnLevel + (lnPower[k] - lnRest(angstrom[k]))
  expOfNodesInto(lnLight, light, grid.nodeStep)
  for (let i = 0; i < grid.count; i++) flux[i] += light[i]
}

/** What black bodies of all temperatures share on a grid, and room for the light of one: each star has two. */
interface BlackBodyNodes {
  readonly angstrom: Float64Array
  /** -5 ln(wavelength). */
  readonly lnPower: Float64Array
  readonly lnLight: Float64Array
  readonly light: Float64Array
}

const nodesByGrid = new WeakMap<FineGrid, BlackBodyNodes>()

function nodesOf(grid: FineGrid): BlackBodyNodes {
  const known = nodesByGrid.get(grid)
  if (known !== undefined) return known
  const [first, second] = grid.angstrom
  const length = nodeCount(grid.count, grid.nodeStep)
  const angstrom = Float64Array.from({ length }, (_, k) => first * (second / first) ** (k * grid.nodeStep))
  const lnPower = angstrom.map(one => -5 * Math.log(one))
  const nodes = { angstrom, lnPower, lnLight: new Float64Array(length), light: new Float64Array(grid.count) }
  nodesByGrid.set(grid, nodes)
  return nodes
}

function brackettAngstrom(level: number): number {
  const line = hydrogenLines.find(({ lower, upper }) => lower === 4 && upper === level)
  return line?.vacuumAngstrom ?? Number.NaN
}
