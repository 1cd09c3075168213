// Subscriptions of a log, stars that it comes to believe something of, and what subscribers are told of them.
import { saveSubscription } from '../../actors/index.ts'
import { starWorkOutput } from '../../actors/subscriptions.ts'
import { decode, eventTopics, type Posterior, type SubscriptionEvent } from '../../schemas/index.ts'
import type { Log, Output } from '../../streams/index.ts'
import { posteriorOutputs } from '../ops/starRecords.ts'
import { readAll } from '../streams/logRecords.ts'

export const save = (
  log: Log,
  id: string,
  where: string,
  watchlist: readonly string[] = [],
  moc: string | null = null,
) => saveSubscription(log, { id, name: `stars ${id}`, where, moc, watchlist, createdMs: 1n })

export const believedOutputs = (posterior: Posterior): readonly Output[] => [
  ...posteriorOutputs(posterior),
  starWorkOutput(posterior.starId),
]

export const believe = (log: Log, ...posteriors: readonly Posterior[]) =>
  log.transact({ outputs: posteriors.flatMap(believedOutputs) })

export async function eventsOf(log: Log, id: string): Promise<SubscriptionEvent[]> {
  const records = await readAll(log, { topics: eventTopics })
  return records
    .flatMap(({ value }) => (value === null ? [] : decode('subscriptionEvent', value)))
    .filter(({ subscriptionId }) => subscriptionId === id)
}

/** Such as `s1 entered s1-posterior-1`. */
export const told = (events: readonly SubscriptionEvent[]) =>
  events.map(({ starId, kind, posterior }) =>
    [starId, kind, posterior.length === 0 ? '' : decode('posterior', posterior).posteriorId].join(' ').trim(),
  )
