// Whether subscribers were told everything, and nothing twice: judged by what the log holds, each filter asked anew of each star.
import { findSamples, readSubscriptions } from '../../actors/index.ts'
import { decode, eventTopics, parseFilter, type SubscriptionEvent } from '../../schemas/index.ts'
import { type Log, type Topic, topics } from '../../streams/index.ts'

/** The topics of a log in which events are kept, all of them, so that nothing that was told is hidden by what was told later. */
export const historyTopics: readonly Topic[] = topics.map(topic =>
  eventTopics.includes(topic.name) ? { ...topic, keep: 'all' } : topic,
)

export interface SubscriptionHistory {
  /** Of all subscriptions. */
  readonly eventCount: number
  /** Stars that are in a filter now, over all filters. */
  readonly insideCount: number
  /** Sentences; none where each star's story is whole and ends where its newest posterior says. */
  readonly faults: readonly string[]
}

/** @param log with `historyTopics`, and nothing left to tell; filters without watchlists */
export async function judgeSubscriptions(log: Log): Promise<SubscriptionHistory> {
  const events: SubscriptionEvent[] = []
  await readEach(log, eventTopics, (_, value) => value !== null && events.push(decode('subscriptionEvent', value)))
  const newest = new Map<string, Uint8Array>()
  await readEach(log, ['latest-posteriors'], (key, value) => {
    if (value === null) newest.delete(key)
    else newest.set(key, value)
  })
  const stars = await Promise.all(
    Array.from(newest.values(), async value => {
      const posterior = decode('posterior', value)
      return { posterior, samples: await findSamples(log, posterior) }
    }),
  )
  const faults: string[] = []
  if (new Set(events.map(({ eventId }) => eventId)).size < events.length)
    faults.push('an id of an event is there twice')
  let insideCount = 0
  for (const subscription of await readSubscriptions(log)) {
    const filter = parseFilter(subscription)
    const expected = new Map(
      stars
        .filter(({ posterior, samples }) => filter.matches(posterior, () => samples))
        .map(({ posterior }) => [posterior.starId, posterior.posteriorId]),
    )
    const inside = new Map<string, string>()
    for (const event of events.filter(({ subscriptionId }) => subscriptionId === subscription.id)) {
      const fault = follow(inside, event)
      if (fault !== null) faults.push(`${subscription.name}: ${event.starId} ${fault}`)
    }
    for (const starId of new Set([...expected.keys(), ...inside.keys()])) {
      const [told, is] = [inside.get(starId) ?? 'none', expected.get(starId) ?? 'none']
      if (told !== is) faults.push(`${subscription.name}: of ${starId} ${told} was told last, and ${is} is right`)
    }
    insideCount += inside.size
  }
  return { eventCount: events.length, insideCount, faults }
}

/** One more event of a star; `null` where it may follow what was told before. */
function follow(inside: Map<string, string>, { starId, kind, posterior }: SubscriptionEvent): string | null {
  const before = inside.get(starId)
  if (kind === 'left') {
    inside.delete(starId)
    return before === undefined ? 'left, and was not in' : null
  }
  const { posteriorId } = decode('posterior', posterior)
  inside.set(starId, posteriorId)
  if ((kind === 'entered') !== (before === undefined)) return `${kind}, and ${before ?? 'nothing'} was told before`
  return before === posteriorId ? `was told twice of ${posteriorId}` : null
}

async function readEach(
  log: Log,
  names: readonly string[],
  onRecord: (key: string, value: Uint8Array | null) => unknown,
): Promise<void> {
  const reader = log.openReader({ topics: names })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) onRecord(key ?? '', value)
    }
  } finally {
    await reader.close()
  }
}
