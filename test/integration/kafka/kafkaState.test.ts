import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { packageFile, subscribe } from '../../../schemas/index.ts'
import { KafkaClient } from '../../../streams/kafka/kafkaClient.ts'
import { identifyTopics } from '../../../streams/kafka/kafkaRequests.ts'
import { openProcessState } from '../../../streams/kafka/processState.ts'
import type { Log } from '../../../streams/log.ts'
import type { KeyStore } from '../../../streams/state/keyStore.ts'
import { StateStore } from '../../../streams/state/stateStore.ts'
import type { Topic } from '../../../streams/topics.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'
import { output, readAll, textOf } from '../../streams/logRecords.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'
import { openTransaction } from './openTransaction.ts'

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: 'out', partitions: 1, keep: 'all', ...forever },
  { name: 'last', partitions: 1, keep: 'latest', ...forever },
]
const HOUR_MS = 3_600_000

let place: BrokerPlace
const notices: string[] = []

beforeAll(async () => {
  place = await openBrokerPlace()
  subscribe('notice', ({ message }) => notices.push(message))
})

beforeEach(() => {
  notices.length = 0
})

afterAll(() => place?.close())

interface World {
  readonly prefix: string
  readonly stateFolder: string
  open(more?: { readonly clock?: { nowMs(): number }; readonly standby?: readonly string[] }): Promise<Log>
  /** Looks into the snapshot while no log has it open. */
  within<T>(look: (keys: KeyStore) => T | Promise<T>): Promise<T>
}

async function newWorld(): Promise<World> {
  const prefix = place.freshPrefix()
  const stateFolder = join(await temporaryFolder(), 'kafka')
  return {
    prefix,
    stateFolder,
    open: more => place.open({ prefix, topics, stateFolder, ...more }),
    within: async look => {
      const store = new StateStore(join(stateFolder, 'writer-0', 'state.mdb'))
      try {
        return await look(await store.keys(`${prefix}last/0`, await identityOf(`${prefix}last`)))
      } finally {
        await store.close()
      }
    },
  }
}

async function identityOf(topic: string): Promise<string> {
  const client = new KafkaClient({ brokers: place.broker.addresses, tls: null, login: null, patienceMs: 5000 })
  await client.connect([])
  const { clusterId, topicIds } = await client.send(await client.controller(), identifyTopics([topic]))
  await client.close()
  return `${clusterId} ${topicIds.get(topic)}`
}

const put = (log: Log, key: string, text: string | null) => log.transact({ outputs: [output('last', key, text)] })
const get = async (log: Log, key: string) => {
  const record = await log.latest('last', key)
  return record === null ? null : textOf(record)
}

async function fill(world: World): Promise<void> {
  const log = await world.open()
  await log.transact({ outputs: Array.from({ length: 500 }, (_, i) => output('last', `key ${i}`, `value ${i}`)) })
  await put(log, 'key 7', null)
  expect(await get(log, 'key 3')).toBe('value 3')
  await log.close()
}

test('a restart goes on from its snapshot: what stands in it is believed, only the tail is read', async () => {
  const world = await newWorld()
  await fill(world)
  await world.within(async keys => {
    const { mark } = keys
    if (mark === null) throw new Error('a mark was due')
    expect(mark.offset).toBeGreaterThan(500)
    expect(keys.get('key 7')).toBeNull()
    // Nothing of it is in the log: whoever finds it has not read the log again.
    await keys.write(new Map([['planted', { offset: 1, value: new Uint8Array(Buffer.from('by hand')) }]]), mark)
  })
  const log = await world.open()
  await put(log, 'key 3', 'newer')
  const large = 'x'.repeat(50_000)
  await put(log, 'large', large)
  expect(await get(log, 'planted')).toBe('by hand')
  expect([await get(log, 'key 3'), await get(log, 'key 4'), await get(log, 'key 7')]).toEqual([
    'newer',
    'value 4',
    null,
  ])
  expect(await get(log, 'large')).toBe(large)
  await log.close()
  expect(notices).toEqual([])
})

