// What subscribers are told must not depend on the kind of log, nor on its failures: everything, once, in the order of each star.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../actors/clock.ts'
import { groupLag, notifyGroup, notifyPlan, removeSubscription, runActor } from '../../actors/index.ts'
import { starWorkOutput } from '../../actors/subscriptions.ts'
import { supervise } from '../../actors/supervisor.ts'
import { createRng } from '../../models/index.ts'
import { historyTopics, judgeSubscriptions } from '../../ops/bench/subscriptionHistory.ts'
import { eventTopics } from '../../schemas/index.ts'
import type { Log, Output, Topic } from '../../streams/index.ts'
import { believe, believedOutputs, eventsOf, save, told } from '../actors/toldEvents.ts'
import { makePosterior } from '../ops/starRecords.ts'
import { chaosLog } from '../streams/chaosLog.ts'
import { readAll } from '../streams/logRecords.ts'

const goneOutputs = (starId: string): readonly Output[] => [
  { topic: 'latest-posteriors', key: starId, value: null },
  starWorkOutput(starId),
]
export async function allTold(log: Log): Promise<void> {
  while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(10)
}

async function expectWholeHistory(log: Log): Promise<void> {
  const { faults, eventCount, insideCount } = await judgeSubscriptions(log)
  expect(faults).toEqual([])
  expect(insideCount).toBeGreaterThan(0)
  expect(eventCount).toBeGreaterThan(insideCount)
}

/** A random turn of what is believed of forty stars; each has versions that go up. */
export function randomTurns(seed: number): () => readonly Output[] {
  const rng = createRng(seed)
  const versions = new Map<string, number>()
  return () =>
    Array.from({ length: 8 }, () => {
      const starId = `s${rng.integer(40)}`
      const version = (versions.get(starId) ?? 0) + 1
      versions.set(starId, version)
      const posterior = makePosterior(starId, rng.integer(11) / 10, version)
      return rng.integer(6) === 0 ? goneOutputs(starId) : believedOutputs(posterior)
    }).flat()
}

export const filters = {
  a: 'young > 0.9',
  b: 'P(age < 20 Myr) >= 0.75 and young > 0.5',
  c: 'within 1 deg of 56.75 24.12',
} as const

/** @param open a log that nobody has written yet */
export function subscriptionContract(name: string, open: (topics: readonly Topic[]) => Promise<Log>): void {
  /** Runs the actor meanwhile, and until there is nothing left to tell. */
  async function telling(log: Log, work: () => Promise<void>): Promise<void> {
    const stop = new AbortController()
    const running = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
    try {
      await work()
      await allTold(log)
    } finally {
      stop.abort()
      await running
    }
  }

  describe(name, () => {
    test('a star enters a filter, is updated in it, and leaves; what is said again is not told again', async () => {
      const log = await open(historyTopics)
      await save(log, 'a', filters.a)
      await save(log, 'b', filters.b)
      await telling(log, async () => {
        const turns = [
          makePosterior('s1', 0.95),
          makePosterior('s1', 0.95),
          makePosterior('s1', 0.97, 2),
          makePosterior('s1', 0.6, 3),
        ]
        for (const one of turns) {
          await believe(log, one)
          await allTold(log)
        }
        await log.transact({ outputs: goneOutputs('s1') })
      })
      expect(told(await eventsOf(log, 'a'))).toEqual([
        's1 entered s1-posterior-1',
        's1 updated s1-posterior-2',
        's1 left',
      ])
      expect(told(await eventsOf(log, 'b'))).toEqual([
        's1 entered s1-posterior-1',
        's1 updated s1-posterior-2',
        's1 updated s1-posterior-3',
        's1 left',
      ])
      await log.close()
    })

    test('a new filter meets the stars that are known while news of them go on, each once', async () => {
      const log = await open(historyTopics)
      const names = Array.from({ length: 1300 }, (_, i) => `s${i}`)
      await telling(log, async () => {
        await believe(log, ...names.map((name, i) => makePosterior(name, i % 2 === 0 ? 0.95 : 0.2)))
        await allTold(log)
        await save(log, 'a', filters.a)
        // Some leave before the filter comes to them, some enter, and some are new.
        for (let i = 0; i < 60; i++) {
          await believe(
            log,
            makePosterior(`s${20 * i}`, 0.1, 2),
            makePosterior(`s${20 * i + 1}`, 0.99, 2),
            makePosterior(`n${i}`, 0.99),
          )
        }
      })
      const { faults, insideCount } = await judgeSubscriptions(log)
      expect([faults, insideCount]).toEqual([[], 710])
      await log.close()
    })

    test('over a log that fails at random nothing is lost and nothing told twice', async () => {
      for (const seed of [1, 2]) {
        const log = await open(historyTopics)
        const turn = randomTurns(seed)
        const chaos = chaosLog(log, createRng(seed + 10))
        const stop = new AbortController()
        // A new plan for each run, as of a process that was killed.
        const run = (signal: AbortSignal) =>
          runActor(notifyPlan(chaos.log), { log: chaos.log, signal, onCommit: () => {} })
        const tireless = { firstMs: 1, factor: 1, maxMs: 1, resetAfterMs: 0, maxRestarts: 1_000_000 }
        const running = supervise({ name: 'notify', run }, stop.signal, {
          ...{ clock: systemClock, backoff: tireless, onRestart: () => {} },
        })
        for (let i = 0; i < 45; i++) {
          for (const [j, [id, where]] of Object.entries(filters).entries()) if (i === 15 * j) await save(log, id, where)
          await log.transact({ outputs: turn() })
          await sleep(2)
          // Or all would be told at the end, and of each star its last state alone.
          if (i % 5 === 0) await allTold(log)
        }
        await allTold(log)
        stop.abort()
        await running
        await expectWholeHistory(log)
        for (const fault of ['before transact', 'after transact', 'next'] as const) {
          expect(chaos.failures[fault], fault).toBeGreaterThan(0)
        }
        await log.close()
      }
    })

    test('a removed subscription is told nothing more, and of what it was told its topic holds nothing but tombstones', async () => {
      const log = await open(historyTopics)
      await save(log, 'a', filters.a)
      await save(log, 'b', filters.b)
      await telling(log, async () => {
        await believe(log, makePosterior('s1', 0.95), makePosterior('s2', 0.95))
        await allTold(log)
        expect(await removeSubscription(log, 'b')).toBe(true)
        await believe(log, makePosterior('s1', 0.96, 2))
      })
      const left = new Map((await readAll(log, { topics: [eventTopics[1]] })).map(({ key, value }) => [key, value]))
      expect(left).toEqual(
        new Map([
          ['b/s1', null],
          ['b/s2', null],
        ]),
      )
      expect(told(await eventsOf(log, 'a')).sort()).toEqual([
        's1 entered s1-posterior-1',
        's1 updated s1-posterior-2',
        's2 entered s2-posterior-1',
      ])
      await log.close()
    })
  })
}
