// Where partitions begin and end, and what a group has committed of them.
import type { KafkaClient } from './kafkaClient.ts'
import { brokerCodeOf, brokerCodes } from './kafkaErrors.ts'
import { fetchOffsets, type PartitionPlace, type PlaceOffset } from './kafkaRequests.ts'

const READ_COMMITTED = 1
const CLIENT = -1
/** Kafka's way to ask for the oldest offset and for the end, which for committed reading is the last stable offset. */
const timestamps = { first: '-2', end: '-1' } as const

/** The oldest offset kept, or the end of what committed readers may see, of each partition. */
export function findOffsets(
  client: KafkaClient,
  places: readonly PartitionPlace[],
  which: keyof typeof timestamps,
): Promise<readonly PlaceOffset[]> {
  return client.persist(async () => {
    const byNode = new Map<number, PartitionPlace[]>()
    for (const place of places) {
      const nodeId = client.leaderOf(place.topic, place.partition)
      byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), place])
    }
    const answers = await Promise.all(
      [...byNode].map(async ([nodeId, list]) => {
        const node = await client.node(nodeId)
        const topics = list.map(({ topic, partition }) => ({
          topic,
          partitions: [{ partition, timestamp: timestamps[which] }],
        }))
        return node.listOffsets({ replicaId: CLIENT, isolationLevel: READ_COMMITTED, topics })
      }),
    )
    return answers.flatMap(({ responses }) =>
      responses.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
      ),
    )
  })
}

/** Waits for open transactions that may still change them: the brokers end those within their timeout. */
export async function findCommitted(
  client: KafkaClient,
  groupId: string,
  places: readonly PartitionPlace[],
): Promise<readonly PlaceOffset[]> {
  for (;;) {
    try {
      return await client.persist(async () =>
        client.send(await client.coordinator('group', groupId), fetchOffsets(groupId, places)),
      )
    } catch (error) {
      if (brokerCodeOf(error) !== brokerCodes.unstableOffset) throw error
    }
  }
}
