// Ids as people write them -> `survey:source`, the words in which stars and their sources are known here.
import { parseSource } from './cellReader.ts'
import type { Star } from './records.ts'
import { readSurvey, surveyNames } from './surveys.ts'

/** Splits `survey:source` or `survey source`; `null` where no survey is named. */
export function splitSurvey(text: string): readonly [survey: string, source: string] | null {
  const match = /^(\w+)[: ](.+)$/.exec(text)
  return match !== null && surveyNames().includes(match[1]) ? [match[1], match[2]] : null
}

/** Every `survey:source` that an id may stand for, as surveys write theirs, prefixes or not. */
export function possibleAliases(text: string): readonly string[] {
  const named = splitSurvey(text)
  const [surveys, id] = named === null ? [surveyNames(), text] : [[named[0]], named[1]]
  return surveys.flatMap(name => {
    const parsed = parseSource(readSurvey(name), id)
    return parsed === null ? [] : [`${name}:${parsed.source}`]
  })
}

/** What a star goes by: its own id, and `survey:source` of each of its sources. */
export function aliasesOf({ starId, sources }: Pick<Star, 'starId' | 'sources'>): readonly string[] {
  return [starId, ...sources.map(({ survey, source }) => `${survey}:${source}`)]
}
