import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaClient } from '../../../streams/kafka/kafkaClient.ts'
import { KafkaProducer } from '../../../streams/kafka/kafkaProducer.ts'
import type { Membership } from '../../../streams/kafka/kafkaRequests.ts'
import type { Log, LogBatch, LogReader } from '../../../streams/log.ts'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { output, readAll, textOf } from '../../streams/logRecords.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'
import { openTransaction } from './openTransaction.ts'

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: 'in', partitions: 4, keep: 'all', ...forever },
  { name: 'out', partitions: 1, keep: 'all', ...forever },
  { name: 'last', partitions: 2, keep: 'latest', ...forever },
]
const never = new AbortController().signal

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

test('topics that differ from the table are told one by one, and nothing is altered', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  await log.close()
  const wanted: readonly Topic[] = [
    { ...topics[0], partitions: 8, retainMs: 1000 },
    { ...topics[1], keep: 'latest' },
    topics[2],
  ]
  for (let turn = 0; turn < 2; turn++) {
    await expect(place.open({ prefix, topics: wanted, replication: 3 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /in has partitions 4, not 8; .*in has copies 1, not 3; .*in has retention\.ms -1, not 1000; .*out has cleanup\.policy delete, not compact/,
      ),
    })
  }
  const again = await place.open({ prefix, topics, replication: 1 })
  expect(await again.extents('in')).toHaveLength(4)
  await again.close()
})

test('a topic that nobody has created yet is empty to those who only read', async () => {
  const prefix = place.freshPrefix()
  const writer = await place.open({ prefix, topics: topics.slice(0, 1) })
  await writer.transact({ outputs: [output('in', 'a', 'one')] })
  await writer.close()
  const log = await place.open({ prefix, topics, readOnly: true })
  expect(await readAll(log, { topics: ['in', 'out', 'last'] })).toHaveLength(1)
  expect(await readAll(log, { topics: ['out'] })).toEqual([])
  expect(await log.latest('last', 'a')).toBeNull()
  expect(await log.extents('last')).toEqual([])
  await log.close()
})

test('the number of partitions is chosen once, for all topics that have several', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics, partitions: 6 })
  const sizes = async (of: Log) => Promise.all(topics.map(async ({ name }) => (await of.extents(name)).length))
  expect(await sizes(log)).toEqual([6, 1, 6])
  await log.close()
  await expect(place.open({ prefix, topics })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/in has partitions 6, not 4; .*last has partitions 6, not 2/),
  })
  const again = await place.open({ prefix, topics, partitions: 6, readOnly: true })
  expect(await sizes(again)).toEqual([6, 1, 6])
  await again.close()
})

test('brokers that are not there are LOG_UNAVAILABLE, told with their addresses', async () => {
  const refused = openLog({ kind: 'kafka', brokers: ['127.0.0.1:1'], topics, patienceMs: 300 })
  await expect(refused).rejects.toMatchObject({
    code: 'LOG_UNAVAILABLE',
    message: expect.stringMatching(/127\.0\.0\.1:1/),
  })
})

test('a second log with the same transactional id fences the first, and nothing more of the first is written', async () => {
  const config = { prefix: place.freshPrefix(), topics }
  const first = await place.open(config)
  await first.transact({ outputs: [output('out', 'key', 'before')] })
  const second = await place.open(config)
  const late = [1, 2, 3].map(i => first.transact({ outputs: [output('out', 'key', `zombie ${i}`)] }))
  for (const one of late) await expect(one).rejects.toMatchObject({ code: 'LOG_FENCED' })
  await second.transact({ outputs: [output('out', 'key', 'after')] })
  await expect(first.transact({ outputs: [output('out', 'key', 'still')] })).rejects.toMatchObject({
    code: 'LOG_FENCED',
  })
  expect((await readAll(second, { topics: ['out'] })).map(textOf)).toEqual(['before', 'after'])
  // It must not have taken the id back.
  await second.transact({ outputs: [output('out', 'key', 'end')] })
  await first.close()
  await second.close()
})

