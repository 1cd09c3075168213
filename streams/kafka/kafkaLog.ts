// The Log on Kafka brokers: any number of processes read, and each that writes has a transactional id of its own.
import type { Log, LogKeeping, LogReader, LogRecord, Position, ReadOptions, TopicExtent, Transaction } from '../log.ts'
import { MAX_KEY_BYTES } from '../outputCheck.ts'
import { partitionOf } from '../partitioner.ts'
import type { Topic } from '../topics.ts'
import { type ConnectionOptions, KafkaClient } from './kafkaClient.ts'
import { KafkaProducer } from './kafkaProducer.ts'
import { KafkaReader } from './kafkaReader.ts'
import type { PlaceOffset } from './kafkaRequests.ts'
import { type KafkaTopic, prepareTopics } from './kafkaTopics.ts'
import { KafkaWriter } from './kafkaWriter.ts'
import { LatestIndexes } from './latestIndexes.ts'
import { openProcessState, type ProcessState } from './processState.ts'
import { findCommitted, findOffsets } from './topicOffsets.ts'
import { findSizes } from './topicSizes.ts'

export interface KafkaOptions extends ConnectionOptions {
  /** Whoever opens a log with an id fences whoever had it open before. Null is the one of the process's slot. */
  readonly transactionalId: string | null
  /** Where the process keeps state of its own; null is in memory. */
  readonly stateFolder: string | null
  /** Topics whose state is followed in all partitions, whoever works on them. */
  readonly standby: readonly string[]
  /** Readers only look: no topic is created, nothing is written or committed. */
  readonly isReadOnly: boolean
  readonly topics: readonly Topic[]
  /** Before the names of topics and groups, so that several logs can share brokers. */
  readonly prefix: string
  readonly replication: number | null
  readonly maxRecordBytes: number
  readonly transactionTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** What records say of when they were written, and how old state is. */
  readonly nowMs: () => number
}

/**
 * @throws FusionError LOG_UNAVAILABLE when the brokers cannot be reached, CONFIG_INVALID when they refuse the login or
 * have other topics than wanted
 */
