// What one release says of a source otherwise than another: by how much each value moved, in units of its error.
import { MAS_PER_ARCSEC, type Measurement, type Observation, RAD_PER_ARCSEC, readSurvey } from '../../schemas/index.ts'
import { directionOf, motionOf, moveDirection, separationRad } from './properMotion.ts'

export interface FieldShift {
  /** A quantity, or `position`. */
  readonly field: string
  /** After less before, in the unit of the quantity; of a position the separation at the later epoch, arcsec. */
  readonly shift: number
  /**
   * The shift in errors of both, added in quadrature: two releases share much of their data, so that a shift by chance is
   * smaller than for independent errors. `null` where one of them is a limit.
   */
  readonly sigma: number | null
  /** The error after in units of the one before; `null` where one of them is a limit. */
  readonly errRatio: number | null
}

export interface SourceChange {
  /** Of fields that both have and that are not the same in value and error. */
  readonly shifts: readonly FieldShift[]
  /** Quantities that only the later one has. */
  readonly gained: readonly string[]
  /** Quantities that only the earlier one has. */
  readonly lost: readonly string[]
  readonly hasOtherFlags: boolean
  /** To other surveys than its own. */
  readonly hasOtherLinks: boolean
  /** Columns that the survey's file gives no meaning to. */
  readonly hasOtherColumns: boolean
}

/**
 * @param before and `after` are of one source of a survey's family
 * @returns `null` where both say the same
 */
export function compareObservations(before: Observation, after: Observation): SourceChange | null {
  const earlier = new Map(before.measurements.map(one => [one.quantity, one]))
  const later = new Map(after.measurements.map(one => [one.quantity, one]))
  const position = positionShift(before, after)
  const shifts = position === null ? [] : [position]
  for (const [quantity, one] of earlier) {
    const other = later.get(quantity)
    const shift = other === undefined ? null : measurementShift(one, other)
    if (shift !== null) shifts.push(shift)
  }
  const change: SourceChange = {
    shifts,
    gained: [...later.keys()].filter(quantity => !earlier.has(quantity)),
    lost: [...earlier.keys()].filter(quantity => !later.has(quantity)),
    hasOtherFlags: differ(before.flags, after.flags),
    hasOtherLinks: differ(linksAway(before), linksAway(after)),
    hasOtherColumns: differ(Object.entries(before.extra).map(String), Object.entries(after.extra).map(String)),
  }
  const isSame =
    shifts.length + change.gained.length + change.lost.length === 0 &&
    !change.hasOtherFlags &&
    !change.hasOtherLinks &&
    !change.hasOtherColumns
  return isSame ? null : change
}

/** The largest shift of a source in units of sigma; `null` where none can be told. */
export function largestShift({ shifts }: SourceChange): FieldShift | null {
  let largest: FieldShift | null = null
  for (const one of shifts) {
    if (one.sigma !== null && Math.abs(one.sigma) > Math.abs(largest?.sigma ?? 0)) largest = one
  }
  return largest
}

/** Another id that the source says it has among the releases of its own survey, such as the one before it was split. */
export function otherIdOf({ survey, source, links }: Observation): string | null {
  const { family } = readSurvey(survey)
  const other = links.find(link => link.source !== source && readSurvey(link.survey).family === family)
  return other?.source ?? null
}

function measurementShift(before: Measurement, after: Measurement): FieldShift | null {
  if (before.value === after.value && before.err === after.err && before.isLimit === after.isLimit) return null
  const shift = after.value - before.value
  const isTold = !before.isLimit && !after.isLimit
  return {
    field: before.quantity,
    shift,
    sigma: isTold ? shift / Math.hypot(before.err, after.err) : null,
    errRatio: isTold ? after.err / before.err : null,
  }
}

/** Both at the epoch of the later one, carried there by the newer proper motion that is known. */
function positionShift(before: Observation, after: Observation): FieldShift | null {
  const isSame =
    before.raDeg === after.raDeg &&
    before.decDeg === after.decDeg &&
    before.epochJyr === after.epochJyr &&
    before.positionErrArcsec === after.positionErrArcsec
  if (isSame) return null
  const years = after.epochJyr - before.epochJyr
  const motion = motionKnown(after) ?? motionKnown(before)
  const place = directionOf(before.raDeg, before.decDeg)
  const moved =
    motion === null
      ? place
      : moveDirection(place, motionOf({ ...motion, raDeg: before.raDeg, decDeg: before.decDeg }), years)
  const shift = separationRad(moved, directionOf(after.raDeg, after.decDeg)) / RAD_PER_ARCSEC
  const errArcsec = Math.hypot(before.positionErrArcsec, after.positionErrArcsec, (motion?.errArcsecPerYr ?? 0) * years)
  return {
    field: 'position',
    shift,
    sigma: shift / errArcsec,
    errRatio: after.positionErrArcsec / before.positionErrArcsec,
  }
}

function motionKnown({ measurements }: Observation) {
  const ra = measurements.find(one => one.quantity === 'pmRaCosDecMasPerYr')
  const dec = measurements.find(one => one.quantity === 'pmDecMasPerYr')
  if (ra === undefined || dec === undefined) return null
  return {
    pmRaCosDecMasPerYr: ra.value,
    pmDecMasPerYr: dec.value,
    errArcsecPerYr: Math.hypot(ra.err, dec.err) / Math.SQRT2 / MAS_PER_ARCSEC,
  }
}

/** Ids in surveys of other families. */
function linksAway({ survey, links }: Observation): readonly string[] {
  const { family } = readSurvey(survey)
  return links.filter(link => readSurvey(link.survey).family !== family).map(link => `${link.survey}:${link.source}`)
}

/** In whatever order. */
function differ(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return true
  const sorted = [...b].sort()
  return [...a].sort().some((text, i) => text !== sorted[i])
}
