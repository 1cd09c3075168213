// Whether a table can be a survey's delivery at all: looked at before its first row, so that a wrong name is told once
// and not for each row.
import { columnUnits, FusionError, type Survey, surveyColumns } from '../schemas/index.ts'
import { type BoundMap, bindColumnMap, type ColumnMap, nearestNames, type TableReader } from '../streams/index.ts'

type Table = Pick<TableReader, 'path' | 'columns'>

/** @throws FusionError CONFIG_INVALID when the map is another survey's, or map and table together are not this one's */
export function bindSurveyMap(map: ColumnMap, table: Table, survey: Survey): BoundMap {
  if (map.survey !== null && map.survey !== survey.name) {
    throw invalid(
      `${map.path} is a column map of ${map.survey}, not of ${survey.name}: name that survey, or another map.`,
    )
  }
  const known = surveyColumns(survey)
  const stray = [...map.columns.keys()].find(name => !known.has(name))
  if (stray !== undefined) {
    throw invalid(
      `${map.path} maps '${stray}', which is no column of ${survey.name}: nearest are ${quoted(nearestNames(stray, [...known]))}.`,
    )
  }
  const bound = bindColumnMap(map, table, columnUnits(survey))
  checkColumns(table, survey, map)
  return bound
}

/**
 * A row without these is refused, whatever else it has. A column that the map leaves out goes by its own name.
 * @throws FusionError CONFIG_INVALID that names the absent one
 */
export function checkColumns({ path, columns }: Table, survey: Survey, map: ColumnMap | null): void {
  const mapped = map?.columns ?? new Map()
  const taken = new Set([...mapped.values()].map(({ from }) => from))
  const names = columns.map(({ name }) => name).filter(name => !taken.has(name))
  const { id, position } = survey
  const absent = [id.column, position.raColumn, position.decColumn].find(
    name => !mapped.has(name) && !names.includes(name),
  )
  if (absent === undefined) return
  const nearest = names.length === 0 ? '' : `; nearest are ${quoted(nearestNames(absent, names))}`
  throw invalid(
    `${path} has no column '${absent}', which each row of ${survey.name} needs: say in ${map?.path ?? 'a column map'} which column it is${nearest}.`,
  )
}

function quoted(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ')
}

function invalid(sentence: string): FusionError {
  return new FusionError('CONFIG_INVALID', sentence)
}
