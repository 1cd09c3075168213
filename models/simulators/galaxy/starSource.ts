// A star as the galaxy's sources draw it: one array of numbers, or columns of many.
import { createRng, type Rng } from '../../math/rng.ts'
import { skyInto, skySlot, skySlotCount } from './galacticFrame.ts'
import { drawCompanionCount, drawMassRatio, drawSeparationAu, MAX_COMPANIONS } from './multiplicity.ts'

const SKY = 5
const COMPANIONS = SKY + skySlotCount + 3

/** Places of a star's numbers. */
export const galaxySlot = {
  /** Index into the source's `names`. */
  origin: 0,
  logAgeYr: 1,
  /** Of the primary. */
  logMassMsun: 2,
  fehDex: 3,
  /** Of the dust on the line of sight; circumstellar dust is not in it. */
  avMag: 4,
  raDeg: SKY + skySlot.raDeg,
  decDeg: SKY + skySlot.decDeg,
  lDeg: SKY + skySlot.lDeg,
  bDeg: SKY + skySlot.bDeg,
  distancePc: SKY + skySlot.distancePc,
  parallaxMas: SKY + skySlot.parallaxMas,
  pmRaCosDecMasPerYr: SKY + skySlot.pmRaCosDecMasPerYr,
  pmDecMasPerYr: SKY + skySlot.pmDecMasPerYr,
  radialVelocityKmS: SKY + skySlot.radialVelocityKmS,
  /** Relative to the Sun: towards the Galactic centre, along its rotation, towards its north pole. */
  uKmS: SKY + skySlotCount,
  vKmS: SKY + skySlotCount + 1,
  wKmS: SKY + skySlotCount + 2,
  companionCount: COMPANIONS,
  /** Mass over the primary's, heaviest first; 0 where there is no such companion. */
  companionRatio1: COMPANIONS + 1,
  companionRatio2: COMPANIONS + 2,
  companionRatio3: COMPANIONS + 3,
  /** Semi-major axis; 0 where there is no such companion. */
  separation1Au: COMPANIONS + 4,
  separation2Au: COMPANIONS + 5,
  separation3Au: COMPANIONS + 6,
} as const
export const galaxySlotCount = COMPANIONS + 1 + 2 * MAX_COMPANIONS
export type GalaxyColumn = keyof typeof galaxySlot

/** Where simulated stars come from. */
export interface StarSource {
  /** What a star's `origin` counts: components of the Galaxy, or associations. */
  readonly names: readonly string[]
  /**
   * The next star of a random stream.
   * @param out [galaxySlotCount] is filled
   */
  drawInto(rng: Rng, out: Float64Array): void
}

/** Writes what is seen of a place and a velocity: parsec and km/s relative to the Sun, along the Galactic axes. */
export function placeInto(x: number, y: number, z: number, u: number, v: number, w: number, out: Float64Array): void {
  skyInto(x, y, z, u, v, w, out, SKY)
  out[galaxySlot.uKmS] = u
  out[galaxySlot.vKmS] = v
  out[galaxySlot.wKmS] = w
}

const ratios = new Float64Array(MAX_COMPANIONS)

/** Draws the companions of the primary whose mass is in `out` already. */
export function companionsInto(rng: Rng, out: Float64Array): void {
  const massMsun = 10 ** out[galaxySlot.logMassMsun]
  const count = drawCompanionCount(massMsun, rng)
  out[galaxySlot.companionCount] = count
  ratios.fill(0)
  for (let k = 0; k < count; k++) ratios[k] = drawMassRatio(massMsun, rng)
  ratios.sort()
  for (let k = 0; k < MAX_COMPANIONS; k++) {
    out[galaxySlot.companionRatio1 + k] = ratios[MAX_COMPANIONS - 1 - k]
    out[galaxySlot.separation1Au + k] = k < count ? drawSeparationAu(massMsun, rng) : 0
  }
}

/** Keeps these streams apart from those of other users of a seed. */
const PURPOSE = 0x6a1a

/**
 * Stars `first` to `first + count` of a seed, in columns by the names of `galaxySlot`. Star i is the same in every batch.
 * @throws RangeError when the seed, the first index or the count is no whole number of at least 0
 */
export function drawStars(
  source: StarSource,
  request: { readonly seed: number; readonly first: number; readonly count: number },
): ReadonlyMap<GalaxyColumn, Float64Array> {
  const { seed, first, count } = request
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`drawStars: count ${count} is not an integer >= 0`)
  const rng = createRng(seed, PURPOSE)
  const star = new Float64Array(galaxySlotCount)
  const names = Object.keys(galaxySlot) as GalaxyColumn[]
  const columns = names.map(() => new Float64Array(count))
  const places = names.map(name => galaxySlot[name])
  for (let i = 0; i < count; i++) {
    rng.seek(first + i)
    source.drawInto(rng, star)
    for (let k = 0; k < places.length; k++) columns[k][i] = star[places[k]]
  }
  return new Map(names.map((name, k) => [name, columns[k]]))
}
