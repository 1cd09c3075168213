// Reads topics of a Kafka log batch by batch, each partition in its turn: all of them, or those its group gives it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogBatch, LogReader, Position, ReadOptions } from '../log.ts'
import { GroupMember, type GroupOwner, type NewShare } from './groupMember.ts'
import type { KafkaClient } from './kafkaClient.ts'
import { reassigned } from './kafkaErrors.ts'
import type { OffsetOwner } from './kafkaProducer.ts'
import type { Membership, PartitionPlace, PlaceOffset } from './kafkaRequests.ts'
import type { KafkaTopic } from './kafkaTopics.ts'
import { type BatchLimits, fill, hasRecords, needsMore, newSource, type Source, takeBatch } from './partitionFetcher.ts'
import { awaitStable, findCommitted, findOffsets } from './topicOffsets.ts'

const DEFAULT_MAX_RECORDS = 1000
const DEFAULT_MAX_BYTES = 1024 * 1024
/** How long the brokers hold a fetch that finds nothing. */
const WAIT_MS = 250
/** How long a partition that is to go waits for what was begun of it to be committed. */
const FINISH_MS = 10_000
const FINISH_PAUSE_MS = 10

export interface ReaderContext {
  /** Of this reader alone: a fetch that waits for news holds up what is sent behind it. */
  readonly client: KafkaClient
  readonly topics: readonly KafkaTopic[]
  /** The group as the brokers name it. */
  readonly groupId: string | null
  readonly partitionsOf: (brokerTopic: string) => number
  readonly sessionTimeoutMs: number
  /** Commits a place that was reached without a record: ends of transactions, and what was aborted. */
  readonly onSkip: (place: PlaceOffset) => Promise<unknown>
  readonly onClose: () => void
}

interface OwnedSource extends Source {
  /** One past what was delivered, or null before the first. */
  delivered: number | null
  /** Where the group goes on in this partition, as far as is known. */
  committed: number | null
  isSkipping: boolean
  /** Something was delivered or committed here: whoever reads may remember it. */
  isUsed: boolean
}

export class KafkaReader implements LogReader, GroupOwner, OffsetOwner {
  readonly #context: ReaderContext
  readonly #options: ReadOptions
  readonly #limits: BatchLimits
  readonly #closing = new AbortController()
  readonly #started: Promise<void>
  #member: GroupMember | null = null
  #sources: OwnedSource[] = []
  /** Partitions that another reader is to have: nothing more is delivered of them. */
  #leaving: OwnedSource[] = []
  /** Partitions that were read here and went to another reader. */
  readonly #gone = new Set<string>()
  #turn = 0
  #filling: Promise<void> = Promise.resolve()
  #isWaiting = false
  #failure: unknown = null

  constructor(context: ReaderContext, options: ReadOptions) {
    this.#context = context
    this.#options = options
    this.#limits = {
      maxRecords: atLeastOne('maxRecords', options.maxRecords ?? DEFAULT_MAX_RECORDS),
      maxBytes: atLeastOne('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES),
    }
    this.#started = this.#start()
    // Told at the next call of whoever reads.
    this.#started.catch(() => {})
  }

  /** Resolves when the reader knows where it begins. */
  get started(): Promise<void> {
    return this.#started
  }

