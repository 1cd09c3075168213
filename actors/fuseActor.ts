// Step 3 of the walk: observations -> [fuse] -> stars. Each observation that changes a star emits it anew.
// A region of the sky is fused by itself: it knows what lies close to its borders, and speaks only for what is its own.
// A spectrum comes first to the region that its id names, waits there until its star is known, and lies then with its source.
import {
  createSkySource,
  FULL_REACH_ARCSEC,
  findStarChanges,
  type GaiaPlace,
  liesAt,
  NEAR_REACH_ARCSEC,
  patchesAround,
  patchesAt,
  patchesWithin,
  placeOfGaiaId,
  type SkySource,
  type SurveyLevels,
} from '../models/index.ts'
import {
  decode,
  encode,
  isFusionError,
  isProbeStar,
  type Observation,
  type Spectrum,
  type Star,
} from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step, tombstoneOf, type Wanting } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import { ownerOf, postOf, postSpectrum, sendSpectrum, spectrumInForce, supersedes, XP_STARS } from './starSpectrum.ts'

export const FUSE = 'fuse'
/** Spectra whose star is not known. */
export const WAITING_SPECTRA = 'waiting-spectra'
export const FUSED_TOPICS = ['observations', 'spectra'] as const

/** What a region knows of a patch of sky: the observations in force, by id. */
export interface FusePatch {
  readonly region: number
  readonly patch: number
  readonly sources: readonly KeptSource[]
}

export interface KeptSource {
  readonly source: SkySource
  /** Of ingest's decision that put it in force. */
  readonly turn: bigint
}

/** Patches by `region/patch`, and spectra that wait by `region/survey:source` of their star. */
export type FuseEntry = FusePatch | { readonly waiting: Spectrum }

export type FuseMessage =
  | {
      readonly kind: 'arrived'
      readonly region: number
      readonly source: SkySource
      readonly turn: bigint
      /** Whether it comes in the place of something that was taken back, or is taken back itself. */
      readonly isTakingBack: boolean
      /** Patches to keep it in; none when the region need not know it (any more). */
      readonly patches: readonly number[]
      /** Patches that hold what it supersedes. */
      readonly formerPatches: readonly number[]
      /** State keys that it nearly always suffices to look at. */
      readonly near: readonly string[]
      /** Where a spectrum of it may wait; null where none does. */
      readonly waitingKey: string | null
      /** Sent on when this region is done. */
      readonly forward: Output | null
    }
  | {
      readonly kind: 'spectrum'
      readonly region: number
      readonly spectrum: Spectrum
      readonly waitingKey: string
      /** State keys of the patches that its star may lie in. */
      readonly near: readonly string[]
    }
  /** A spectrum for another region, or one that is of no use. */
  | { readonly kind: 'posted'; readonly emit: readonly Output[] }
  | { readonly kind: 'refused'; readonly letter: Output }

const stateKey = (region: number, patch: number | string) => `${region}/${patch}`
const isWaitingKey = (key: string) => key.includes(':')

/** A record of `observations` or `spectra` -> what it asks of a region, or why it is refused. Pure. */
export function readFuseRecord(record: LogRecord, levels: SurveyLevels): FuseMessage {
  if (record.topic !== 'spectra') return readSighting(record, levels)
  try {
    return { kind: 'posted', emit: postSpectrum(record) }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, FUSE, error.code, error.message) }
  }
}

/** A record of `observations` -> what it asks of its region, or why it is refused. Pure. */
export function readSighting(record: LogRecord, levels: SurveyLevels): FuseMessage {
  try {
    const sighting = decode('sighting', record.value ?? new Uint8Array())
    const region = Number(record.key)
    if (sighting.spectrum !== undefined && sighting.spectrum.length > 0) {
      return readSpectrum(region, decode('spectrum', sighting.spectrum))
    }
    const source = readSource(sighting.observation, levels)
    const { observation } = source
    const [next, ...handOver] = sighting.handOver
    // Whoever comes by here again on the way only lets go now, and is taken in at the end of the way.
    const comesAgain = sighting.handOver.includes(BigInt(region))
    const { turn = 0n, standing = 'inForce' } = sighting
    const patches = comesAgain || standing === 'withdrawn' ? [] : patchesWithin(region, observation)
    const formerPatches = sighting.formerPatches.map(Number)
    return {
      kind: 'arrived',
      region,
      source,
      turn,
      isTakingBack: standing !== 'inForce',
      patches,
      formerPatches,
      near: keysWithin({ region, source, patches, formerPatches }, NEAR_REACH_ARCSEC),
      waitingKey: patches.length > 0 ? waitingKeyOf(region, source) : null,
      forward:
        next === undefined ? null : outputOf('observations', next.toString(), 'sighting', { ...sighting, handOver }),
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, FUSE, error.code, error.message) }
  }
}

