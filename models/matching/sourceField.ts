// The sources of a small piece of sky, indexed so that each finds its neighbours without asking all.
import { RAD_PER_ARCSEC } from '../../schemas/index.ts'
import { chordSquared, chordSquaredOf, type Direction, separationRad } from './properMotion.ts'
import { compareSources, type Edge, FAST_ARCSEC_PER_YR, MAX_SEPARATION_ARCSEC, type SkySource } from './skySource.ts'

/** The density of a survey around a place is counted within this distance. */
export const DENSITY_RADIUS_ARCSEC = 20
export const DENSITY_AREA_ARCSEC2 = Math.PI * DENSITY_RADIUS_ARCSEC ** 2

const DENSITY_CHORD_SQUARED = chordSquaredOf(DENSITY_RADIUS_ARCSEC * RAD_PER_ARCSEC)

/** Two slow sources that meet at some epoch are no farther apart than this at the reference epoch. */
const SQUARE_ARCSEC = MAX_SEPARATION_ARCSEC + 2 * 36 * FAST_ARCSEC_PER_YR
const DENSITY_SQUARES = Math.ceil(DENSITY_RADIUS_ARCSEC / SQUARE_ARCSEC)
const ROW = 2 ** 20

/** A fast star is kept at points of its track, no farther than this from where it is met. */
const TRACK_ARCSEC = 14

/** Answers are kept: a field does not change. */
export class SourceField {
  readonly sources: readonly SkySource[]
  readonly #centers: readonly Direction[]
  #reachArcsec = 0
  readonly #squares = new Map<number, SkySource[]>()
  readonly #fast: readonly SkySource[]
  readonly #edges = new Map<SkySource, readonly Edge[]>()
  readonly #east: Direction
  readonly #north: Direction

  /** @param centers the squares are laid out around the first, so it must lie within a few degrees of the sources */
  constructor(sources: readonly SkySource[], ...centers: readonly [Direction, ...Direction[]]) {
    this.sources = sources
    this.#centers = centers
    const [center] = centers
    const across = Math.hypot(center.x, center.y)
    // At a pole every direction is south; any pair of perpendicular axes serves.
    const [sin, cos] = across === 0 ? [0, 1] : [center.y / across, center.x / across]
    this.#east = { x: -sin, y: cos, z: 0 }
    this.#north = { x: -center.z * cos, y: -center.z * sin, z: across }
    this.#fast = sources.filter(source => source.isFast)
    for (const source of sources) {
      const square = this.#squareOf(source.reference, 0, 0)
      const others = this.#squares.get(square)
      if (others === undefined) this.#squares.set(square, [source])
      else others.push(source)
    }
  }

  /** How far from the nearest centre sources had to be known for the answers given so far. */
  get reachArcsec(): number {
    return this.#reachArcsec
  }

  /** Sources of other surveys that may be the same as this one. */
  edgesOf(source: SkySource): readonly Edge[] {
    const known = this.#edges.get(source)
    if (known !== undefined) return known
    this.#noteReach(source, Math.max(SQUARE_ARCSEC, TRACK_ARCSEC))
    const near = source.isFast
      ? this.sources
      : [...this.#around(source, 1).filter(other => !other.isFast), ...this.#fast]
    const edges = near.flatMap(other => compareSources(source, other) ?? [])
    this.#edges.set(source, edges)
    return edges
  }

  /** Sources within the density radius at the reference epoch, itself left out. */
  neighborsOf(source: SkySource): readonly SkySource[] {
    this.#noteReach(source, DENSITY_RADIUS_ARCSEC)
    return this.#around(source, DENSITY_SQUARES).filter(
      other => other !== source && chordSquared(source.reference, other.reference) <= DENSITY_CHORD_SQUARED,
    )
  }

  #noteReach(source: SkySource, radiusArcsec: number): void {
    const offsets = this.#centers.map(center => separationRad(center, source.reference) / RAD_PER_ARCSEC)
    // A fast star is looked for, and looks around, along all of its track.
    this.#reachArcsec = Math.max(this.#reachArcsec, source.isFast ? Infinity : Math.min(...offsets) + radiusArcsec)
  }

  #around(source: SkySource, squares: number): SkySource[] {
    const found: SkySource[] = []
    for (let row = -squares; row <= squares; row++) {
      for (let column = -squares; column <= squares; column++) {
        const here = this.#squares.get(this.#squareOf(source.reference, row, column))
        if (here !== undefined) found.push(...here)
      }
    }
    return found
  }

  #squareOf(direction: Direction, row: number, column: number): number {
    const east = direction.x * this.#east.x + direction.y * this.#east.y
    const north = direction.x * this.#north.x + direction.y * this.#north.y + direction.z * this.#north.z
    const unit = SQUARE_ARCSEC * RAD_PER_ARCSEC
    return (Math.floor(north / unit) + row) * ROW + Math.floor(east / unit) + column
  }
}
