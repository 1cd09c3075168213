// Step 6 of the walk: committed posteriors -> [publish] -> the newest of each star, for whoever looks one up.
// Subscribers read the topic of posteriors themselves, each at its own pace and from any offset on.
import type { LogRecord } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, type StateView } from './behavior.ts'

export const PUBLISH = 'publish'

export const publishLatest = {
  name: PUBLISH,
  keysOf: () => [],
  step: (_state: StateView<never>, { key, value }: LogRecord) => emitOnly({ topic: 'latest-posteriors', key, value }),
} satisfies Behavior<LogRecord, never>

export const publishPlan: ActorPlan<LogRecord, never> = {
  behavior: publishLatest,
  topics: ['posteriors'],
  group: PUBLISH,
  read: records => records,
  state: null,
  maxBatchRecords: 200,
}
