// The cells through which packets of light fly: spheres and cones around the axis, the same above the plane and below.
import type { YsoDust } from '../../models/index.ts'

const RADII = 120
const LATITUDES = 48
const LOW_LATITUDES = 30
const LOW_EDGE = 0.5
const FIRST_LAYER = 2e-4

export interface PacketGrid {
  readonly latitudes: number
  /** [radii + 1] of the spheres, cm. */
  readonly radiusCm: Float64Array
  /** [latitudes + 1] sines of the cones, from 0 to 1. */
  readonly sine: Float64Array
  /** [radii, latitudes] g/cm3, and g. */
  readonly density: Float64Array
  readonly mass: Float64Array
}

/** Lays the dust of an object on cells much finer than those of the fast spectrum, each the mean of nine points. */
export function createPacketGrid(place: YsoDust): PacketGrid {
  const latitudes = place.isSpherical ? 1 : LATITUDES
  const span = Math.log((place.outerCm / place.innerCm - 1) / FIRST_LAYER)
  const radiusCm = Float64Array.from({ length: RADII + 1 }, (_, i) =>
    i === 0 ? place.innerCm : place.innerCm * (1 + FIRST_LAYER * Math.exp((span * (i - 1)) / (RADII - 1))),
  )
  const sine = Float64Array.from({ length: latitudes + 1 }, (_, k) => Math.sin(latitudeOf(k, place.thinnest)))
  sine[latitudes] = 1
  const density = new Float64Array(RADII * latitudes)
  const mass = new Float64Array(RADII * latitudes)
  let diskMass = 0
  const disk = new Float64Array(RADII * latitudes)
  for (let i = 0; i < RADII; i++) {
    const shell = (4 / 3) * Math.PI * (radiusCm[i + 1] ** 3 - radiusCm[i] ** 3)
    for (let k = 0; k < latitudes; k++) {
      const cell = i * latitudes + k
      for (const u of [1 / 6, 1 / 2, 5 / 6]) {
        for (const v of [1 / 6, 1 / 2, 5 / 6]) {
          const r = radiusCm[i] + u * (radiusCm[i + 1] - radiusCm[i])
          const mu = sine[k] + v * (sine[k + 1] - sine[k])
          density[cell] += place.surroundings(r, mu) / 9
          disk[cell] += place.disk(r, mu) / 9
        }
      }
      mass[cell] = shell * (sine[k + 1] - sine[k])
      diskMass += disk[cell] * mass[cell]
    }
  }
  const scale = diskMass > 0 ? place.diskMassG / diskMass : 0
  for (let cell = 0; cell < density.length; cell++) {
    density[cell] += scale * disk[cell]
    mass[cell] *= density[cell]
  }
  return { latitudes, radiusCm, sine, density, mass }
}

/** Through a disk by equal ratios, else and above it evenly. */
function latitudeOf(k: number, thinnest: number | null): number {
  if (thinnest === null) return (Math.PI / 2) * (k / LATITUDES)
  const first = Math.min(0.2 * thinnest, 0.05)
  if (k === 0) return 0
  if (k <= LOW_LATITUDES) return first * (LOW_EDGE / first) ** ((k - 1) / (LOW_LATITUDES - 1))
  return LOW_EDGE + (Math.PI / 2 - LOW_EDGE) * ((k - LOW_LATITUDES) / (LATITUDES - LOW_LATITUDES))
}

/** Where a packet is and where it flies. */
export interface Packet {
  x: number
  y: number
  z: number
  nx: number
  ny: number
  nz: number
  shell: number
  sector: number
}

/**
 * Moves a packet until it met a column, weighed by opacity, or left.
 *
 * @param depth optical depth to fly
 * @param opacity cm2/g
 * @returns whether it stopped within the grid
 */
export function fly(grid: PacketGrid, packet: Packet, depth: number, opacity: number): boolean {
  const { radiusCm, sine, density, latitudes } = grid
  const radii = radiusCm.length - 1
  let left = depth
  for (;;) {
    const { x, y, z, nx, ny, nz, shell, sector } = packet
    const b = x * nx + y * ny + z * nz
    const r2 = x * x + y * y + z * z
    // Ahead of the ray: the inner sphere if it is met, else the outer one.
    let next = Number.POSITIVE_INFINITY
    let wall = 0
    const inner = shell >= 0 ? radiusCm[shell] : 0
    const hit = b * b - r2 + inner * inner
    if (shell >= 0 && b < 0 && hit > 0) {
      next = Math.max(0, -b - Math.sqrt(hit))
      wall = -1
    } else {
      const outer = radiusCm[shell + 1]
      next = Math.max(0, -b + Math.sqrt(Math.max(0, b * b - r2 + outer * outer)))
      wall = 1
    }
    if (shell >= 0 && latitudes > 1) {
      for (let side = 0; side < 2; side++) {
        const k = sector + side
        if (k === latitudes) continue
        if (k === 0) {
          // The plane: to its other side in the same cell.
          continue
        }
        const m2 = sine[k] * sine[k]
        const qa = nz * nz - m2
        const qb = z * nz - m2 * b
        const qc = z * z - m2 * r2
        const root = qb * qb - qa * qc
        if (root < 0 || qa === 0) continue
        const w = Math.sqrt(root)
        const q = qb > 0 ? -(qb + w) : -(qb - w)
        for (const s of [q / qa, q === 0 ? q / qa : qc / q]) {
          // Which way the ray crosses tells a wall that lies ahead from the one just passed.
          const rate = qb + s * qa
          const leaves = side === 1 ? rate > 0 : rate < 0
          if (s > -1e-9 * Math.sqrt(r2) && leaves && s < next) {
            next = Math.max(0, s)
            wall = side === 1 ? 2 : -2
          }
        }
      }
    }
    const taken = shell >= 0 ? density[shell * latitudes + sector] * opacity * next : 0
    const stops = taken >= left
    const length = stops ? (next * left) / taken : next
    packet.x += nx * length
    packet.y += ny * length
    packet.z += nz * length
    if (stops) return true
    left -= taken
    if (wall === 2) packet.sector++
    else if (wall === -2) packet.sector--
    else {
      packet.shell += wall
      if (packet.shell >= radii) return false
      if (shell < 0) packet.sector = sectorOf(grid, packet)
    }
  }
}

/** The latitude that a packet is in. */
export function sectorOf({ sine, latitudes }: PacketGrid, { x, y, z }: Packet): number {
  const m = Math.abs(z) / Math.sqrt(x * x + y * y + z * z)
  let k = 0
  while (k < latitudes - 1 && sine[k + 1] <= m) k++
  return k
}
