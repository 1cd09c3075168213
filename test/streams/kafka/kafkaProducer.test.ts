import { expect, test } from 'vitest'
import type { KafkaClient, WireRequest } from '../../../streams/kafka/kafkaClient.ts'
import { isPassing } from '../../../streams/kafka/kafkaErrors.ts'
import { KafkaProducer } from '../../../streams/kafka/kafkaProducer.ts'
import { checkOutputs } from '../../../streams/outputCheck.ts'

const topic = { name: 'out', brokerName: 'out', partitions: 1, keep: 'all', tombstoneMs: 0 } as const

class ConnectionLost extends Error {
  override readonly name = 'KafkaJSConnectionClosedError'
}

/** Brokers that take everything; the answer to a request that is lost does not come, and the request may come later. */
function brokers() {
  const asked: string[] = []
  let epochNumber = -1
  let lost: string | null = null
  const note = (what: string) => {
    asked.push(what)
    if (what !== lost) return
    lost = null
    throw new ConnectionLost('connection closed')
  }
  const node = {
    nodeId: 1,
    addPartitionsToTxn: async ({ producerEpoch }: { readonly producerEpoch: number }) => note(`begin ${producerEpoch}`),
    endTxn: async ({ producerEpoch, transactionResult }: { producerEpoch: number; transactionResult: boolean }) =>
      note(`${transactionResult ? 'commit' : 'abort'} ${producerEpoch}`),
  }
  const client = {
    leaderOf: () => 1,
    node: async () => node,
    coordinator: async () => node,
    async send(_node: unknown, { apiName }: WireRequest<unknown>) {
      if (apiName === 'Produce') {
        note(`records ${epochNumber}`)
        return [{ topic: 'out', partition: 0, offset: 0 }]
      }
      epochNumber += 1
      return { transactionalId: 'id', producerId: '7', epochNumber }
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
  const lose = (what: string) => {
    lost = what
  }
  return { client: client as unknown as KafkaClient, asked, lose }
}

test('after a request that went unanswered the next transaction has an epoch that the request cannot get into', async () => {
  const { client, asked, lose } = brokers()
  const producer = await KafkaProducer.open(client, {
    transactionalId: 'id',
    transactionTimeoutMs: 1000,
    maxRecordBytes: 1000,
    nowMs: () => 0,
  })
  const { outputs } = checkOutputs([{ topic: 'out', key: 'key', value: new Uint8Array(3) }], {
    topicOf: () => topic,
    maxRecordBytes: 1000,
    maxTransactionBytes: 1000,
    turn: 0,
  })
  await producer.write(outputs, [])
  await producer.write(outputs, [])
  const whole = ['begin 0', 'records 0', 'commit 0', 'commit 0']
  expect(asked.splice(0)).toEqual([...whole, ...whole])
  for (const [turn, lost] of ['commit', 'records', 'begin'].entries()) {
    lose(`${lost} ${turn}`)
    await producer.write(outputs, [])
    const again = ['begin', 'records', 'commit', 'commit'].flatMap((what, i, all) =>
      what === lost && all.indexOf(what) === i ? [what, what] : [what],
    )
    expect(asked.splice(0)).toEqual(again.map(what => `${what} ${turn}`))
    await producer.write(outputs, [])
    const next = turn + 1
    expect(asked.splice(0)).toEqual([
      `abort ${turn}`,
      `begin ${next}`,
      `records ${next}`,
      `commit ${next}`,
      `commit ${next}`,
    ])
  }
})
