// The part of kafkajs that stands below its producer and consumer: connections, metadata, single requests. The upper part
// pushes records, backs off for 300 ms after every commit and commits offsets without the group's generation; a Log
// pulls, answers at once, and must be fenced. Deep paths are safe because the version is exact.
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { type KafkaLogin, type KafkaTls, saslOptions, speaksTls, tlsOptions } from './kafkaAccess.ts'
import { KafkaConnections } from './kafkaConnections.ts'
import { asLogError, brokerCodeOf, brokerCodes, isClosedConnection, isPassing, tlsWanted } from './kafkaErrors.ts'
import type { KafkaCluster, KafkaNode, PartitionMetadata } from './kafkaNode.ts'

export interface WireEncoder {
  readonly buffer: Buffer
  writeInt8(value: number): this
  writeInt16(value: number): this
  writeInt32(value: number): this
  writeInt64(value: string | number): this
  writeBoolean(value: boolean): this
  writeString(value: string | null): this
  writeBytes(value: Buffer | null): this
  writeArray(values: readonly (WireEncoder | number | string)[]): this
  writeUVarIntString(value: string | null): this
  writeUVarIntArray(values: readonly WireEncoder[]): this
  writeUVarInt(value: number): this
}

export interface WireDecoder {
  offset: number
  readonly buffer: Buffer
  readInt8(): number
  readInt16(): number
  readInt32(): number
  readInt64(): { toString(): string }
  readString(): string
  readArray<T>(read: (decoder: WireDecoder) => T): T[]
  readUVarInt(): number
  readUVarIntString(): string | null
  readUVarIntArray<T>(read: (decoder: WireDecoder) => T): T[] | null
  readTaggedFields(): unknown
}

/** One request that kafkajs does not know, or whose answer it reads wrongly. */
export interface WireRequest<Answer> {
  readonly apiKey: number
  readonly apiVersion: number
  readonly apiName: string
  encode(encoder: WireEncoder): WireEncoder
  decode(decoder: WireDecoder): Answer
  readonly timeoutMs?: number
}

export interface ConnectionOptions {
  readonly brokers: readonly string[]
  readonly tls: KafkaTls | null
  readonly login: KafkaLogin | null
  /** How long something that may pass is tried again, from its first failure on, and how long whoever closes waits for answers. */
  readonly patienceMs: number
}

const require = createRequire(import.meta.url)
const Cluster: new (options: unknown) => KafkaCluster = require('kafkajs/src/cluster')
const Encoder: new (firstBytes?: number) => WireEncoder = require('kafkajs/src/protocol/encoder')
const Decoder: new (bytes: Buffer) => WireDecoder = require('kafkajs/src/protocol/decoder')
const socketFactory: () => unknown = require('kafkajs/src/network/socketFactory')
const groupProtocol: {
  readonly MemberMetadata: {
    encode(metadata: {
      readonly version: number
      readonly topics: readonly string[]
      readonly userData: Buffer
    }): Buffer
    decode(bytes: Buffer): { readonly topics: readonly string[]; readonly userData: Buffer }
  }
  readonly MemberAssignment: {
    encode(content: {
      readonly version: number
      readonly assignment: Readonly<Record<string, readonly number[]>>
    }): Buffer
    decode(bytes: Buffer): { readonly assignment: Readonly<Record<string, readonly number[]>> } | null
  }
} = require('kafkajs/src/consumer/assignerProtocol')

export const { MemberMetadata, MemberAssignment } = groupProtocol

/** @param sizeBytes what will be written, about: else it grows by copying */
export function newEncoder(sizeBytes?: number): WireEncoder {
  return new Encoder(sizeBytes)
}

const FIRST_PAUSE_MS = 2
const MAX_PAUSE_MS = 500
const CONNECT_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 30_000
/** A login that ends is renewed so long before. kafkajs's ten seconds would renew a shorter one at each request, which brokers refuse. */
const LOGIN_MARGIN_MS = 2000
const METADATA_MAX_AGE_MS = 300_000
const coordinatorTypes = { group: 0, transaction: 1 } as const

