// Step 6 of the walk: committed posteriors -> [publish] -> the newest of each star, also by class and probability, and where
// to find those before it. Subscribers read the topic of posteriors themselves, each at its own pace and from any offset on.
import { bandTopicsOf, decode, encode, isFusionError, type Posterior, type PosteriorPlaces } from '../schemas/index.ts'
import type { Log, LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, type StateView, type Step, tombstoneOf } from './behavior.ts'
import { readLatest } from './latestRecord.ts'
import { starWorkOutput } from './subscriptions.ts'

export const PUBLISH = 'publish'
export const PUBLISHED_TOPICS = ['posteriors', 'probe-posteriors'] as const

const isProbe = ({ topic }: LogRecord) => topic === 'probe-posteriors'

/** The newest posteriors of a star whose places are remembered; of those before only how many there were. */
export const KEPT_PLACES = 100

export interface PublishMessage {
  readonly record: LogRecord
  /** What the record holds, or `null`: a tombstone, or of a newer birthline, whose classes mean nothing here. */
  readonly posterior: Posterior | null
  /** Of a version of its star that is not in force any more: part of the history, and not the newest. */
  readonly isStale: boolean
}

export const publishLatest: Behavior<PublishMessage, PosteriorPlaces> = {
  name: PUBLISH,
  keysOf: ({ record }) => (record.key === null || isProbe(record) ? [] : [record.key]),
  step(state: StateView<PosteriorPlaces>, { record, posterior, isStale }: PublishMessage): Step<PosteriorPlaces> {
    const { key, value } = record
    if (isProbe(record)) return emitOnly({ topic: 'probes', key, value })
    const emit: Output[] = isStale ? [] : [{ topic: 'latest-posteriors', key, value }]
    if (key === null) return { changes: new Map(), emit }
    if (!isStale) emit.push(starWorkOutput(key))
    const known = state.get(key)
    if (isStale) return { changes: new Map([[key, withPlace(known, record, known?.bands ?? [])]]), emit }
    const bands = posterior === null ? [] : bandTopicsOf(posterior)
    for (const topic of known?.bands ?? []) if (!bands.includes(topic)) emit.push(tombstoneOf(topic, key))
    for (const topic of bands) emit.push({ topic, key, value })
    // A tombstone ends what is believed of the star, not what was: its history stays.
    if (value === null) return { changes: new Map(known === null ? [] : [[key, { ...known, bands }]]), emit }
    return { changes: new Map([[key, withPlace(known, record, bands)]]), emit }
  },
}

/** What cannot be read is passed on as it is: whoever reads it next will say so. */
export function posteriorOf({ value }: LogRecord): Posterior | null {
  try {
    return value === null ? null : decode('posterior', value)
  } catch (error) {
    if (!isFusionError(error)) throw error
    return null
  }
}

function withPlace(
  known: PosteriorPlaces | null,
  { partition, offset }: LogRecord,
  bands: readonly string[],
): PosteriorPlaces {
  const offsets = [...(known?.offsets ?? []), BigInt(offset)]
  const excess = Math.max(0, offsets.length - KEPT_PLACES)
  return { partition, offsets: offsets.slice(excess), leftOut: (known?.leftOut ?? 0) + excess, bands }
}

/**
 * What a reprocessing hands on may come after the posterior of a later version of its star. That version is in the log
 * before any posterior of it, so a look at the star tells. News of stars come in order, and need no look.
 */
async function isStale(log: Log, key: string | null, posterior: Posterior | null): Promise<boolean> {
  if (key === null || posterior?.isReprocessed !== true) return false
  const star = await readLatest(log, 'latest-stars', key, 'star')
  return star?.version !== posterior.starVersion
}

async function readMessage(log: Log, record: LogRecord): Promise<PublishMessage> {
  const posterior = posteriorOf(record)
  return { record, posterior, isStale: await isStale(log, record.key, posterior) }
}

export const publishPlan = (log: Log): ActorPlan<PublishMessage, PosteriorPlaces> => ({
  behavior: publishLatest,
  topics: PUBLISHED_TOPICS,
  group: PUBLISH,
  read: records => Promise.all(records.map(record => readMessage(log, record))),
  state: {
    topicOf: () => 'posterior-places',
    decode: bytes => decode('posteriorPlaces', bytes),
    encode: places => encode('posteriorPlaces', places),
    weigh: ({ offsets }) => 1 + offsets.length,
    maxWeight: 20_000,
  },
  maxBatchRecords: 200,
})
