// Events of one subscription, from any place in its topic on.
import {
  decode,
  decodeKnown,
  type Posterior,
  type Subscription,
  type SubscriptionEvent,
  toJson,
} from '../../schemas/index.ts'
import type { Log, Position } from '../../streams/index.ts'
import { startPositions } from './classFeed.ts'
import { formatCursor } from './cursor.ts'
import { posteriorView } from './starView.ts'

export interface ToldEvent {
  /** Going on from here sees what comes after this event. */
  readonly cursor: string
  /** `null` when a stretch of the topic held nothing of this subscription. */
  readonly event: SubscriptionEvent | null
}

export interface SubscriptionFeedOptions {
  readonly from: 'earliest' | 'latest' | readonly Position[]
  /** End where the log ends, rather than wait for news. */
  readonly untilEnd?: boolean
}

/**
 * Of each star the newest event, or every one of them to who keeps up. Nothing is read before it is asked for, so a slow
 * reader costs no memory. Ends when the signal aborts.
 */
export async function* subscriptionFeed(
  log: Log,
  { id, topic }: Subscription,
  options: SubscriptionFeedOptions,
  signal: AbortSignal,
): AsyncGenerator<ToldEvent, void, undefined> {
  const reader = log.openReader({ topics: [topic], from: await startPositions(log, options.from, topic) })
  try {
    while (!signal.aborted) {
      const batch = options.untilEnd === true ? await reader.poll() : await reader.next(signal)
      if (batch === null) return
      for (const { partition, offset, key, value } of batch.records) {
        if (value === null || key?.startsWith(`${id}/`) !== true) continue
        const event = decodeKnown('subscriptionEvent', value, { topic, partition, offset })
        if (event !== null) yield { cursor: formatCursor([{ topic, partition, offset: offset + 1 }]), event }
        if (signal.aborted) return
      }
      yield { cursor: formatCursor([batch.next]), event: null }
    }
  } finally {
    await reader.close()
  }
}

/** The posterior that an event tells of; `null` where the star left. */
export function toldPosterior({ posterior }: SubscriptionEvent): Posterior | null {
  return posterior.length === 0 ? null : decode('posterior', posterior)
}

/** An event as its subscribers are sent it. */
export function eventView(event: SubscriptionEvent): Readonly<Record<string, unknown>> {
  const { eventId, starId } = event
  const posterior = toldPosterior(event)
  return { eventId, starId, posterior: posterior === null ? null : posteriorView(posterior) }
}

/** Stars whose JSON is kept: about as many as are told together. */
const KEPT_TEXTS = 256

/** Gives the JSON of `eventView`. A star is told to many at once, and its posterior is written once for them. */
export function eventWriter(): (event: SubscriptionEvent) => string {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly text: string }>()
  return event => {
    const { eventId, starId, posterior: bytes } = event
    let star = kept.get(starId)
    if (star === undefined || Buffer.compare(star.bytes, bytes) !== 0) {
      const posterior = toldPosterior(event)
      star = { bytes, text: JSON.stringify(posterior === null ? null : posteriorView(posterior)) }
      kept.delete(starId)
      kept.set(starId, star)
      const [oldest] = kept.keys()
      if (kept.size > KEPT_TEXTS) kept.delete(oldest)
    }
    return `{"eventId":${JSON.stringify(eventId)},"starId":${JSON.stringify(starId)},"posterior":${star.text}}`
  }
}

/** A subscription as plain JSON. */
export function subscriptionView(subscription: Subscription): Readonly<Record<string, unknown>> {
  const eventsUrl = `/v1/subscriptions/${subscription.id}/events`
  const { createdMs, ...rest } = subscription
  return { ...(toJson(rest) as Record<string, unknown>), eventsUrl, createdMs: Number(createdMs) }
}
