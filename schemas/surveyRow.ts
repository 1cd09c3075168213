// Step 2 of the walk: one row of a survey, cells as delivered -> an observation in common units, or a refusal.
import { CellReader, parseSource, type Refusal, rowOrigin } from './cellReader.ts'
import { quantity } from './quantities.ts'
import type { Link, Measurement, Observation, RawRow } from './records.ts'
import type { ErrorSource, Survey, SurveyMeasurement } from './survey.ts'
import { readSurvey, surveyNames, typicalErr } from './surveys.ts'
import { ARCSEC_PER_DEG, MAG_PER_RELATIVE_FLUX, MAS_PER_ARCSEC, RAD_PER_DEG, unitFactor } from './units.ts'

export type RowOutcome = { readonly observation: Observation } | { readonly refusal: Refusal }

/** Sky cells are those of the positions at this epoch, so that a star stays in its cell. */
export const CELL_EPOCH_JYR = 2016

/**
 * Turns a row into an observation: named columns, common units, missing = absent, zero points off, floors in.
 * Columns that the survey file does not name are kept in `extra`. A pure function of its arguments.
 * Refused are: an id that is missing or none, impossible coordinates, infinite or unreadable numbers, errors that are
 * not above zero, values beyond the range of their quantity. A negative parallax is legal.
 *
 * @param cellOf sky cell of a position in ICRS degrees
 */
export function toObservation(
  survey: Survey,
  row: RawRow,
  cellOf: (raDeg: number, decDeg: number) => bigint,
): RowOutcome {
  const reader = new CellReader(survey, row)
  const id = reader.readId()
  const position = readPosition(survey, reader)
  const flags: string[] = []
  const measurements = survey.measurements.flatMap(one => readMeasurement(survey, one, reader, flags))
  for (const rule of survey.rowFlags) {
    const cell = reader.text(rule.column)
    if (cell === null) continue
    const isRaised =
      rule.above === null ? !(rule.not ?? []).includes(cell) : (reader.number(rule.column) ?? 0) > rule.above
    if (isRaised) flags.push(rule.flag)
  }
  const links = readLinks(survey, reader, flags)
  if (reader.refusal !== null || id === null || position === null) {
    return { refusal: reader.refusal ?? reader.missing(survey.id.column) }
  }
  const { raDeg, decDeg } = atCellEpoch(position, measurements)
  return {
    observation: {
      survey: survey.name,
      ...id,
      releaseRank: survey.releaseRank,
      revision: row.revision,
      ...position,
      cell: cellOf(raDeg, decDeg),
      measurements,
      links,
      flags,
      origin: rowOrigin(row),
      extra: reader.extra(),
    },
  }
}

type Position = Pick<Observation, 'raDeg' | 'decDeg' | 'positionErrArcsec' | 'epochJyr'>

function readPosition(survey: Survey, reader: CellReader): Position | null {
  const rule = survey.position
  const factor = unitFactor(rule.unit, 'deg')
  const ra = reader.number(rule.raColumn)
  const dec = reader.number(rule.decColumn)
  if (ra === null || dec === null) {
    reader.refuse(reader.missing(ra === null ? rule.raColumn : rule.decColumn))
    return null
  }
  const raDeg = ra * factor
  const decDeg = dec * factor
  if (raDeg < 0 || raDeg >= 360) reader.refuseValue(rule.raColumn, 'a right ascension from 0 to below 360 degrees')
  if (decDeg < -90 || decDeg > 90) reader.refuseValue(rule.decColumn, 'a declination from -90 to 90 degrees')
  const errFactor = unitFactor(rule.errUnit, 'arcsec')
  const errs = rule.errColumns.flatMap(column => {
    const err = reader.measured(column, rule.errUnit)
    if (err !== null && err <= 0) reader.refuseValue(column, 'an error above zero')
    return err === null ? [] : [err * errFactor]
  })
  const errArcsec = errs.length === 0 ? rule.typicalErrArcsec : Math.hypot(...errs) / Math.sqrt(errs.length)
  const epoch = rule.epochColumn === null ? null : reader.measured(rule.epochColumn, null)
  const epochJyr = epoch === null ? rule.epochJyr : julianYear(epoch, rule.epochUnit)
  if (rule.epochColumn !== null && (epochJyr < 1850 || epochJyr > 2150)) {
    reader.refuseValue(rule.epochColumn, `an epoch (${rule.epochUnit}) between the years 1850 and 2150`)
  }
  return { raDeg, decDeg, positionErrArcsec: Math.hypot(errArcsec, rule.errFloorArcsec), epochJyr }
}

function julianYear(epoch: number, unit: 'jyr' | 'jd' | 'mjd'): number {
  if (unit === 'jyr') return epoch
  return 2000 + (epoch - (unit === 'jd' ? 2_451_545 : 51_544.5)) / 365.25
}

