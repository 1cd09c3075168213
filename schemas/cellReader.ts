// The cells of one survey row: words for none, sentinels, numbers and ids, and the first thing found wrong.
import type { ErrorCode } from './errors.ts'
import type { RawRow } from './records.ts'
import type { Survey } from './survey.ts'

/** Why a row goes to the dead letters: one sentence with file, row, field and remedy. */
export interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
}

const MAX_ID = 2n ** 63n - 1n
const NULL_WORDS = new Set(['', 'null', 'nan', 'none', 'n/a', 'na', '-', '--', '\\n', 'masked'])

/** An id as the survey writes it: prefixes off, a 64-bit one exact; `null` when it is none. */
export function parseSource(survey: Survey, text: string): { source: string; sourceId: bigint | null } | null {
  let source = text.trim()
  for (const prefix of survey.id.prefixes) if (source.startsWith(prefix)) source = source.slice(prefix.length)
  if (survey.id.kind === 'text') return source === '' || source.length > 64 ? null : { source, sourceId: null }
  if (!/^\d{1,19}$/.test(source)) return null
  const sourceId = BigInt(source)
  return sourceId < 1n || sourceId > MAX_ID ? null : { source: sourceId.toString(), sourceId }
}

/** Where a row came from, in the words of every observation and dead letter. */
export function rowOrigin(row: RawRow): string {
  return `${row.file} row ${row.row}`
}

const namedColumns = new WeakMap<Survey, ReadonlySet<string>>()

/** Names of the columns that a survey's file gives a meaning to. */
export function surveyColumns(survey: Survey): ReadonlySet<string> {
  const cached = namedColumns.get(survey)
  if (cached !== undefined) return cached
  const { id, position, links, measurements, bandFlags, rowFlags } = survey
  const named = new Set(
    [
      id.column,
      position.raColumn,
      position.decColumn,
      position.epochColumn,
      ...position.errColumns,
      ...links.map(one => one.column),
      ...measurements.flatMap(one => [
        one.column,
        ...one.errors.flatMap(way => [way.column, way.snrColumn, way.fluxColumn, way.fluxErrColumn]),
      ]),
      ...bandFlags.map(one => one.column),
      ...rowFlags.map(one => one.column),
    ].filter(column => column !== null),
  )
  namedColumns.set(survey, named)
  return named
}

/** Reads the cells of one row and holds the first thing found wrong with it. */
export class CellReader {
  refusal: Refusal | null = null
  readonly #survey: Survey
  readonly #row: RawRow

  constructor(survey: Survey, row: RawRow) {
    this.#survey = survey
    this.#row = row
  }

  /** The cell, or `null` where the row has none or a word for none. */
  text(column: string): string | null {
    const cell = Object.hasOwn(this.#row.cells, column) ? this.#row.cells[column].trim() : ''
    return NULL_WORDS.has(cell.toLowerCase()) ? null : cell
  }

  number(column: string): number | null {
    const cell = this.text(column)
    if (cell === null) return null
    if (/^[+-]?inf(inity)?$/i.test(cell)) {
      this.refuseValue(column, 'a finite number')
      return null
    }
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN
    if (Number.isFinite(value)) return value
    this.refuseValue(column, 'a finite number', 'SCHEMA_MISMATCH')
    return null
  }

  /**
   * A number, with the survey's sentinels read as absent.
   * @param unit of the column, where it has one: 99.99 is no magnitude, but it is a parallax
   */
  measured(column: string, unit: string | null): number | null {
    const value = this.number(column)
    const { sentinels } = this.#survey
    const ofUnit = unit === null ? [] : (sentinels.get(unit) ?? [])
    // A sentinel stored in 32 bits comes back as 99.98999786.
    const isSentinel =
      value !== null &&
      [...(sentinels.get('any') ?? []), ...ofUnit].some(one => Math.abs(value - one) <= 1e-6 * Math.abs(one))
    return isSentinel ? null : value
  }

  readId(): { source: string; sourceId: bigint | null } | null {
    const { column, kind } = this.#survey.id
    const text = this.text(column)
    if (text === null) {
      this.refuse(this.missing(column))
      return null
    }
    const parsed = parseSource(this.#survey, text)
    if (parsed === null) {
      this.refuseValue(
        column,
        kind === 'long' ? `a whole id from 1 to ${MAX_ID}, not a rounded one` : 'an id of up to 64 characters',
      )
    }
    return parsed
  }

  missing(column: string): Refusal {
    return {
      code: 'SCHEMA_MISMATCH',
      reason: `${rowOrigin(this.#row)}: ${column} is missing, and ${this.#survey.name} needs it. Deliver it, or name its column in a column map.`,
    }
  }

  refuseValue(column: string, expected: string, code: ErrorCode = 'VALUE_OUT_OF_RANGE'): void {
    const cell = JSON.stringify((this.#row.cells[column] ?? '').slice(0, 40))
    this.refuse({
      code,
      reason: `${rowOrigin(this.#row)}: ${column} is ${cell}, but must be ${expected}. Correct the row and ingest it again.`,
    })
  }

  refuse(refusal: Refusal): void {
    this.refusal ??= refusal
  }

  extra(): { readonly [column: string]: string } {
    const named = surveyColumns(this.#survey)
    return Object.fromEntries(Object.entries(this.#row.cells).filter(([column]) => !named.has(column)))
  }
}
