// Subscriptions: subscription-work -> [notify] -> events of stars that enter a saved filter, are updated in it, or leave it.
// News of stars and of filters come in one order, so a new filter meets the known stars between two pieces of news: whatever
// was published before is met then, and what is published later has news of its own. What a star is in is remembered, so
// that a piece of work done twice announces nothing twice.
import { createHash } from 'node:crypto'
import {
  aliasesOf,
  decode,
  encode,
  isFusionError,
  type Posterior,
  type StarSubscriptions,
  type Subscription,
  type SubscriptionWork,
} from '../schemas/index.ts'
import type { Log, LogRecord, Output, Position } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, outputOf, type StateView, type Step, tombstoneOf } from './behavior.ts'
import { readLatest } from './latestRecord.ts'
import { findSamples } from './posteriorSamples.ts'
import { posteriorOf } from './publishActor.ts'
import { type KnownSubscription, passedBy, SubscriptionIndex } from './subscriptionIndex.ts'
import { doneOutput, readSubscription, SUBSCRIPTION_WORK, SUBSCRIPTIONS, workOutput } from './subscriptions.ts'

export const NOTIFY = 'notify'
export const MEMBERS = 'subscription-members'
const LATEST = 'latest-posteriors'
const ID_DIGITS = 24
/** Stars, or events, that one piece of work of a subscription looks at: news of stars come in between. */
const CHUNK_RECORDS = 500

/** A star as it is believed to be, and the filters that it passes. */
interface NotedStar {
  readonly starId: string
  readonly posteriorId: string
  /** The posterior record; `null` where the star is gone. */
  readonly value: Uint8Array | null
  readonly passed: readonly Subscription[]
}

export interface NotifyMessage {
  /** Offset of the work. */
  readonly turn: number
  readonly stars: readonly NotedStar[]
  /** False where one new filter meets the known stars: of the others nothing is said then. */
  readonly isNews: boolean
  /** Work that goes on, and what is cleared away. */
  readonly emit: readonly Output[]
}

/** @param find the subscriptions in force: a star leaves no other ones */
export function notify(find: (id: string) => Subscription | undefined): Behavior<NotifyMessage, StarSubscriptions> {
  return {
    name: NOTIFY,
    keysOf: ({ stars }) => stars.map(({ starId }) => starId),
    step(state: StateView<StarSubscriptions>, { turn, stars, isNews, emit }: NotifyMessage): Step<StarSubscriptions> {
      const changes = new Map<string, StarSubscriptions | null>()
      const events: Output[] = []
      for (const star of stars) {
        const { starId, posteriorId, passed } = star
        const members = state.get(starId)?.members ?? []
        const told = new Map(members.map(one => [one.subscriptionId, one.posteriorId]))
        const fresh = passed.filter(({ id }) => !told.has(id))
        for (const one of fresh) events.push(eventOf(one, star, 'entered', turn))
        if (isNews) {
          for (const one of passed) {
            if (told.has(one.id) && told.get(one.id) !== posteriorId) events.push(eventOf(one, star, 'updated', turn))
          }
          for (const { subscriptionId } of members) {
            const left = passed.some(({ id }) => id === subscriptionId) ? undefined : find(subscriptionId)
            if (left !== undefined) events.push(eventOf(left, star, 'left', turn))
          }
        }
        const now = (isNews ? passed : fresh).map(({ id }) => ({ subscriptionId: id, posteriorId }))
        const next = isNews ? now : [...members, ...now]
        if (members.length + next.length > 0) changes.set(starId, next.length === 0 ? null : { members: next })
      }
      return { changes, emit: [...events, ...emit] }
    },
  }
}

function eventOf({ id, topic }: Subscription, star: NotedStar, kind: string, turn: number): Output {
  const { starId, value } = star
  const eventId = createHash('sha256').update(`${id}\n${starId}\n${turn}`).digest('hex').slice(0, ID_DIGITS)
  const posterior = kind === 'left' || value === null ? new Uint8Array() : value
  const event = { eventId, subscriptionId: id, starId, kind, posterior }
  return outputOf(topic, `${id}/${starId}`, 'subscriptionEvent', event)
}

/** What is between the log and the behaviour: which filters there are, and which of them a star passes. */
class WorkReader {
  readonly index = new SubscriptionIndex()
  readonly #log: Log
  #positions: readonly Position[] = []

  constructor(log: Log) {
    this.#log = log
  }

  async read(records: readonly LogRecord[]): Promise<readonly NotifyMessage[]> {
    await this.#followSubscriptions()
    const messages: NotifyMessage[] = []
    for (const record of records) messages.push(await this.#readWork(record))
    return messages
  }

  /** Everything that was saved or removed since: also by other processes, and while this one had no part in the work. */
  async #followSubscriptions(): Promise<void> {
    const [{ end }] = await this.#log.extents(SUBSCRIPTIONS)
    if ((this.#positions[0]?.offset ?? 0) >= end) return
    const reader = this.#log.openReader({ topics: [SUBSCRIPTIONS], from: this.#positions })
    try {
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
        for (const { key, value } of batch.records) this.#change(key ?? '', value)
        this.#positions = [batch.next]
      }
    } finally {
      await reader.close()
    }
  }

  #change(id: string, value: Uint8Array | null): void {
    const found = value === null ? null : knownOr(() => decode('subscription', value))
    if (found === null) this.index.remove(id)
    else this.index.put(found)
  }

