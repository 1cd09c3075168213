import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runActor } from '../../actors/actor.ts'
import { systemClock } from '../../actors/clock.ts'
import { groupLag, notifyGroup, readSubscription, readSubscriptions } from '../../actors/index.ts'
import { notifyPlan } from '../../actors/notifyActor.ts'
import {
  removeSubscription,
  restartedWork,
  saveSubscription,
  starWorkOutput,
  workOutput,
} from '../../actors/subscriptions.ts'
import { supervise } from '../../actors/supervisor.ts'
import { createRng } from '../../models/index.ts'
import { decode, eventTopics, type Posterior, parseFilter, type SubscriptionEvent } from '../../schemas/index.ts'
import { type Log, type Output, openLog } from '../../streams/index.ts'
import { topics } from '../../streams/topics.ts'
import { madeSamples, makePosterior, makeStar, posteriorOutputs, starOutputs } from '../ops/starRecords.ts'
import { chaosLog } from '../streams/chaosLog.ts'
import { readAll } from '../streams/logRecords.ts'
import { temporaryFolder, temporaryLog } from './logFolder.ts'

const save = (log: Log, id: string, where: string, watchlist: readonly string[] = [], moc: string | null = null) =>
  saveSubscription(log, { id, name: `stars ${id}`, where, moc, watchlist, createdMs: 1n })

const believedOutputs = (posterior: Posterior): readonly Output[] => [
  ...posteriorOutputs(posterior),
  starWorkOutput(posterior.starId),
]
const goneOutputs = (starId: string): readonly Output[] => [
  { topic: 'latest-posteriors', key: starId, value: null },
  starWorkOutput(starId),
]
const believe = (log: Log, ...posteriors: readonly Posterior[]) =>
  log.transact({ outputs: posteriors.flatMap(believedOutputs) })
const forget = (log: Log, starId: string) => log.transact({ outputs: goneOutputs(starId) })

/** Until nothing is left to do. */
async function settle(log: Log, plan = notifyPlan(log)): Promise<void> {
  const stop = new AbortController()
  const running = runActor(plan, { log, signal: stop.signal, onCommit: () => {} })
  while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
  stop.abort()
  await running
}

async function eventsOf(log: Log, id: string): Promise<SubscriptionEvent[]> {
  const records = await readAll(log, { topics: eventTopics })
  return records
    .flatMap(({ value }) => (value === null ? [] : decode('subscriptionEvent', value)))
    .filter(({ subscriptionId }) => subscriptionId === id)
}

const told = (events: readonly SubscriptionEvent[]) =>
  events.map(({ starId, kind, posterior }) =>
    [starId, kind, posterior.length === 0 ? '' : decode('posterior', posterior).posteriorId].join(' ').trim(),
  )

/** Events are kept, all of them, so that nothing that was told is hidden by what was told later. */
async function historyLog(): Promise<Log> {
  const kept = topics.map(topic => (eventTopics.includes(topic.name) ? { ...topic, keep: 'all' as const } : topic))
  return openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: kept })
}

test('a star enters a filter, is updated in it, and leaves; what is said again is not told again', async () => {
  const log = await historyLog()
  await save(log, 'a', 'young > 0.9')
  await save(log, 'b', 'P(age < 20 Myr) >= 0.75 and young > 0.5')
  const turns = [
    makePosterior('s1', 0.95),
    makePosterior('s1', 0.95),
    makePosterior('s1', 0.97, 2),
    makePosterior('s1', 0.6, 3),
  ]
  for (const one of turns) {
    await believe(log, one)
    await settle(log)
  }
  await forget(log, 's1')
  await settle(log)
  expect(told(await eventsOf(log, 'a'))).toEqual(['s1 entered s1-posterior-1', 's1 updated s1-posterior-2', 's1 left'])
  expect(madeSamples.values.slice(0, 4)).toEqual(Float32Array.of(6.5, 7, 7.25, 7.5))
  expect(told(await eventsOf(log, 'b'))).toEqual([
    's1 entered s1-posterior-1',
    's1 updated s1-posterior-2',
    's1 updated s1-posterior-3',
    's1 left',
  ])
  await log.close()
})