test('records of open and aborted transactions are never seen, and hold back what comes after them only while open', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  await log.transact({ outputs: [output('out', 'key', 'first')] })
  const open = await openTransaction(place.broker.addresses, `${prefix}other`, `${prefix}out`, ['half', 'done'])
  await log.transact({ outputs: [output('out', 'key', 'second')] })
  expect((await readAll(log, { topics: ['out'] })).map(textOf)).toEqual(['first'])
  await open.abort()
  const reader = log.openReader({ topics: ['out'] })
  const texts: (string | null)[] = []
  while (texts.length < 2) texts.push(...((await reader.next(never))?.records ?? []).map(textOf))
  expect(texts).toEqual(['first', 'second'])
  expect(await reader.poll()).toBeNull()
  const committed = await openTransaction(place.broker.addresses, `${prefix}other`, `${prefix}out`, ['third'])
  await committed.commit()
  expect((await reader.next(never))?.records.map(textOf)).toEqual(['third'])
  await log.close()
})

test('a group that has read everything does not lag behind the end of a topic, though aborted records are its last', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  await log.transact({ outputs: [output('out', 'key', 'text')] })
  const reader = log.openReader({ topics: ['out'], group: 'all' })
  const batch = await reader.next(never)
  if (batch === null) throw new Error('a batch was due')
  await log.transact({ outputs: [], group: 'all', offsets: [batch.next] })
  const aborted = await openTransaction(place.broker.addresses, `${prefix}other`, `${prefix}out`, ['a', 'b'])
  await aborted.abort()
  // An abort is answered before its marks stand in the partitions.
  const endOf = async () => (await log.extents('out'))[0].end
  await expect.poll(endOf).toBe(5)
  const lag = async () => 5 - ((await log.committed('all'))[0]?.offset ?? 0)
  const idle = new AbortController()
  const waiting = reader.next(idle.signal)
  await expect.poll(lag).toBe(0)
  idle.abort()
  expect(await waiting).toBeNull()
  await log.close()
})

test('latest sees what is committed even while another transaction holds the stable end back', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  await log.transact({ outputs: [output('last', 'a', 'one')] })
  const others = await Promise.all(
    [0, 1].map(partition =>
      openTransaction(place.broker.addresses, `${prefix}other${partition}`, `${prefix}last`, ['x'], partition),
    ),
  )
  await log.transact({ outputs: [output('last', 'a', 'two')] })
  const asked = log.latest('last', 'a')
  await sleep(200)
  for (const other of others) await other.abort()
  expect(textOf(await asked)).toBe('two')
  await log.close()
})

test('a transaction that the brokers end for its age holds readers back no longer', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  const stale = await openTransaction(place.broker.addresses, `${prefix}other`, `${prefix}out`, ['old'], 0, 1000)
  await log.transact({ outputs: [output('out', 'key', 'new')] })
  const reader = log.openReader({ topics: ['out'] })
  expect((await reader.next(never))?.records.map(textOf)).toEqual(['new'])
  await expect(stale.commit()).rejects.toThrow()
  await log.close()
})

test('the brokers themselves refuse offsets of whoever is no member of the group in its generation', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics })
  await log.transact({ outputs: [output('out', 'key', 'text')] })
  const reader = log.openReader({ topics: ['out'], group: 'all' })
  expect(await reader.poll()).not.toBeNull()
  const client = new KafkaClient({ brokers: place.broker.addresses, tls: null, login: null, patienceMs: 5000 })
  await client.connect([])
  const producer = await KafkaProducer.open(client, {
    transactionalId: `${prefix}zombie`,
    transactionTimeoutMs: 10_000,
    maxRecordBytes: 1000,
    nowMs: Date.now,
  })
  const commit = (member: Membership) => {
    const owner = {
      settled: async () => {},
      rested: async () => {},
      memberOf: () => member,
      noteCommitted: () => {},
    }
    return producer.write(
      [],
      [{ groupId: `${prefix}all`, offsets: [{ topic: `${prefix}out`, partition: 0, offset: 1, owner }] }],
    )
  }
  for (const generation of [0, 1, 2]) {
    await expect(commit({ memberId: 'gone', generation })).rejects.toMatchObject({ code: 'LOG_REASSIGNED' })
  }
  expect(await log.committed('all')).toEqual([])
  await client.close()
  await log.close()
})