function readSpectrum(region: number, spectrum: Spectrum): FuseMessage {
  const place = placeOfGaiaId(spectrum.source)
  const patches = place === null ? [] : patchesAt(place)
  const waitingKey = stateKey(region, ownerOf(spectrum))
  return { kind: 'spectrum', region, spectrum, waitingKey, near: patches.map(patch => stateKey(region, patch)) }
}

/** Only where a spectrum would find it too: it must not matter which of them comes first. */
function waitingKeyOf(region: number, source: SkySource): string | null {
  const place = placeByName(source)
  return place?.region === region && liesAt(place, source) ? stateKey(region, source.id) : null
}

function placeByName({ observation }: SkySource): GaiaPlace | null {
  return observation.survey === XP_STARS ? placeOfGaiaId(observation.source) : null
}

/** Whether a spectrum finds its star in it. */
function isFound({ source }: KeptSource, owner: string): boolean {
  if (source.id !== owner) return false
  const place = placeByName(source)
  return place !== null && liesAt(place, source)
}

/** Columns that no survey file names are provenance, not evidence: they stay in the topic of observations. */
function readSource(bytes: Uint8Array, levels: SurveyLevels, spectrum: Uint8Array = none): SkySource {
  const observation: Observation = { ...decode('observation', bytes), extra: {} }
  return createSkySource(observation, levels, spectrum.length === 0 ? null : decode('spectrum', spectrum))
}

const none = new Uint8Array()

export const fuse = (levels: SurveyLevels): Behavior<FuseMessage, FuseEntry> => ({
  name: FUSE,
  keysOf(message) {
    if (message.kind === 'refused' || message.kind === 'posted') return []
    return message.waitingKey === null ? message.near : [...message.near, message.waitingKey]
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
        return stepArrived(state, message, levels)
    }
  },
})

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
  const owner = ownerOf(spectrum)
  const found = near.flatMap(key => sourcesOf(state, key)).find(one => isFound(one, owner))
  if (found === undefined) {
    if (postOf(spectrum) !== region) return emitOnly(sendSpectrum(postOf(spectrum), spectrum))
    const isNews = supersedes(spectrum, waitingAt(state, waitingKey))
    return isNews ? { changes: new Map([[waitingKey, { waiting: spectrum }]]), emit: [] } : emitOnly()
  }
  const { home, observation, spectrum: known } = found.source
  if (home !== region) return emitOnly(sendSpectrum(home, spectrum))
  if (!supersedes(spectrum, known)) return emitOnly()
  const patches = patchesWithin(region, observation)
  const place = { region, source: { ...found.source, spectrum }, patches, formerPatches: patches }
  const around = keysWithin(place, NEAR_REACH_ARCSEC)
  const wants = around.filter(key => !state.has(key))
  if (wants.length > 0) return { wants }
  const again = { isTakingBack: false, waitingKey: null, forward: null, turn: found.turn }
  return stepArrived(state, { kind: 'arrived', ...place, ...again, near: around }, levels)
}

type Arrived = Extract<FuseMessage, { kind: 'arrived' }>

type Place = Pick<Arrived, 'region' | 'source' | 'patches' | 'formerPatches'>

function keysWithin(place: Place, radiusArcsec: number): string[] {
  const { region, source, patches, formerPatches } = place
  const around = patchesAround(source.observation, formerPatches, radiusArcsec)
  return [...new Set([...around, ...patches])].map(patch => stateKey(region, patch))
}

