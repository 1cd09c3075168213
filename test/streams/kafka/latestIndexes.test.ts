import { expect, test } from 'vitest'
import type { KafkaClient } from '../../../streams/kafka/kafkaClient.ts'
import type { KafkaTopic } from '../../../streams/kafka/kafkaTopics.ts'
import { LatestIndexes } from '../../../streams/kafka/latestIndexes.ts'
import type { ProcessState } from '../../../streams/kafka/processState.ts'
import { MemoryKeyStore } from '../../../streams/state/keyStore.ts'

/** Brokers that say which topics they have, and nothing of what is in them. */
function fakeClient(topicIds: ReadonlyMap<string, string | Error>) {
  const asked: string[] = []
  const client = {
    persist: <T>(step: () => Promise<T>) => step(),
    controller: async () => 'controller',
    async send(_: string, { apiName }: { readonly apiName: string }) {
      asked.push(apiName)
      const id = topicIds.get('made')
      if (apiName !== 'Metadata' || id instanceof Error) throw id ?? new Error('nothing is known of the records')
      return { clusterId: 'cluster', topicIds }
    },
  }
  return { client: client as unknown as KafkaClient, asked }
}

const topic = { name: 'made', brokerName: 'made', partitions: 4 } as unknown as KafkaTopic

test('the state of all partitions of a topic is kept under its id, which is asked for once', async () => {
  const { client, asked } = fakeClient(new Map([['made', 'id']]))
  const opened: string[][] = []
  const keys = async (...names: string[]) => {
    opened.push(names)
    return new MemoryKeyStore()
  }
  const indexes = new LatestIndexes(client, { keys } as unknown as ProcessState, () => 0)
  for (const partitions of [[0, 1, 2], [3]]) {
    await Promise.allSettled(partitions.map(partition => indexes.latest(topic, partition, 'key')))
  }
  expect(opened).toEqual([0, 1, 2, 3].map(partition => [`made/${partition}`, 'cluster id']))
  expect(asked.filter(name => name === 'Metadata')).toHaveLength(1)
  await indexes.close()
})

test('an id that could not be told is asked for again', async () => {
  const topicIds = new Map<string, string | Error>([['made', new Error('no broker is there')]])
  const { client } = fakeClient(topicIds)
  const opened: string[] = []
  const keys = async (_: string, identity: string) => {
    opened.push(identity)
    return new MemoryKeyStore()
  }
  const indexes = new LatestIndexes(client, { keys } as unknown as ProcessState, () => 0)
  await expect(indexes.latest(topic, 0, 'key')).rejects.toThrow('no broker is there')
  topicIds.set('made', 'id')
  await indexes.latest(topic, 0, 'key').catch(() => {})
  expect(opened).toEqual(['cluster id'])
  await indexes.close()
})
