// What is known of a table of the catalogue folder: which of its columns are which survey's, and what it knows of its
// stars that the model is not told.
import { parseDouble, type Row } from '../../streams/index.ts'
import type { StarLabel } from './realStar.ts'

export interface CatalogueTable {
  readonly name: string
  readonly file: string
  readonly title: string
  readonly reference: string
  /** Key of the cluster its members belong to; `null` where they are no cluster. */
  readonly cluster: string | null
  readonly parts: readonly CataloguePart[]
  /** Magnitudes of surveys that nothing is ingested from. */
  readonly bands?: readonly CatalogueBand[]
  /** Stars inferred at most; those with labels are never left out for it. */
  readonly maxStars: number
  /** Adds columns that must be computed from others. */
  prepare?(row: Row): Row
  /** Why a row is not used; `null` where it is. */
  leaveOut(row: Row): string | null
  isMember(row: Row): boolean
  labels(row: Row): readonly StarLabel[]
}

/** Columns that one survey delivered; the table's authors have matched the surveys already. */
export interface CataloguePart {
  readonly survey: string
  /** The survey has the star where this column is neither empty nor zero. */
  readonly presentBy: string
  /** The survey's column -> the table's column, or one value for all rows. */
  readonly columns: Readonly<Record<string, string | { readonly value: number | string }>>
}

export interface CatalogueBand {
  /** As the forward model names it. */
  readonly quantity: string
  readonly column: string
  /** A magnitude whose error is above 0.36 mag is no detection; `null` where the table states none. */
  readonly errColumn: string | null
  /** The column holds mJy; flux density of magnitude zero. */
  readonly zeroPointJy?: number
  /** Brighter than this the survey is saturated. */
  readonly brightestMag?: number
}

/** A signal of three times the noise. */
const DETECTED_ERR_MAG = 0.36

/** Magnitude of a band in a row; `null` where it was not detected. */
export function bandMag(row: Row, band: CatalogueBand): number | null {
  const value = measuredNumber(row, band.column)
  if (value === null) return null
  const err = band.errColumn === null ? 0 : measuredNumber(row, band.errColumn)
  if (err === null || err > DETECTED_ERR_MAG) return null
  if (band.zeroPointJy !== undefined && value < 0) return null
  const mag = band.zeroPointJy === undefined ? value : -2.5 * Math.log10(value / 1000 / band.zeroPointJy)
  return band.brightestMag !== undefined && mag < band.brightestMag ? null : mag
}

/** A number that was measured: NaN, 0 and -999 or less stand for none in these tables. */
export function measuredNumber(row: Row, column: string): number | null {
  const value = parseDouble(row[column] ?? null)
  return value === null || value === undefined || value === 0 || value <= -999 ? null : value
}

/** Columns that are named in the table as in the survey, behind a prefix. */
export function sameColumns(names: readonly string[], prefix = ''): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map(name => [name, `${prefix}${name}`]))
}
