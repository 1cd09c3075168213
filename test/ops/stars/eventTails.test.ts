import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { openEventTails } from '../../../ops/stars/eventTails.ts'
import { encode, eventTopics, type Subscription } from '../../../schemas/index.ts'
import type { Log, LogReader } from '../../../streams/index.ts'
import { temporaryLog } from '../../actors/logFolder.ts'

const [topic] = eventTopics
const subscriptionOf = (id: string): Subscription => ({
  ...{ id, name: id, where: '', moc: null, watchlist: [], topic, createdMs: 1n },
})

/** Each of a star of its own, so that none takes the place of another. */
async function tell(log: Log, events: readonly (readonly [id: string, starId: string])[], bytes = 10): Promise<void> {
  const posterior = new Uint8Array(bytes)
  const outputs = events.map(([id, starId]) => {
    const event = { eventId: `${id} ${starId}`, subscriptionId: id, starId, kind: 'entered', posterior }
    return { topic, key: `${id}/${starId}`, value: encode('subscriptionEvent', event) }
  })
  await log.transact({ outputs })
}

const at = (offset: number) => [{ topic, partition: 0, offset }]

/** Listens until there are so many events; `pause` comes after each. */
async function hear(
  tails: ReturnType<typeof openEventTails>,
  id: string,
  from: number,
  count: number,
  pause: () => Promise<unknown> = async () => {},
): Promise<string[]> {
  const heard: string[] = []
  const stop = new AbortController()
  for await (const { event } of tails.follow(subscriptionOf(id), at(from), stop.signal)) {
    if (event === null) continue
    heard.push(event.starId)
    if (heard.length === count) break
    await pause()
  }
  return heard
}

/** How many readers were opened, how many are open, and how many batches they gave. */
function watchReaders(log: Log) {
  const seen = { opened: 0, open: 0, batches: 0 }
  const openReader = log.openReader.bind(log)
  log.openReader = options => {
    const reader = openReader(options)
    seen.opened += 1
    seen.open += 1
    const counted = async <T>(batch: Promise<T | null>) => {
      const found = await batch
      if (found !== null) seen.batches += 1
      return found
    }
    const watched: LogReader = {
      next: signal => counted(reader.next(signal)),
      poll: () => counted(reader.poll()),
      holding: signal => reader.holding(signal),
      close: () => {
        seen.open -= 1
        return reader.close()
      },
    }
    return watched
  }
  return seen
}

test('all who are at the end are told by one reader, which goes with the last of them', async () => {
  const log = await temporaryLog()
  const seen = watchReaders(log)
  const tails = openEventTails(log, 60_000)
  const ids = Array.from({ length: 40 }, (_, i) => `f${i}`)
  const listening = ids.map(id => hear(tails, id, 0, 3))
  await expect.poll(() => seen.open).toBe(1)
  for (const star of ['s1', 's2', 's3'])
    await tell(
      log,
      ids.map(id => [id, star] as const),
    )
  expect(await Promise.all(listening)).toEqual(ids.map(() => ['s1', 's2', 's3']))
  // The first looked where the end is.
  expect([seen.opened, seen.batches]).toEqual([2, 3])
  await expect.poll(() => seen.open).toBe(0)
  const again = hear(tails, 'f0', 120, 1)
  await expect.poll(() => seen.open).toBe(1)
  await tell(log, [['f0', 's4']])
  expect(await again).toEqual(['s4'])
})

test('whoever comes with any place, and reads as slowly as may be, hears what comes after it, in order and once', async () => {
  const log = await temporaryLog()
  const tails = openEventTails(log, 5)
  const rng = createRng(3)
  const ids = ['a', 'b', 'c']
  const written: (readonly [string, string])[] = []
  const total = 900
  const writing = (async () => {
    while (written.length < total) {
      const some = Array.from({ length: 1 + rng.integer(12) }, (_, i) => {
        return [ids[rng.integer(3)], `s${written.length + i}`] as const
      }).slice(0, total - written.length)
      written.push(...some)
      await tell(log, some, 40_000)
      if (rng.integer(3) === 0) await sleep(rng.integer(3))
    }
  })()
  const listeners: Promise<void>[] = []
  for (let i = 0; i < 12; i++) {
    await sleep(rng.integer(30))
    const [id, slowness] = [ids[i % 3], [0, 0, 2, 6][i % 4]]
    const [{ end }] = await log.extents(topic)
    const from = rng.integer(end + 1)
    const listen = async () => {
      const stop = new AbortController()
      const heard: string[] = []
      let cursor = `0:${from}`
      for await (const told of tails.follow(subscriptionOf(id), at(from), stop.signal)) {
        if (told.event !== null) heard.push(told.event.starId)
        expect(Number(told.cursor.slice(2))).toBeGreaterThanOrEqual(Number(cursor.slice(2)))
        cursor = told.cursor
        if (cursor === `0:${total}`) break
        if (slowness > 0) await sleep(slowness)
      }
      const expected = written.slice(from).filter(([of]) => of === id)
      expect(heard).toEqual(expected.map(([, starId]) => starId))
    }
    listeners.push(listen())
  }
  await writing
  await Promise.all(listeners)
})

test('quiet moves the cursor of those whom nothing is told', async () => {
  const log = await temporaryLog()
  const tails = openEventTails(log, 20)
  const stop = new AbortController()
  const feed = tails.follow(subscriptionOf('a'), at(0), stop.signal)
  const next = feed.next()
  await sleep(30)
  await tell(log, [['b', 's1']])
  expect((await next).value).toEqual({ cursor: '0:1', event: null })
  const later = feed.next()
  stop.abort()
  expect(await later).toEqual({ done: true, value: undefined })
})

test('a log that fails is told to all who follow, and whoever comes later begins anew', async () => {
  const log = await temporaryLog()
  const openReader = log.openReader.bind(log)
  let fail = (_: Error) => {}
  let waiting = 0
  const next = () => {
    waiting += 1
    return new Promise<never>((_, reject) => {
      fail = reject
    })
  }
  log.openReader = options => Object.assign(openReader(options), { next })
  const tails = openEventTails(log, 60_000)
  const listening = ['a', 'a', 'b'].map(id => hear(tails, id, 0, 1))
  const ends = Promise.allSettled(listening)
  await expect.poll(() => waiting).toBeGreaterThan(0)
  fail(new Error('the log is gone'))
  expect((await ends).map(end => (end.status === 'rejected' ? end.reason.message : end.status))).toEqual(
    Array(3).fill('the log is gone'),
  )
  log.openReader = openReader
  await tell(log, [['a', 's1']])
  expect(await hear(tails, 'a', 0, 1)).toEqual(['s1'])
})
