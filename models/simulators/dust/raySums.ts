// What lines of sight gather: how much dust of each temperature lies behind which column, and how much starlight is turned to the observer.
import { type DustGrid, MAX_LATITUDES, RADII } from './dustGrid.ts'
import { dust, highWord, ROWS, WAVELENGTHS } from './dustOpacity.ts'
import type { DustTemperatures } from './dustTemperature.ts'
import { COLUMNS, columnNodes, LEVELS, lightTables, PER_DECADE, ROWS_PER_LEVEL } from './lightTables.ts'
import { gatherLight, put, type RayPath } from './rayPath.ts'

const HOLE_RINGS = [0, 0.45, 0.7, 0.88, 0.97, 1]
export const RINGS = HOLE_RINGS.length - 1 + RADII
/** Enough for a view, and for a sum over directions. */
export const VIEW_AZIMUTHS = 6
export const SUM_AZIMUTHS = 3

/** Sums over all lines of sight in one direction. */
export interface RaySums {
  /** [areas, LEVELS, COLUMNS] cm2. */
  readonly light: Float64Array
  /** [areas, COLUMNS] Starlight met: column met times area over 4 pi r2, by column from the star and on to the observer, g/cm2. */
  readonly turned: Float64Array
  readonly areas: number
  /** The first and the last level that may hold anything: the others are not looked at. */
  firstLevel: number
  lastLevel: number
}

/** Room for the sums of one view, with so many areas. */
export function createRaySums(areas: number): RaySums {
  const light = new Float64Array(areas * LEVELS * COLUMNS)
  return { areas, light, turned: new Float64Array(areas * COLUMNS), firstLevel: 0, lastLevel: -1 }
}

/** Forgets the light of other dust, and notes the levels of this. */
function clearLight(sums: RaySums, { density, latitudes }: DustGrid, { row: rows }: DustTemperatures): void {
  for (let a = 0; a < sums.areas; a++)
    sums.light.fill(0, (a * LEVELS + sums.firstLevel) * COLUMNS, (a * LEVELS + sums.lastLevel + 1) * COLUMNS)
  let coldest = ROWS
  let warmest = -1
  for (let i = 0; i < RADII; i++)
    for (let k = 0; k < latitudes; k++) {
      const cell = i * MAX_LATITUDES + k
      if (!(density[cell] > 0)) continue
      if (rows[cell] < coldest) coldest = rows[cell]
      if (rows[cell] > warmest) warmest = rows[cell]
    }
  sums.firstLevel = warmest < 0 ? 0 : (coldest / ROWS_PER_LEVEL) | 0
  sums.lastLevel = warmest < 0 ? -1 : ((warmest / ROWS_PER_LEVEL) | 0) + 1
}

/** Gathers light along the lines of sight of a trace again, for dust that has changed its temperature only. */
export function traceAgain(grid: DustGrid, temperatures: DustTemperatures, path: RayPath, sums: RaySums): void {
  clearLight(sums, grid, temperatures)
  gatherLight(path, temperatures, sums.light)
}

