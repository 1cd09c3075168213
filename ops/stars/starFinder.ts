// From any id a star goes by to the star: the compacted topics star-ids and latest-stars are the index.
import { decode, type Posterior, parseSource, readSurvey, type Star, surveyNames } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

/** A star and the id it was found by. */
export interface FoundStar {
  readonly star: Star
  /** `starId`, or `survey:source`. */
  readonly foundBy: string
}

/**
 * Stars that go by an id: the star's own, a survey's as that survey writes it (prefixes or not), or `survey:id`.
 * More than one only where two surveys use the same id for different stars.
 */
export async function findStars(log: Log, text: string): Promise<readonly FoundStar[]> {
  const wanted = text.trim()
  const own = await latestStar(log, wanted)
  if (own !== null) return [{ star: own, foundBy: 'starId' }]
  const found = new Map<string, FoundStar>()
  for (const alias of possibleAliases(wanted)) {
    const record = await log.latest('star-ids', alias)
    if (record === null || record.value === null) continue
    const { starId } = decode('starAlias', record.value)
    const star = found.has(starId) ? null : await latestStar(log, starId)
    if (star !== null) found.set(starId, { star, foundBy: alias })
  }
  return [...found.values()]
}

/** Keys of `star-ids` that an id may stand for. */
export function possibleAliases(text: string): readonly string[] {
  const separator = text.indexOf(':')
  const named = text.slice(0, Math.max(0, separator))
  const [surveys, id] = surveyNames().includes(named) ? [[named], text.slice(separator + 1)] : [surveyNames(), text]
  return surveys.flatMap(name => {
    const parsed = parseSource(readSurvey(name), id)
    return parsed === null ? [] : [`${name}:${parsed.source}`]
  })
}

export async function latestStar(log: Log, starId: string): Promise<Star | null> {
  const record = await log.latest('latest-stars', starId)
  return record === null || record.value === null ? null : decode('star', record.value)
}

export async function latestPosterior(log: Log, starId: string): Promise<Posterior | null> {
  const record = await log.latest('latest-posteriors', starId)
  return record === null || record.value === null ? null : decode('posterior', record.value)
}
