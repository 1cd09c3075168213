// The dust of one object on a grid of radius and latitude: densities, columns from the star, and what each cell takes of its light.
import { dust, fade, WAVELENGTHS } from './dustOpacity.ts'
import type { YsoDust } from './ysoDensity.ts'

export const RADII = 32
const LOW_LATITUDES = 8
const HIGH_LATITUDES = 7
const PLAIN_LATITUDES = 11
export const MAX_LATITUDES = LOW_LATITUDES + HIGH_LATITUDES
/** Where latitudes pass from finer and finer ones to equal ones, rad. */
const LOW_EDGE = 0.3
/** Thickness of the innermost cells over the inner radius. */
const FIRST_LAYER = 2e-3

/** Cell [i, k] lies between radii i and i + 1 and latitudes k and k + 1, on both sides of the plane; index i * MAX_LATITUDES + k. */
export interface DustGrid {
  latitudes: number
  /** [RADII + 1], cm. */
  readonly radiusCm: Float64Array
  /** [latitudes + 1], rad, from 0 in the plane to pi / 2; and their sines. */
  readonly latitude: Float64Array
  readonly sine: Float64Array
  /** g/cm3. */
  readonly density: Float64Array
  /** [RADII + 1, latitudes] from the star to the inner edge of a cell, g/cm2. */
  readonly column: Float64Array
  /** Share of the star's luminosity that a cell takes directly. */
  readonly heating: Float64Array
  /** By how much the disk on the grid was multiplied to have its mass. */
  diskScale: number
  /** Sum of `heating`. */
  absorbed: number
}

export const CELLS = (RADII + 1) * MAX_LATITUDES

/** Room for one object after the other. */
export function createDustGrid(): DustGrid {
  return {
    latitudes: 1,
    radiusCm: new Float64Array(RADII + 1),
    latitude: new Float64Array(MAX_LATITUDES + 1),
    sine: new Float64Array(MAX_LATITUDES + 1),
    density: new Float64Array(CELLS),
    column: new Float64Array(CELLS),
    heating: new Float64Array(CELLS),
    diskScale: 1,
    absorbed: 0,
  }
}

function layLatitudes(grid: DustGrid, place: YsoDust): void {
  const { latitude, sine } = grid
  latitude[0] = 0
  if (place.isSpherical) grid.latitudes = 1
  else if (place.thinnest === null) {
    grid.latitudes = PLAIN_LATITUDES
    for (let k = 1; k <= PLAIN_LATITUDES; k++) latitude[k] = (Math.PI / 2) * (k / PLAIN_LATITUDES)
  } else {
    grid.latitudes = MAX_LATITUDES
    const first = Math.min(0.7 * place.thinnest, LOW_EDGE / 4)
    for (let k = 1; k <= LOW_LATITUDES; k++) latitude[k] = first * (LOW_EDGE / first) ** ((k - 1) / (LOW_LATITUDES - 1))
    for (let k = 1; k <= HIGH_LATITUDES; k++)
      latitude[LOW_LATITUDES + k] = LOW_EDGE + (Math.PI / 2 - LOW_EDGE) * (k / HIGH_LATITUDES)
  }
  latitude[grid.latitudes] = Math.PI / 2
  for (let k = 0; k <= grid.latitudes; k++) sine[k] = Math.sin(latitude[k])
  sine[grid.latitudes] = 1
}

/** Gauss's two points. */
const NEAR = 0.2113248654051871
const FAR = 1 - NEAR