  async #readWork({ key, value, offset: turn }: LogRecord): Promise<NotifyMessage> {
    const nothing: NotifyMessage = { turn, stars: [], isNews: true, emit: [] }
    const work = value === null ? null : knownOr(() => decode('subscriptionWork', value))
    if (work === null || key === null) return nothing
    if (work.kind === 'star') {
      // Nobody listens: what a removed subscription was told is forgotten later.
      if (this.index.size === 0) return nothing
      const star = await this.#noteStar(key.slice('star:'.length), null)
      return star === null ? nothing : { ...nothing, stars: [star] }
    }
    if (work.kind === 'clear') return { ...nothing, emit: await this.#clear(work) }
    if (work.kind !== 'fill') return nothing
    // Saved in the transaction of this work, and so at hand even where the topic was not read as far yet.
    const subscription = await readSubscription(this.#log, work.subscriptionId)
    if (subscription === null) return { ...nothing, emit: [doneOutput(work)] }
    if (this.index.get(subscription.id) === undefined) this.index.put(subscription)
    const known = this.index.get(subscription.id)
    if (known === undefined) return nothing
    const { records, cursor } = await this.#chunk(LATEST, work.cursor)
    const starIds = new Set(records.flatMap(record => (record.value === null ? [] : (record.key ?? []))))
    const stars: NotedStar[] = []
    for (const starId of starIds) {
      const star = await this.#noteStar(starId, known)
      if (star !== null && star.passed.length > 0) stars.push(star)
    }
    return { turn, stars, isNews: false, emit: [cursor === null ? doneOutput(work) : workOutput({ ...work, cursor })] }
  }

  /**
   * The newest that is believed of a star: it may be newer than what the work is about, whose own work then finds it told.
   * @param only the one filter that it is held against; `null` for all
   * @returns `null` for what is no posterior to this birthline
   */
  async #noteStar(starId: string, only: KnownSubscription | null): Promise<NotedStar | null> {
    const record = await this.#log.latest(LATEST, starId)
    if (record === null || record.value === null) return { starId, posteriorId: '', value: null, passed: [] }
    const posterior = posteriorOf(record)
    if (posterior === null) return null
    const passed = await this.#passedBy(posterior, only)
    return { starId, posteriorId: posterior.posteriorId, value: record.value, passed }
  }

  async #passedBy(posterior: Posterior, only: KnownSubscription | null): Promise<readonly Subscription[]> {
    // The star's other ids stand in its record alone: read for those only who watch them.
    const star = this.index.isWatching ? await readLatest(this.#log, 'latest-stars', posterior.starId, 'star') : null
    const aliases = star === null ? [posterior.starId] : aliasesOf(star)
    const candidates = only === null ? this.index.candidates(posterior, aliases) : [only]
    const passed = await passedBy(candidates, posterior, aliases, () => findSamples(this.#log, posterior))
    return passed.map(({ subscription }) => subscription)
  }

  async #clear(work: SubscriptionWork): Promise<readonly Output[]> {
    const { records, cursor } = await this.#chunk(work.topic, work.cursor)
    const isOwn = ({ key, value }: LogRecord) => value !== null && key?.startsWith(`${work.subscriptionId}/`) === true
    const keys = new Set(records.filter(isOwn).map(({ key }) => key ?? ''))
    const rest = cursor === null ? doneOutput(work) : workOutput({ ...work, cursor })
    return [...Array.from(keys, key => tombstoneOf(work.topic, key)), rest]
  }

  /** @returns records from the cursor on, and the cursor after them; `null` at the end of the topic */
  async #chunk(topic: string, cursor: string): Promise<{ records: readonly LogRecord[]; cursor: string | null }> {
    const positions = new Map(positionsIn(topic, cursor).map(one => [one.partition, one]))
    const reader = this.#log.openReader({ topics: [topic], from: [...positions.values()], maxRecords: CHUNK_RECORDS })
    try {
      const batch = await reader.poll()
      if (batch === null) return { records: [], cursor: null }
      positions.set(batch.next.partition, batch.next)
      return { records: batch.records, cursor: cursorOf([...positions.values()]) }
    } finally {
      await reader.close()
    }
  }
}

function cursorOf(positions: readonly Position[]): string {
  return positions.map(({ partition, offset }) => `${partition}:${offset}`).join('.')
}

function positionsIn(topic: string, cursor: string): readonly Position[] {
  const parts = cursor === '' ? [] : cursor.split('.').map(part => part.split(':').map(Number))
  return parts.map(([partition, offset]) => ({ topic, partition, offset }))
}

/** `null` for a record of a newer birthline, whose meaning is not known. */
function knownOr<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!isFusionError(error)) throw error
    return null
  }
}

export function notifyPlan(log: Log): ActorPlan<NotifyMessage, StarSubscriptions> {
  const work = new WorkReader(log)
  return {
    behavior: notify(id => work.index.get(id)?.subscription),
    topics: [SUBSCRIPTION_WORK],
    group: NOTIFY,
    read: records => work.read(records),
    state: {
      topicOf: () => MEMBERS,
      decode: bytes => decode('starSubscriptions', bytes),
      encode: entry => encode('starSubscriptions', entry),
      weigh: ({ members }) => 1 + members.length,
      maxWeight: 100_000,
    },
    maxBatchRecords: 200,
  }
}
