// What a delivery said of a star's sources beyond what its survey names: columns kept as provenance, in the raw rows.
import { decode, decodeKnown, readSurvey, type Star, type StarSource, toObservation } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { recordAt } from './recordPlace.ts'

export interface SourceColumns {
  readonly survey: string
  readonly source: string
  readonly columns: { readonly [column: string]: string }
  /** Further columns that are not shown. */
  readonly leftOut: number
}

const MAX_COLUMNS = 40
const MAX_CHARACTERS = 200

/** Only of sources that have such columns, and whose row is known. */
export async function sourceColumns(log: Log, star: Star): Promise<readonly SourceColumns[]> {
  const found: SourceColumns[] = []
  for (const { survey, source } of star.sources) {
    const all = Object.entries(await extraOf(log, { survey, source }))
    if (all.length === 0) continue
    const columns = Object.fromEntries(all.slice(0, MAX_COLUMNS).map(([name, text]) => [name, shortened(text)]))
    found.push({ survey, source, columns, leftOut: Math.max(0, all.length - MAX_COLUMNS) })
  }
  return found
}

async function extraOf(
  log: Log,
  { survey: name, source }: Pick<StarSource, 'survey' | 'source'>,
): Promise<{ readonly [column: string]: string }> {
  const survey = readSurvey(name)
  const route = await log.latest('sources', `${survey.family}:${source}`)
  const offset = route === null || route.value === null ? null : decode('sourceRoute', route.value).rawOffset
  const record = typeof offset === 'bigint' ? await recordAt(log, 'raw', 0, Number(offset)) : null
  const row = record === null || record.value === null ? null : decodeKnown('rawRow', record.value, record)
  if (row === null || row.survey !== name) return {}
  const outcome = toObservation(survey, row, () => 0n)
  return 'refusal' in outcome ? {} : outcome.observation.extra
}

function shortened(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}\u2026`
}