function stepArrived(state: StateView<FuseEntry>, message: Arrived, levels: SurveyLevels): Step<FuseEntry> | Wanting {
  const near = stepWithin(state, message, message.near, levels)
  if (near.reachArcsec <= NEAR_REACH_ARCSEC) return near
  const allKeys = keysWithin(message, FULL_REACH_ARCSEC)
  const wants = allKeys.filter(key => !state.has(key))
  return wants.length > 0 ? { wants } : stepWithin(state, message, allKeys, levels)
}

function stepWithin(
  state: StateView<FuseEntry>,
  message: Arrived,
  keys: readonly string[],
  levels: SurveyLevels,
): Step<FuseEntry> & { readonly reachArcsec: number } {
  const { region, source, forward } = message
  const forwarded = forward === null ? [] : [forward]
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
  if (former !== null && isNewer(former, message)) return { ...emitOnly(...forwarded), reachArcsec: 0 }
  const removed = former?.source ?? null
  const isKept = message.patches.length > 0
  const held = spectrumInForce(removed?.spectrum ?? null, waitingAt(state, message.waitingKey), source.spectrum)
  // Only the region that speaks for a source has its spectrum.
  const isHeldHere = held !== null && isKept && source.home === region && source.id === ownerOf(held)
  const added = !isKept ? null : isHeldHere ? { ...source, spectrum: held } : source
  const arrival = { present: [...present.values()], removed, added, region }
  const { stars, aliases, reachArcsec } = findStarChanges(arrival, levels)
  return {
    reachArcsec,
    changes: changedEntries(state, message, removed, added),
    emit: [
      ...stars.flatMap(isProbe ? probeOutputs : starOutputs),
      ...(isProbe ? [] : aliases).map(alias =>
        outputOf('star-ids', `${alias.survey}:${alias.source}`, 'starAlias', alias),
      ),
      ...forgottenAliases(message, removed),
      ...forwarded,
      ...(held === null || isHeldHere ? [] : [sendSpectrum(postOf(held), held)]),
    ],
  }
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
  { region, source, turn, patches, formerPatches, waitingKey }: Arrived,
  removed: SkySource | null,
  added: SkySource | null,
): ReadonlyMap<string, FuseEntry | null> {
  const changes = new Map<string, FuseEntry | null>()
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

function encodePatch({ region, patch, sources }: FusePatch): Uint8Array {
  const hasSpectra = sources.some(({ source }) => source.spectrum !== null)
  return encode('fuseChange', {
    region: BigInt(region),
    patch: BigInt(patch),
    observations: sources.map(({ source }) => encode('observation', source.observation)),
    turns: sources.map(({ turn }) => turn),
    spectra: hasSpectra
      ? sources.map(({ source: { spectrum } }) => (spectrum === null ? none : encode('spectrum', spectrum)))
      : [],
  })
}

function decodePatch(bytes: Uint8Array, levels: SurveyLevels): FusePatch {
  const { region, patch, observations, turns = [], spectra = [] } = decode('fuseChange', bytes)
  const sources = observations.map((observation, i) => ({
    source: readSource(observation, levels, spectra[i]),
    turn: turns[i] ?? 0n,
  }))
  return { region: Number(region), patch: Number(patch), sources }
}

export function fusePlan(levels: SurveyLevels): ActorPlan<FuseMessage, FuseEntry> {
  return {
    behavior: fuse(levels),
    topics: FUSED_TOPICS,
    group: FUSE,
    read: records => records.map(record => readFuseRecord(record, levels)),
    state: {
      topicOf: key => (isWaitingKey(key) ? WAITING_SPECTRA : 'fuse-changes'),
      decode: (bytes, key) => (isWaitingKey(key) ? { waiting: decode('spectrum', bytes) } : decodePatch(bytes, levels)),
      encode: entry => ('waiting' in entry ? encode('spectrum', entry.waiting) : encodePatch(entry)),
      weigh: entry => ('waiting' in entry ? 1 : entry.sources.length + 1),
      maxWeight: 4000,
    },
    maxBatchRecords: 500,
  }
}