export async function openKafkaLog(options: KafkaOptions): Promise<Log> {
  const client = new KafkaClient(options)
  try {
    await client.connect([])
    const topics = await prepareTopics(client, options)
    const state = openProcessState({ ...options, folder: options.stateFolder })
    try {
      const producer = options.isReadOnly ? null : await openProducer(client, options, state)
      return new KafkaLog(client, topics, producer, state, options)
    } catch (error) {
      await state.close()
      throw error
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** What dead processes of this folder left open ends here, and holds nobody up until it is too old. */
async function openProducer(
  client: KafkaClient,
  options: KafkaOptions,
  { transactionalId, orphans, settle }: ProcessState,
): Promise<KafkaProducer> {
  for (const orphan of orphans) await KafkaProducer.open(client, { ...options, transactionalId: orphan })
  settle()
  return KafkaProducer.open(client, { ...options, transactionalId })
}

class KafkaLog implements Log {
  readonly writer: string
  readonly #client: KafkaClient
  readonly #topics: ReadonlyMap<string, KafkaTopic>
  readonly #options: KafkaOptions
  readonly #writer: KafkaWriter | null
  readonly #readers = new Set<KafkaReader>()
  /** The reader of a group and topic. */
  readonly #claims = new Map<string, KafkaReader>()
  readonly #state: ProcessState
  readonly #indexes: LatestIndexes
  #isClosed = false

  constructor(
    client: KafkaClient,
    topics: ReadonlyMap<string, KafkaTopic>,
    producer: KafkaProducer | null,
    state: ProcessState,
    options: KafkaOptions,
  ) {
    this.#client = client
    this.#state = state
    this.writer = state.transactionalId
    this.#indexes = new LatestIndexes(client, state, options.nowMs)
    this.#indexes.follow([...topics.values()].filter(({ name }) => options.standby.includes(name)))
    this.#topics = topics
    this.#options = options
    this.#writer =
      producer === null
        ? null
        : new KafkaWriter({
            producer,
            maxRecordBytes: options.maxRecordBytes,
            topicOf: name => this.#topicOf(name),
            groupIdOf: group => options.prefix + group,
            ownerOf: (group, { brokerName }) => this.#claims.get(claimOf(group, brokerName)) ?? null,
            // A reader of what comes after its opening must know that place before more comes.
            beforeCommit: () => Promise.allSettled([...this.#readers].map(reader => reader.started)),
            onCommit: (outputs, positions) => {
              this.#indexes.noteOwn(outputs, positions)
              // What was handed in before closing is committed as long as that goes on.
              if (this.#isClosed) this.#endSoon()
            },
          })
  }

  openReader(options: ReadOptions): LogReader {
    this.#checkOpen()
    const topics = options.topics.map(name => this.#topicOf(name)).filter(({ partitions }) => partitions > 0)
    const { group } = options
    const claims = group === undefined ? [] : topics.map(({ brokerName }) => claimOf(group, brokerName))
    const taken = claims.find(claim => this.#claims.has(claim))
    if (taken !== undefined) {
      throw new RangeError(`group ${taken.replace('\0', ' already reads ')} here; close that reader first`)
    }
    const reader: KafkaReader = new KafkaReader(
      {
        client: new KafkaClient(this.#options),
        topics,
        groupId: group === undefined ? null : this.#options.prefix + group,
        partitionsOf: brokerName => this.#byBrokerName(brokerName)?.partitions ?? 0,
        sessionTimeoutMs: this.#options.sessionTimeoutMs,
        onSkip: async ({ topic, partition, offset }) => {
          const name = this.#byBrokerName(topic)?.name
          if (name === undefined || group === undefined || this.#isClosed) return
          await this.#writer?.transact({ outputs: [], group, offsets: [{ topic: name, partition, offset }] })
        },
        onClose: () => {
          for (const claim of claims) this.#claims.delete(claim)
          this.#readers.delete(reader)
        },
      },
      options,
    )
    for (const claim of claims) this.#claims.set(claim, reader)
    this.#readers.add(reader)
    return reader
  }

  async transact(transaction: Transaction): Promise<readonly Position[]> {
    this.#checkOpen()
    if (this.#writer === null) throw new TypeError('this log was opened to be read only')
    return this.#writer.transact(transaction)
  }

  async committed(group: string): Promise<readonly Position[]> {
    this.#checkOpen()
    const places = [...this.#topics.values()].flatMap(placesOf)
    const found = await findCommitted(this.#client, this.#options.prefix + group, places)
    return found.map(({ topic, partition, offset }) => ({
      topic: this.#byBrokerName(topic)?.name ?? topic,
      partition,
      offset,
    }))
  }

  async extents(name: string): Promise<readonly TopicExtent[]> {
    const topic = this.#topicOf(name)
    const places = placesOf(topic)
    const [firsts, ends] = await Promise.all([
      findOffsets(this.#client, places, 'first'),
      findOffsets(this.#client, places, 'end'),
    ])
    const at = (found: readonly PlaceOffset[], partition: number) =>
      found.find(one => one.partition === partition)?.offset ?? 0
    return places.map(({ partition }) => ({
      topic: name,
      partition,
      first: at(firsts, partition),
      end: at(ends, partition),
    }))
  }

  async latest(name: string, key: string): Promise<LogRecord | null> {
    const topic = this.#topicOf(name)
    if (topic.keep !== 'latest') throw new RangeError(`topic ${name} does not keep the latest record of each key`)
    if (topic.partitions === 0 || key.length > MAX_KEY_BYTES) return null
    const bytes = Buffer.from(key)
    const partition = partitionOf(bytes, bytes.length, topic.partitions)
    return this.#indexes.latest(topic, partition, key)
  }

  async keeping(): Promise<LogKeeping> {
    this.#checkOpen()
    const sizes = await findSizes(this.#client, [...this.#topics.values()].flatMap(placesOf))
    const sizeBytes = new Map<string, number>()
    for (const [brokerName, bytes] of sizes) {
      const name = this.#byBrokerName(brokerName)?.name
      if (name !== undefined) sizeBytes.set(name, bytes)
    }
    // Any number of processes write, and brokers do not tell which of them live.
    return { sizeBytes, writerPid: undefined }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#endSoon()
    await this.#writer?.close()
    await Promise.all([...this.#readers].map(reader => reader.close()))
    await this.#indexes.close()
    await this.#state.close()
    await this.#client.close()
  }

  /** All at once: what the writer waits for may be a reader's place in its group. */
  #endSoon(): void {
    for (const one of [this.#client, ...this.#readers]) one.endSoon()
  }

  #topicOf(name: string): KafkaTopic {
    this.#checkOpen()
    const topic = this.#topics.get(name)
    if (topic === undefined)
      throw new RangeError(`no topic ${name}; this log has ${[...this.#topics.keys()].join(', ')}`)
    return topic
  }

  #byBrokerName(brokerName: string): KafkaTopic | undefined {
    return this.#topics.get(brokerName.slice(this.#options.prefix.length))
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new RangeError('the log is closed')
  }
}

function claimOf(group: string, brokerTopic: string): string {
  return `${group}\0${brokerTopic}`
}

function placesOf({ brokerName, partitions }: KafkaTopic): { readonly topic: string; readonly partition: number }[] {
  return Array.from({ length: partitions }, (_, partition) => ({ topic: brokerName, partition }))
}
