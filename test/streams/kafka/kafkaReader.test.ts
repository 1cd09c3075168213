import { expect, onTestFinished, test } from 'vitest'
import { type KafkaClient, MemberAssignment, newEncoder, type WireRequest } from '../../../streams/kafka/kafkaClient.ts'
import { BrokerError, brokerCodes } from '../../../streams/kafka/kafkaErrors.ts'
import { KafkaReader } from '../../../streams/kafka/kafkaReader.ts'
import type { KafkaTopic } from '../../../streams/kafka/kafkaTopics.ts'

const topic: KafkaTopic = {
  name: 'in',
  brokerName: 'in',
  partitions: 1,
  keep: 'all',
  tombstoneMs: 0,
}
const place = { topic: 'in', partition: 0 }
const never = new AbortController().signal

/** Brokers with one group and one record, whose coordinator forgets its member when told to and then lets it wait to be let in. */
function forgetfulBrokers() {
  let isForgetful = false
  let joins = 0
  let wait = () => {}
  const waiting = new Promise<void>(resolve => {
    wait = resolve
  })
  const node = {
    nodeId: 1,
    async joinGroup({ memberId }: { readonly memberId: string }) {
      joins += 1
      if (isForgetful && memberId !== '') throw new BrokerError(brokerCodes.unknownMember, 'joining')
      if (isForgetful) {
        wait()
        return new Promise(() => {})
      }
      return { generationId: 1, leaderId: 'one', memberId: 'two', members: [] }
    },
    syncGroup: async () => ({
      memberAssignment: MemberAssignment.encode({ version: 1, assignment: { in: [0] } }),
    }),
    async heartbeat() {
      if (isForgetful) throw new BrokerError(brokerCodes.unknownMember, 'heartbeat')
    },
    leaveGroup: async () => {},
  }
  const answers: Readonly<Record<string, unknown>> = {
    OffsetFetch: [{ ...place, offset: 0 }],
    Fetch: [
      {
        ...place,
        errorCode: 0,
        end: 1,
        stableEnd: 1,
        nextOffset: 1,
        records: [{ offset: 0, key: 'key', value: null, sizeBytes: 3 }],
      },
    ],
  }
  const client = {
    connect: async () => {},
    leaderOf: () => 1,
    node: async () => node,
    coordinator: async () => node,
    send: async (_node: unknown, { apiName }: { readonly apiName: string }) => answers[apiName],
    persist: <T>(action: () => Promise<T>) => action(),
    endSoon: () => {},
    close: async () => {},
  }
  return {
    client: client as unknown as KafkaClient,
    forget: () => {
      isForgetful = true
      return waiting
    },
    joins: () => joins,
  }
}

test('a reader that is out of its group, and waits to be let in again, may commit nothing', async () => {
  const { client, forget, joins } = forgetfulBrokers()
  const reader = new KafkaReader(
    {
      client,
      topics: [topic],
      groupId: 'all',
      partitionsOf: () => 1,
      sessionTimeoutMs: 100,
      onSkip: async () => {},
      onClose: () => {},
    },
    { topics: ['in'] },
  )
  onTestFinished(() => {
    // It waits to be let in for ever.
    reader.close().catch(() => {})
  })
  const batch = await reader.next(never)
  expect(batch?.records).toHaveLength(1)
  expect(reader.memberOf(place)).toEqual({ memberId: 'two', generation: 1 })
  await forget()
  expect(joins()).toBe(3)
  // Whoever has no generation is asked for none: brokers take offsets of nobody in particular from anybody.
  expect(() => reader.memberOf(place)).toThrow(expect.objectContaining({ code: 'LOG_REASSIGNED' }))
})

/** Brokers with two records, of which the first fetch finds none yet. */
function slowBrokers() {
  const asked: number[] = []
  let answer = () => {}
  const held = new Promise<void>(resolve => {
    answer = resolve
  })
  const client = {
    connect: async () => {},
    leaderOf: () => 1,
    node: async () => ({ nodeId: 1 }),
    async send(_node: unknown, wire: WireRequest<unknown>) {
      // Behind replica, limits, isolation, session and the names: the offset of the only partition.
      const offset = Number(wire.encode(newEncoder()).buffer.readBigInt64BE(45))
      asked.push(offset)
      if (asked.length === 1) await held
      const records = [0, 1].filter(one => one >= offset && asked.length > 1)
      const found = records.map(one => ({ offset: one, key: 'key', value: null, sizeBytes: 3 }))
      return [{ ...place, errorCode: 0, end: 2, stableEnd: 2, nextOffset: offset + found.length, records: found }]
    },
    persist: <T>(action: () => Promise<T>) => action(),
    endSoon: () => {},
    close: async () => {},
  }
  return { client: client as unknown as KafkaClient, asked, answer: () => answer() }
}

test('what is fetched for a caller that gave up waiting is given to the next one once', async () => {
  const { client, asked, answer } = slowBrokers()
  const reader = new KafkaReader(
    {
      client,
      topics: [topic],
      groupId: null,
      partitionsOf: () => 1,
      sessionTimeoutMs: 100,
      onSkip: async () => {},
      onClose: () => {},
    },
    { topics: ['in'], from: [{ topic: 'in', partition: 0, offset: 0 }] },
  )
  const impatient = new AbortController()
  const given = reader.next(impatient.signal)
  while (asked.length === 0) await new Promise(setImmediate)
  impatient.abort()
  expect(await given).toBeNull()
  const batch = reader.next(never)
  await new Promise(setImmediate)
  answer()
  expect((await batch)?.records.map(({ offset }) => offset)).toEqual([0, 1])
  await reader.close()
})
