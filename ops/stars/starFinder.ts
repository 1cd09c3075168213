// From any id a star goes by to the star: the compacted topics star-ids and latest-stars are the index.
import { decode, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { otherReleases, possibleAliases } from './starIds.ts'

/** A star and the id it was found by. */
export interface FoundStar {
  readonly star: Star
  /** `survey:source`. */
  readonly foundBy: string
}

/**
 * Stars that go by an id: the star's own, a survey's as that survey writes it (prefixes or not), or `survey:id`; an id
 * of a superseded release leads to the star of the release that took its place.
 * More than one only where two surveys use the same id for different stars.
 */
export async function findStars(log: Log, text: string): Promise<readonly FoundStar[]> {
  const aliases = possibleAliases(text.trim())
  const found = await starsOf(log, aliases)
  return found.length > 0 ? found : starsOf(log, aliases.flatMap(otherReleases))
}

async function starsOf(log: Log, aliases: readonly string[]): Promise<readonly FoundStar[]> {
  const found = new Map<string, FoundStar>()
  for (const alias of aliases) {
    const record = await log.latest('star-ids', alias)
    if (record === null || record.value === null) continue
    const { starId } = decode('starAlias', record.value)
    const star = found.has(starId) ? null : await latestStar(log, starId)
    if (star !== null) found.set(starId, { star, foundBy: alias })
  }
  return [...found.values()]
}

export async function latestStar(log: Log, starId: string): Promise<Star | null> {
  const record = await log.latest('latest-stars', starId)
  return record === null || record.value === null ? null : decode('star', record.value)
}

export async function latestPosterior(log: Log, starId: string): Promise<Posterior | null> {
  const record = await log.latest('latest-posteriors', starId)
  return record === null || record.value === null ? null : decode('posterior', record.value)
}
