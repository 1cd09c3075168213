// Requests that kafkajs has only in versions too old for us: fencing of zombies by the group's generation (KIP-447) and by
// the producer's epoch (KIP-360), offsets that no open transaction may still change, and fetches read by our own decoder.
import { newEncoder, type WireDecoder, type WireEncoder, type WireRequest } from './kafkaClient.ts'
import { BrokerError, brokerCodes } from './kafkaErrors.ts'
import type { ProducerIdentity } from './kafkaNode.ts'
import { type AbortedTransaction, type DecodedRecords, decodeBatches } from './recordBatch.ts'

export interface PartitionPlace {
  /** As the brokers name it. */
  readonly topic: string
  readonly partition: number
}

export interface PlaceOffset extends PartitionPlace {
  readonly offset: number
}

/** Who commits: a member of a group in its generation, or nobody in particular. */
export interface Membership {
  readonly memberId: string
  readonly generation: number
}

export const noMember: Membership = { memberId: '', generation: -1 }

const noTags = 0
const READ_COMMITTED = 1
const CLIENT = -1

function byTopic<T extends PartitionPlace>(places: readonly T[]): [string, T[]][] {
  const found = new Map<string, T[]>()
  for (const place of places) {
    const list = found.get(place.topic)
    if (list === undefined) found.set(place.topic, [place])
    else list.push(place)
  }
  return [...found]
}

/** The header of the newer requests ends with tags, and so does each of their parts; kafkajs writes none of them. */
function flexible(encoder: WireEncoder): WireEncoder {
  return encoder.writeUVarInt(noTags)
}

function check(code: number, what: string): void {
  if (code !== brokerCodes.none) throw new BrokerError(code, what)
}

/** A fresh epoch for a transactional id: whoever had the one before is fenced. With an identity, only its own holder may. */
export function initProducer(
  transactionalId: string,
  transactionTimeoutMs: number,
  current: ProducerIdentity | null,
): WireRequest<ProducerIdentity> {
  return {
    apiKey: 22,
    apiVersion: 4,
    apiName: 'InitProducerId',
    encode: encoder =>
      flexible(encoder)
        .writeUVarIntString(transactionalId)
        .writeInt32(transactionTimeoutMs)
        .writeInt64(current?.producerId ?? '-1')
        .writeInt16(current?.epochNumber ?? -1)
        .writeUVarInt(noTags),
    decode: decoder => {
      decoder.readTaggedFields()
      decoder.readInt32()
      check(decoder.readInt16(), 'asking for a producer id')
      return { transactionalId, producerId: decoder.readInt64().toString(), epochNumber: decoder.readInt16() }
    },
  }
}

/** Offsets of a group as part of the transaction; refused where the member's generation is over. */
export function commitOffsets(
  identity: ProducerIdentity,
  groupId: string,
  { memberId, generation }: Membership,
  offsets: readonly PlaceOffset[],
): WireRequest<void> {
  return {
    apiKey: 28,
    apiVersion: 3,
    apiName: 'TxnOffsetCommit',
    encode: encoder =>
      flexible(encoder)
        .writeUVarIntString(identity.transactionalId)
        .writeUVarIntString(groupId)
        .writeInt64(identity.producerId)
        .writeInt16(identity.epochNumber)
        .writeInt32(generation)
        .writeUVarIntString(memberId)
        .writeUVarIntString(null)
        .writeUVarIntArray(
          byTopic(offsets).map(([topic, places]) =>
            newEncoder()
              .writeUVarIntString(topic)
              .writeUVarIntArray(
                places.map(({ partition, offset }) =>
                  newEncoder()
                    .writeInt32(partition)
                    .writeInt64(offset)
                    .writeInt32(-1)
                    .writeUVarIntString(null)
                    .writeUVarInt(noTags),
                ),
              )
              .writeUVarInt(noTags),
          ),
        )
        .writeUVarInt(noTags),
    decode: decoder => {
      decoder.readTaggedFields()
      decoder.readInt32()
      const codes = decoder.readUVarIntArray(topic => {
        topic.readUVarIntString()
        const found = topic.readUVarIntArray(partition => {
          partition.readInt32()
          const code = partition.readInt16()
          partition.readTaggedFields()
          return code
        })
        topic.readTaggedFields()
        return found ?? []
      })
      for (const code of (codes ?? []).flat()) check(code, `committing offsets of ${groupId}`)
    },
  }
}