/** Tracer with room of its own. */
export function createRayTracer() {
  const edges = new Float64Array(RINGS + 1)
  const share = new Float64Array(64)
  const chord = new Float64Array(RADII + 1)
  const inside = new Float64Array(RADII * MAX_LATITUDES)
  const meeting = new Float64Array(RADII)
  const height = new Float64Array(VIEW_AZIMUTHS)
  const partOf = new Float64Array(VIEW_AZIMUTHS)

  /**
   * @param temperatures of the cells of the grid
   * @param cosine of the inclination
   * @param limitsCm radii of apertures, rising: sums of area 0 lie within the first, of 1 between first and second, and so on;
   *   what lies outside the last is left out
   * @param mostAzimuths lines of sight in each ring
   * @param path receives the way of the lines of sight, for `traceAgain`; sums have one area then
   */
  return function trace(
    grid: DustGrid,
    temperatures: DustTemperatures,
    cosine: number,
    limitsCm: ArrayLike<number>,
    sums: RaySums,
    mostAzimuths: number,
    path: RayPath | null,
  ): void {
    clearLight(sums, grid, temperatures)
    sums.turned.fill(0)
    let stretches = 0
    const { radiusCm, latitudes, sine, density, column } = grid
    const { row: rows, gain, floorRow } = temperatures
    const isRound = latitudes === 1
    const sinI = Math.sqrt(Math.max(0, 1 - cosine * cosine))
    for (let k = 0; k < HOLE_RINGS.length; k++) edges[k] = HOLE_RINGS[k] * radiusCm[0]
    for (let i = 1; i <= RADII; i++) edges[HOLE_RINGS.length - 1 + i] = radiusCm[i]
    const azimuths = isRound ? 1 : mostAzimuths
    for (let azimuth = 0; azimuth < azimuths; azimuth++) {
      // Closer to the disk's plane where lines of sight lie closer: the thin disk seen from its edge is not missed.
      const before = bend(azimuth / azimuths)
      const after = bend((azimuth + 1) / azimuths)
      height[azimuth] = isRound ? 0 : Math.sin(0.5 * (before + after))
      partOf[azimuth] = isRound ? 1 : (after - before) / Math.PI
    }
    for (let i = 0; i < RADII; i++) {
      const middle = 0.5 * (radiusCm[i] + radiusCm[i + 1])
      meeting[i] = 1 / (4 * Math.PI * middle * middle)
      for (let k = 0; k < latitudes; k++) {
        const cell = i * MAX_LATITUDES + k
        inside[cell] = 0.5 * (column[cell] + column[cell + MAX_LATITUDES])
      }
    }
    for (let ring = 0; ring < RINGS; ring++) {
      const inner2 = edges[ring] ** 2
      const outer2 = edges[ring + 1] ** 2
      const b2 = 0.5 * (inner2 + outer2)
      const b = Math.sqrt(b2)
      const first = Math.max(0, ring - (HOLE_RINGS.length - 1))
      const inHole = ring < HOLE_RINGS.length - 1
      let firstArea = -1
      let lastArea = -1
      let within = 0
      for (let a = 0; a < sums.areas; a++) {
        const reach = Math.min(1, Math.max(0, (limitsCm[a] ** 2 - inner2) / (outer2 - inner2)))
        share[a] = Math.PI * (outer2 - inner2) * (reach - within)
        if (share[a] > 0) {
          if (firstArea < 0) firstArea = a
          lastArea = a
        }
        within = reach
      }
      if (firstArea < 0) continue
      for (let i = first; i <= RADII; i++) chord[i] = Math.sqrt(Math.max(0, radiusCm[i] ** 2 - b2))
      if (!inHole) chord[first] = 0
      for (let azimuth = 0; azimuth < azimuths; azimuth++) {
        const part = partOf[azimuth]
        const up = b * height[azimuth] * sinI
        let behind = 0
        let node = 0
        let low = 0
        let inverse = 1 / columnNodes[1]
        for (let leg = 0; leg < 2; leg++) {
          const from = leg === 0 ? RADII - 1 : first
          const to = leg === 0 ? first - 1 : RADII
          const step = leg === 0 ? -1 : 1
          const sign = leg === 0 ? cosine : -cosine
          // Where one shell ends, the next begins.
          let end =
            leg === 0
              ? (up + sign * chord[RADII]) / radiusCm[RADII]
              : (up + sign * chord[first]) / (inHole ? radiusCm[first] : b)
          let k = 0
          for (let i = from; i !== to; i += step) {
            const far = chord[i + 1]
            const close = chord[i]
            const start = end
            if (leg === 0) end = (up + sign * close) / (!inHole && i === first ? b : radiusCm[i])
            else end = (up + sign * far) / radiusCm[i + 1]
            const length = far - close
            const span = end - start
            let at = start
            if (!isRound) k = cellOf(sine, latitudes, start, span, k)
            for (let guard = 0; guard < 2 * MAX_LATITUDES + 2; guard++) {
              let next = end
              let nextK = k
              if (!isRound && span !== 0) {
                // Downward to the plane through |sine| falling, away from it through |sine| rising.
                const falls = at > 0 ? span < 0 : at < 0 ? span > 0 : false
                const side = at > 0 || (at === 0 && span > 0) ? 1 : -1
                const edge = side * sine[falls ? k : k + 1]
                if (span > 0 ? edge < end : edge > end) {
                  next = edge
                  nextK = falls ? (k === 0 ? 0 : k - 1) : Math.min(k + 1, latitudes - 1)
                }
              }
              const cell = i * MAX_LATITUDES + k
              const met = density[cell] * length * (span === 0 || isRound ? 1 : (next - at) / span)
              if (met > 0) {
                const nodeBefore = node
                const nearShare = (behind - low) * inverse
                behind += met
                while (node < COLUMNS - 2 && behind > columnNodes[node + 1]) {
                  node++
                  low = columnNodes[node]
                  inverse = 1 / (columnNodes[node + 1] - low)
                }
                const farShare = Math.min(1, (behind - low) * inverse)
                const row = rows[cell]
                if (path !== null) {
                  path.cell[stretches] = cell
                  path.area[stretches] = share[0] * part
                  path.nearNode[stretches] = nodeBefore
                  path.nearShare[stretches] = nearShare
                  path.farNode[stretches] = node
                  path.farShare[stretches] = farShare
                  stretches++
                }
                const turnedHere = met * meeting[i]
                const through = inside[cell] + behind - 0.5 * met
                const crossed = nodeOf(through)
                const crossedShare = Math.min(
                  1,
                  (through - columnNodes[crossed]) / (columnNodes[crossed + 1] - columnNodes[crossed]),
                )
                const level = (row / ROWS_PER_LEVEL) | 0
                const warmer = row / ROWS_PER_LEVEL - level
                const gainHere = gain[cell]
                for (let a = firstArea; a <= lastArea; a++) {
                  const area = share[a] * part
                  const bright = area * gainHere
                  sums.turned[a * COLUMNS + crossed] += area * turnedHere * (1 - crossedShare)
                  sums.turned[a * COLUMNS + crossed + 1] += area * turnedHere * crossedShare
                  if (row === floorRow) continue
                  const place = (a * LEVELS + level) * COLUMNS
                  put(sums.light, place, bright * (1 - warmer), nodeBefore, nearShare, node, farShare)
                  put(sums.light, place + COLUMNS, bright * warmer, nodeBefore, nearShare, node, farShare)
                }
              }
              if (next === end) break
              at = next
              // Through the plane: the same cell on its other side.
              if (at === 0 || Object.is(at, -0)) at = span > 0 ? 1e-300 : -1e-300
              k = nextK
            }
          }
        }
      }
    }
    if (path !== null) path.count = stretches
  }
}