  async next(signal: AbortSignal): Promise<LogBatch | null> {
    if (this.#isWaiting) throw new RangeError('this reader is already waiting for its next batch')
    this.#isWaiting = true
    const signals = [signal, this.#closing.signal]
    try {
      while (!signals.some(one => one.aborted)) {
        const batch = await unlessAborted(this.#attempt(WAIT_MS, signals), signals)
        if (batch !== null) return batch
      }
      return null
    } finally {
      this.#isWaiting = false
    }
  }

  async poll(): Promise<LogBatch | null> {
    const signals = [this.#closing.signal]
    return unlessAborted(this.#attempt(0, signals), signals)
  }

  async holding(signal: AbortSignal): Promise<readonly Position[]> {
    const signals = [signal, this.#closing.signal]
    return (await unlessAborted(this.#hold(signals), signals)) ?? []
  }

  async #hold(signals: readonly AbortSignal[]): Promise<readonly Position[]> {
    await this.rested()
    if (this.#failure !== null) throw this.#failure
    const sources = this.#sources
    // From now on whoever asked may remember what lies there.
    for (const source of sources) source.isUsed = true
    const ends = await awaitStable(this.#context.client, sources.map(placeOf), signals)
    return sources.map(({ topic, partition }, i) => ({ topic: topic.name, partition, offset: ends[i] }))
  }

  /** Before `close`, where something else is to end first that may wait for this reader. */
  endSoon(): void {
    this.#context.client.endSoon()
  }

  /** Waits for brokers that do not answer only as long as patience lasts. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.endSoon()
    await this.#started.catch(() => {})
    await this.#member?.close()
    this.#context.onClose()
    await this.#context.client.close()
  }

  // What the producer asks when offsets are committed.

  /** Waits while this reader has no place in its group. */
  async settled(): Promise<void> {
    await this.#started
    await this.#member?.settled()
  }

  /** Waits while the group changes hands. */
  async rested(): Promise<void> {
    await this.#started
    await this.#member?.rested()
  }

  /** @throws FusionError LOG_REASSIGNED when the partition is not, or not any more, this reader's */
  memberOf(place: PartitionPlace): Membership {
    if (this.#failure !== null) throw this.#failure
    const source = this.#find(place)
    if (this.#member === null || source === undefined || this.#closing.signal.aborted)
      throw reassigned(placeName(place))
    const { membership } = this.#member
    // Out of its group and not in again: the brokers would take it for nobody in particular, whom they do not fence.
    if (membership.generation < 0) throw reassigned(placeName(place))
    source.isUsed = true
    return membership
  }

  noteCommitted({ offset, ...place }: PlaceOffset): void {
    const source = this.#find(place)
    if (source !== undefined) source.committed = Math.max(source.committed ?? 0, offset)
  }

  // What the group tells.

  held(): readonly PartitionPlace[] {
    return [...this.#sources, ...this.#leaving].map(placeOf)
  }

  async assigned({ kept, leaving, gained }: NewShare): Promise<void> {
    const held = [...this.#sources, ...this.#leaving]
    const among = (places: readonly PartitionPlace[]) =>
      held.filter(source => places.some(place => isAt(source, place)))
    const stay = among(kept)
    const leave = among(leaving)
    const lost = held.filter(source => !stay.includes(source) && !leave.includes(source))
    this.#bury(lost)
    // Records begun here will be in another's hands: nothing of them may be committed here. And whoever reads here may
    // remember of a partition that comes back what another has changed since: it must begin anew.
    const broken = [...lost.filter(isBegun).map(nameOf), ...gained.map(placeName).filter(name => this.#gone.has(name))]
    if (broken.length > 0) {
      this.failed(reassigned(broken.join(', ')))
      return
    }
    this.#leaving = leave
    this.#sources = stay
    if (gained.length > 0) this.#sources = [...stay, ...(await this.#place(gained))]
  }

  async letGo(): Promise<void> {
    for (let waitedMs = 0; waitedMs < FINISH_MS && this.#leaving.some(isBegun); waitedMs += FINISH_PAUSE_MS) {
      await sleep(FINISH_PAUSE_MS)
      if (this.#closing.signal.aborted) return
    }
    const left = this.#leaving
    this.#leaving = []
    this.#bury(left)
    const broken = left.filter(isBegun).map(nameOf)
    if (broken.length > 0) this.failed(reassigned(broken.join(', ')))
  }

  failed(error: unknown): void {
    this.#failure ??= error
    // The partitions go to those who still read; this reader ends with whoever it tells.
    this.#member?.close().catch(() => {})
  }

  #bury(lost: readonly OwnedSource[]): void {
    for (const source of lost) if (source.isUsed) this.#gone.add(nameOf(source))
  }

  async #start(): Promise<void> {
    const { client, topics, groupId, partitionsOf, sessionTimeoutMs } = this.#context
    await client.connect(topics.map(({ brokerName }) => brokerName))
    if (groupId === null) {
      const places = topics.flatMap(({ brokerName, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic: brokerName, partition })),
      )
      this.#sources = await this.#place(places)
      return
    }
    const options = { groupId, topics: topics.map(({ brokerName }) => brokerName), partitionsOf, sessionTimeoutMs }
    if (!this.#closing.signal.aborted) this.#member = new GroupMember(client, options, this)
  }

  /** Where the given partitions begin: at what the group has committed, else where the options say. */
  async #place(places: readonly PartitionPlace[]): Promise<OwnedSource[]> {
    const { client, topics, groupId } = this.#context
    const { from } = this.#options
    const committed = groupId === null ? [] : await findCommitted(client, groupId, places)
    const ends = from === 'latest' ? await findOffsets(client, places, 'stableEnd') : []
    return places.map(place => {
      const topic = topics.find(one => one.brokerName === place.topic)
      if (topic === undefined) throw new RangeError(`the group gave away a topic that is not read: ${place.topic}`)
      const isHere = (one: PartitionPlace) => one.topic === place.topic && one.partition === place.partition
      const wanted =
        typeof from === 'object'
          ? from.find(one => one.topic === topic.name && one.partition === place.partition)
          : null
      const begin = committed.find(isHere)?.offset ?? ends.find(isHere)?.offset ?? wanted?.offset ?? null
      const source = newSource(topic, place.partition, begin)
      return { ...source, delivered: null, committed: begin, isSkipping: false, isUsed: false }
    })
  }

  /** The next batch, or null where there is none, after waiting for news if that is asked for. */
  async #attempt(waitMs: number, signals: readonly AbortSignal[]): Promise<LogBatch | null> {
    await this.settled()
    if (this.#failure !== null) throw this.#failure
    if (!this.#sources.some(hasRecords)) await this.#fillEmpty(waitMs)
    if (this.#failure !== null) throw this.#failure
    const sources = this.#sources
    for (let i = 0; i < sources.length; i++) {
      const at = (this.#turn + i) % sources.length
      const source = sources[at]
      if (!hasRecords(source)) continue
      if (needsMore(source, this.#limits)) await this.#fill([source], 0)
      // What nobody waits for any more, or what the group has moved, must not count as delivered.
      if (signals.some(signal => signal.aborted) || !this.#sources.includes(source)) return null
      this.#turn = (at + 1) % sources.length
      const batch = takeBatch(source, this.#limits)
      source.delivered = batch.next.offset
      source.isUsed = true
      return batch
    }
    if (sources.length === 0) await sleep(Math.min(waitMs, FINISH_PAUSE_MS))
    return null
  }

  /** Until one has records or all are at their end. */
  async #fillEmpty(waitMs: number): Promise<void> {
    let empty: readonly OwnedSource[] = this.#sources
    while (empty.length > 0 && !this.#closing.signal.aborted) {
      await this.#fill(empty, waitMs)
      if (this.#sources.some(hasRecords)) return
      empty = empty.filter(source => (source.fetchOffset ?? 0) < source.stableEnd)
    }
    for (const source of this.#sources) this.#skip(source)
  }

  /** Else a group would seem to lag for ever behind an end that holds nothing for it. */
  #skip(source: OwnedSource): void {
    const offset = source.fetchOffset ?? 0
    if (this.#member === null || source.isSkipping || isBegun(source) || offset <= (source.committed ?? 0)) return
    source.isSkipping = true
    // Should the partition go and come back meanwhile, this would be the place of an earlier time.
    source.isUsed = true
    this.#context
      .onSkip({ topic: source.topic.brokerName, partition: source.partition, offset })
      .catch(() => {})
      .finally(() => {
        source.isSkipping = false
      })
  }

  /** One fetch at a time, each behind all before it: one that a caller has given up waiting for still fills the buffers. */
  async #fill(sources: readonly Source[], waitMs: number): Promise<void> {
    const filling = this.#filling.then(() => fill(this.#context.client, sources, waitMs))
    this.#filling = filling.catch(() => {})
    await filling
  }

  #find(place: PartitionPlace): OwnedSource | undefined {
    return [...this.#sources, ...this.#leaving].find(source => isAt(source, place))
  }
}

function placeName({ topic, partition }: PartitionPlace): string {
  return `${topic}/${partition}`
}

function placeOf({ topic, partition }: Source): PartitionPlace {
  return { topic: topic.brokerName, partition }
}

function nameOf(source: Source): string {
  return placeName(placeOf(source))
}

function isAt({ topic, partition }: Source, place: PartitionPlace): boolean {
  return topic.brokerName === place.topic && partition === place.partition
}

/** Whether records were delivered that are not committed. */
function isBegun({ delivered, committed }: OwnedSource): boolean {
  return delivered !== null && delivered > (committed ?? -1)
}

/** The work's result, or null as soon as one of the signals aborts; the work then goes on unheard. */
async function unlessAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T | null> {
  if (signals.some(signal => signal.aborted)) {
    work.catch(() => {})
    return null
  }
  let stop = () => {}
  const aborted = new Promise<null>(resolve => {
    stop = () => resolve(null)
  })
  for (const signal of signals) signal.addEventListener('abort', stop)
  try {
    return await Promise.race([work, aborted])
  } catch (error) {
    if (signals.some(signal => signal.aborted)) return null
    throw error
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop)
    work.catch(() => {})
  }
}

function atLeastOne(name: string, value: number): number {
  if (value >= 1) return value
  throw new RangeError(`${name} is ${value}; a reader takes at least 1`)
}