test('a new filter meets the stars that are known while news of them go on, each once', async () => {
  const log = await historyLog()
  const names = Array.from({ length: 1300 }, (_, i) => `s${i}`)
  await believe(log, ...names.map((name, i) => makePosterior(name, i % 2 === 0 ? 0.95 : 0.2)))
  await settle(log)
  const plan = notifyPlan(log)
  const stop = new AbortController()
  const running = runActor(plan, { log, signal: stop.signal, onCommit: () => {} })
  await save(log, 'a', 'young > 0.9')
  // Some leave before the filter comes to them, some enter, and some are new.
  for (let i = 0; i < 60; i++) {
    await believe(
      log,
      makePosterior(`s${20 * i}`, 0.1, 2),
      makePosterior(`s${20 * i + 1}`, 0.99, 2),
      makePosterior(`n${i}`, 0.99),
    )
  }
  while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
  stop.abort()
  await running
  await expectWholeHistory(log, 'a', 'young > 0.9')
  expect(new Set((await eventsOf(log, 'a')).map(({ starId }) => starId)).size).toBeGreaterThan(700)
  await log.close()
})

/** Every story of a star is whole, and ends where the newest posterior says. */
async function expectWholeHistory(log: Log, id: string, where: string): Promise<void> {
  const stories = new Map<string, SubscriptionEvent[]>()
  const events = await eventsOf(log, id)
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length)
  for (const event of events) stories.set(event.starId, [...(stories.get(event.starId) ?? []), event])
  for (const [starId, story] of stories) {
    let last = 'left'
    let posteriorId = ''
    for (const { kind, posterior } of story) {
      expect([starId, last, kind]).toEqual([
        starId,
        last,
        last === 'left' ? 'entered' : expect.stringMatching(/^(updated|left)$/),
      ])
      const now = posterior.length === 0 ? '' : decode('posterior', posterior).posteriorId
      expect(now).not.toBe(posteriorId)
      last = kind
      posteriorId = now
    }
  }
  const filter = parseFilter({ where, moc: null, watchlist: [] })
  const expected = new Map<string, string>()
  for (const { key, value } of await readAll(log, { topics: ['latest-posteriors'] })) {
    const posterior = value === null ? null : decode('posterior', value)
    if (posterior !== null && filter.matches(posterior, () => madeSamples))
      expected.set(`${key}`, posterior.posteriorId)
  }
  const inside = [...stories].flatMap(([starId, story]): [string, string][] => {
    const { kind, posterior } = story[story.length - 1]
    return kind === 'left' ? [] : [[starId, decode('posterior', posterior).posteriorId]]
  })
  expect(new Map(inside)).toEqual(expected)
}

test('over a log that fails at random nothing is lost and nothing told twice', async () => {
  const filters = { a: 'young > 0.9', b: 'P(age < 20 Myr) >= 0.75 and young > 0.5', c: 'within 1 deg of 56.75 24.12' }
  for (const seed of [1, 2]) {
    const log = await historyLog()
    const rng = createRng(seed)
    const chaos = chaosLog(log, createRng(seed + 10))
    const stop = new AbortController()
    // A new plan for each run, as of a process that was killed.
    const run = (signal: AbortSignal) => runActor(notifyPlan(chaos.log), { log: chaos.log, signal, onCommit: () => {} })
    const tireless = { firstMs: 1, factor: 1, maxMs: 1, resetAfterMs: 0, maxRestarts: 1_000_000 }
    const running = supervise({ name: 'notify', run }, stop.signal, {
      ...{ clock: systemClock, backoff: tireless, onRestart: () => {} },
    })
    const versions = new Map<string, number>()
    for (let turn = 0; turn < 45; turn++) {
      for (const [i, [id, where]] of Object.entries(filters).entries()) if (turn === 15 * i) await save(log, id, where)
      const outputs: Output[] = []
      for (let i = 0; i < 8; i++) {
        const starId = `s${rng.integer(40)}`
        const version = (versions.get(starId) ?? 0) + 1
        versions.set(starId, version)
        const posterior = makePosterior(starId, rng.integer(11) / 10, version)
        outputs.push(...(rng.integer(6) === 0 ? goneOutputs(starId) : believedOutputs(posterior)))
      }
      await log.transact({ outputs })
      await sleep(2)
    }
    while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(10)
    stop.abort()
    await running
    for (const [id, where] of Object.entries(filters)) await expectWholeHistory(log, id, where)
    for (const fault of ['before transact', 'after transact', 'next'] as const) {
      expect(chaos.failures[fault], fault).toBeGreaterThan(0)
    }
    await log.close()
  }
}, 240_000)