/** Committed offsets of a group; refused with `unstableOffset` while a transaction that may change them is open. */
export function fetchOffsets(groupId: string, places: readonly PartitionPlace[]): WireRequest<readonly PlaceOffset[]> {
  return {
    apiKey: 9,
    apiVersion: 7,
    apiName: 'OffsetFetch',
    encode: encoder =>
      flexible(encoder)
        .writeUVarIntString(groupId)
        .writeUVarIntArray(
          byTopic(places).map(([topic, list]) => {
            const partitions = list.map(({ partition }) => newEncoder().writeInt32(partition))
            return newEncoder().writeUVarIntString(topic).writeUVarIntArray(partitions).writeUVarInt(noTags)
          }),
        )
        .writeBoolean(true)
        .writeUVarInt(noTags),
    decode: decoder => {
      decoder.readTaggedFields()
      decoder.readInt32()
      const found = decoder.readUVarIntArray(one => {
        const topic = one.readUVarIntString() ?? ''
        const offsets = one.readUVarIntArray(partition => {
          const number = partition.readInt32()
          const offset = Number(partition.readInt64().toString())
          partition.readInt32()
          partition.readUVarIntString()
          const code = partition.readInt16()
          partition.readTaggedFields()
          return { topic, partition: number, offset, code }
        })
        one.readTaggedFields()
        return offsets ?? []
      })
      check(decoder.readInt16(), `asking for offsets of ${groupId}`)
      return (found ?? []).flat().flatMap(({ topic, partition, offset, code }) => {
        check(code, `asking for offsets of ${groupId}`)
        return offset < 0 ? [] : [{ topic, partition, offset }]
      })
    },
  }
}

/** Which cluster it is, and which topics: one that is made anew under an old name is another one. */
export interface LogIdentity {
  readonly clusterId: string
  /** By the brokers' name of the topic. */
  readonly topicIds: ReadonlyMap<string, string>
}

const UUID_BYTES = 16

export function identifyTopics(names: readonly string[]): WireRequest<LogIdentity> {
  const anyId = () => newEncoder().writeInt64(0).writeInt64(0)
  return {
    apiKey: 3,
    apiVersion: 12,
    apiName: 'Metadata',
    encode: encoder =>
      flexible(encoder)
        .writeUVarIntArray(names.map(name => anyId().writeUVarIntString(name).writeUVarInt(noTags)))
        .writeBoolean(false)
        .writeBoolean(false)
        .writeUVarInt(noTags),
    decode: decoder => {
      decoder.readTaggedFields()
      decoder.readInt32()
      decoder.readUVarIntArray(broker => {
        broker.readInt32()
        broker.readUVarIntString()
        broker.readInt32()
        broker.readUVarIntString()
        broker.readTaggedFields()
      })
      const clusterId = decoder.readUVarIntString() ?? ''
      decoder.readInt32()
      const topics = decoder.readUVarIntArray(readTopicId) ?? []
      return { clusterId, topicIds: new Map(topics) }
    },
  }
}

function readTopicId(decoder: WireDecoder): [string, string] {
  const code = decoder.readInt16()
  const name = decoder.readUVarIntString() ?? ''
  const id = decoder.buffer.subarray(decoder.offset, decoder.offset + UUID_BYTES).toString('hex')
  decoder.offset += UUID_BYTES
  decoder.readInt8()
  const skipNumbers = (partition: WireDecoder) => partition.readUVarIntArray(one => one.readInt32())
  decoder.readUVarIntArray(partition => {
    partition.readInt16()
    for (let i = 0; i < 3; i++) partition.readInt32()
    for (let i = 0; i < 3; i++) skipNumbers(partition)
    partition.readTaggedFields()
  })
  decoder.readInt32()
  decoder.readTaggedFields()
  check(code, `asking which topic ${name} is`)
  return [name, id]
}

export interface LeaderEnd {
  /** Kafka's leader epoch: counts up with each leader of the partition. */
  readonly leaderNumber: number
  readonly end: number
}

