// A cone, or the whole sky, cut into tiles within which the Galaxy changes little.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import type { Rng } from '../../math/rng.ts'

/** Centre in Galactic degrees; a radius of 180 is the whole sky. */
export interface SkyCone {
  readonly lDeg: number
  readonly bDeg: number
  readonly radiusDeg: number
}

/** A rectangle in Galactic longitude and sine of latitude; longitudes may run past 360. */
export interface SkyTile {
  readonly lDeg: readonly [number, number]
  readonly sinB: readonly [number, number]
  readonly areaSr: number
}

/** Latitudes the disks ask for, finer towards the plane. */
const latitudes = [0, 0.5, 1, 2, 3, 4.5, 7, 10, 15, 20, 30, 45, 60, 90]
const LEAST_CUTS = 6

/** Solid angle of a cone, steradian. */
export function coneAreaSr(cone: SkyCone): number {
  return 2 * Math.PI * (1 - Math.cos(cone.radiusDeg * RAD_PER_DEG))
}

/** Whether a direction (towards centre, rotation, pole) is in a cone. */
export function createConeTest(cone: SkyCone): (ux: number, uy: number, uz: number) => boolean {
  const [l, b] = [cone.lDeg * RAD_PER_DEG, cone.bDeg * RAD_PER_DEG]
  const [x, y, z] = [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)]
  // The square of the chord keeps small cones round.
  const limit = 4 * Math.sin((cone.radiusDeg * RAD_PER_DEG) / 2) ** 2
  return (ux, uy, uz) => (ux - x) ** 2 + (uy - y) ** 2 + (uz - z) ** 2 <= limit
}

/** Tiles that cover a cone; those at its edge reach beyond it. */
export function tilesOf(cone: SkyCone): SkyTile[] {
  const { lDeg, bDeg, radiusDeg } = cone
  const low = Math.max(-90, bDeg - radiusDeg)
  const high = Math.min(90, bDeg + radiusDeg)
  const bEdges = cuts(low, high, LEAST_CUTS, [...latitudes.map(b => -b), ...latitudes])
  const isRound = Math.abs(bDeg) + radiusDeg >= 90
  const half = isRound
    ? 180
    : Math.asin(Math.min(1, Math.sin(radiusDeg * RAD_PER_DEG) / Math.cos(bDeg * RAD_PER_DEG))) / RAD_PER_DEG
  const from = isRound ? 0 : lDeg - half
  const grid: number[] = []
  for (let l = Math.ceil(from / 5) * 5; l < from + 2 * half; l += 5) {
    const fromCentre = Math.abs(((((l + 180) % 360) + 360) % 360) - 180)
    if (l % 10 === 0 || fromCentre < 30) grid.push(l)
  }
  const lEdges = cuts(from, from + 2 * half, LEAST_CUTS, grid)
  const tiles: SkyTile[] = []
  for (let j = 0; j + 1 < bEdges.length; j++) {
    const sinB = [Math.sin(bEdges[j] * RAD_PER_DEG), Math.sin(bEdges[j + 1] * RAD_PER_DEG)] as const
    for (let i = 0; i + 1 < lEdges.length; i++)
      tiles.push({
        lDeg: [lEdges[i], lEdges[i + 1]],
        sinB,
        areaSr: (lEdges[i + 1] - lEdges[i]) * RAD_PER_DEG * (sinB[1] - sinB[0]),
      })
  }
  return tiles
}

/** Ascending edges from low to high: even cuts, and the wished ones that lie between. */
function cuts(low: number, high: number, least: number, wished: readonly number[]): number[] {
  const edges = Array.from({ length: least + 1 }, (_, k) => low + ((high - low) * k) / least)
  const all = [...edges, ...wished.filter(w => w > low && w < high)].sort((a, b) => a - b)
  // Slivers are joined with their neighbours, but never across a wished cut.
  const apart = (high - low) * 1e-6
  return all.filter((edge, k) => k === 0 || edge - all[k - 1] > apart)
}

/** Unit vector of a place in a tile: shares 0 to 1 of its longitudes and of its sines of latitude. */
export function directionInto(tile: SkyTile, lShare: number, bShare: number, out: Float64Array): void {
  const l = (tile.lDeg[0] + lShare * (tile.lDeg[1] - tile.lDeg[0])) * RAD_PER_DEG
  const sinB = tile.sinB[0] + bShare * (tile.sinB[1] - tile.sinB[0])
  const cosB = Math.sqrt(Math.max(0, 1 - sinB * sinB))
  out[0] = cosB * Math.cos(l)
  out[1] = cosB * Math.sin(l)
  out[2] = sinB
}

/**
 * Any direction of a cone.
 * @param out [3] receives a unit vector towards centre, rotation, pole
 */
export function drawDirection(cone: SkyCone, rng: Rng, out: Float64Array): void {
  const [l, b] = [cone.lDeg * RAD_PER_DEG, cone.bDeg * RAD_PER_DEG]
  // The versed sine keeps small cones even.
  const versed = 2 * Math.sin((cone.radiusDeg * RAD_PER_DEG) / 2) ** 2 * rng.uniform()
  const angle = 2 * Math.PI * rng.uniform()
  const across = Math.sqrt(versed * (2 - versed))
  const [along, east, north] = [1 - versed, across * Math.cos(angle), across * Math.sin(angle)]
  out[0] = along * Math.cos(b) * Math.cos(l) - east * Math.sin(l) - north * Math.sin(b) * Math.cos(l)
  out[1] = along * Math.cos(b) * Math.sin(l) + east * Math.cos(l) - north * Math.sin(b) * Math.sin(l)
  out[2] = along * Math.sin(b) + north * Math.cos(b)
}
