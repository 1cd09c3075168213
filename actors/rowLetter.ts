// The table row in a dead letter, and the same row under a column map that was found for it since.
import { columnUnits, type DeadLetter, decode, isFusionError, type RawRow, readSurvey } from '../schemas/index.ts'
import { type BoundMap, bindColumnMap, type ColumnMap, type Output } from '../streams/index.ts'
import { readRawRecord } from './ingestActor.ts'
import { cellsOf, rawRowOutput } from './tableSource.ts'

/** `null` for a letter of anything else, or of a survey that is not known. */
export function rowOfLetter({ topic, bytes }: DeadLetter): RawRow | null {
  if (topic !== 'raw') return null
  try {
    const row = decode('rawRow', bytes)
    readSurvey(row.survey)
    return row
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}

/**
 * Mends letters with a column map. Rows in the log carry their columns and no units: the map has to say these.
 * @param columns all that occur in the letters, for a row lacks those that are empty in it
 * @returns the mended row as records for the log, or `null` where it would be refused as before
 * @throws FusionError CONFIG_INVALID where the map names a column that none of them has
 */
export function rowMender(map: ColumnMap, columns: Iterable<string>): (letter: DeadLetter) => readonly Output[] | null {
  const table = {
    path: 'the rows in the dead letters',
    columns: [...columns].map(name => ({
      name,
      type: 'text' as const,
      unit: null,
      description: null,
      ucd: null,
      arraySize: null,
    })),
  }
  const bound = new Map<string, BoundMap>()
  const boundTo = (survey: string) => {
    const known = bound.get(survey) ?? bindColumnMap(map, table, columnUnits(readSurvey(survey)))
    bound.set(survey, known)
    return known
  }
  return letter => {
    const row = rowOfLetter(letter)
    if (row === null || (map.survey !== null && map.survey !== row.survey)) return null
    const output = rawRowOutput({ ...row, cells: cellsOf(row.cells, boundTo(row.survey)) })
    const { key, value = null } = output
    const isMended = readRawRecord({ topic: 'raw', partition: 0, offset: 0, key, value }).kind === 'observed'
    return isMended ? [output] : null
  }
}
