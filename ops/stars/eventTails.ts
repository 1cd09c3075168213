// The ends of the topics of events, each read once for all who have come there. Who is behind reads the log for itself, and
// joins the others once it has come to the end: what a subscriber costs is what it is told, not what its topic holds.
import { decodeKnown, type Subscription, type SubscriptionEvent } from '../../schemas/index.ts'
import type { Log, Position } from '../../streams/index.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import { subscriptionFeed, type ToldEvent } from './subscriptionFeed.ts'

/** What is kept of a topic's end, in bytes of its events: who falls behind it reads the log again. */
const KEPT_BYTES = 4 * 1024 * 1024
/** Topics of events have one. */
const PARTITION = 0

export interface EventTails {
  /**
   * As `subscriptionFeed`, with every event to who keeps up.
   * @param from a place that the topic holds
   */
  follow(subscription: Subscription, from: readonly Position[], signal: AbortSignal): AsyncGenerator<ToldEvent>
}

/** @param quietMs how often those whom nothing is told hear how far the topic was read */
export function openEventTails(log: Log, quietMs: number): EventTails {
  const tails = new Map<string, TopicTail>()
  return {
    async *follow(subscription, from, signal) {
      const { id, topic } = subscription
      let tail = tails.get(topic)
      if (tail === undefined || tail.isOver) {
        tail = new TopicTail(log, topic, quietMs)
        tails.set(topic, tail)
      }
      let offset = from.find(({ partition }) => partition === PARTITION)?.offset ?? 0
      let toldOffset = offset
      const told = (event: SubscriptionEvent | null): ToldEvent => {
        toldOffset = offset
        return { cursor: formatCursor([{ topic, partition: PARTITION, offset }]), event }
      }
      try {
        await tail.join()
        while (!signal.aborted) {
          const { first } = tail
          if (offset < first) {
            const behind = { from: [{ topic, partition: PARTITION, offset }], untilEnd: true }
            for await (const one of subscriptionFeed(log, subscription, behind, signal)) {
              offset = parseCursor(one.cursor, topic)[0].offset
              yield told(one.event)
            }
            // All before it could be read: what is left are gaps.
            offset = Math.max(offset, first)
            continue
          }
          const kept = tail.find(id, offset)
          offset = kept?.nextOffset ?? Math.max(offset, tail.end)
          if (kept !== null) yield told(kept.event)
          else {
            if (offset > toldOffset) yield told(null)
            // While that was on its way, more may have come.
            if (tail.find(id, offset) === null && offset >= tail.first) await tail.news(id, signal)
          }
        }
      } finally {
        tail.leave()
      }
    },
  }
}

interface KeptEvent {
  readonly id: string
  readonly nextOffset: number
  readonly bytes: number
  /** The same for all: whoever makes something of it may keep that beside it. */
  readonly event: SubscriptionEvent
}

class TopicTail {
  readonly #log: Log
  readonly #topic: string
  readonly #quietMs: number
  readonly #stop = new AbortController()
  readonly #sleepers = new Map<string, Set<() => void>>()
  /** The newest, in order; and of each subscription. */
  readonly #kept: KeptEvent[] = []
  readonly #ofId = new Map<string, KeptEvent[]>()
  #keptBytes = 0
  #count = 0
  #starting: Promise<void> | null = null
  #failure: unknown = null
  /** All events from here to `end` are kept; those before it can be read in the log. */
  first = 0
  end = 0

  constructor(log: Log, topic: string, quietMs: number) {
    this.#log = log
    this.#topic = topic
    this.#quietMs = quietMs
  }

  /** Nobody joins any more: the last one has left, or the log failed. */
  get isOver(): boolean {
    return this.#stop.signal.aborted
  }

  async join(): Promise<void> {
    this.#count += 1
    this.#starting ??= this.#start()
    await this.#starting
  }

  leave(): void {
    this.#count -= 1
    if (this.#count === 0) this.#stop.abort()
  }

  /**
   * The first event of a subscription from a place on; `null` where none is kept.
   * @throws what the log failed with
   */
  find(id: string, offset: number): KeptEvent | null {
    if (this.#failure !== null) throw this.#failure
    const events = this.#ofId.get(id) ?? []
    // Who keeps up wants one of the last.
    let at = events.length
    while (at > 0 && events[at - 1].nextOffset > offset) at -= 1
    return events[at] ?? null
  }

  /** Resolves when there is news of a subscription, or when quiet has lasted. */
  news(id: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.isOver) return Promise.resolve()
    return new Promise(resolve => {
      const sleepers = this.#sleepers.get(id) ?? new Set()
      this.#sleepers.set(id, sleepers)
      const wake = () => {
        sleepers.delete(wake)
        if (sleepers.size === 0) this.#sleepers.delete(id)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      sleepers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  async #start(): Promise<void> {
    const reader = this.#log.openReader({ topics: [this.#topic], from: 'latest' })
    try {
      // Not the extent, which on Kafka counts transactions that are open yet: whoever is behind can read all before it.
      const [{ offset }] = await reader.holding(this.#stop.signal)
      this.first = offset
      this.end = offset
    } finally {
      await reader.close()
    }
    this.#read().catch(error => this.#fail(error))
  }

  async #read(): Promise<void> {
    const { signal } = this.#stop
    const from = [{ topic: this.#topic, partition: PARTITION, offset: this.end }]
    const reader = this.#log.openReader({ topics: [this.#topic], from })
    const quiet = setInterval(() => this.#wake(this.#sleepers.keys()), this.#quietMs)
    try {
      for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
        const ids = new Set<string>()
        for (const { key, value, ...place } of batch.records) {
          const event = value === null ? null : decodeKnown('subscriptionEvent', value, place)
          if (key === null || value === null || event === null) continue
          const id = event.subscriptionId
          this.#keep({ id, nextOffset: place.offset + 1, bytes: value.length, event })
          ids.add(id)
        }
        this.end = batch.next.offset
        this.#wake(ids)
      }
    } finally {
      clearInterval(quiet)
      await reader.close()
    }
  }

  #fail(error: unknown): void {
    this.#failure = error
    this.#stop.abort()
    this.#wake(this.#sleepers.keys())
  }

  #keep(event: KeptEvent): void {
    this.#kept.push(event)
    const own = this.#ofId.get(event.id)
    if (own === undefined) this.#ofId.set(event.id, [event])
    else own.push(event)
    this.#keptBytes += event.bytes
    while (this.#keptBytes > KEPT_BYTES) {
      const oldest = this.#kept.shift()
      if (oldest === undefined) break
      const left = this.#ofId.get(oldest.id)
      left?.shift()
      if (left?.length === 0) this.#ofId.delete(oldest.id)
      this.#keptBytes -= oldest.bytes
      this.first = oldest.nextOffset
    }
  }

  #wake(ids: Iterable<string>): void {
    for (const id of [...ids]) for (const wake of [...(this.#sleepers.get(id) ?? [])]) wake()
  }
}