function bend(part: number): number {
  const u = 2 * part - 1
  return (Math.PI / 2) * u * (0.15 + 0.85 * u * u)
}

const WORDS_PER_NODE = (2 ** 20 * Math.LOG2E * Math.LN10) / PER_DECADE
const FIRST_WORD = highWord(1e-7)

/** The node below a column. */
function nodeOf(columnGPerCm2: number): number {
  if (!(columnGPerCm2 > columnNodes[1])) return 0
  let node = Math.min(COLUMNS - 2, 1 + (((highWord(columnGPerCm2) - FIRST_WORD) / WORDS_PER_NODE) | 0))
  while (node > 1 && columnNodes[node] > columnGPerCm2) node--
  while (node < COLUMNS - 2 && columnNodes[node + 1] < columnGPerCm2) node++
  return node
}

/** @param near a latitude that is likely near */
function cellOf(sine: Float64Array, latitudes: number, at: number, span: number, near: number): number {
  const size = Math.abs(at)
  let k = near
  while (k > 0 && sine[k] >= size) k--
  while (k < latitudes - 1 && sine[k + 1] < size) k++
  // On an edge it is the way on that decides.
  if (k < latitudes - 1 && sine[k + 1] === size && at * span > 0) k++
  return k
}

/** Adds the dust's light in one area less that of dust as cold as without the star: isotropic equivalent, erg/s/um. */
export function addLight(
  sums: RaySums,
  area: number,
  floorRow: number,
  scale: number,
  out: Float64Array,
  at: number,
): void {
  const { leftBehind, thickLight, shines } = lightTables()
  const cold = (floorRow / ROWS_PER_LEVEL) | 0
  const warmer = floorRow / ROWS_PER_LEVEL - cold
  for (let i = 0; i < WAVELENGTHS; i++) {
    colder[i] = (1 - warmer) * thickLight[cold * WAVELENGTHS + i]
    coldNext[i] = warmer * thickLight[(cold + 1) * WAVELENGTHS + i]
  }
  for (let level = Math.max(cold, sums.firstLevel); level <= sums.lastLevel; level++) {
    const from = (area * LEVELS + level) * COLUMNS
    let count = 0
    for (let c = 0; c < COLUMNS; c++) if (sums.light[from + c] !== 0) lit[count++] = c
    if (count === 0) continue
    behindLevel.fill(0)
    // Four columns at a time, one after the other in each sum.
    let n = 0
    for (; n + 3 < count; n += 4) {
      const w0 = sums.light[from + lit[n]]
      const w1 = sums.light[from + lit[n + 1]]
      const w2 = sums.light[from + lit[n + 2]]
      const w3 = sums.light[from + lit[n + 3]]
      const at0 = lit[n] * WAVELENGTHS
      const at1 = lit[n + 1] * WAVELENGTHS
      const at2 = lit[n + 2] * WAVELENGTHS
      const at3 = lit[n + 3] * WAVELENGTHS
      for (let i = shines[level]; i < WAVELENGTHS; i++)
        behindLevel[i] =
          behindLevel[i] +
          w0 * leftBehind[at0 + i] +
          w1 * leftBehind[at1 + i] +
          w2 * leftBehind[at2 + i] +
          w3 * leftBehind[at3 + i]
    }
    for (; n < count; n++) {
      const weight = sums.light[from + lit[n]]
      const row = lit[n] * WAVELENGTHS
      for (let i = shines[level]; i < WAVELENGTHS; i++) behindLevel[i] += weight * leftBehind[row + i]
    }
    for (let i = shines[level]; i < WAVELENGTHS; i++)
      out[at + i] +=
        4 * Math.PI * scale * behindLevel[i] * (thickLight[level * WAVELENGTHS + i] - colder[i] - coldNext[i])
  }
  for (let i = 0; i < WAVELENGTHS; i++) if (!(out[at + i] > 0)) out[at + i] = 0
}

