// The spectrum of a young star in its dust, fast: what is left of the star, what dust turns to the observer, and what warm dust sends.
import { CM_PER_AU, CM_PER_RSUN, RAD_PER_DEG, STEFAN_BOLTZMANN } from '../../../schemas/index.ts'
import { createDustGrid, heatDirectly, layDust } from './dustGrid.ts'
import { binWidthsUm, dust, planck, WAVELENGTHS } from './dustOpacity.ts'
import { createDustTemperatures, createTemperatureSolver, scaleDiffuse } from './dustTemperature.ts'
import { sedWavelengthsUm, type Yso } from './modelSets.ts'
import { createRayPath } from './rayPath.ts'
import {
  addLight,
  addTurned,
  createRaySums,
  createRayTracer,
  RINGS,
  SUM_AZIMUTHS,
  totalLight,
  traceAgain,
  VIEW_AZIMUTHS,
} from './raySums.ts'
import { divideLight } from './starlight.ts'
import { columnFromStar, placeDust, type YsoDust } from './ysoDensity.ts'

/** All on the 200 wavelengths of `sedWavelengthsUm`, apertures one after the other. */
export interface YsoSed {
  readonly aperturesAu: readonly number[]
  /** [200] Optical depth to the star, scattering included. */
  readonly starDepth: Float64Array
  /** [apertures, 200] Scattered starlight over that of the bare star. */
  readonly scattered: Float64Array
  /** [apertures, 200] Of the dust, as if it shone alike in all directions, erg/s/um; less what dust as cold as without the star sends. */
  readonly thermal: Float64Array
}

/** The budget of one object, all in shares of the star's luminosity. */
export interface YsoBudget {
  readonly absorbed: number
  /** By what the dust's light was multiplied so that over all directions it is what was absorbed. */
  readonly balance: number
}

export interface YsoSeds {
  /**
   * Lays out the dust of an object and warms it; the views that follow are of it.
   *
   * @param starLight [200] spectrum of the star on `sedWavelengthsUm`, per micron in any unit; a black body where it is not given
   * @throws RangeError on a star without radius or temperature, or a spectrum that is not one
   */
  place(yso: Omit<Yso, 'inclinationDeg'>, starLight?: Float64Array): YsoBudget
  /**
   * The object that was placed, from one side.
   *
   * @param sed from `createYsoSed`, filled
   * @throws RangeError when nothing was placed or the inclination is not within 0 and 90 degrees
   */
  see(inclinationDeg: number, sed: YsoSed): void
}

/**
 * Room for one view.
 * @param aperturesAu radii, rising, at most 64
 * @throws RangeError when they are not so
 */
export function createYsoSed(aperturesAu: readonly number[]): YsoSed {
  if (
    aperturesAu.length === 0 ||
    aperturesAu.length > 64 ||
    aperturesAu.some((a, i) => !(a > (aperturesAu[i - 1] ?? 0)))
  )
    throw new RangeError('createYsoSed: apertures are 1 to 64 radii above 0, rising')
  return {
    aperturesAu: [...aperturesAu],
    starDepth: new Float64Array(WAVELENGTHS),
    scattered: new Float64Array(aperturesAu.length * WAVELENGTHS),
    thermal: new Float64Array(aperturesAu.length * WAVELENGTHS),
  }
}

/** Gauss's two directions between the plane and the axis. */
const DIRECTIONS = [
  { cosine: 0.2113248654051871, weight: 0.5 },
  { cosine: 0.7886751345948129, weight: 0.5 },
] as const
/** How much more than one turn may send: beyond, it is the directions that were not looked at which send it. */
const MOST_TURNS = 10
const ANY_DIRECTION = [{ cosine: 0, weight: 1 }] as const
/** Light among dust is scaled until all that is sent is nearly what is absorbed; what is left is one factor for all. */
const RELAXATIONS = 2
const NEAR_BALANCE = 0.2
const EVERYWHERE = [Number.POSITIVE_INFINITY]

