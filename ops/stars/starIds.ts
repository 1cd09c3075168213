// The ids a star goes by: its own is that of its anchor, `survey:source`, and changes when a better survey arrives.
import { readSurvey, type Star, splitSurvey, surveyNames } from '../../schemas/index.ts'

/** Names of the surveys of one family, the newest release first. */
function familyOf(survey: string): readonly string[] {
  const { family } = readSurvey(survey)
  return surveyNames()
    .map(readSurvey)
    .filter(one => one.family === family)
    .sort((a, b) => b.releaseRank - a.releaseRank)
    .map(({ name }) => name)
}

/** The same source in the other releases of its survey, which supersede one another under one id. */
export function otherReleases(alias: string): readonly string[] {
  const named = splitSurvey(alias)
  if (named === null) return []
  const [survey, source] = named
  return familyOf(survey)
    .filter(name => name !== survey)
    .map(name => `${name}:${source}`)
}

/** Ids under which the star may have been known before, and last the one it has now. */
export function idsOfStar({ starId, sources }: Star): readonly string[] {
  const aliases = sources.map(({ survey, source }) => `${survey}:${source}`).reverse()
  const earlier = aliases.flatMap(alias => [...[...otherReleases(alias)].reverse(), alias])
  return [...new Set(earlier.filter(id => id !== starId)), starId]
}
