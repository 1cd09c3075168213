// From any id a star goes by to the star: the compacted topics star-ids and latest-stars are the index.
import { readLatest, servingModel } from '../../actors/index.ts'
import { type Posterior, possibleAliases, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { otherReleases } from './starIds.ts'

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
    const known = await readLatest(log, 'star-ids', alias, 'starAlias')
    if (known === null) continue
    const { starId } = known
    const star = found.has(starId) ? null : await latestStar(log, starId)
    if (star !== null) found.set(starId, { star, foundBy: alias })
  }
  return [...found.values()]
}

export function latestStar(log: Log, starId: string): Promise<Star | null> {
  return readLatest(log, 'latest-stars', starId, 'star')
}

export async function latestPosterior(log: Log, starId: string): Promise<Posterior | null> {
  const posterior = await readLatest(log, 'latest-posteriors', starId, 'posterior')
  return posterior === null ? null : asServed(log, posterior, await servingModel(log))
}

/**
 * While a model that was put in force hands on its posteriors, those it has not come to yet are found among its candidates:
 * so the change is seen at once for all stars.
 * @param serving fingerprint of the model in force, where there is one
 */
export async function asServed(log: Log, posterior: Posterior, serving: string | null): Promise<Posterior> {
  if (serving === null || posterior.model === serving) return posterior
  const candidate = await readLatest(log, 'candidates', posterior.starId, 'posterior')
  const isOfSame = candidate?.model === serving && candidate.starVersion === posterior.starVersion
  return candidate !== null && isOfSame ? { ...candidate, isReprocessed: true } : posterior
}
