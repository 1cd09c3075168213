// Step 3 of the walk: sources that are one star -> its record.
import { createHash } from 'node:crypto'
import type {
  Observation,
  PixelSpectrum,
  Spectrum,
  Star,
  StarMeasurement,
  StarSource,
  StarSpectrum,
} from '../../schemas/index.ts'
import type { SkySource } from './skySource.ts'
import type { Attachment, GroupMember, SourceGroup } from './sourceGroups.ts'
import { spectrumEpochMjd, totalSignal } from './spectrumSource.ts'
import { compareText, levelOf, type SurveyLevels } from './surveyLevels.ts'

/** A joined source less sure than this makes its star ambiguous. */
export const AMBIGUOUS_BELOW = 0.9
const VERSION_DIGITS = 24

/**
 * The star of a group: the anchor's position, the sources, and of each quantity one measurement: the one of the survey
 * that comes first, of releases of one family the newest. Its spectra with pixels are without them: whoever keeps those adds them.
 */
export function toStar(group: SourceGroup, levels: SurveyLevels): Star {
  const { anchor, members } = group
  const pixelSpectra = spectraInForce(group.spectra)
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
    isAmbiguous: [...sources, ...pixelSpectra].some(one => one.matchProbability < AMBIGUOUS_BELOW),
    flags: [...flags].sort(),
    isRetired: false,
    spectra: joined.flatMap(({ spectrum }) => (spectrum === null ? [] : [spectrumRecord(spectrum)])),
    pixelSpectra,
    pixels: [],
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
    pixelSpectra: [],
    pixels: [],
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
    matchProbability: roundProbability(probability),
    separationArcsec: separationArcsec === null ? null : roundSeparation(separationArcsec),
    origin: observation.origin,
  }
}

function spectrumRecord({ survey, source, product, spectrumId, file, row, bands }: Spectrum): StarSpectrum {
  const kept = bands.map(({ name, basis, coefficients, errors }) => ({ name, basis, coefficients, errors }))
  return { survey, source, product, spectrumId, file, row, bands: kept }
}

/** A thousandth is what the prior is good for; finer digits would make new versions of a star without news. */
const roundProbability = (probability: number) => Math.round(probability * 1000) / 1000
const roundSeparation = (arcsec: number) => Math.round(arcsec * 10_000) / 10_000

/** Of each survey the one with the most signal, of equal ones the later delivery. */
function spectraInForce(spectra: readonly GroupMember[]): PixelSpectrum[] {
  const best = new Map<string, GroupMember>()
  for (const one of spectra) {
    const { survey } = one.source.observation
    const known = best.get(survey)
    if (known === undefined || compareSpectra(one.source, known.source) < 0) best.set(survey, one)
  }
  const records = [...best.values()].flatMap(({ source: { spectrum }, attachment }) =>
    spectrum === null ? [] : [pixelRecord(spectrum, attachment)],
  )
  return records.sort((a, b) => compareText(a.survey, b.survey))
}

function compareSpectra({ spectrum: a, id: idOfA }: SkySource, { spectrum: b, id: idOfB }: SkySource): number {
  const signalOf = (one: Spectrum | null) => totalSignal(one?.medianSignalToNoise, one?.goodPixelCount)
  return signalOf(b) - signalOf(a) || Number((b?.revision ?? 0n) - (a?.revision ?? 0n)) || compareText(idOfA, idOfB)
}

function pixelRecord(spectrum: Spectrum, { matchedBy, probability, separationArcsec }: Attachment): PixelSpectrum {
  const { survey, source, product, spectrumId, medianSignalToNoise: signalToNoise = null, file, row } = spectrum
  const { goodPixelCount: pixelCount = 0 } = spectrum
  return {
    ...{ survey, source, product, spectrumId, epochMjd: spectrumEpochMjd(spectrum), signalToNoise, pixelCount },
    ...{
      matchedBy,
      matchProbability: roundProbability(probability),
      separationArcsec: roundSeparation(separationArcsec),
    },
    ...{ file, row },
  }
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
  const { version: _, sources, spectra = [], pixelSpectra = [], pixels: __, ...rest } = star
  const shapes = spectra.map(({ survey, source, product, bands }) => [survey, source, product, bands])
  const withoutOrigins = sources.map(({ origin: ___, ...source }) => source)
  const pixelShapes = pixelSpectra.map(({ file: __, row: ___, ...spectrum }) => spectrum)
  const lists = [shapes, pixelShapes].filter(list => list.length > 0)
  const content = JSON.stringify([rest, withoutOrigins, ...lists])
  return { ...star, version: createHash('sha256').update(content).digest('hex').slice(0, VERSION_DIGITS) }
}