/** Fills edges, densities and columns. */
export function layDust(grid: DustGrid, place: YsoDust): void {
  layLatitudes(grid, place)
  const { radiusCm, sine, density, column, latitudes } = grid
  const span = Math.log((place.outerCm / place.innerCm - 1) / FIRST_LAYER)
  radiusCm[0] = place.innerCm
  for (let i = 1; i <= RADII; i++)
    radiusCm[i] = place.innerCm * (1 + FIRST_LAYER * Math.exp((span * (i - 1)) / (RADII - 1)))
  const hasDisk = place.diskMassG > 0
  let diskMass = 0
  for (let i = 0; i < RADII; i++) {
    const width = radiusCm[i + 1] - radiusCm[i]
    const r1 = radiusCm[i] + NEAR * width
    const r2 = radiusCm[i] + FAR * width
    const shell = (4 / 3) * Math.PI * (radiusCm[i + 1] ** 3 - radiusCm[i] ** 3)
    const cell = i * MAX_LATITUDES
    density.fill(0, cell, cell + latitudes)
    if (hasDisk) scratch.fill(0, cell, cell + latitudes)
    // All of one radius, then all of the next: what depends on the radius alone is reckoned once.
    for (const r of [r1, r2])
      for (let k = 0; k < latitudes; k++) {
        const m1 = sine[k] + NEAR * (sine[k + 1] - sine[k])
        const m2 = sine[k] + FAR * (sine[k + 1] - sine[k])
        density[cell + k] += place.isSpherical ? place.surroundings(r, 0) : place.surroundings(r, m1)
        if (!place.isSpherical) density[cell + k] += place.surroundings(r, m2)
        if (hasDisk) scratch[cell + k] = scratch[cell + k] + place.disk(r, m1) + place.disk(r, m2)
      }
    for (let k = 0; k < latitudes; k++) {
      density[cell + k] *= place.isSpherical ? 0.5 : 0.25
      if (!hasDisk) continue
      scratch[cell + k] *= 0.25
      diskMass += scratch[cell + k] * shell * (sine[k + 1] - sine[k])
    }
  }
  grid.diskScale = diskMass > 0 ? place.diskMassG / diskMass : 0
  column.fill(0)
  for (let i = 0; i < RADII; i++) {
    const width = radiusCm[i + 1] - radiusCm[i]
    for (let k = 0; k < latitudes; k++) {
      const cell = i * MAX_LATITUDES + k
      if (hasDisk) density[cell] += grid.diskScale * scratch[cell]
      column[cell + MAX_LATITUDES] = column[cell] + density[cell] * width
    }
  }
}

const scratch = new Float64Array(CELLS)

const COLUMNS = 64
const LOG_FIRST = Math.log(1e-11)
const LOG_STEP = Math.log(1e16) / (COLUMNS - 1)
const logAbsorbed = new Float64Array(COLUMNS)

/** Tabulates which share of the star's light a column takes. */
function tabulateAbsorption(shares: Float64Array): void {
  for (let j = 0; j < COLUMNS; j++) {
    const column = Math.exp(LOG_FIRST + LOG_STEP * j)
    let sum = 0
    for (let i = 0; i < WAVELENGTHS; i++) {
      const depth = dust.effective[i] * column
      sum += shares[i] * (depth < 1e-4 ? depth : 1 - fade(depth))
    }
    logAbsorbed[j] = Math.log(sum)
  }
}

/** Share of the star's light that a column takes, by interpolation of the logarithms. */
function absorbedBy(column: number): number {
  const at = (Math.log(column) - LOG_FIRST) / LOG_STEP
  if (!(at > 0)) return column > 0 ? Math.exp(logAbsorbed[0] + Math.log(column) - LOG_FIRST) : 0
  if (at >= COLUMNS - 1) return Math.exp(logAbsorbed[COLUMNS - 1])
  const low = Math.floor(at)
  return Math.exp(logAbsorbed[low] + (at - low) * (logAbsorbed[low + 1] - logAbsorbed[low]))
}

/**
 * Fills what each cell takes of the star's light: exact along each radius, since all dust is of one kind.
 * @param shares [200] share of the star's luminosity in each bin of wavelength
 */
export function heatDirectly(grid: DustGrid, shares: Float64Array): void {
  tabulateAbsorption(shares)
  const { latitudes, sine, column, heating } = grid
  grid.absorbed = 0
  for (let k = 0; k < latitudes; k++) {
    const share = sine[k + 1] - sine[k]
    let before = 0
    for (let i = 0; i < RADII; i++) {
      const cell = i * MAX_LATITUDES + k
      const after = absorbedBy(column[cell + MAX_LATITUDES])
      heating[cell] = share * Math.max(0, after - before)
      before = after
    }
    grid.absorbed += share * before
  }
}
