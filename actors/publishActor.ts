// Step 6 of the walk: committed posteriors -> [publish] -> the newest of each star, and where to find those before it.
// Subscribers read the topic of posteriors themselves, each at its own pace and from any offset on.
import { decode, encode, type PosteriorPlaces } from '../schemas/index.ts'
import type { LogRecord } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import type { Behavior, StateView, Step } from './behavior.ts'

export const PUBLISH = 'publish'

export const publishLatest: Behavior<LogRecord, PosteriorPlaces> = {
  name: PUBLISH,
  keysOf: ({ key }) => (key === null ? [] : [key]),
  step(state: StateView<PosteriorPlaces>, { key, value, partition, offset }: LogRecord): Step<PosteriorPlaces> {
    const emit = [{ topic: 'latest-posteriors', key, value }]
    // A tombstone ends what is believed of the star, not what was: its history stays.
    if (key === null || value === null) return { changes: new Map(), emit }
    const offsets = state.get(key)?.offsets ?? []
    return { changes: new Map([[key, { partition, offsets: [...offsets, BigInt(offset)] }]]), emit }
  },
}

export const publishPlan: ActorPlan<LogRecord, PosteriorPlaces> = {
  behavior: publishLatest,
  topics: ['posteriors'],
  group: PUBLISH,
  read: records => records,
  state: {
    topic: 'posterior-places',
    decode: bytes => decode('posteriorPlaces', bytes),
    encode: places => encode('posteriorPlaces', places),
    weigh: ({ offsets }) => 1 + offsets.length,
    maxWeight: 20_000,
  },
  maxBatchRecords: 200,
}
