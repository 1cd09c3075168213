// What is used of kafkajs below its producer and consumer, as types: kafkajs has none for these.
import type { Socket } from 'node:net'

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** A producer as the brokers know it; a later epoch fences an earlier one. */
export interface ProducerIdentity {
  readonly transactionalId: string
  readonly producerId: string
  readonly epochNumber: number
}

interface WireIdentity {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
}

export function wireIdentity({ transactionalId, producerId, epochNumber }: ProducerIdentity): WireIdentity {
  return { transactionalId, producerId, producerEpoch: epochNumber }
}

interface CreateRequest {
  readonly topics: readonly {
    readonly topic: string
    readonly numPartitions: number
    readonly replicationFactor: number
    readonly configEntries: readonly { readonly name: string; readonly value: string }[]
  }[]
  readonly timeout: number
}

interface JoinRequest {
  readonly groupId: string
  readonly sessionTimeout: number
  readonly rebalanceTimeout: number
  readonly memberId: string
  readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[]
}

/** A broker as kafkajs holds it: what is used of it. */
export interface KafkaNode {
  readonly nodeId: string | number
  readonly connectionPool: ConnectionPool
  addPartitionsToTxn(request: WireIdentity & { readonly topics: readonly TopicPartitions[] }): Promise<unknown>
  addOffsetsToTxn(request: WireIdentity & { readonly groupId: string }): Promise<unknown>
  endTxn(request: WireIdentity & { readonly transactionResult: boolean }): Promise<unknown>
  listOffsets(request: {
    readonly replicaId: number
    readonly isolationLevel: number
    readonly topics: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly timestamp: string }[]
    }[]
  }): Promise<{
    readonly responses: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
    }[]
  }>
  createTopics(request: CreateRequest): Promise<unknown>
  describeConfigs(request: {
    readonly resources: readonly {
      readonly type: number
      readonly name: string
      readonly configNames: readonly string[]
    }[]
  }): Promise<{
    readonly resources: readonly {
      readonly resourceName: string
      readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[]
    }[]
  }>
  joinGroup(request: JoinRequest): Promise<{
    readonly generationId: number
    readonly leaderId: string
    readonly memberId: string
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
  }>
  syncGroup(request: {
    readonly groupId: string
    readonly generationId: number
    readonly memberId: string
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[]
  }): Promise<{ readonly memberAssignment: Buffer }>
  heartbeat(request: {
    readonly groupId: string
    readonly groupGenerationId: number
    readonly memberId: string
  }): Promise<unknown>
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>
}

export interface PartitionMetadata {
  readonly partitionId: number
  readonly leader: number
  readonly replicas: readonly number[]
}

/** One connection, whatever socket it has at the moment. */
export interface NodeConnection {
  readonly socket?: Socket
  /** What was read of an answer that is not whole yet. */
  chunks: Buffer[]
  bytesBuffered: number
  /** Until there is anything to read an answer from. */
  bytesNeeded: number
  readonly requestQueue: { rejectAll(error: Error): void }
  isConnected(): boolean
  connect(): Promise<unknown>
  disconnect(): Promise<unknown>
  send(request: unknown): Promise<unknown>
}

/** Two connections to one broker; the second is for fetches alone. */
interface ConnectionPool {
  readonly pool: readonly NodeConnection[]
  send(request: unknown): Promise<unknown>
}

export interface ConnectionPoolBuilder {
  build(destination?: unknown): Promise<ConnectionPool>
}

export interface KafkaCluster {
  readonly connectionPoolBuilder: ConnectionPoolBuilder
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  findBroker(options: { readonly nodeId: number | string }): Promise<KafkaNode>
  findControllerBroker(): Promise<KafkaNode>
  findGroupCoordinator(options: { readonly groupId: string; readonly coordinatorType: number }): Promise<KafkaNode>
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[]
}
