// Lists of stars that somebody watches. Releases of one survey supersede one another under one id, and the id of a star
// changes when a better survey sees it: so a star is watched by the family of the survey and the id of the source.
import { possibleAliases, splitSurvey } from '../starAliases.ts'
import { readSurvey } from '../surveys.ts'
import { filterError, shown } from './filterError.ts'

export const MAX_WATCHED = 10_000
const MAX_ID_CHARACTERS = 64

/** Such as `gaia:65207709613871744` of `gaiaDr3:65207709613871744`; `null` for a word that names no survey. */
export function watchKey(alias: string): string | null {
  const named = splitSurvey(alias)
  return named === null ? null : `${readSurvey(named[0]).family}:${named[1]}`
}

/**
 * The keys of all stars that the ids may stand for.
 * @param ids as any survey writes them, prefixes or not, or as `survey:source`
 * @throws FusionError FILTER_INVALID that names the entry
 */
export function watchKeys(ids: readonly string[]): ReadonlySet<string> {
  if (ids.length > MAX_WATCHED) {
    throw filterError('watchlist', 0, `it has ${ids.length} ids and at most ${MAX_WATCHED} are taken, split it`)
  }
  const keys = new Set<string>()
  for (const [i, id] of ids.entries()) {
    const aliases = id.length > MAX_ID_CHARACTERS ? [] : possibleAliases(id.trim())
    if (aliases.length === 0) throw filterError('watchlist', 0, `entry ${i + 1}, ${shown(id)}, is an id of no survey`)
    for (const alias of aliases) keys.add(watchKey(alias) ?? alias)
  }
  return keys
}