/** One set of connections; a request waits behind the earlier ones of its set, so whoever may block has a set of its own. */
export class KafkaClient {
  readonly #cluster: KafkaCluster
  readonly #connections: KafkaConnections
  readonly #options: ConnectionOptions
  readonly #coordinators = new Map<string, Promise<string>>()
  #isClosed = false
  #ending: NodeJS.Timeout | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { brokers, tls, login } = options
    const logger = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).logger()
    this.#cluster = new Cluster({
      logger,
      socketFactory: socketFactory(),
      brokers: [...brokers],
      ssl: tls === null ? null : tlsOptions(tls),
      sasl: login === null ? undefined : saslOptions(login),
      clientId: 'birthline',
      reauthenticationThreshold: LOGIN_MARGIN_MS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      enforceRequestTimeout: true,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      // What passes is tried again here, where the pause is ours.
      retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 200 },
    })
    this.#connections = new KafkaConnections(this.#cluster.connectionPoolBuilder)
  }

  /** Tries until it works, as long as what fails may pass by itself and patience lasts. */
  async persist<T>(action: () => Promise<T>): Promise<T> {
    let patience: AbortSignal | null = null
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, 2 * pauseMs)) {
      try {
        return await action()
      } catch (error) {
        patience ??= AbortSignal.timeout(this.#options.patienceMs)
        if (!isPassing(error) || patience.aborted || this.#isClosed) throw asLogError(error, this.#options.brokers)
        if (brokerCodeOf(error) !== brokerCodes.concurrentTransactions) await this.#lookAgain()
        await sleep(pauseMs)
      }
    }
  }

  connect(topics: readonly string[]): Promise<void> {
    return this.persist(async () => {
      await this.#greet()
      if (topics.length > 0) await this.#cluster.addMultipleTargetTopics(topics)
      else await this.#cluster.refreshMetadata()
    })
  }

  async #greet(): Promise<void> {
    try {
      await this.#cluster.connect()
    } catch (error) {
      // A broker that hears no TLS hangs up without a word, and would do so for as long as patience lasts.
      const { brokers, tls } = this.#options
      if (tls === null && isClosedConnection(error) && (await speaksTls(brokers[0]))) throw tlsWanted(brokers[0])
      throw error
    }
  }

  /** Partitions of a topic by their number; empty where there is no such topic. */
  async partitionsOf(topic: string): Promise<readonly PartitionMetadata[]> {
    try {
      await this.#cluster.addMultipleTargetTopics([topic])
    } catch (error) {
      if (brokerCodeOf(error) === brokerCodes.unknownTopic) return []
      throw error
    }
    return this.#cluster.findTopicPartitionMetadata(topic)
  }

  /** The node that leads a partition. */
  leaderOf(topic: string, partition: number): number {
    const found = this.#cluster.findTopicPartitionMetadata(topic).find(one => one.partitionId === partition)
    if (found === undefined || found.leader < 0) throw new KafkaJSLeaderMissing(topic, partition)
    return found.leader
  }

  node(nodeId: number | string): Promise<KafkaNode> {
    return this.#cluster.findBroker({ nodeId })
  }

  controller(): Promise<KafkaNode> {
    return this.#cluster.findControllerBroker()
  }

  /** Looked up once; forgotten when a request fails, because it may have moved. */
  async coordinator(type: keyof typeof coordinatorTypes, id: string): Promise<KafkaNode> {
    const name = `${type} ${id}`
    let found = this.#coordinators.get(name)
    if (found === undefined) {
      found = this.#cluster
        .findGroupCoordinator({ groupId: id, coordinatorType: coordinatorTypes[type] })
        .then(({ nodeId }) => String(nodeId))
      this.#coordinators.set(name, found)
      found.catch(() => this.#coordinators.delete(name))
    }
    return this.node(await found)
  }

  async send<Answer>(node: KafkaNode, wire: WireRequest<Answer>): Promise<Answer> {
    const { apiKey, apiVersion, apiName, timeoutMs } = wire
    const answer = await node.connectionPool.send({
      request: { apiKey, apiVersion, apiName, encode: async () => wire.encode(new Encoder()) },
      // Wrapped, because kafkajs looks for a throttle time in whatever was decoded.
      response: {
        decode: async (bytes: Buffer) => ({ decoded: wire.decode(new Decoder(bytes)) }),
        parse: async (found: { readonly decoded: Answer }) => found,
      },
      ...(timeoutMs !== undefined && { requestTimeout: timeoutMs }),
    })
    return (answer as { readonly decoded: Answer }).decoded
  }

  /**
   * What still waits for the brokers when patience has run out, counted from the last call, fails then: one that does not
   * answer holds up nobody who wants to end.
   */
  endSoon(): void {
    clearTimeout(this.#ending)
    this.#ending = setTimeout(() => {
      this.#isClosed = true
      this.#connections.cut()
    }, this.#options.patienceMs)
  }

  /** Lets what is on its way come to its end, as long as patience lasts. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#connections.end()
    this.endSoon()
    await this.#cluster.disconnect()
    clearTimeout(this.#ending)
  }

  async #lookAgain(): Promise<void> {
    this.#coordinators.clear()
    try {
      await this.#cluster.refreshMetadata()
    } catch {
      // The next try says so, if it still matters.
    }
  }
}

/** Named as kafkajs names what may be tried again. */
class KafkaJSLeaderMissing extends Error {
  constructor(topic: string, partition: number) {
    super(`no broker leads ${topic}/${partition}`)
    this.name = 'KafkaJSLeaderMissing'
  }
}