function readMeasurement(survey: Survey, rule: SurveyMeasurement, reader: CellReader, flags: string[]): Measurement[] {
  const cell = reader.measured(rule.column, rule.unit)
  if (cell === null) return []
  const { min, max, unit } = quantity(rule.quantity)
  const factor = unitFactor(rule.unit, unit)
  const value = cell * factor - rule.zeroPoint
  if (value < min || value > max) reader.refuseValue(rule.column, `a value from ${min} to ${max} ${unit}`)
  const drop = (flag: string): Measurement[] => {
    flags.push(`${rule.quantity}:${flag}`)
    return []
  }
  let isLimit = false
  for (const band of survey.bandFlags) {
    const index = band.quantities.indexOf(rule.quantity)
    const code = index === -1 ? undefined : reader.text(band.column)?.[index]
    if (code === undefined) continue
    const dropFlag = band.drop.get(code)
    if (dropFlag !== undefined) return drop(dropFlag)
    const keepFlag = band.keep.get(code)
    if (keepFlag !== undefined) flags.push(`${rule.quantity}:${keepFlag}`)
    isLimit ||= band.limit.includes(code)
  }
  if (rule.usable !== null && (value < rule.usable.min || value > rule.usable.max)) return drop(rule.usable.flag)
  const stated = readErr(rule, reader, factor)
  if (stated === null && rule.missingErr === 'drop' && !isLimit) return drop('noErr')
  isLimit ||= stated === null && rule.missingErr === 'limit'
  let err: number
  if (isLimit) {
    // At the limit the flux is `limitSigma` times its noise.
    err = MAG_PER_RELATIVE_FLUX / (survey.limitSigma ?? 1)
  } else if (stated === null) {
    flags.push(`${rule.quantity}:typicalErr`)
    const by = survey.measurements.find(one => one.quantity === rule.typicalErr?.by)
    err = typicalErr(rule, by === undefined ? null : reader.measured(by.column, by.unit))
  } else {
    err = stated
  }
  return [{ quantity: rule.quantity, value, err: Math.hypot(err, rule.errFloor), isLimit }]
}

/** The error in the unit of the quantity, from the first source that the row allows. */
function readErr(rule: SurveyMeasurement, reader: CellReader, factor: number): number | null {
  for (const source of rule.errors) {
    const err = readErrSource(source, rule.unit, reader, factor)
    if (err !== null) return err
  }
  return null
}

function readErrSource(source: ErrorSource, unit: string, reader: CellReader, factor: number): number | null {
  const positive = (column: string | null, columnUnit: string | null, what: string) => {
    const value = column === null ? null : reader.measured(column, columnUnit)
    if (column !== null && value !== null && value <= 0) reader.refuseValue(column, `${what} above zero`)
    return value
  }
  const err = positive(source.column, unit, 'an error')
  if (err !== null) return source.noneAbove !== null && err > source.noneAbove ? null : err * factor
  const snr = positive(source.snrColumn, null, 'a signal-to-noise')
  if (snr !== null) return MAG_PER_RELATIVE_FLUX / snr
  const flux = positive(source.fluxColumn, null, 'a flux')
  const fluxErr = positive(source.fluxErrColumn, null, 'an error')
  return flux === null || fluxErr === null ? null : (MAG_PER_RELATIVE_FLUX * fluxErr) / flux
}

function readLinks(survey: Survey, reader: CellReader, flags: string[]): Link[] {
  const names = surveyNames()
  return survey.links.flatMap(rule => {
    const text = reader.text(rule.column)
    if (text === null) return []
    if (rule.prefix !== null) return [{ survey: rule.survey, source: rule.prefix + text }]
    const parsed = names.includes(rule.survey) ? parseSource(readSurvey(rule.survey), text) : { source: text }
    if (parsed !== null) return [{ survey: rule.survey, source: parsed.source }]
    flags.push(`${rule.survey}:invalidLink`)
    return []
  })
}

/** Linear motion: enough for a cell, which is 400 arcsec wide. */
function atCellEpoch(position: Position, measurements: readonly Measurement[]): { raDeg: number; decDeg: number } {
  const motion = (name: string) => measurements.find(one => one.quantity === name)?.value ?? 0
  const degPerMas = (CELL_EPOCH_JYR - position.epochJyr) / (MAS_PER_ARCSEC * ARCSEC_PER_DEG)
  const cosDec = Math.max(Math.cos(position.decDeg * RAD_PER_DEG), 1e-6)
  const raDeg = position.raDeg + (motion('pmRaCosDecMasPerYr') * degPerMas) / cosDec
  const decDeg = position.decDeg + motion('pmDecMasPerYr') * degPerMas
  return { raDeg: ((raDeg % 360) + 360) % 360, decDeg: Math.max(-90, Math.min(90, decDeg)) }
}
