// Step 3 of the walk: observations -> [fuse] -> stars. Each observation that changes a star emits it anew.
// A region of the sky is fused by itself: it knows what lies close to its borders, and speaks only for what is its own.
import {
  createSkySource,
  findStarChanges,
  footprintOf,
  patchesAround,
  type SkySource,
  type SurveyLevels,
} from '../models/index.ts'
import { decode, encode, isFusionError, type Observation, type Star } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step, tombstoneOf } from './behavior.ts'
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
      /** Patches to look at, those that hold what it supersedes among them. */
      readonly around: readonly number[]
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
    const { regions, patches } = footprintOf(observation)
    const [next, ...handOver] = sighting.handOver
    // Whoever comes by here again on the way only lets go now, and is taken in at the end of the way.
    const isKept = regions.includes(region) && !sighting.handOver.includes(BigInt(region))
    return {
      kind: 'arrived',
      region,
      source,
      patches: isKept ? patches : [],
      around: patchesAround(observation, sighting.formerPatches.map(Number)),
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
  keysOf(message) {
    if (message.kind === 'refused') return []
    const { region, around, patches } = message
    return [...around, ...patches].map(patch => stateKey(region, patch))
  },
  step(state, message) {
    return message.kind === 'refused' ? emitOnly(message.letter) : stepArrived(state, message, levels)
  },
})

function stepArrived(
  state: StateView<FusePatch>,
  message: Extract<FuseMessage, { kind: 'arrived' }>,
  levels: SurveyLevels,
): Step<FusePatch> {
  const { region, source, forward } = message
  const patches = new Map<number, FusePatch>()
  const present = new Map<string, SkySource>()
  for (const patch of [...message.around, ...message.patches]) {
    const known = state.get(stateKey(region, patch)) ?? { region, patch, sources: [] }
    patches.set(patch, known)
    for (const one of known.sources) present.set(one.key, one)
  }
  const removed = present.get(source.key) ?? null
  if (removed !== null && isNewer(removed.observation, source.observation)) {
    return emitOnly(...(forward === null ? [] : [forward]))
  }
  present.delete(source.key)
  const added = message.patches.length > 0 ? source : null
  const { stars, aliases } = findStarChanges({ present: [...present.values()], removed, added, region }, levels)
  return {
    changes: changedPatches(patches, removed, added, message.patches),
    emit: [
      ...stars.flatMap(starOutputs),
      ...aliases.map(alias => outputOf('star-ids', `${alias.survey}:${alias.source}`, 'starAlias', alias)),
      ...(forward === null ? [] : [forward]),
    ],
  }
}

function isNewer(a: Observation, b: Observation): boolean {
  return a.releaseRank > b.releaseRank || (a.releaseRank === b.releaseRank && a.revision > b.revision)
}

function changedPatches(
  patches: ReadonlyMap<number, FusePatch>,
  removed: SkySource | null,
  added: SkySource | null,
  addedTo: readonly number[],
): ReadonlyMap<string, FusePatch | null> {
  const changes = new Map<string, FusePatch | null>()
  for (const { region, patch, sources } of patches.values()) {
    const gains = added !== null && addedTo.includes(patch)
    const left = removed === null ? sources : sources.filter(one => one.key !== removed.key)
    if (!gains && left.length === sources.length) continue
    const kept = gains ? [...left, added].sort((a, b) => (a.id < b.id ? -1 : 1)) : left
    changes.set(stateKey(region, patch), kept.length === 0 ? null : { region, patch, sources: kept })
  }
  return changes
}

function starOutputs(star: Star): Output[] {
  const { starId } = star
  return [
    outputOf('stars', starId, 'star', star),
    star.isRetired ? tombstoneOf('latest-stars', starId) : outputOf('latest-stars', starId, 'star', star),
  ]
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
      maxWeight: 8000,
    },
    maxBatchRecords: 500,
  }
}
