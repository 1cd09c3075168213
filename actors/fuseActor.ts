// Step 3 of the walk: observations -> [fuse] -> stars. Each observation that changes a star emits it anew.
// A region of the sky is fused by itself: it knows what lies close to its borders, and speaks only for what is its own.
// A spectrum of Gaia comes first to the region that its id names, waits there until its star is known, and lies then with its source.
// One with pixels is a source itself, wherever its star is; its pixels are kept apart, and read only for the star that is given them.
import { isDeepStrictEqual } from 'node:util'
import {
  FULL_REACH_ARCSEC,
  findStarChanges,
  isSpectrumSource,
  NEAR_REACH_ARCSEC,
  patchesWithin,
  type SkySource,
  type StarChanges,
  type SurveyLevels,
  totalSignal,
} from '../models/index.ts'
import { isProbeStar, type Spectrum, type Star } from '../schemas/index.ts'
import type { Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step, tombstoneOf, type Wanting } from './behavior.ts'
import { type FuseEntry, fuseState, type KeptSource, pixelsKey, stateKey, WAITING_SPECTRA } from './fuseEntry.ts'
import { type Arrived, FUSE, type FuseMessage, isFound, keysWithin, readFuseRecord } from './fuseMessage.ts'
import { givesWay, isWithdrawn, ownerOf, postOf, sendSpectrum, spectrumInForce, supersedes } from './starSpectrum.ts'

export const FUSED_TOPICS = ['observations', 'spectra'] as const
/** Of the spectra of one star together, so that brokers take its record. */
export const MAX_STAR_PIXEL_BYTES = 900 * 1024

export const fuse = (levels: SurveyLevels): Behavior<FuseMessage, FuseEntry> => ({
  name: FUSE,
  keysOf(message) {
    if (message.kind === 'refused' || message.kind === 'posted') return []
    const { near, waitingKey } = message
    const own = message.kind === 'arrived' && message.pixels !== null ? [ownPixelsKey(message)] : []
    return [...near, ...(waitingKey === null ? [] : [waitingKey]), ...own]
  },
  step(state, message) {
    switch (message.kind) {
      case 'refused':
        return emitOnly(message.letter)
      case 'posted':
        return emitOnly(...message.emit)
      case 'spectrum':
        return stepSpectrum(state, message, levels)
      case 'arrived':
        return message.pixels === null ? stepArrived(state, message, levels) : stepPixels(state, message, levels)
    }
  },
})

function ownPixelsKey({ region, source }: Pick<Arrived, 'region' | 'source'>): string {
  return pixelsKey(region, source.spectrum?.spectrumId ?? '')
}

function sourcesOf(state: StateView<FuseEntry>, key: string): readonly KeptSource[] {
  const entry = state.get(key)
  return entry !== null && 'sources' in entry ? entry.sources : []
}

function waitingAt(state: StateView<FuseEntry>, key: string | null): Spectrum | null {
  const entry = key === null ? null : state.get(key)
  return entry !== null && 'waiting' in entry ? entry.waiting : null
}

/**
 * Goes to the region that speaks for its star, and is what the star has there. Only the region that its id names lets it
 * wait, and knows its star, if it lies where the id says: any other that does not know it (yet, or any more) sends it back.
 */
function stepSpectrum(
  state: StateView<FuseEntry>,
  { region, spectrum, waitingKey, near }: Extract<FuseMessage, { kind: 'spectrum' }>,
  levels: SurveyLevels,
): Step<FuseEntry> | Wanting {
  const { takesBack = 0n, ...come } = spectrum
  const owner = ownerOf(spectrum)
  const next = isWithdrawn(spectrum) ? null : come
  const isNewsFor = (known: Spectrum | null) =>
    known !== null && givesWay(known.revision ?? 0n, takesBack) ? true : next !== null && supersedes(next, known)
  const found = near.flatMap(key => sourcesOf(state, key)).find(one => isFound(one, owner))
  if (found === undefined) {
    if (postOf(spectrum) !== region) return emitOnly(sendSpectrum(postOf(spectrum), spectrum))
    const waiting = next === null ? null : { waiting: next }
    return isNewsFor(waitingAt(state, waitingKey))
      ? { changes: new Map([[waitingKey, waiting]]), emit: [] }
      : emitOnly()
  }
  const { home, observation, spectrum: known } = found.source
  if (home !== region) return emitOnly(sendSpectrum(home, spectrum))
  if (!isNewsFor(known)) return emitOnly()
  const patches = patchesWithin(region, observation)
  const place = { region, source: { ...found.source, spectrum: next }, patches, formerPatches: patches }
  const around = keysWithin(place, NEAR_REACH_ARCSEC)
  const wants = around.filter(key => !state.has(key))
  if (wants.length > 0) return { wants }
  const again = { isTakingBack: false, waitingKey: null, forward: null, pixels: null, turn: found.turn, takesBack }
  return stepArrived(state, { kind: 'arrived', ...place, ...again, near: around }, levels)
}