/** Reads, copies each record to `out`, and commits both, until told to stop; says after each batch how many it has copied. */
async function copy(
  log: Log,
  reader: LogReader,
  signal: AbortSignal,
  pauseMs: number,
  say: (copied: number) => void = () => {},
): Promise<number> {
  let copied = 0
  for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
    await sleep(pauseMs)
    const outputs = batch.records.map(record => output('out', record.key, textOf(record)))
    await log.transact({ outputs, group: 'copy', offsets: [batch.next] })
    copied += batch.records.length
    say(copied)
  }
  return copied
}

const outCount = async (log: Log) => (await readAll(log, { topics: ['out'] })).length

test('two readers of one group in two logs share the partitions and hand them over: all is copied, once', async () => {
  const config = { prefix: place.freshPrefix(), topics, sessionTimeoutMs: 2000 }
  const one = await place.open({ ...config, transactionalId: 'one' })
  const two = await place.open({ ...config, transactionalId: 'two' })
  const source = await place.open({ ...config, transactionalId: 'source' })
  const keys = Array.from({ length: 2000 }, (_, i) => `key ${i}`)
  const write = (from: number, to: number) =>
    source.transact({ outputs: keys.slice(from, to).map(key => output('in', key, key)) })
  await write(0, 800)
  const stopOne = new AbortController()
  const stopTwo = new AbortController()
  const options = { topics: ['in'], group: 'copy', maxRecords: 20 }
  const readerOne = one.openReader(options)
  const seen = { first: 0, second: 0 }
  const first = copy(one, readerOne, stopOne.signal, 15, count => {
    seen.first = count
  })
  await expect.poll(() => seen.first).toBeGreaterThan(0)
  const readerTwo = two.openReader(options)
  const second = copy(two, readerTwo, stopTwo.signal, 15, count => {
    seen.second = count
  })
  await write(800, 1600)
  await expect.poll(() => seen.second).toBeGreaterThan(0)
  // The first one leaves in order: its partitions go to the second.
  stopOne.abort()
  const copiedByFirst = await first
  await readerOne.close()
  await write(1600, 2000)
  await expect.poll(() => outCount(source)).toBe(keys.length)
  stopTwo.abort()
  const copiedBySecond = await second
  const copied = (await readAll(source, { topics: ['out'] })).map(textOf)
  expect([...copied].sort()).toEqual([...keys].sort())
  expect(copiedByFirst).toBeGreaterThan(0)
  expect(copiedBySecond).toBeGreaterThan(400)
  for (const log of [one, two, source]) await log.close()
})

test('a reader that joins while all is quiet gets its partitions too', async () => {
  const config = { prefix: place.freshPrefix(), topics, sessionTimeoutMs: 2000 }
  const one = await place.open({ ...config, transactionalId: 'one' })
  const two = await place.open({ ...config, transactionalId: 'two' })
  const stop = new AbortController()
  const options = { topics: ['in'], group: 'copy', maxRecords: 20 }
  const first = copy(one, one.openReader(options), stop.signal, 0)
  await sleep(500)
  const second = copy(two, two.openReader(options), stop.signal, 0)
  // Past every heartbeat that could tell of the move.
  await sleep(2000)
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
  await one.transact({ outputs: keys.map(key => output('in', key, key)) })
  await expect.poll(() => outCount(one)).toBe(keys.length)
  stop.abort()
  const copied = [await first, await second]
  expect(copied[0] + copied[1]).toBe(100)
  expect(Math.min(...copied)).toBeGreaterThan(0)
  for (const log of [one, two]) await log.close()
})

