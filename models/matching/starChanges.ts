// Step 3 of the walk: what the arrival of one observation changes. Stars are grouped before and after it, nearby only,
// and compared; nothing else of them is remembered, so no memory can disagree with the sources.
import { RAD_PER_ARCSEC, type Star, type StarAlias } from '../../schemas/index.ts'
import { separationRad } from './properMotion.ts'
import type { SkySource } from './skySource.ts'
import { MARGIN_ARCSEC } from './skyTrack.ts'
import { SourceField } from './sourceField.ts'
import { Grouping } from './sourceGroups.ts'
import { isSpectrumSource } from './spectrumSource.ts'
import { retireStar, toStar } from './starDraft.ts'
import { compareText, type SurveyLevels } from './surveyLevels.ts'

export interface Arrival {
  /** All sources that can matter, neither `added` nor `removed` among them; each id once. */
  readonly present: readonly SkySource[]
  /** The source as it was, where it was known. */
  readonly removed: SkySource | null
  /** The source as it is from now on. */
  readonly added: SkySource | null
  /** Only stars and sources whose home this region is are spoken for. */
  readonly region: number
}

export interface StarChanges {
  /** Stars that are no more, each with its last record; then new and changed ones; both by id. */
  readonly stars: readonly Star[]
  /** Sources that belong to another star than before, by survey and id. */
  readonly aliases: readonly StarAlias[]
  /** Spectra with pixels that belong to no star any more, or that are new and belong to none; by id. */
  readonly waiting: readonly SkySource[]
  /** Ids of spectra that do so no more. */
  readonly found: readonly string[]
  /** Sources farther than this from the arriving one, as it was and as it is, made no difference. */
  readonly reachArcsec: number
}

/**
 * Groups the sources around an arrival without it and with it, and tells the difference. A pure function of the set of
 * sources: arrivals in any order end with the same stars.
 */
export function findStarChanges(arrival: Arrival, levels: SurveyLevels): StarChanges {
  const { present, removed, added, region } = arrival
  if (removed !== null && added !== null && !isNear(removed, added)) {
    // Two places on the sky: what left is settled in the one, then what came in the other.
    const left = findStarChanges({ ...arrival, added: null }, levels)
    const came = findStarChanges({ ...arrival, removed: null }, levels)
    return {
      stars: [...left.stars, ...came.stars],
      aliases: [...left.aliases, ...came.aliases],
      waiting: [...left.waiting, ...came.waiting],
      found: [...left.found, ...came.found],
      reachArcsec: Math.max(left.reachArcsec, came.reachArcsec),
    }
  }
  const touched = [removed, added].filter(source => source !== null)
  const [first, ...others] = touched.map(source => source.reference)
  if (first === undefined) return { stars: [], aliases: [], waiting: [], found: [], reachArcsec: 0 }
  const field = new SourceField([...present, ...touched], first, ...others)
  const before = new Grouping(field, added)
  const after = new Grouping(field, removed)
  const affected = sourcesAffected(field, touched)
  const was = affected.filter(source => source !== added)
  const is = affected.filter(source => source !== removed)
  const stars = compareStars(homeStars(was, before, region, levels), homeStars(is, after, region, levels))
  const aliases = compareAliases(homeAliases(was, before, region), homeAliases(is, after, region))
  const [wasAlone, isAlone] = [aloneSpectra(was, before, region), aloneSpectra(is, after, region)]
  const byId = (a: SkySource, b: SkySource) => compareText(a.id, b.id)
  return {
    ...{ stars, aliases },
    waiting: [...isAlone.values()].filter(one => one === added || !wasAlone.has(one.id)).sort(byId),
    found: [...wasAlone.keys()].filter(id => !isAlone.has(id)).sort(compareText),
    reachArcsec: field.reachArcsec,
  }
}

/** So is what has the same place, however fast. */
function isNear(a: SkySource, b: SkySource): boolean {
  if (a.observation === b.observation) return true
  return !a.isFast && !b.isFast && separationRad(a.reference, b.reference) < (MARGIN_ARCSEC / 2) * RAD_PER_ARCSEC
}

/**
 * Sources whose star may change: those that may be one with the arriving source or with one so found, and those of
 * later surveys whose match probabilities count the arriving source among their neighbours.
 */
function sourcesAffected(field: SourceField, touched: readonly SkySource[]): SkySource[] {
  const found = new Set(touched)
  for (const source of touched) {
    for (const neighbor of field.neighborsOf(source)) if (neighbor.level > source.level) found.add(neighbor)
  }
  const isInReach = (source: SkySource) =>
    source.isFast ||
    touched.some(one => one.isFast || separationRad(one.reference, source.reference) <= MARGIN_ARCSEC * RAD_PER_ARCSEC)
  // A set that grows while it is walked through is walked through to its end.
  for (const source of found) {
    for (const { other } of field.edgesOf(source)) if (isInReach(other)) found.add(other)
  }
  return [...found]
}

function homeStars(
  sources: readonly SkySource[],
  grouping: Grouping,
  region: number,
  levels: SurveyLevels,
): ReadonlyMap<string, Star> {
  const anchors = new Set(sources.map(source => grouping.anchorOf(source)))
  const stars = [...anchors]
    .filter(anchor => anchor.home === region && !isSpectrumSource(anchor))
    .map(anchor => toStar(grouping.groupOf(anchor), levels))
  return new Map(stars.map(star => [star.starId, star]))
}

/** Spectra that join no star, by id. */
function aloneSpectra(
  sources: readonly SkySource[],
  grouping: Grouping,
  region: number,
): ReadonlyMap<string, SkySource> {
  const alone = sources.filter(
    source => isSpectrumSource(source) && source.home === region && grouping.attachmentOf(source) === null,
  )
  return new Map(alone.map(source => [source.id, source]))
}

function compareStars(was: ReadonlyMap<string, Star>, is: ReadonlyMap<string, Star>): Star[] {
  const gone = [...was.values()].filter(star => !is.has(star.starId)).map(retireStar)
  const changed = [...is.values()].filter(star => was.get(star.starId)?.version !== star.version)
  const byId = (a: Star, b: Star) => compareText(a.starId, b.starId)
  return [...gone.sort(byId), ...changed.sort(byId)]
}

function homeAliases(
  sources: readonly SkySource[],
  grouping: Grouping,
  region: number,
): ReadonlyMap<string, StarAlias> {
  const atHome = sources.filter(source => source.home === region && !isSpectrumSource(source))
  return new Map(
    atHome.map(source => {
      const { survey, source: id } = source.observation
      return [source.id, { survey, source: id, starId: grouping.anchorOf(source).id }]
    }),
  )
}

function compareAliases(was: ReadonlyMap<string, StarAlias>, is: ReadonlyMap<string, StarAlias>): StarAlias[] {
  return [...is]
    .filter(([id, alias]) => was.get(id)?.starId !== alias.starId)
    .sort(([a], [b]) => compareText(a, b))
    .map(([, alias]) => alias)
}