/**
 * The end of what is on all copies of a partition; refused while its leader is too new to know of all that was acknowledged
 * by the one before it (KIP-207).
 */
export function findLeaderEnd({ topic, partition }: PartitionPlace): WireRequest<LeaderEnd> {
  const newest = -1
  return {
    apiKey: 2,
    apiVersion: 5,
    apiName: 'ListOffsets',
    encode: encoder =>
      encoder
        .writeInt32(CLIENT)
        .writeInt8(0)
        .writeArray([
          newEncoder()
            .writeString(topic)
            .writeArray([newEncoder().writeInt32(partition).writeInt32(-1).writeInt64(newest)]),
        ]),
    decode: decoder => {
      decoder.readInt32()
      const [found] = decoder
        .readArray(one => {
          one.readString()
          return one.readArray(answer => {
            answer.readInt32()
            check(answer.readInt16(), `asking for the end of ${topic}/${partition}`)
            answer.readInt64()
            const end = Number(answer.readInt64().toString())
            return { end, leaderNumber: answer.readInt32() }
          })
        })
        .flat()
      return found
    },
  }
}

/** Where a partition is fetched from; of the leader of a number, or of any. */
export interface FetchPlace extends PlaceOffset {
  readonly leaderNumber: number | null
}

export interface FetchLimits {
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
}

export interface FetchedPartition extends PartitionPlace, DecodedRecords {
  readonly errorCode: number
  /** Up to here everything is on all copies, whether its transaction has ended or not. */
  readonly end: number
  /** Up to here every transaction has ended. */
  readonly stableEnd: number
}

/** Committed records from the given offsets on; the first partition that has any makes progress whatever the limits. */
export function fetchRecords(
  from: readonly FetchPlace[],
  limits: FetchLimits,
): WireRequest<readonly FetchedPartition[]> {
  const asked = new Map(from.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]))
  return {
    apiKey: 1,
    apiVersion: 11,
    apiName: 'Fetch',
    timeoutMs: limits.maxWaitMs + 30_000,
    encode: encoder =>
      encoder
        .writeInt32(CLIENT)
        .writeInt32(limits.maxWaitMs)
        .writeInt32(1)
        .writeInt32(limits.maxBytes)
        .writeInt8(READ_COMMITTED)
        // No fetch session: id 0, epoch -1.
        .writeInt32(0)
        .writeInt32(-1)
        .writeArray(
          byTopic(from).map(([topic, places]) =>
            newEncoder()
              .writeString(topic)
              .writeArray(
                places.map(({ partition, offset, leaderNumber }) =>
                  newEncoder()
                    .writeInt32(partition)
                    .writeInt32(leaderNumber ?? -1)
                    .writeInt64(offset)
                    .writeInt64(-1)
                    .writeInt32(limits.maxPartitionBytes),
                ),
              ),
          ),
        )
        .writeArray([])
        .writeString(''),
    decode: decoder => {
      decoder.readInt32()
      check(decoder.readInt16(), 'fetching')
      decoder.readInt32()
      return decoder
        .readArray(one => {
          const topic = one.readString()
          return one.readArray(partition => readFetched(partition, topic, asked))
        })
        .flat()
    },
  }
}

function readFetched(decoder: WireDecoder, topic: string, asked: ReadonlyMap<string, number>): FetchedPartition {
  const partition = decoder.readInt32()
  const errorCode = decoder.readInt16()
  const end = Number(decoder.readInt64().toString())
  const stableEnd = Number(decoder.readInt64().toString())
  decoder.readInt64()
  const aborted = decoder.readArray<AbortedTransaction>(one => ({
    producerId: BigInt(one.readInt64().toString()),
    firstOffset: Number(one.readInt64().toString()),
  }))
  decoder.readInt32()
  const lengthBytes = Math.max(0, decoder.readInt32())
  const bytes = decoder.buffer.subarray(decoder.offset, decoder.offset + lengthBytes)
  decoder.offset += lengthBytes
  const where = `${topic}/${partition}`
  const decoded = decodeBatches(bytes, asked.get(where) ?? 0, aborted, where)
  return { topic, partition, errorCode, end, stableEnd, ...decoded }
}
