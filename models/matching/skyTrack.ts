// Where on the sky an observation must be known: its region, the regions it borders on, the patches it is kept in.
// A region is what one fusion owns; a patch is the small piece of it that is read and written at once.
import { CELL_EPOCH_JYR, type Observation } from '../../schemas/index.ts'
import { type MovingPosition, propagate } from './properMotion.ts'
import { borderDepth, CELL_ORDER, cellCenter, cellOf, cellsWithin, parentCell } from './skyCells.ts'

/** Regions are 55 arcmin wide: large enough that few sources lie close to a border. */
export const REGION_ORDER = 6
/** Patches are 25.8 arcsec wide. */
export const PATCH_ORDER = 13
/**
 * What lies farther than this from a star cannot change it; regionMarginArcsec in sourceGroups.ts gives the reason.
 * Sources closer than this to a border are known on both sides of it.
 */
export const MARGIN_ARCSEC = 80

/** Surveys that a fast star must be found in were made between these years. */
const FIRST_JYR = 1980
const LAST_JYR = 2030
/** Below this a star stays within the reach of a single place. */
const FAST_MAS_PER_YR = 100
const STEP_ARCSEC = 20
const PATCH_RADIUS_ARCSEC = 19

/** This far from a region's border, in sides of the region, nothing across it is within the margin. */
const SAFE_DEPTH = 4 / 64
/** All that an arriving observation can change lies within the margin, and all that this depends on within another. */
export const FULL_REACH_ARCSEC = 2 * MARGIN_ARCSEC
/** What is looked at first: it nearly always suffices, since sources are neighbours of neighbours only in crowds. */
export const NEAR_REACH_ARCSEC = 48

export interface Footprint {
  readonly home: number
  /** Regions that must know it, its home among them, by rising number. */
  readonly regions: readonly number[]
  /** Patches it is kept in, by rising number. */
  readonly patches: readonly number[]
}

interface Place {
  readonly raDeg: number
  readonly decDeg: number
}

/** Where an observation must be known; a function of its place, its proper motion and its cell alone. */
export function footprintOf(observation: Observation): Footprint {
  const places = trackOf(observation)
  const home = homeOf(observation)
  const regions = new Set([home, ...places.flatMap(regionsAround)])
  return { home, regions: sorted(regions), patches: patchesOf(places) }
}

/** The region that speaks for an observation: the one its cell lies in. */
export function homeOf(observation: Observation): number {
  return parentCell(Number(observation.cell), CELL_ORDER, REGION_ORDER)
}

/** Patches that an observation is kept in, in a region that must know it; none in any other. */
export function patchesWithin(region: number, observation: Observation): readonly number[] {
  const places = trackOf(observation)
  const isKnown = homeOf(observation) === region || places.some(place => regionsAround(place).includes(region))
  return isKnown ? patchesOf(places) : []
}

function patchesOf(places: readonly Place[]): readonly number[] {
  return sorted(new Set(places.map(({ raDeg, decDeg }) => cellOf(raDeg, decDeg, PATCH_ORDER))))
}

function regionsAround({ raDeg, decDeg }: Place): number[] {
  if (borderDepth(raDeg, decDeg, REGION_ORDER) >= SAFE_DEPTH) return [cellOf(raDeg, decDeg, REGION_ORDER)]
  return cellsWithin(raDeg, decDeg, MARGIN_ARCSEC, REGION_ORDER)
}

/**
 * Patches around an observation, and around what it supersedes.
 *
 * @param formerPatches where the observation that it supersedes is kept
 */
export function patchesAround(
  observation: Observation,
  formerPatches: readonly number[],
  radiusArcsec: number,
): readonly number[] {
  const patches = new Set<number>()
  const addAround = ({ raDeg, decDeg }: Place, reachArcsec: number) => {
    for (const patch of cellsWithin(raDeg, decDeg, reachArcsec, PATCH_ORDER)) patches.add(patch)
  }
  for (const place of trackOf(observation)) addAround(place, radiusArcsec)
  for (const patch of formerPatches) addAround(cellCenter(patch, PATCH_ORDER), radiusArcsec + PATCH_RADIUS_ARCSEC)
  return sorted(patches)
}

/** Points along the way of a fast star, close enough for any search to meet one; a single point for all others. */
function trackOf(observation: Observation): readonly Place[] {
  const motion = (name: string) => observation.measurements.find(one => one.quantity === name)?.value
  const pmRaCosDecMasPerYr = motion('pmRaCosDecMasPerYr')
  const pmDecMasPerYr = motion('pmDecMasPerYr')
  if (pmRaCosDecMasPerYr === undefined || pmDecMasPerYr === undefined) return [observation]
  const { raDeg, decDeg, epochJyr } = observation
  const position: MovingPosition = { raDeg, decDeg, epochJyr, pmRaCosDecMasPerYr, pmDecMasPerYr }
  const reference = propagate(position, CELL_EPOCH_JYR)
  const speedMasPerYr = Math.hypot(pmRaCosDecMasPerYr, pmDecMasPerYr)
  if (speedMasPerYr <= FAST_MAS_PER_YR) return [reference]
  const steps = Math.ceil(((LAST_JYR - FIRST_JYR) * speedMasPerYr) / 1000 / STEP_ARCSEC)
  const along = Array.from({ length: steps + 1 }, (_, i) =>
    propagate(position, FIRST_JYR + ((LAST_JYR - FIRST_JYR) * i) / steps),
  )
  return [reference, ...along]
}

function sorted(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b)
}
