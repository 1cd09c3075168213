// Where partitions begin and end, and what a group has committed of them.
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaClient } from './kafkaClient.ts'
import { brokerCodeOf, brokerCodes } from './kafkaErrors.ts'
import { fetchOffsets, type PartitionPlace, type PlaceOffset } from './kafkaRequests.ts'

const CLIENT = -1
/** Between two looks whether an open transaction has ended. */
const OPEN_PAUSE_MS = 20
/** Kafka's way to ask; for committed reading the end is the last stable offset, before any transaction still open. */
const questions = {
  first: { timestamp: '-2', isolationLevel: 1 },
  stableEnd: { timestamp: '-1', isolationLevel: 1 },
  end: { timestamp: '-1', isolationLevel: 0 },
} as const

/**
 * Of each partition the oldest offset kept; the end of what may be read; or the end with what is in open transactions,
 * and so with all whose offsets may be committed already: the marks of one transaction do not come everywhere at once.
 */
export function findOffsets(
  client: KafkaClient,
  places: readonly PartitionPlace[],
  which: keyof typeof questions,
): Promise<readonly PlaceOffset[]> {
  const { timestamp, isolationLevel } = questions[which]
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
          partitions: [{ partition, timestamp }],
        }))
        return node.listOffsets({ replicaId: CLIENT, isolationLevel, topics })
      }),
    )
    return answers.flatMap(({ responses }) =>
      responses.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
      ),
    )
  })
}

/**
 * Waits for the transactions that are open there now: whatever was committed before the call can then be read.
 * @returns the end of each place as of the call
 */
export async function awaitStable(
  client: KafkaClient,
  places: readonly PartitionPlace[],
  signals: readonly AbortSignal[],
): Promise<readonly number[]> {
  const offsetsOf = async (which: keyof typeof questions) => {
    const found = await findOffsets(client, places, which)
    return places.map(place => found.find(one => isSame(one, place))?.offset ?? 0)
  }
  const ends = await offsetsOf('end')
  for (;;) {
    const stable = await offsetsOf('stableEnd')
    if (stable.every((offset, i) => offset >= ends[i]) || signals.some(signal => signal.aborted)) return ends
    await sleep(OPEN_PAUSE_MS)
  }
}

function isSame(a: PartitionPlace, b: PartitionPlace): boolean {
  return a.topic === b.topic && a.partition === b.partition
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
