// The request that sends batches of a transaction, at most one of each partition.
import { newEncoder, type WireRequest } from './kafkaClient.ts'
import { BrokerError, brokerCodes } from './kafkaErrors.ts'
import type { PartitionPlace, PlaceOffset } from './kafkaRequests.ts'

export interface PlaceBatch extends PartitionPlace {
  readonly bytes: Buffer
}

const ALL_COPIES = -1
const TIMEOUT_MS = 30_000
/** Names and lengths around a batch. */
const OVERHEAD_BYTES = 600

/** @returns the offset that the first record of each batch got; refused when one of the batches is */
export function produceBatches(
  transactionalId: string,
  batches: readonly PlaceBatch[],
): WireRequest<readonly PlaceOffset[]> {
  const byTopic = new Map<string, PlaceBatch[]>()
  for (const batch of batches) byTopic.set(batch.topic, [...(byTopic.get(batch.topic) ?? []), batch])
  const sizeBytes = batches.reduce((sum, { bytes }) => sum + bytes.length + OVERHEAD_BYTES, OVERHEAD_BYTES)
  return {
    apiKey: 0,
    apiVersion: 7,
    apiName: 'Produce',
    encode() {
      const encoder = newEncoder(sizeBytes)
        .writeString(transactionalId)
        .writeInt16(ALL_COPIES)
        .writeInt32(TIMEOUT_MS)
        .writeInt32(byTopic.size)
      for (const [topic, list] of byTopic) {
        encoder.writeString(topic).writeInt32(list.length)
        for (const { partition, bytes } of list) encoder.writeInt32(partition).writeBytes(bytes)
      }
      return encoder
    },
    decode: decoder =>
      decoder
        .readArray(one => {
          const topic = one.readString()
          return one.readArray(answer => {
            const partition = answer.readInt32()
            const code = answer.readInt16()
            const offset = Number(answer.readInt64().toString())
            answer.readInt64()
            answer.readInt64()
            if (code !== brokerCodes.none) throw new BrokerError(code, `writing to ${topic}/${partition}`)
            return { topic, partition, offset }
          })
        })
        .flat(),
  }
}
