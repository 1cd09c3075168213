import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type KafkaClient, newEncoder, type WireRequest } from '../../../streams/kafka/kafkaClient.ts'
import { BrokerError, brokerCodes, isPassing } from '../../../streams/kafka/kafkaErrors.ts'
import type { KafkaNode } from '../../../streams/kafka/kafkaNode.ts'
import type { KafkaTopic } from '../../../streams/kafka/kafkaTopics.ts'
import { fill, newSource, takeBatch } from '../../../streams/kafka/partitionFetcher.ts'

const topic: KafkaTopic = {
  name: 'out',
  brokerName: 'out',
  partitions: 2,
  keep: 'all',
  tombstoneMs: 0,
}
const everything = { maxRecords: 100, maxBytes: 1000 }

/** Two nodes that lead a partition each. The first one fails once, at once; the second answers late, with two records. */
function halfBrokenClient() {
  const asked: number[] = []
  const answers: Readonly<Record<number, () => Promise<readonly unknown[]>>> = {
    0: async () => {
      if (asked.filter(nodeId => nodeId === 0).length === 1) throw new Error('away')
      return [answerOf(0)]
    },
    1: async () => {
      await sleep(20)
      return [answerOf(1)]
    },
  }
  const client = {
    leaderOf: (_topic: string, partition: number) => partition,
    node: async (nodeId: number) => ({ nodeId }),
    async send({ nodeId }: KafkaNode) {
      asked.push(Number(nodeId))
      return answers[Number(nodeId)]()
    },
    async persist<T>(action: () => Promise<T>): Promise<T> {
      return action().catch(() => action())
    },
  }
  return { client: client as unknown as KafkaClient, asked }
}

function answerOf(partition: number) {
  const records = [0, 1].map(offset => ({ offset, key: 'key', value: null, sizeBytes: 3 }))
  return { topic: 'out', partition, errorCode: 0, end: 2, stableEnd: 2, nextOffset: 2, records }
}

test('what one broker answers after another has failed is taken once, and not asked for again', async () => {
  const { client, asked } = halfBrokenClient()
  const sources = [newSource(topic, 0, 0), newSource(topic, 1, 0)]
  await fill(client, sources, 0)
  // Whatever is still on its way has come by then.
  await sleep(50)
  for (const source of sources) {
    const { records, next } = takeBatch(source, everything)
    expect(records.map(({ offset }) => offset)).toEqual([0, 1])
    expect(next.offset).toBe(2)
  }
  expect(asked.sort()).toEqual([0, 0, 1])
})

/** A partition whose leader changes twice; a new one does not know at once how far the one before it had come. */
function changingLeader() {
  const asked: string[] = []
  let epoch = 4
  let isBehind = true
  const client = {
    leaderOf: () => 1,
    node: async () => ({ nodeId: 1 }),
    async send(_node: unknown, wire: WireRequest<unknown>) {
      if (wire.apiName === 'ListOffsets') {
        asked.push(isBehind ? 'end, not known yet' : 'end')
        if (isBehind) {
          isBehind = false
          throw new BrokerError(brokerCodes.offsetNotAvailable, 'asking for the end')
        }
        return { end: 2, leaderNumber: epoch }
      }
      // Behind limits, session, names and the partition.
      const askedEpoch = wire.encode(newEncoder()).buffer.readInt32BE(42)
      asked.push(`records of epoch ${askedEpoch}`)
      return [{ ...answerOf(0), errorCode: askedEpoch === epoch || askedEpoch === -1 ? 0 : brokerCodes.fencedLeader }]
    },
    async persist<T>(action: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await action()
        } catch (error) {
          if (!isPassing(error)) throw error
        }
      }
    },
  }
  const change = () => {
    epoch += 1
    isBehind = true
  }
  return { client: client as unknown as KafkaClient, asked, change }
}

test('of a new leader it is asked first whether it knows of all that was acknowledged, once', async () => {
  const { client, asked, change } = changingLeader()
  const source = newSource(topic, 0, 0, true)
  await fill(client, [source], 0)
  await fill(client, [source], 0)
  expect(asked.splice(0)).toEqual(['end, not known yet', 'end', 'records of epoch 4', 'records of epoch 4'])
  change()
  await fill(client, [source], 0)
  expect(asked.splice(0)).toEqual(['records of epoch 4', 'end, not known yet', 'end', 'records of epoch 5'])
  // Whoever reads on anyway meets later what is not there yet.
  await fill(client, [newSource(topic, 0, 0)], 0)
  expect(asked).toEqual(['records of epoch -1'])
})
