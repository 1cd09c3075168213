// Saved filters, as they are in the log. What follows from saving or removing one is work for the notifying actor.
import {
  decode,
  decodeKnown,
  encode,
  eventTopics,
  FusionError,
  parseFilter,
  type Subscription,
  type SubscriptionWork,
} from '../schemas/index.ts'
import type { Log, Output } from '../streams/index.ts'
import { outputOf, tombstoneOf } from './behavior.ts'
import { readLatest } from './latestRecord.ts'

export const SUBSCRIPTIONS = 'subscriptions'
export const SUBSCRIPTION_WORK = 'subscription-work'
const MAX_SUBSCRIPTIONS = 10_000
const MAX_NAME_CHARACTERS = 100

/** All of them, the oldest first. */
export async function readSubscriptions(log: Log): Promise<readonly Subscription[]> {
  const found = new Map<string, Subscription>()
  const reader = log.openReader({ topics: [SUBSCRIPTIONS] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { topic, partition, offset, key, value } of batch.records) {
        const known = value === null ? null : decodeKnown('subscription', value, { topic, partition, offset })
        if (known !== null) found.set(known.id, known)
        else found.delete(key ?? '')
      }
    }
  } finally {
    await reader.close()
  }
  return [...found.values()]
}

export function readSubscription(log: Log, id: string): Promise<Subscription | null> {
  return readLatest(log, SUBSCRIPTIONS, id, 'subscription')
}

/**
 * Saves a filter. From here on stars that pass are announced, and so are all that are known already.
 * @param wanted `id` never used before, of letters and digits
 * @throws FusionError FILTER_INVALID for a filter that cannot be read; QUESTION_INVALID for a name that is empty, too long or
 * taken, and where there are 10,000 already
 */
export async function saveSubscription(log: Log, wanted: Omit<Subscription, 'topic'>): Promise<Subscription> {
  const name = wanted.name.trim()
  parseFilter(wanted)
  const others = await readSubscriptions(log)
  if (name === '' || name.length > MAX_NAME_CHARACTERS) {
    throw new FusionError('QUESTION_INVALID', `A subscription has a name of 1 to ${MAX_NAME_CHARACTERS} characters.`)
  }
  if (others.some(one => one.name === name)) {
    const shown = JSON.stringify(name)
    throw new FusionError('QUESTION_INVALID', `There is a subscription ${shown} already: choose another name.`)
  }
  if (others.length >= MAX_SUBSCRIPTIONS) {
    throw new FusionError('QUESTION_INVALID', `There are ${others.length} subscriptions: remove one that nobody reads.`)
  }
  const loads = eventTopics.map(topic => others.filter(one => one.topic === topic).length)
  const topic = eventTopics[loads.indexOf(Math.min(...loads))]
  const subscription = { ...wanted, name, topic }
  await log.transact({
    outputs: [
      outputOf(SUBSCRIPTIONS, subscription.id, 'subscription', subscription),
      workOutput({ kind: 'fill', subscriptionId: subscription.id, topic, cursor: '' }),
    ],
  })
  return subscription
}

/** Ends a subscription; what it was told is forgotten. @returns false where there is none */
export async function removeSubscription(log: Log, id: string): Promise<boolean> {
  const found = await readSubscription(log, id)
  if (found === null) return false
  const work = workOutput({ kind: 'clear', subscriptionId: id, topic: found.topic, cursor: '' })
  await log.transact({ outputs: [tombstoneOf(SUBSCRIPTIONS, id), tombstoneOf(SUBSCRIPTION_WORK, `fill:${id}`), work] })
  return true
}

export function workOutput(work: SubscriptionWork): Output {
  return outputOf(SUBSCRIPTION_WORK, `${work.kind}:${work.subscriptionId}`, 'subscriptionWork', work)
}

/** Work that begins anew in another log, where its cursor means nothing: what was done already is done again, and changes nothing. */
export function restartedWork(bytes: Uint8Array): Uint8Array {
  return encode('subscriptionWork', { ...decode('subscriptionWork', bytes), cursor: '' })
}

/** What takes done work out of the topic. */
export function doneOutput({ kind, subscriptionId }: SubscriptionWork): Output {
  return tombstoneOf(SUBSCRIPTION_WORK, `${kind}:${subscriptionId}`)
}

const starWork = encode('subscriptionWork', { kind: 'star', subscriptionId: '', topic: '', cursor: '' })

/** A star has news: what is believed of it is in the topic of newest posteriors. */
export function starWorkOutput(starId: string): Output {
  return { topic: SUBSCRIPTION_WORK, key: `star:${starId}`, value: starWork }
}
