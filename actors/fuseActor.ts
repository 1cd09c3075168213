// Step 3 of the walk: observations -> [fuse] -> stars. Each observation that changes a star emits it anew.
// A region of the sky is fused by itself: it knows what lies close to its borders, and speaks only for what is its own.
import {
  createSkySource,
  FULL_REACH_ARCSEC,
  findStarChanges,
  NEAR_REACH_ARCSEC,
  patchesAround,
  patchesWithin,
  type SkySource,
  type SurveyLevels,
} from '../models/index.ts'
import { decode, encode, isFusionError, isProbeStar, type Observation, type Star } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step, tombstoneOf, type Wanting } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'

export const FUSE = 'fuse'

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
      /** Sent on when this region is done. */
      readonly forward: Output | null
    }
  | { readonly kind: 'refused'; readonly letter: Output }

const stateKey = (region: number, patch: number) => `${region}/${patch}`

/** A record of `observations` -> what it asks of its region, or why it is refused. Pure. */
export function readSighting(record: LogRecord, levels: SurveyLevels): FuseMessage {
  try {
    const sighting = decode('sighting', record.value ?? new Uint8Array())
    const region = Number(record.key)
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
      forward:
        next === undefined ? null : outputOf('observations', next.toString(), 'sighting', { ...sighting, handOver }),
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, FUSE, error.code, error.message) }
  }
}

/** Columns that no survey file names are provenance, not evidence: they stay in the topic of observations. */
function readSource(bytes: Uint8Array, levels: SurveyLevels): SkySource {
  const observation: Observation = { ...decode('observation', bytes), extra: {} }
  return createSkySource(observation, levels)
}

export const fuse = (levels: SurveyLevels): Behavior<FuseMessage, FusePatch> => ({
  name: FUSE,
  keysOf: message => (message.kind === 'refused' ? [] : message.near),
  step(state, message) {
    return message.kind === 'refused' ? emitOnly(message.letter) : stepArrived(state, message, levels)
  },
})

type Arrived = Extract<FuseMessage, { kind: 'arrived' }>

type Place = Pick<Arrived, 'region' | 'source' | 'patches' | 'formerPatches'>

function keysWithin(place: Place, radiusArcsec: number): string[] {
  const { region, source, patches, formerPatches } = place
  const around = patchesAround(source.observation, formerPatches, radiusArcsec)
  return [...new Set([...around, ...patches])].map(patch => stateKey(region, patch))
}

function stepArrived(state: StateView<FusePatch>, message: Arrived, levels: SurveyLevels): Step<FusePatch> | Wanting {
  const near = stepWithin(state, message, message.near, levels)
  if (near.reachArcsec <= NEAR_REACH_ARCSEC) return near
  const allKeys = keysWithin(message, FULL_REACH_ARCSEC)
  const wants = allKeys.filter(key => !state.has(key))
  return wants.length > 0 ? { wants } : stepWithin(state, message, allKeys, levels)
}

function stepWithin(
  state: StateView<FusePatch>,
  message: Arrived,
  keys: readonly string[],
  levels: SurveyLevels,
): Step<FusePatch> & { readonly reachArcsec: number } {
  const { region, source, forward } = message
  const forwarded = forward === null ? [] : [forward]
  const isProbe = isProbeStar(source.id)
  const present = new Map<string, SkySource>()
  let former: KeptSource | null = null
  for (const key of keys) {
    for (const one of state.get(key)?.sources ?? []) {
      if (one.source.key === source.key) former = one
      // A probe is alone in the sky: users' stars are not joined with it, nor their neighbourhood counted with it.
      else if (!isProbe && !isProbeStar(one.source.id)) present.set(one.source.key, one.source)
    }
  }
  if (former !== null && isNewer(former, message)) return { ...emitOnly(...forwarded), reachArcsec: 0 }
  const removed = former?.source ?? null
  const added = message.patches.length > 0 ? source : null
  const arrival = { present: [...present.values()], removed, added, region }
  const { stars, aliases, reachArcsec } = findStarChanges(arrival, levels)
  return {
    reachArcsec,
    changes: changedPatches(state, message, removed),
    emit: [
      ...stars.flatMap(isProbe ? probeOutputs : starOutputs),
      ...(isProbe ? [] : aliases).map(alias =>
        outputOf('star-ids', `${alias.survey}:${alias.source}`, 'starAlias', alias),
      ),
      ...forgottenAliases(message, removed),
      ...forwarded,
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

/** The source leaves the patches it was in, and is in those it falls into now. */
function changedPatches(
  state: StateView<FusePatch>,
  { region, source, turn, patches, formerPatches }: Arrived,
  removed: SkySource | null,
): ReadonlyMap<string, FusePatch | null> {
  const changes = new Map<string, FusePatch | null>()
  for (const patch of new Set([...(removed === null ? [] : formerPatches), ...patches])) {
    const key = stateKey(region, patch)
    const sources = (state.get(key)?.sources ?? []).filter(one => one.source.key !== source.key)
    if (patches.includes(patch)) sources.push({ source, turn })
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

export function fusePlan(levels: SurveyLevels): ActorPlan<FuseMessage, FusePatch> {
  return {
    behavior: fuse(levels),
    topics: ['observations'],
    group: FUSE,
    read: records => records.map(record => readSighting(record, levels)),
    state: {
      topicOf: () => 'fuse-changes',
      decode(bytes) {
        const { region, patch, observations, turns = [] } = decode('fuseChange', bytes)
        const sources = observations.map((observation, i) => ({
          source: readSource(observation, levels),
          turn: turns[i] ?? 0n,
        }))
        return { region: Number(region), patch: Number(patch), sources }
      },
      encode: ({ region, patch, sources }) =>
        encode('fuseChange', {
          region: BigInt(region),
          patch: BigInt(patch),
          observations: sources.map(({ source }) => Buffer.from(encode('observation', source.observation))),
          turns: sources.map(({ turn }) => turn),
        }),
      weigh: ({ sources }) => sources.length + 1,
      maxWeight: 4000,
    },
    maxBatchRecords: 500,
  }
}