/** Another spectrum under its identity is what it supersedes, unless that is the later one or says the same. */
function stepPixels(state: StateView<FuseEntry>, message: Arrived, levels: SurveyLevels): Step<FuseEntry> | Wanting {
  const { region, source, near } = message
  const former = near.flatMap(key => sourcesOf(state, key)).find(one => one.source.key === source.key)
  const isGone = message.pixels?.length === 0
  if (former === undefined) return isGone ? emitOnly() : stepArrived(state, message, levels)
  const key = ownPixelsKey({ region, source: former.source })
  if (!state.has(key)) return { wants: [key] }
  const { revision } = former.source.observation
  if (!givesWay(revision, message.takesBack)) {
    if (isGone || isNewer(former, message) || saysTheSame(former.source, pixelsAt(state, key), message))
      return emitOnly()
  }
  const formerPatches = patchesWithin(region, former.source.observation)
  return stepArrived(state, { ...message, formerPatches }, levels)
}

function saysTheSame(known: SkySource, knownPixels: Uint8Array | null, { source, pixels }: Arrived): boolean {
  const wordsOf = ({ direction, epochsJyr, links }: SkySource) => [direction, epochsJyr, links]
  return (
    knownPixels !== null &&
    pixels !== null &&
    Buffer.compare(knownPixels, pixels) === 0 &&
    isDeepStrictEqual(wordsOf(known), wordsOf(source))
  )
}

function pixelsAt(state: StateView<FuseEntry>, key: string): Uint8Array | null {
  const entry = state.get(key)
  return entry !== null && 'pixels' in entry ? entry.pixels : null
}

function stepArrived(state: StateView<FuseEntry>, message: Arrived, levels: SurveyLevels): Step<FuseEntry> | Wanting {
  const near = settle(state, message, message.near, levels)
  if (near.reachArcsec <= NEAR_REACH_ARCSEC) return stepOf(state, message, near)
  const allKeys = keysWithin(message, FULL_REACH_ARCSEC)
  const wants = allKeys.filter(key => !state.has(key))
  return wants.length > 0 ? { wants } : stepOf(state, message, settle(state, message, allKeys, levels))
}

/** What an arrival leads to. */
interface Settled extends StarChanges {
  readonly removed: SkySource | null
  readonly added: SkySource | null
  /** A spectrum of Gaia that is not, or no more, of a source of this region. */
  readonly left: Spectrum | null
  /** Nothing is changed: what is known is newer. */
  readonly isOld: boolean
}

function settle(state: StateView<FuseEntry>, message: Arrived, keys: readonly string[], levels: SurveyLevels): Settled {
  const { region, source } = message
  const isProbe = isProbeStar(source.id)
  const present = new Map<string, SkySource>()
  let former: KeptSource | null = null
  for (const key of keys) {
    for (const one of sourcesOf(state, key)) {
      if (one.source.key === source.key) former = one
      // A probe is alone in the sky: users' stars are not joined with it, nor their neighbourhood counted with it.
      else if (!isProbe && !isProbeStar(one.source.id)) present.set(one.source.key, one.source)
    }
  }
  const removed = former?.source ?? null
  if (former !== null && !givesWay(former.source.observation.revision, message.takesBack) && isNewer(former, message)) {
    const none = { stars: [], aliases: [], waiting: [], found: [], reachArcsec: 0 }
    return { ...none, removed, added: removed, left: null, isOld: true }
  }
  const isKept = message.patches.length > 0
  const known = message.takesBack === 0n ? [removed?.spectrum ?? null, waitingAt(state, message.waitingKey)] : []
  const held = isSpectrumSource(source) ? null : spectrumInForce(...known, source.spectrum)
  // Only the region that speaks for a source has its spectrum.
  const isHeldHere = held !== null && isKept && source.home === region && source.id === ownerOf(held)
  const added = !isKept ? null : isHeldHere ? { ...source, spectrum: held } : source
  const changes = findStarChanges({ present: [...present.values()], removed, added, region }, levels)
  return { ...changes, removed, added, left: isHeldHere ? null : held, isOld: false }
}

