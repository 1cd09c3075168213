// One star a row: a table and its column map -> what the model is given, or why a row is refused.
import { bindSurveyMap } from '../../actors/index.ts'
import type { GivenValue, StarInput } from '../../models/index.ts'
import {
  type ErrorCode,
  FusionError,
  observableNames,
  quantity,
  type RawRow,
  readSurvey,
  type Survey,
  toObservation,
} from '../../schemas/index.ts'
import {
  type BoundMap,
  bindColumnMap,
  type ColumnMap,
  cellText,
  parseDouble,
  type Row,
  type TableReader,
} from '../../streams/index.ts'

export type RowReading =
  | { readonly input: StarInput; readonly flags: readonly string[] }
  | { readonly code: ErrorCode; readonly reason: string }

export interface RowParser {
  parse(row: Row, rowNumber: number): RowReading
}

const idName = 'id'
const errName = (name: string) => `${name}Err`
const limitName = (name: string) => `${name}IsLimit`

/**
 * With `survey` in the map its columns are the survey's own, and zero points, floors and flags are the survey's.
 * Without, they are the observables of the vocabulary (`gMag`, `gMagErr`, `gMagIsLimit`, ...) and `id`, taken as they
 * stand once their unit is converted.
 * @throws FusionError CONFIG_INVALID when the map and the table do not fit, SURVEY_UNKNOWN
 */
export function openRowParser(map: ColumnMap, table: TableReader): RowParser {
  return map.survey === null ? quantityParser(map, table) : surveyParser(map, table, readSurvey(map.survey))
}

function surveyParser(map: ColumnMap, table: TableReader, survey: Survey): RowParser {
  const bound = bindSurveyMap(map, table, survey)
  const file = table.path.split('/').at(-1) ?? table.path
  return {
    parse(row, rowNumber) {
      const { values, extra } = bound.apply(row)
      // As in a delivery, a column that the map leaves out goes by its own name.
      const cells = Object.fromEntries(
        Object.entries({ ...extra, ...values }).flatMap(([name, cell]) => {
          const text = cellText(cell)
          return text === null || text === '' ? [] : [[name, text]]
        }),
      )
      const raw: RawRow = { survey: survey.name, file, row: BigInt(rowNumber), revision: 0n, cells }
      // Nothing is matched here, so any sky cell will do.
      const outcome = toObservation(survey, raw, () => 0n)
      if ('refusal' in outcome) return outcome.refusal
      const { source, measurements, flags } = outcome.observation
      return finish(`${survey.name}:${source}`, measurements, flags, table.path, rowNumber)
    },
  }
}

function quantityParser(map: ColumnMap, table: TableReader): RowParser {
  const known = new Set([idName, ...observableNames.flatMap(name => [name, errName(name), limitName(name)])])
  for (const name of map.columns.keys()) {
    if (!known.has(name)) {
      throw new FusionError(
        'CONFIG_INVALID',
        `${map.path} maps '${name}', which is no observable; known are id, ${observableNames.join(', ')}, each with Err and IsLimit after it, or give the map a 'survey'`,
      )
    }
  }
  const names = observableNames.filter(name => map.columns.has(name))
  for (const name of names) {
    if (!map.columns.has(errName(name))) {
      throw new FusionError(
        'CONFIG_INVALID',
        `${map.path} maps '${name}' without '${errName(name)}'; map its 1-sigma error, or give it a value: { value: 0.02 }`,
      )
    }
  }
  if (names.length === 0)
    throw new FusionError(
      'CONFIG_INVALID',
      `${map.path} maps no observable; map at least one of ${observableNames.join(', ')}`,
    )
  const units = new Map(
    names.flatMap(
      name =>
        [
          [name, quantity(name).unit],
          [errName(name), quantity(name).unit],
        ] as const,
    ),
  )
  const bound: BoundMap = bindColumnMap(map, table, units)
  return {
    parse(row, rowNumber) {
      const { values } = bound.apply(row)
      const given: GivenValue[] = []
      const flags: string[] = []
      for (const name of names) {
        const value = parseDouble(values[name])
        const err = parseDouble(values[errName(name)])
        if (value === null) continue
        const problem = problemOf(name, value, err)
        if (problem !== null) return refuse(table.path, rowNumber, problem)
        if (err === null) flags.push(`${name}:noErr`)
        else if (value !== undefined && err !== undefined)
          given.push({ quantity: name, value, err, isLimit: isTrue(values[limitName(name)]) })
      }
      const id = cellText(values[idName] ?? null)
      return finish(id === null || id === '' ? `row ${rowNumber}` : id, given, flags, table.path, rowNumber)
    },
  }
}

function problemOf(name: string, value: number | undefined, err: number | null | undefined): string | null {
  const { min, max, unit } = quantity(name)
  if (value === undefined) return `${name} is no finite number`
  if (value < min || value > max) return `${name} is ${value}, beyond ${min} to ${max} ${unit}`
  if (err === undefined) return `${errName(name)} is no finite number`
  return err !== null && err <= 0 ? `${errName(name)} is ${err}, an error must be above zero` : null
}

function isTrue(cell: Row[string] | undefined): boolean {
  return cell === true || cell === 1 || (typeof cell === 'string' && /^(true|t|1|yes)$/i.test(cell))
}

function finish(
  key: string,
  measurements: readonly GivenValue[],
  flags: readonly string[],
  path: string,
  rowNumber: number,
): RowReading {
  const given = measurements.map(({ quantity: name, value, err, isLimit }) => ({ quantity: name, value, err, isLimit }))
  return given.length === 0 ? refuse(path, rowNumber, 'nothing usable was measured') : { input: { key, given }, flags }
}

function refuse(path: string, rowNumber: number, problem: string): RowReading {
  return {
    code: 'VALUE_OUT_OF_RANGE',
    reason: `${path} row ${rowNumber}: ${problem}; correct the row or the column map.`,
  }
}