test('a reader that held on to records while its group moved on is told so, and cannot commit them', async () => {
  const config = { prefix: place.freshPrefix(), topics, sessionTimeoutMs: 2000 }
  const slow = await place.open({ ...config, transactionalId: 'slow' })
  const quick = await place.open({ ...config, transactionalId: 'quick' })
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
  await slow.transact({ outputs: keys.map(key => output('in', key, key)) })
  const options = { topics: ['in'], group: 'copy', maxRecords: 1000 }
  const reader = slow.openReader(options)
  const held = []
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) held.push(batch)
  expect(held.length).toBe(4)
  const stop = new AbortController()
  const copying = copy(quick, quick.openReader(options), stop.signal, 0)
  // Until the group waits for it no longer.
  let told: unknown = null
  while (told === null)
    told = await reader.poll().then(
      () => null,
      error => error,
    )
  expect(told).toMatchObject({ code: 'LOG_REASSIGNED', retryable: true })
  for (const { next, records } of held) {
    const outputs = records.map(record => output('out', record.key, 'stale'))
    const late = slow.transact({ outputs, group: 'copy', offsets: [next] })
    await expect(late).rejects.toMatchObject({ code: 'LOG_REASSIGNED' })
  }
  await reader.close()
  await expect.poll(() => outCount(slow)).toBe(keys.length)
  stop.abort()
  expect(await copying).toBe(100)
  const copied = (await readAll(slow, { topics: ['out'] })).map(textOf)
  expect([...copied].sort()).toEqual([...keys].sort())
  for (const log of [slow, quick]) await log.close()
})

test('while a partition waits to be handed over, those that stay are read and committed on', async () => {
  const config = { prefix: place.freshPrefix(), topics, sessionTimeoutMs: 4000 }
  const one = await place.open({ ...config, transactionalId: 'one' })
  const two = await place.open({ ...config, transactionalId: 'two' })
  const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`)
  const write = () => one.transact({ outputs: keys.map(key => output('in', key, key)) })
  await write()
  const options = { topics: ['in'], group: 'all', maxRecords: 100 }
  const reader = one.openReader(options)
  const commit = (log: Log, { next }: LogBatch) => log.transact({ outputs: [], group: 'all', offsets: [next] })
  const held = new Map<number, LogBatch>()
  const take = async () => {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll())
      held.set(batch.next.partition, batch)
  }
  while (held.size < 4) await take()
  const joined = two.openReader(options)
  const stop = new AbortController()
  const first = joined.next(stop.signal)
  // What is held back keeps two partitions with the first reader, which is given no more of them.
  let stay: Set<number> = new Set()
  for (let i = 0; i < 100 && stay.size !== 2; i++) {
    await write()
    const before = new Map(held)
    await take()
    stay = new Set([...held.keys()].filter(partition => held.get(partition) !== before.get(partition)))
    await sleep(50)
  }
  expect(stay.size).toBe(2)
  for (const batch of held.values()) if (stay.has(batch.next.partition)) await commit(one, batch)
  for (const batch of held.values()) if (!stay.has(batch.next.partition)) await commit(one, batch)
  const handedOver = await first
  const partition = handedOver?.next.partition ?? -1
  expect(stay.has(partition)).toBe(false)
  expect(handedOver?.records[0].offset).toBeGreaterThanOrEqual(held.get(partition)?.next.offset ?? 0)
  await write()
  const batch = await reader.next(never)
  expect(stay.has(batch?.next.partition ?? -1)).toBe(true)
  for (const log of [one, two]) await log.close()
})

test('a reader that was out of its group for a while begins anew, even where nobody took its place', async () => {
  const config = { prefix: place.freshPrefix(), topics, sessionTimeoutMs: 1000 }
  const log = await place.open(config)
  await log.transact({ outputs: [output('out', 'key', 'one')] })
  const reader = log.openReader({ topics: ['out'], group: 'all' })
  const batch = await reader.next(never)
  if (batch === null) throw new Error('a batch was due')
  await log.transact({ outputs: [], group: 'all', offsets: [batch.next] })
  // As when the process is stopped for longer than its session.
  const endMs = Date.now() + 2500
  while (Date.now() < endMs);
  const told = async () => reader.next(AbortSignal.timeout(200))
  await expect(
    (async () => {
      for (let i = 0; i < 100; i++) await told()
    })(),
  ).rejects.toMatchObject({ code: 'LOG_REASSIGNED' })
  await log.close()
})
