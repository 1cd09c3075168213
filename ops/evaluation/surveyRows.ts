// Rows of a table read as a survey's delivery, by the code that ingests them: floors, sentinels, flags and limits are
// the survey file's, so that what is judged is what the pipeline does.
import { cellOf } from '../../models/index.ts'
import { type RawRow, type RowOutcome, readSurvey, type Survey, toObservation } from '../../schemas/index.ts'
import {
  type BoundMap,
  bindColumnMap,
  type ColumnMap,
  cellText,
  type Row,
  type TableReader,
} from '../../streams/index.ts'

export interface SurveyRows {
  readonly survey: Survey
  observe(row: Row, rowNumber: number): RowOutcome
}

/**
 * @param map where the table's columns are not named as the survey names them
 * @throws FusionError SURVEY_UNKNOWN, CONFIG_INVALID
 */
export function openSurveyRows(
  name: string,
  map: ColumnMap | null,
  table: Pick<TableReader, 'path' | 'columns'>,
): SurveyRows {
  const survey = readSurvey(name)
  const bound: BoundMap | null = map === null ? null : bindColumnMap(map, table)
  const file = table.path.split('/').at(-1) ?? table.path
  return {
    survey,
    observe(row, rowNumber) {
      const texts = Object.entries(bound === null ? row : bound.apply(row).values).flatMap(([column, cell]) => {
        const text = cellText(cell)
        return text === null || text === '' ? [] : [[column, text] as const]
      })
      const cells = Object.fromEntries(texts)
      const raw: RawRow = { survey: survey.name, file, row: BigInt(rowNumber), revision: 0n, cells }
      return toObservation(survey, raw, (raDeg, decDeg) => BigInt(cellOf(raDeg, decDeg)))
    },
  }
}
