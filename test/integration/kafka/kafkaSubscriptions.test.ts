import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSubscriptions, saveSubscription } from '../../../actors/index.ts'
import { createRng } from '../../../models/index.ts'
import { historyTopics, judgeSubscriptions } from '../../../ops/bench/subscriptionHistory.ts'
import { parseCursor } from '../../../ops/stars/cursor.ts'
import { openEventTails } from '../../../ops/stars/eventTails.ts'
import { subscriptionFeed } from '../../../ops/stars/subscriptionFeed.ts'
import { eventTopics, type Subscription } from '../../../schemas/index.ts'
import type { Log } from '../../../streams/index.ts'
import { allTold, filters, randomTurns, subscriptionContract } from '../subscriptionContract.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'
import { startScript } from './scriptProcess.ts'

const never = new AbortController().signal

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

subscriptionContract('subscriptions over the Kafka log', topics => place.open({ prefix: place.freshPrefix(), topics }))

/** A process that tells, once it has opened the log. */
async function startTelling(prefix: string, id: string) {
  const child = startScript('notifyingProcess.mjs', [place.broker.addresses.join(','), prefix, `${prefix}${id}`])
  await once(createInterface({ input: child.stdout }), 'line')
  return {
    async kill(): Promise<void> {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function untilMoreIsTold(log: Log): Promise<void> {
  const toldCount = async () => {
    const extents = await Promise.all(eventTopics.map(topic => log.extents(topic)))
    return extents.flat().reduce((sum, { end }) => sum + end, 0)
  }
  const before = await toldCount()
  while ((await toldCount()) <= before) await sleep(10)
}

/** Ids of events as a subscriber comes by them who is cut off at random, and comes back with any cursor it had. */
async function hearCutOff(log: Log, subscription: Subscription): Promise<readonly string[]> {
  const rng = createRng(4)
  const heard: string[] = []
  const cursors: string[] = []
  for (let isOver = false; !isOver; ) {
    const cursor = cursors[Math.max(0, cursors.length - 1 - rng.integer(3))]
    const from = cursor === undefined ? 'earliest' : parseCursor(cursor, subscription.topic)
    const cutAfter = 1 + rng.integer(30)
    let count = 0
    isOver = true
    for await (const told of subscriptionFeed(log, subscription, { from, untilEnd: true }, never)) {
      if (told.event !== null) heard.push(told.event.eventId)
      cursors.push(told.cursor)
      count += 1
      isOver = count < cutAfter
      if (!isOver) break
    }
  }
  return heard
}

const beginOf = (topic: string) => [{ topic, partition: 0, offset: 0 }]

/** Ids of events as a subscriber hears them who is there all the time; they grow until the signal aborts. */
function hearLive(log: Log, subscription: Subscription, signal: AbortSignal) {
  const heard: string[] = []
  const ended = (async () => {
    const { topic } = subscription
    for await (const { event } of openEventTails(log, 1000).follow(subscription, beginOf(topic), signal)) {
      if (event !== null) heard.push(event.eventId)
    }
  })()
  return { id: subscription.id, heard, ended }
}

test('processes that tell are killed again and again: subscribers miss nothing, and know what they hear twice by its id', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics: historyTopics, transactionalId: `${prefix}source` })
  for (const [id, where] of Object.entries(filters)) {
    await saveSubscription(log, { id, name: id, where, moc: null, watchlist: [], createdMs: 1n })
  }
  const stop = new AbortController()
  const live = (await readSubscriptions(log)).map(subscription => hearLive(log, subscription, stop.signal))
  const turn = randomTurns(7)
  let isFeeding = true
  const feeding = (async () => {
    while (isFeeding) {
      await log.transact({ outputs: turn() })
      await sleep(40)
    }
  })()
  // Each is killed in the middle of its work, which it comes to once the one before it counts as dead.
  for (let i = 0; i < 5; i++) {
    const one = await startTelling(prefix, 'a')
    await untilMoreIsTold(log)
    await sleep(45 * i)
    await one.kill()
  }
  let last = await startTelling(prefix, 'b0')
  for (const id of ['b1', 'b2']) {
    const next = await startTelling(prefix, id)
    await untilMoreIsTold(log)
    await last.kill()
    last = next
  }
  await untilMoreIsTold(log)
  isFeeding = false
  await feeding
  await allTold(log)
  await last.kill()
  const { faults, eventCount, insideCount } = await judgeSubscriptions(log)
  expect(faults).toEqual([])
  expect(insideCount).toBeGreaterThan(10)
  expect(eventCount).toBeGreaterThan(3 * insideCount)
  const ofAll = () => live.flatMap(one => one.heard)
  await expect.poll(() => ofAll()).toHaveLength(eventCount)
  expect(new Set(ofAll()).size).toBe(eventCount)
  for (const subscription of await readSubscriptions(log)) {
    const { id, topic } = subscription
    const late: string[] = []
    const [{ end }] = await log.extents(topic)
    const tails = openEventTails(log, 20)
    for await (const { cursor, event } of tails.follow(subscription, beginOf(topic), stop.signal)) {
      if (event !== null) late.push(event.eventId)
      // Past the last record lies what Kafka ends a transaction with.
      if (cursor === `0:${end}`) break
    }
    expect(late).toEqual(live.find(one => one.id === id)?.heard)
  }
  stop.abort()
  await Promise.all(live.map(({ ended }) => ended))
  const heard: string[] = []
  for (const subscription of await readSubscriptions(log)) heard.push(...(await hearCutOff(log, subscription)))
  expect(new Set(heard).size).toBe(eventCount)
  expect(heard.length).toBeGreaterThan(eventCount)
  await log.close()
})