test('a watched star is found under the id that another survey gave it, also once it has joined', async () => {
  const log = await temporaryLog()
  await save(log, 'w', '', ['2MASS J03471353+2342518'])
  await log.transact({ outputs: starOutputs(makeStar('1')) })
  await believe(log, makePosterior('gaiaDr3:1', 0.5))
  await settle(log)
  expect(await eventsOf(log, 'w')).toEqual([])
  await log.transact({ outputs: starOutputs(makeStar('1', '03471353+2342518')) })
  await believe(log, makePosterior('gaiaDr3:1', 0.5, 2))
  await settle(log)
  expect(told(await eventsOf(log, 'w'))).toEqual(['gaiaDr3:1 entered gaiaDr3:1-posterior-2'])
})

test('a removed subscription is told nothing more, its events go, and so does what was kept of it', async () => {
  const log = await temporaryLog()
  const plan = notifyPlan(log)
  const kept = await save(log, 'a', 'young > 0.9')
  const gone = await save(log, 'b', 'young > 0.5')
  expect(kept.topic).not.toBe(gone.topic)
  await believe(log, makePosterior('s1', 0.95), makePosterior('s2', 0.95))
  await settle(log, plan)
  expect(await eventsOf(log, 'b')).toHaveLength(2)
  expect(await removeSubscription(log, 'b')).toBe(true)
  expect(await removeSubscription(log, 'b')).toBe(false)
  await believe(log, makePosterior('s1', 0.96, 2))
  await settle(log, plan)
  expect(await eventsOf(log, 'b')).toEqual([])
  expect(told(await eventsOf(log, 'a')).sort()).toEqual(['s1 updated s1-posterior-2', 's2 entered s2-posterior-1'])
  const members = await log.latest('subscription-members', 's1')
  expect(decode('starSubscriptions', members?.value ?? new Uint8Array()).members).toEqual([
    { subscriptionId: 'a', posteriorId: 's1-posterior-2' },
  ])
  expect((await readSubscriptions(log)).map(({ id }) => id)).toEqual(['a'])
  expect(await readSubscription(log, 'b')).toBeNull()
})

test('a name is taken once, and a filter that cannot be read is not saved', async () => {
  const log = await temporaryLog()
  await save(log, 'a', '')
  await expect(save(log, 'a', '')).rejects.toThrow('already')
  await expect(save(log, 'b', 'yung > 1')).rejects.toThrow(expect.objectContaining({ code: 'FILTER_INVALID' }))
  const nameless = { id: 'c', name: ' ', where: '', moc: null, watchlist: [], createdMs: 1n }
  await expect(saveSubscription(log, nameless)).rejects.toThrow('name of 1 to')
})

test('in another log the work of a filter begins anew', () => {
  const work = { kind: 'fill', subscriptionId: 'a', topic: eventTopics[0], cursor: '0:7.1:9' }
  const bytes = workOutput(work).value ?? new Uint8Array()
  expect(decode('subscriptionWork', restartedWork(bytes))).toEqual({ ...work, cursor: '' })
})