test('what a process writes itself is in its snapshot without a question, and what another writes in between is seen', async () => {
  const world = await newWorld()
  const log = await world.open()
  expect(await get(log, 'own')).toBeNull()
  const [written] = await put(log, 'own', 'first')
  await log.close()
  await world.within(keys => {
    expect(keys.mark?.offset).toBe(written.offset + 1)
    expect(keys.get('own')).toEqual({ offset: written.offset, value: new Uint8Array(Buffer.from('first')) })
  })

  const one = await world.open()
  const other = await world.open()
  expect([await get(one, 'own'), await get(other, 'own')]).toEqual(['first', 'first'])
  await put(one, 'own', 'second')
  await put(other, 'own', 'third')
  await put(one, 'gone', 'for a while')
  await put(other, 'gone', null)
  await put(other, 'last', 'word')
  for (const asked of [one, other]) {
    expect([await get(asked, 'own'), await get(asked, 'gone'), await get(asked, 'last')]).toEqual([
      'third',
      null,
      'word',
    ])
  }
  await one.close()
  await other.close()
})

test('a snapshot ahead of the log, one older than tombstones, and one of an earlier topic are made anew, and told', async () => {
  const world = await newWorld()
  await fill(world)
  const planted = new Map([['planted', { offset: 1, value: new Uint8Array(4) }]])
  await world.within(keys => keys.write(planted, { offset: 9_000, freshMs: Date.now() }))
  const ahead = await world.open()
  expect([await get(ahead, 'planted'), await get(ahead, 'key 4')]).toEqual([null, 'value 4'])
  await ahead.close()
  expect(notices).toEqual([expect.stringMatching(/last\/0 .*past its end; it is read anew/)])

  await world.within(keys => keys.write(planted, { offset: 400, freshMs: Date.now() }))
  const old = await world.open({ clock: { nowMs: () => Date.now() + 13 * HOUR_MS } })
  expect([await get(old, 'planted'), await get(old, 'key 4')]).toEqual([null, 'value 4'])
  await old.close()
  expect(notices.at(-1)).toMatch(/is older than tombstones are kept/)

  const admin = new Kafka({ brokers: [...place.broker.addresses], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [`${world.prefix}last`] })
  await expect.poll(() => admin.listTopics()).not.toContain(`${world.prefix}last`)
  await admin.disconnect()
  const other = await world.open()
  await put(other, 'key 1', 'of the new topic')
  expect([await get(other, 'key 1'), await get(other, 'key 4')]).toEqual(['of the new topic', null])
  await other.close()
  expect(notices.at(-1)).toMatch(/is of another log of that name/)
})

test('who stands by reads on by itself, and has the state when it is asked', async () => {
  const world = await newWorld()
  const log = await world.open()
  const standby = await world.open({ standby: ['last'] })
  for (let i = 0; i < 20; i++) await put(log, `key ${i}`, `value ${i}`)
  await sleep(1500)
  await standby.close()
  await log.close()
  const store = new StateStore(join(world.stateFolder, 'writer-1', 'state.mdb'))
  const keys = await store.keys(`${world.prefix}last/0`, await identityOf(`${world.prefix}last`))
  expect(keys.get('key 19')?.offset).toBeGreaterThan(18)
  await store.close()
})

test('processes of one data folder have ids of their own; one that looks only keeps its state apart', async () => {
  const world = await newWorld()
  const [one, two] = [await world.open(), await world.open()]
  const reader = await place.open({ prefix: world.prefix, topics, stateFolder: world.stateFolder, readOnly: true })
  for (let i = 0; i < 5; i++) for (const log of [one, two]) await put(log, 'key', `value ${i}`)
  expect([await get(one, 'key'), await get(two, 'key'), await get(reader, 'key')]).toEqual(Array(3).fill('value 4'))
  for (const log of [one, two, reader]) await log.close()
})

test('what killed processes of the folder left open ends when another one starts', async () => {
  const world = await newWorld()
  const options = { folder: world.stateFolder, isReadOnly: false, prefix: world.prefix, transactionalId: null }
  const state = openProcessState(options)
  const ids = [0, 1].map(slot => state.transactionalId.replace(/\d+$/, String(slot)))
  await state.close()
  const log = await place.open({ prefix: world.prefix, topics })
  const script = packageFile('test', 'streams', 'state', 'holdingProcess.mjs')
  const child = spawn(process.execPath, [script, world.stateFolder, ids[0].replace(/-\d+$/, ''), '2'])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(createInterface({ input: child.stdout }), 'line')
  // As if the two were theirs: open for ten minutes if nobody ends them.
  for (const id of ids) await openTransaction(place.broker.addresses, id, `${world.prefix}out`, ['half'], 0, 600_000)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  await log.transact({ outputs: [output('out', 'key', 'whole')] })
  expect(await readAll(log, { topics: ['out'] })).toEqual([])
  const heir = await world.open()
  await expect.poll(async () => (await readAll(log, { topics: ['out'] })).map(textOf)).toEqual(['whole'])
  await heir.close()
  await log.close()
})
