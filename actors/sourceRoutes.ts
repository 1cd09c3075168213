// The route of the source that a raw row is of.
import { parseSource, type RawRow, readSurvey, type SourceRoute, surveyNames } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { readLatest } from './latestRecord.ts'

export interface FoundRoute {
  /** `family:source`. */
  readonly sourceKey: string
  readonly route: SourceRoute
}

/** `null` where the row has no such source, or ingest never took it in. */
export async function sourceRouteOf(log: Log, row: Pick<RawRow, 'survey' | 'cells'>): Promise<FoundRoute | null> {
  const sourceKey = sourceKeyOf(row)
  if (sourceKey === null) return null
  const route = await readLatest(log, 'sources', sourceKey, 'sourceRoute')
  return route === null ? null : { sourceKey, route }
}

/** `family:source`, or `null` for an id that the survey does not have. */
export function sourceKeyOf({ survey: name, cells }: Pick<RawRow, 'survey' | 'cells'>): string | null {
  if (!surveyNames().includes(name)) return null
  const survey = readSurvey(name)
  const parsed = parseSource(survey, cells[survey.id.column] ?? '')
  return parsed === null ? null : `${survey.family}:${parsed.source}`
}