const behindLevel = new Float64Array(WAVELENGTHS)
const colder = new Float64Array(WAVELENGTHS)
const coldNext = new Float64Array(WAVELENGTHS)
const lit = new Uint8Array(COLUMNS)

/** The same over all wavelengths and areas, erg/s. */
export function totalLight(sums: RaySums, floorRow: number): number {
  const { thickTotal } = lightTables()
  const cold = (floorRow / ROWS_PER_LEVEL) | 0
  const warmer = floorRow / ROWS_PER_LEVEL - cold
  let total = 0
  for (let area = 0; area < sums.areas; area++)
    for (let level = Math.max(cold, sums.firstLevel); level <= sums.lastLevel; level++)
      for (let c = 0; c < COLUMNS; c++) {
        const weight = sums.light[(area * LEVELS + level) * COLUMNS + c]
        if (weight === 0) continue
        const before = cold * COLUMNS + c
        total +=
          weight *
          (thickTotal[level * COLUMNS + c] - (1 - warmer) * thickTotal[before] - warmer * thickTotal[before + COLUMNS])
      }
  return 4 * Math.PI * total
}

/** Adds the share of the star's light that dust in one area turns to the observer at its first turn. */
export function addTurned(sums: RaySums, area: number, weight: number, out: Float64Array, at: number): void {
  const { leftBehind } = lightTables()
  for (let c = 0; c < COLUMNS; c++) {
    const met = weight * sums.turned[area * COLUMNS + c]
    if (met === 0) continue
    const row = c * WAVELENGTHS
    for (let i = 0; i < WAVELENGTHS; i++) out[at + i] += met * leftBehind[row + i] * dust.turning[i]
  }
}