/** Renderer with room of its own; one object at a time. */
export function createYsoSeds(): YsoSeds {
  const grid = createDustGrid()
  const temperatures = createDustTemperatures()
  const solver = createTemperatureSolver()
  const trace = createRayTracer()
  const all = createRaySums(1)
  const paths = DIRECTIONS.map(() => createRayPath(RINGS * SUM_AZIMUTHS))
  const shares = new Float64Array(WAVELENGTHS)
  const turned = new Float64Array(WAVELENGTHS)
  const taken = new Float64Array(WAVELENGTHS)
  const loose = new Float64Array(WAVELENGTHS)
  const rooms = new Map<number, ReturnType<typeof createRaySums>>()
  let place: YsoDust | null = null
  let hasDust = false
  let balance = 1

  /** What leaves turned over what is turned once. */
  function balanceTurned(): void {
    for (let i = 0; i < WAVELENGTHS; i++) turned[i] = turned[i] > 0 ? Math.min(MOST_TURNS, loose[i] / turned[i]) : 0
  }

  /** What was absorbed over what is sent in all directions; notes what is turned. */
  function weigh(luminosityErgPerS: number, isSpherical: boolean): number {
    let sent = 0
    turned.fill(0)
    const directions = isSpherical ? ANY_DIRECTION : DIRECTIONS
    for (let d = 0; d < directions.length; d++) {
      const { cosine, weight } = directions[d]
      trace(grid, temperatures, cosine, EVERYWHERE, all, SUM_AZIMUTHS, paths[d])
      sent += weight * totalLight(all, temperatures.floorRow)
      addTurned(all, 0, weight, turned, 0)
    }
    return balanceOf(sent, luminosityErgPerS)
  }

  /** The same for dust that has changed its temperature alone. */
  function weighAgain(luminosityErgPerS: number, isSpherical: boolean): number {
    let sent = 0
    const directions = isSpherical ? ANY_DIRECTION : DIRECTIONS
    for (let d = 0; d < directions.length; d++) {
      traceAgain(grid, temperatures, paths[d], all)
      sent += directions[d].weight * totalLight(all, temperatures.floorRow)
    }
    return balanceOf(sent, luminosityErgPerS)
  }

  function balanceOf(sent: number, luminosityErgPerS: number): number {
    return sent > 0 ? (grid.absorbed * luminosityErgPerS) / sent : 1
  }

  return {
    place(yso, starLight) {
      if (!(yso.starRadiusRsun > 0 && yso.starTeffK > 0 && Number.isFinite(yso.starRadiusRsun * yso.starTeffK)))
        throw new RangeError('YsoSeds: a star has a radius and a temperature above 0')
      let sum = 0
      for (let i = 0; i < WAVELENGTHS; i++) {
        const light = starLight === undefined ? planck(sedWavelengthsUm[i], yso.starTeffK) : starLight[i]
        if (!(light >= 0)) throw new RangeError('YsoSeds: the spectrum of the star has 200 values, none negative')
        shares[i] = light * binWidthsUm[i]
        sum += shares[i]
      }
      if (!(sum > 0 && Number.isFinite(sum))) throw new RangeError('YsoSeds: the star sends no light')
      for (let i = 0; i < WAVELENGTHS; i++) shares[i] /= sum
      const luminosity = starLuminosity(yso)
      place = placeDust(yso, shares)
      hasDust = yso.disk !== null || yso.envelope !== null || yso.hasAmbient
      balance = 1
      if (!hasDust) return { absorbed: 0, balance }
      layDust(grid, place)
      divideLight(grid, shares, taken, loose)
      heatDirectly(grid, taken)
      solver.solve(grid, luminosity, place.floorK, temperatures)
      balance = weigh(luminosity, place.isSpherical)
      for (let round = 0; round < RELAXATIONS && Math.abs(Math.log(balance)) > NEAR_BALANCE; round++) {
        scaleDiffuse(grid, temperatures, balance)
        balance = weighAgain(luminosity, place.isSpherical)
      }
      balanceTurned()
      return { absorbed: grid.absorbed, balance }
    },

    see(inclinationDeg, sed) {
      if (place === null) throw new RangeError('YsoSeds: place an object first')
      if (!(inclinationDeg >= 0 && inclinationDeg <= 90))
        throw new RangeError(`YsoSeds: an inclination lies within 0 and 90 degrees, not at ${inclinationDeg}`)
      const { starDepth, scattered, thermal, aperturesAu } = sed
      starDepth.fill(0)
      scattered.fill(0)
      thermal.fill(0)
      if (!hasDust) return
      const cosine = Math.cos(inclinationDeg * RAD_PER_DEG)
      const column = columnFromStar(place, cosine, grid.diskScale)
      for (let i = 0; i < WAVELENGTHS; i++) starDepth[i] = dust.extinction[i] * column
      const count = aperturesAu.length
      let sums = rooms.get(count)
      if (sums === undefined) {
        if (rooms.size >= 4) rooms.clear()
        sums = createRaySums(count)
        rooms.set(count, sums)
      }
      const limits = aperturesAu.map(au => au * CM_PER_AU)
      trace(grid, temperatures, cosine, limits, sums, VIEW_AZIMUTHS, null)
      for (let a = 0; a < count; a++) {
        const at = a * WAVELENGTHS
        if (a > 0) {
          scattered.copyWithin(at, at - WAVELENGTHS, at)
          thermal.copyWithin(at, at - WAVELENGTHS, at)
        }
        addLight(sums, a, temperatures.floorRow, balance, thermal, at)
        ring.fill(0)
        addTurned(sums, a, 1, ring, 0)
        for (let i = 0; i < WAVELENGTHS; i++) scattered[at + i] += ring[i] * turned[i]
      }
    },
  }
}

const ring = new Float64Array(WAVELENGTHS)

/** erg/s. */
export function starLuminosity({ starRadiusRsun, starTeffK }: Pick<Yso, 'starRadiusRsun' | 'starTeffK'>): number {
  return 4 * Math.PI * (starRadiusRsun * CM_PER_RSUN) ** 2 * STEFAN_BOLTZMANN * starTeffK ** 4
}
