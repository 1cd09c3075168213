import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runActor } from '../../actors/actor.ts'
import { groupLag, notifyGroup, readSubscription, readSubscriptions } from '../../actors/index.ts'
import { notifyPlan } from '../../actors/notifyActor.ts'
import { removeSubscription, restartedWork, saveSubscription, workOutput } from '../../actors/subscriptions.ts'
import { decode, eventTopics } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { makePosterior, makeStar, starOutputs } from '../ops/starRecords.ts'
import { temporaryLog } from './logFolder.ts'
import { believe, eventsOf, save, told } from './toldEvents.ts'

/** Until nothing is left to do. */
async function settle(log: Log, plan = notifyPlan(log)): Promise<void> {
  const stop = new AbortController()
  const running = runActor(plan, { log, signal: stop.signal, onCommit: () => {} })
  while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
  stop.abort()
  await running
}

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
