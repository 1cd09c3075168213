// An observation as the matching sees it: directions instead of angles, and every id it answers to.
import { CELL_EPOCH_JYR, MAS_PER_ARCSEC, type Observation, RAD_PER_ARCSEC, type Spectrum } from '../../schemas/index.ts'
import { logTailedMatchFactor } from './crossMatch.ts'
import {
  chordSquared,
  chordSquaredOf,
  type Direction,
  directionOf,
  motionOf,
  moveDirection,
  separationRad,
} from './properMotion.ts'
import { homeOf } from './skyTrack.ts'
import { levelOf, type SurveyLevels } from './surveyLevels.ts'

/** Detections farther apart than this at a common epoch are never one source: six times the spread of the tail. */
export const MAX_SEPARATION_ARCSEC = 3
const MAX_CHORD_SQUARED = chordSquaredOf(MAX_SEPARATION_ARCSEC * RAD_PER_ARCSEC)
/** Faster sources are looked for along their whole track. */
export const FAST_ARCSEC_PER_YR = 0.1
/** Spread of the proper motion of a star that neither survey has measured. */
const UNKNOWN_MOTION_ARCSEC_PER_YR = 0.02

export interface SkySource {
  readonly observation: Observation
  /** Its spectrum, which plays no part in the matching; of a spectrum with pixels what is known of it besides. */
  readonly spectrum: Spectrum | null
  /** `survey:source`. */
  readonly id: string
  /** `family:source`: the same in all releases of a survey. */
  readonly key: string
  readonly level: number
  readonly family: string
  /** The region whose fusion speaks for it. */
  readonly home: number
  /** Epochs that its place may be of: one, but for a spectrum. */
  readonly epochsJyr: readonly number[]
  /** At its own epoch. */
  readonly direction: Direction
  /** At the epoch of the sky cells. */
  readonly reference: Direction
  /** Radians a year; `null` where the survey measured none. */
  readonly motion: Direction | null
  readonly motionErrArcsecPerYr: number
  readonly isFast: boolean
  /** Every id of its own survey it answers to. */
  readonly names: readonly string[]
  /** Its ids in other surveys. */
  readonly links: readonly string[]
}

/** Two sources of different surveys that may be one. */
export interface Edge {
  readonly other: SkySource
  /** At the common epoch. */
  readonly separationArcsec: number
  /** Natural log of the match factor. */
  readonly logFactor: number
  /** Whether an id says that they are one. */
  readonly isLinked: boolean
}

/** @throws FusionError SURVEY_UNKNOWN */
export function createSkySource(
  observation: Observation,
  levels: SurveyLevels,
  spectrum: Spectrum | null = null,
): SkySource {
  const { level, family } = levelOf(levels, observation.survey)
  const { raDeg, decDeg, epochJyr } = observation
  const id = `${observation.survey}:${observation.source}`
  const direction = directionOf(raDeg, decDeg)
  const pmRa = observation.measurements.find(one => one.quantity === 'pmRaCosDecMasPerYr')
  const pmDec = observation.measurements.find(one => one.quantity === 'pmDecMasPerYr')
  const isMoving = pmRa !== undefined && pmDec !== undefined
  const motion = isMoving
    ? motionOf({ raDeg, decDeg, pmRaCosDecMasPerYr: pmRa.value, pmDecMasPerYr: pmDec.value })
    : null
  const years = CELL_EPOCH_JYR - epochJyr
  const linkIds = observation.links.map(link => `${link.survey}:${link.source}`)
  return {
    observation,
    spectrum,
    id,
    key: `${family}:${observation.source}`,
    level,
    family,
    home: homeOf(observation),
    epochsJyr: [epochJyr],
    direction,
    reference: motion === null ? direction : moveDirection(direction, motion, years),
    motion,
    motionErrArcsecPerYr: isMoving
      ? Math.hypot(pmRa.err, pmDec.err) / Math.SQRT2 / MAS_PER_ARCSEC
      : UNKNOWN_MOTION_ARCSEC_PER_YR,
    isFast: isMoving && Math.hypot(pmRa.value, pmDec.value) / MAS_PER_ARCSEC > FAST_ARCSEC_PER_YR,
    names: [id, ...linkIds.filter((_, i) => observation.links[i].survey === observation.survey)],
    links: linkIds.filter((_, i) => observation.links[i].survey !== observation.survey),
  }
}

/**
 * Compares two sources at a common epoch: that of the one whose proper motion is not used, the sharper survey's being
 * preferred. Symmetric in its arguments. Where that epoch may be one of several, it is the one that fits best.
 *
 * @returns the edge from `a` to `b`, or `null` when they cannot be one source
 */
export function compareSources(a: SkySource, b: SkySource): Edge | null {
  if (a.level === b.level) return null
  const [sharp, coarse] = a.level < b.level ? [a, b] : [b, a]
  const [mover, still] = sharp.motion !== null || coarse.motion === null ? [sharp, coarse] : [coarse, sharp]
  let best: Edge | null = null
  for (const epochJyr of still.epochsJyr) {
    const years = epochJyr - mover.observation.epochJyr
    const moved = mover.motion === null ? mover.direction : moveDirection(mover.direction, mover.motion, years)
    if (chordSquared(moved, still.direction) > MAX_CHORD_SQUARED) continue
    const separationArcsec = separationRad(moved, still.direction) / RAD_PER_ARCSEC
    const sigmaMover = Math.hypot(mover.observation.positionErrArcsec, mover.motionErrArcsecPerYr * years)
    const logFactor = logTailedMatchFactor(separationArcsec, sigmaMover, still.observation.positionErrArcsec)
    if (best !== null && logFactor <= best.logFactor) continue
    best = { other: b, separationArcsec, logFactor, isLinked: areLinked(a, b) }
  }
  return best
}

/** One names the other, or both name the same third. */
export function areLinked(a: SkySource, b: SkySource): boolean {
  return (
    a.links.some(link => b.names.includes(link) || b.links.includes(link)) ||
    b.links.some(link => a.names.includes(link))
  )
}
