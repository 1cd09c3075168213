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

/** A number that was measured: NaN, 0 and -999 or less stand for none in these tables. */
export function measuredNumber(row: Row, column: string): number | null {
  const value = parseDouble(row[column] ?? null)
  return value === null || value === undefined || value === 0 || value <= -999 ? null : value
}

/** Columns that are named in the table as in the survey, behind a prefix. */
export function sameColumns(names: readonly string[], prefix = ''): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map(name => [name, `${prefix}${name}`]))
}