function stepOf(state: StateView<FuseEntry>, message: Arrived, settled: Settled): Step<FuseEntry> | Wanting {
  const { region, source, forward } = message
  const { stars, aliases, waiting, found, removed, added, left, isOld } = settled
  const forwarded = forward === null ? [] : [forward]
  if (isOld) return emitOnly(...forwarded)
  const wants = stars.flatMap(({ pixelSpectra = [] }) =>
    pixelSpectra.map(({ spectrumId }) => pixelsKey(region, spectrumId)).filter(key => !state.has(key)),
  )
  if (wants.length > 0) return { wants }
  const isProbe = isProbeStar(source.id)
  const pixelsOf = (spectrumId: string) =>
    spectrumId === source.spectrum?.spectrumId ? message.pixels : pixelsAt(state, pixelsKey(region, spectrumId))
  return {
    changes: changedEntries(state, message, removed, added),
    emit: [
      ...stars.map(star => withPixels(star, pixelsOf)).flatMap(isProbe ? probeOutputs : starOutputs),
      ...(isProbe ? [] : aliases).map(alias =>
        outputOf('star-ids', `${alias.survey}:${alias.source}`, 'starAlias', alias),
      ),
      ...forgottenAliases(message, removed),
      ...forwarded,
      ...found.map(id => tombstoneOf(WAITING_SPECTRA, stateKey(region, id))),
      ...waiting.flatMap(({ id, spectrum }) =>
        spectrum === null ? [] : [outputOf(WAITING_SPECTRA, stateKey(region, id), 'spectrum', spectrum)],
      ),
      ...(left === null ? [] : [sendSpectrum(postOf(left), left)]),
    ],
  }
}

/** The pixels of its spectra, those of the most signal first if a record cannot hold all. */
function withPixels(star: Star, pixelsOf: (spectrumId: string) => Uint8Array | null): Star {
  const { pixelSpectra = [] } = star
  const kept = new Map<string, Uint8Array>()
  let room = MAX_STAR_PIXEL_BYTES
  const bestFirst = [...pixelSpectra].sort(
    (a, b) => totalSignal(b.signalToNoise, b.pixelCount) - totalSignal(a.signalToNoise, a.pixelCount),
  )
  for (const { spectrumId } of bestFirst) {
    const pixels = pixelsOf(spectrumId)
    if (pixels === null || pixels.length > room) continue
    room -= pixels.length
    kept.set(spectrumId, pixels)
  }
  const given = pixelSpectra.filter(({ spectrumId }) => kept.has(spectrumId))
  return { ...star, pixelSpectra: given, pixels: given.flatMap(({ spectrumId }) => kept.get(spectrumId) ?? []) }
}

/** Ingest has decided which of two comes after the other; what it decided before it counted goes by release and delivery. */
function isNewer(a: KeptSource, b: KeptSource): boolean {
  if (a.turn !== b.turn) return a.turn > b.turn
  const [kept, come] = [a.source.observation, b.source.observation]
  return kept.releaseRank > come.releaseRank || (kept.releaseRank === come.releaseRank && kept.revision > come.revision)
}

/** An id that was taken back leads to no star, unless what takes its place has the same. */
function forgottenAliases({ region, source, isTakingBack, patches }: Arrived, removed: SkySource | null): Output[] {
  if (!isTakingBack || removed === null || removed.home !== region) return []
  const isThere = removed.id === source.id && patches.length > 0
  return isThere ? [] : [tombstoneOf('star-ids', removed.id)]
}

/** The source leaves the patches it was in, and is in those it falls into now; its spectrum waits no more. */
function changedEntries(
  state: StateView<FuseEntry>,
  { region, source, turn, patches, formerPatches, waitingKey, pixels }: Arrived,
  removed: SkySource | null,
  added: SkySource | null,
): ReadonlyMap<string, FuseEntry | null> {
  const changes = new Map<string, FuseEntry | null>()
  if (pixels !== null) {
    if (removed !== null) changes.set(ownPixelsKey({ region, source: removed }), null)
    changes.set(ownPixelsKey({ region, source }), pixels.length === 0 ? null : { pixels })
  }
  if (waitingKey !== null && state.get(waitingKey) !== null) changes.set(waitingKey, null)
  for (const patch of new Set([...(removed === null ? [] : formerPatches), ...patches])) {
    const key = stateKey(region, patch)
    const sources = sourcesOf(state, key).filter(one => one.source.key !== source.key)
    if (added !== null && patches.includes(patch)) sources.push({ source: added, turn })
    sources.sort((a, b) => (a.source.id < b.source.id ? -1 : 1))
    changes.set(key, sources.length === 0 ? null : { region, patch, sources })
  }
  return changes
}

function starOutputs(star: Star): Output[] {
  const { starId } = star
  const output = outputOf('stars', starId, 'star', star)
  return [output, star.isRetired ? tombstoneOf('latest-stars', starId) : { ...output, topic: 'latest-stars' }]
}

function probeOutputs(star: Star): Output[] {
  return [outputOf('stars', star.starId, 'star', star)]
}

export function fusePlan(levels: SurveyLevels): ActorPlan<FuseMessage, FuseEntry> {
  return {
    behavior: fuse(levels),
    topics: FUSED_TOPICS,
    group: FUSE,
    read: records => records.map(record => readFuseRecord(record, levels)),
    state: fuseState(levels),
    maxBatchRecords: 500,
  }
}
