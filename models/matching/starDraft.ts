// Step 3 of the walk: sources that are one star -> its record.
import { createHash } from 'node:crypto'
import type { Observation, Spectrum, Star, StarMeasurement, StarSource, StarSpectrum } from '../../schemas/index.ts'
import type { SkySource } from './skySource.ts'
import type { SourceGroup } from './sourceGroups.ts'
import { levelOf, type SurveyLevels } from './surveyLevels.ts'

/** A joined source less sure than this makes its star ambiguous. */
export const AMBIGUOUS_BELOW = 0.9
const VERSION_DIGITS = 24

/**
 * The star of a group: the anchor's position, the sources, and of each quantity one measurement: the one of the survey
 * that comes first, of releases of one family the newest.
 */
export function toStar(group: SourceGroup, levels: SurveyLevels): Star {
  const { anchor, members } = group
  const sources: StarSource[] = [
    sourceRecord(anchor.observation, 'anchor', 1, null),
    ...members.map(({ source, attachment }) =>
      sourceRecord(source.observation, attachment.matchedBy, attachment.probability, attachment.separationArcsec),
    ),
  ]
  const joined = [anchor, ...members.map(member => member.source)]
  const flags = new Set(
    joined.flatMap(({ observation }) => observation.flags.map(flag => `${observation.survey}:${flag}`)),
  )
  for (const survey of disagreeingLinks(joined)) flags.add(`${survey}:linkDisagrees`)
  return withVersion({
    starId: anchor.id,
    version: '',
    raDeg: anchor.observation.raDeg,
    decDeg: anchor.observation.decDeg,
    epochJyr: anchor.observation.epochJyr,
    sources,
    measurements: measurementsInForce(joined, levels),
    isAmbiguous: sources.some(source => source.matchProbability < AMBIGUOUS_BELOW),
    flags: [...flags].sort(),
    isRetired: false,
    spectra: joined.flatMap(({ spectrum }) => (spectrum === null ? [] : [spectrumRecord(spectrum)])),
  })
}

/** The last record of a star whose anchor has joined another star or is gone. */
export function retireStar(star: Star): Star {
  return withVersion({
    ...star,
    sources: [],
    measurements: [],
    isAmbiguous: false,
    flags: [],
    isRetired: true,
    spectra: [],
  })
}

function sourceRecord(
  observation: Observation,
  matchedBy: StarSource['matchedBy'],
  probability: number,
  separationArcsec: number | null,
): StarSource {
  return {
    survey: observation.survey,
    source: observation.source,
    matchedBy,
    // A thousandth is what the prior is good for; finer digits would make new versions of a star without news.
    matchProbability: Math.round(probability * 1000) / 1000,
    separationArcsec: separationArcsec === null ? null : Math.round(separationArcsec * 10_000) / 10_000,
    origin: observation.origin,
  }
}

function spectrumRecord({ survey, source, product, spectrumId, file, row, bands }: Spectrum): StarSpectrum {
  const kept = bands.map(({ name, basis, coefficients, errors }) => ({ name, basis, coefficients, errors }))
  return { survey, source, product, spectrumId, file, row, bands: kept }
}

function measurementsInForce(joined: readonly SkySource[], levels: SurveyLevels): StarMeasurement[] {
  const newestRank = new Map<string, number>()
  for (const { family, observation } of joined) {
    newestRank.set(family, Math.max(newestRank.get(family) ?? Number.NEGATIVE_INFINITY, observation.releaseRank))
  }
  const measured = new Map<string, StarMeasurement>()
  for (const { observation } of joined) {
    const { survey } = observation
    if (observation.releaseRank < (newestRank.get(levelOf(levels, survey).family) ?? 0)) continue
    for (const { quantity, value, err, isLimit } of observation.measurements) {
      if (!measured.has(quantity)) measured.set(quantity, { quantity, value, err, isLimit, survey })
    }
  }
  return [...measured.values()]
}

/** Surveys that name, as another survey's id of this star, an id that is not the one that was joined. */
function disagreeingLinks(joined: readonly SkySource[]): string[] {
  const nameOf = new Map(joined.map(source => [source.observation.survey, source]))
  return joined.flatMap(({ observation }) => {
    const isWrong = observation.links.some(link => {
      const other = link.survey === observation.survey ? undefined : nameOf.get(link.survey)
      return (
        other !== undefined && !other.names.includes(`${link.survey}:${link.source}`) && hasNameLike(other, link.source)
      )
    })
    return isWrong ? [observation.survey] : []
  })
}

/** A `key:1` can only disagree with a source that has a key of that kind. */
function hasNameLike(source: SkySource, linked: string): boolean {
  const prefix = linked.slice(0, linked.indexOf(':') + 1)
  return source.names.some(name => {
    const own = name.slice(source.observation.survey.length + 1)
    return own.slice(0, own.indexOf(':') + 1) === prefix
  })
}

/** Origins do not count: the same content from another file is the same star. Nor does it that there are no spectra. */
function withVersion(star: Star): Star {
  const { version: _, sources, spectra = [], ...rest } = star
  const shapes = spectra.map(({ survey, source, product, bands }) => [survey, source, product, bands])
  const withoutOrigins = sources.map(({ origin: __, ...source }) => source)
  const content = JSON.stringify([rest, withoutOrigins, ...(shapes.length === 0 ? [] : [shapes])])
  return { ...star, version: createHash('sha256').update(content).digest('hex').slice(0, VERSION_DIGITS) }
}
