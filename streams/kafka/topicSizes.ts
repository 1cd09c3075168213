// How many bytes the brokers keep of each topic, as those say who lead its partitions.
import type { KafkaClient, WireRequest } from './kafkaClient.ts'
import { BrokerError, brokerCodes } from './kafkaErrors.ts'
import type { PartitionPlace } from './kafkaRequests.ts'

interface PlaceSize extends PartitionPlace {
  readonly sizeBytes: number
}

/** By the names that the brokers use. */
export function findSizes(
  client: KafkaClient,
  places: readonly PartitionPlace[],
): Promise<ReadonlyMap<string, number>> {
  return client.persist(async () => {
    const byNode = new Map<number, PartitionPlace[]>()
    for (const place of places) {
      const nodeId = client.leaderOf(place.topic, place.partition)
      byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), place])
    }
    const sizes = new Map<string, number>()
    for (const [nodeId, led] of byNode) {
      const found = await client.send(await client.node(nodeId), describeLogDirs(led))
      for (const { topic, sizeBytes } of found) sizes.set(topic, (sizes.get(topic) ?? 0) + sizeBytes)
    }
    return sizes
  })
}

/** DescribeLogDirs: a broker tells of its own disks alone. */
function describeLogDirs(places: readonly PartitionPlace[]): WireRequest<readonly PlaceSize[]> {
  const partitionsOf = new Map<string, number[]>()
  for (const { topic, partition } of places) partitionsOf.set(topic, [...(partitionsOf.get(topic) ?? []), partition])
  return {
    apiKey: 35,
    apiVersion: 1,
    apiName: 'DescribeLogDirs',
    encode(encoder) {
      encoder.writeInt32(partitionsOf.size)
      for (const [topic, partitions] of partitionsOf) {
        encoder.writeString(topic).writeInt32(partitions.length)
        for (const partition of partitions) encoder.writeInt32(partition)
      }
      return encoder
    },
    decode(decoder) {
      decoder.readInt32()
      return decoder
        .readArray(folder => {
          const code = folder.readInt16()
          if (code !== brokerCodes.none) throw new BrokerError(code, 'a question for the sizes of topics')
          folder.readString()
          return folder.readArray(one => {
            const topic = one.readString()
            return one.readArray(inner => {
              const partition = inner.readInt32()
              const sizeBytes = Number(inner.readInt64().toString())
              inner.readInt64()
              const isFuture = inner.readInt8() !== 0
              return { topic, partition, sizeBytes: isFuture ? 0 : sizeBytes }
            })
          })
        })
        .flat(2)
    },
  }
}
