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
import { decode, encode, isFusionError, type Observation, type Star } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step, tombstoneOf, type Wanting } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'

export const FUSE = 'fuse'

/** What a region knows of a patch of sky: the observations in force, by id. */
export interface FusePatch {
  readonly region: number
  readonly patch: number
  readonly sources: readonly SkySource[]
}

export type FuseMessage =
  | {
      readonly kind: 'arrived'
      readonly region: number
      readonly source: SkySource
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
    const patches = comesAgain ? [] : patchesWithin(region, observation)
    const formerPatches = sighting.formerPatches.map(Number)
    return {
      kind: 'arrived',
      region,
      source,
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

function keysWithin(place: Omit<Arrived, 'kind' | 'forward' | 'near'>, radiusArcsec: number): string[] {
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
  const present = new Map<string, SkySource>()
  for (const key of keys) for (const one of state.get(key)?.sources ?? []) present.set(one.key, one)
  const removed = present.get(source.key) ?? null
  if (removed !== null && isNewer(removed.observation, source.observation)) {
    return { ...emitOnly(...forwarded), reachArcsec: 0 }
  }
  present.delete(source.key)
  const added = message.patches.length > 0 ? source : null
  const arrival = { present: [...present.values()], removed, added, region }
  const { stars, aliases, reachArcsec } = findStarChanges(arrival, levels)
  return {
    reachArcsec,
    changes: changedPatches(state, message, removed),
    emit: [
      ...stars.flatMap(starOutputs),
      ...aliases.map(alias => outputOf('star-ids', `${alias.survey}:${alias.source}`, 'starAlias', alias)),
      ...forwarded,
    ],
  }
}

function isNewer(a: Observation, b: Observation): boolean {
  return a.releaseRank > b.releaseRank || (a.releaseRank === b.releaseRank && a.revision > b.revision)
}

/** The source leaves the patches it was in, and is in those it falls into now. */
function changedPatches(
  state: StateView<FusePatch>,
  { region, source, patches, formerPatches }: Arrived,
  removed: SkySource | null,
): ReadonlyMap<string, FusePatch | null> {
  const changes = new Map<string, FusePatch | null>()
  for (const patch of new Set([...(removed === null ? [] : formerPatches), ...patches])) {
    const key = stateKey(region, patch)
    const sources = (state.get(key)?.sources ?? []).filter(one => one.key !== source.key)
    if (patches.includes(patch)) sources.push(source)
    sources.sort((a, b) => (a.id < b.id ? -1 : 1))
    changes.set(key, sources.length === 0 ? null : { region, patch, sources })
  }
  return changes
}

function starOutputs(star: Star): Output[] {
  const { starId } = star
  const output = outputOf('stars', starId, 'star', star)
  return [output, star.isRetired ? tombstoneOf('latest-stars', starId) : { ...output, topic: 'latest-stars' }]
}

export function fusePlan(levels: SurveyLevels): ActorPlan<FuseMessage, FusePatch> {
  return {
    behavior: fuse(levels),
    topics: ['observations'],
    group: FUSE,
    read: records => records.map(record => readSighting(record, levels)),
    state: {
      topic: 'fuse-changes',
      decode(bytes) {
        const { region, patch, observations } = decode('fuseChange', bytes)
        const sources = observations.map(observation => readSource(observation, levels))
        return { region: Number(region), patch: Number(patch), sources }
      },
      encode: ({ region, patch, sources }) =>
        encode('fuseChange', {
          region: BigInt(region),
          patch: BigInt(patch),
          observations: sources.map(source => Buffer.from(encode('observation', source.observation))),
        }),
      weigh: ({ sources }) => sources.length + 1,
      maxWeight: 4000,
    },
    maxBatchRecords: 500,
  }
}
