// Places of a kind of star that the Galaxy's components do not have: a double exponential disk of its own height, seen from the Sun.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import { indexAbove, type Rng } from '../../math/rng.ts'
import { sun } from './components.ts'
import { createConeTest, directionInto, type SkyCone, type SkyTile, tilesOf } from './skyTiles.ts'

export interface ExponentialDisk {
  readonly cone: SkyCone
  readonly scaleHeightPc: number
  readonly nearestPc: number
  readonly farthestPc: number
}

/** Thin disk: Juric+ 2008, ApJ 673, 864. */
const SCALE_LENGTH_KPC = 2.6
/** Shells of this ratio of distances. */
const SHELL_RATIO = 1.15
const MAX_TRIES = 1_000_000

export interface DiskPlaces {
  /**
   * @param out [3] receives parsec from the Sun towards the Galactic centre, along its rotation, towards its north pole
   * @throws RangeError when the disk is nearly empty there
   */
  drawInto(rng: Rng, out: Float64Array): void
}

/**
 * Draws places by the number of stars: a tile of the sky and a shell of distance by their bound, a place in them that is kept by the density there.
 * @throws RangeError when the distances run backwards or the disk is empty there
 */
export function createDiskPlaces({ cone, scaleHeightPc, nearestPc, farthestPc }: ExponentialDisk): DiskPlaces {
  if (!(nearestPc > 0 && nearestPc < farthestPc))
    throw new RangeError(`exponentialDisk: the distances run backwards, from ${nearestPc} to ${farthestPc} pc`)
  const heightKpc = scaleHeightPc / 1000
  const tiles = tilesOf(cone)
  const isInside = createConeTest(cone)
  const shellCount = Math.ceil(Math.log(farthestPc / nearestPc) / Math.log(SHELL_RATIO))
  const edgesKpc = Float64Array.from(
    { length: shellCount + 1 },
    (_, k) => (nearestPc / 1000) * (farthestPc / nearestPc) ** (k / shellCount),
  )
  const bounds = new Float64Array(tiles.length * shellCount)
  const sums = new Float64Array(bounds.length)
  let total = 0
  tiles.forEach((tile, t) => {
    for (let s = 0; s < shellCount; s++) {
      const [near, far] = [edgesKpc[s], edgesKpc[s + 1]]
      const at = t * shellCount + s
      bounds[at] = largestDensity(tile, near, far)
      total += bounds[at] * tile.areaSr * (far ** 3 - near ** 3)
      sums[at] = total
    }
  })
  if (!(total > 0))
    throw new RangeError(`exponentialDisk: a disk of ${scaleHeightPc} pc is empty in the cone and the distances`)

  function density(radiusKpc: number, zKpc: number): number {
    return Math.exp(-radiusKpc / SCALE_LENGTH_KPC - Math.abs(zKpc) / heightKpc)
  }

  /** At the least radius and the least height of the corner of space, which need not be one place. */
  function largestDensity(tile: SkyTile, near: number, far: number): number {
    const [south, north] = tile.sinB
    const least = Math.min(south * near, south * far)
    const most = Math.max(north * near, north * far)
    const z = Math.max(0, least + sun.heightKpc, -most - sun.heightKpc)
    const cosines = tile.sinB.map(sinB => Math.sqrt(Math.max(0, 1 - sinB * sinB)))
    const cosL = largestCosine(tile.lDeg[0], tile.lDeg[1])
    const inPlane = Math.max(
      near * Math.min(...cosines),
      Math.min(sun.radiusKpc * cosL, far * (south * north <= 0 ? 1 : Math.max(...cosines))),
    )
    const radius2 = inPlane ** 2 + sun.radiusKpc ** 2 - 2 * sun.radiusKpc * inPlane * cosL
    return density(Math.sqrt(Math.max(0, radius2)), z)
  }

  const u = new Float64Array(3)
  return {
    drawInto(rng, out) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const at = indexAbove(sums, rng.uniform() * total)
        const s = at % shellCount
        directionInto(tiles[(at - s) / shellCount], rng.uniform(), rng.uniform(), u)
        const [near3, far3] = [edgesKpc[s] ** 3, edgesKpc[s + 1] ** 3]
        const kpc = Math.cbrt(near3 + rng.uniform() * (far3 - near3))
        const accept = rng.uniform() * bounds[at]
        const x = kpc * u[0] - sun.radiusKpc
        const y = kpc * u[1]
        if (accept >= density(Math.sqrt(x * x + y * y), kpc * u[2] + sun.heightKpc)) continue
        if (!isInside(u[0], u[1], u[2])) continue
        for (let axis = 0; axis < 3; axis++) out[axis] = 1000 * kpc * u[axis]
        return
      }
      throw new RangeError(`exponentialDisk: no place in ${MAX_TRIES} tries; widen the cone or the distances`)
    },
  }
}

/** Of the angles between two, which may run past 360 degrees. */
function largestCosine(fromDeg: number, toDeg: number): number {
  const nextTurnDeg = Math.ceil(fromDeg / 360) * 360
  return nextTurnDeg <= toDeg ? 1 : Math.max(Math.cos(fromDeg * RAD_PER_DEG), Math.cos(toDeg * RAD_PER_DEG))
}
