import { expect, onTestFinished, test } from 'vitest'
import { createManualClock, type ManualClock } from '../../actors/clock.ts'
import { type Heartbeat, startHeartbeat } from '../../actors/heartbeat.ts'
import { pipelineGroups } from '../../actors/index.ts'
import { FusionError, publish } from '../../schemas/index.ts'
import type { Log, Transaction } from '../../streams/index.ts'
import { readTopic, temporaryLog } from './logFolder.ts'

interface Run {
  readonly log: Log
  readonly clock: ManualClock
  readonly heartbeat: Heartbeat
}

async function start(around: (log: Log) => Log = log => log): Promise<Run> {
  const log = await temporaryLog()
  const clock = createManualClock()
  const dayMs = () => 1_700_000_000_000 + clock.nowMs()
  const heartbeat = startHeartbeat({ log: around(log), model: 'm', groups: pipelineGroups, clock, dayMs })
  onTestFinished(() => heartbeat.stop())
  return { log, clock, heartbeat }
}

const beatsOf = async (log: Log) => (await readTopic(log, 'heartbeat', 'heartbeat')).flatMap(({ value }) => value ?? [])
const gapsOf = async (log: Log) => (await readTopic(log, 'gaps', 'gap')).flatMap(({ value }) => value ?? [])

async function untilSleeping(clock: ManualClock): Promise<void> {
  await expect.poll(() => clock.sleeping).toHaveLength(1)
}

async function untilWritten({ log, clock }: Run, count: number): Promise<void> {
  await expect.poll(() => beatsOf(log)).toHaveLength(count)
  await untilSleeping(clock)
}

/** A log whose transactions wait, or fail, as the test wants. */
function held(log: Log, before: () => Promise<void>): Log {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'transact') {
        return async (transaction: Transaction) => {
          await before()
          return target.transact(transaction)
        }
      }
      const member = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

test('a heartbeat comes each second, counted without a gap, and the last one says so', async () => {
  const run = await start()
  for (let count = 1; count <= 5; count++) {
    await untilWritten(run, count)
    run.clock.advance(1000)
  }
  await untilWritten(run, 6)
  await run.heartbeat.stop()
  const beats = await beatsOf(run.log)
  expect(beats.map(({ sequence }) => sequence)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n])
  expect(beats.map(({ atMs }) => Number(atMs) - 1_700_000_000_000)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 5000])
  expect(beats.map(({ isLast }) => isLast)).toEqual([...Array(6).fill(false), true])
  expect(new Set(beats.map(one => `${one.process} ${one.startedMs} ${one.model}`)).size).toBe(1)
  expect(await gapsOf(run.log)).toEqual([])
})

test('a heartbeat tells the lag of each group and topic, and what each stage did', async () => {
  const run = await start()
  await untilWritten(run, 1)
  await run.log.transact({ outputs: [1, 2, 3].map(i => ({ topic: 'raw', key: `${i}`, value: new Uint8Array(1) })) })
  const batch = {
    ...{ actor: 'fuse', consumed: 10, emitted: 4, emittedTo: new Map(), refused: 1 },
    place: { topic: 'observations', partition: 0, firstOffset: 0, nextOffset: 10 },
    ...{ readMs: 1, stepMs: 1, commitMs: 1, durationMs: 3 },
  }
  publish('batch', batch)
  publish('batch', batch)
  run.clock.advance(1000)
  await untilWritten(run, 2)
  const [, beat] = await beatsOf(run.log)
  expect(beat.lags).toEqual(
    pipelineGroups.flatMap(({ group, topics }) =>
      topics.map(topic => ({ group, topic, records: topic === 'raw' ? 3n : 0n })),
    ),
  )
  expect(beat.stages).toEqual([{ stage: 'fuse', consumed: 20n, emitted: 8n, refused: 2n }])
})

test('a process that stood still leaves numbers out, and tells from when until when', async () => {
  const run = await start()
  await untilWritten(run, 1)
  run.clock.advance(1900)
  await untilWritten(run, 2)
  expect(await gapsOf(run.log)).toEqual([])
  run.clock.advance(6000)
  await untilWritten(run, 3)
  expect((await beatsOf(run.log)).map(({ sequence }) => sequence)).toEqual([0n, 1n, 7n])
  const [gap] = await gapsOf(run.log)
  expect(gap).toMatchObject({ kind: 'stoodStill', count: 5n, topic: null, toMs: 1_700_000_007_900n })
  expect(gap.fromMs).toBe(1_700_000_002_000n)
})

test('heartbeats that the log did not take are told once it takes them again, as one gap', async () => {
  let failures = 0
  const run = await start(log =>
    held(log, async () => {
      if (failures-- > 0) throw new FusionError('LOG_UNAVAILABLE', 'Away for a while.')
    }),
  )
  await untilWritten(run, 1)
  failures = 3
  for (const left of [2, 1, 0]) {
    run.clock.advance(1000)
    await expect.poll(() => failures).toBe(left)
    await untilSleeping(run.clock)
  }
  run.clock.advance(1000)
  await untilWritten(run, 2)
  expect((await beatsOf(run.log)).map(({ sequence }) => sequence)).toEqual([0n, 4n])
  const gaps = await gapsOf(run.log)
  expect(gaps).toMatchObject([{ kind: 'unwritten', count: 3n, what: 'Away for a while.' }])
})

test('while the log is slow one heartbeat waits, those after it are left out and told', async () => {
  let release = () => {}
  let isHeld = false
  const run = await start(log =>
    held(log, () => (isHeld ? new Promise<void>(resolve => (release = resolve)) : Promise.resolve())),
  )
  await untilWritten(run, 1)
  isHeld = true
  for (let i = 0; i < 4; i++) {
    run.clock.advance(1000)
    await untilSleeping(run.clock)
  }
  isHeld = false
  const released = () => {
    release()
    return beatsOf(run.log)
  }
  await expect.poll(released).toHaveLength(3)
  run.clock.advance(1000)
  await untilWritten(run, 4)
  expect((await beatsOf(run.log)).map(({ sequence }) => sequence)).toEqual([0n, 1n, 2n, 5n])
  expect(await gapsOf(run.log)).toMatchObject([{ kind: 'unwritten', count: 2n }])
})

test('records passed over are told once, however often they are read', async () => {
  const run = await start()
  await untilWritten(run, 1)
  for (const where of ['posteriors/1/7', 'posteriors/1/8', 'posteriors/1/7', 'posteriors/1/8', 'classes.a.b/0/3']) {
    publish('unread', { where })
  }
  run.clock.advance(1000)
  await untilWritten(run, 2)
  publish('unread', { where: 'posteriors/1/8' })
  run.clock.advance(1000)
  await untilWritten(run, 3)
  const gaps = await gapsOf(run.log)
  expect(gaps.map(one => [one.kind, one.topic, one.partition, one.fromOffset, one.toOffset, one.count])).toEqual([
    ['unread', 'posteriors', 1, 7n, 9n, 2n],
    ['unread', 'classes.a.b', 0, 3n, 4n, 1n],
  ])
})

test('a loss that ended the pipeline is told with what is left, another error is no gap', async () => {
  const run = await start()
  await untilWritten(run, 1)
  const detail = { topic: 'stars', partition: 2, offset: 5, first: 9, end: 20 }
  run.heartbeat.tellLoss(new FusionError('LOG_OFFSET_LOST', 'Gone.', { detail }))
  run.heartbeat.tellLoss(new FusionError('LOG_FULL', 'Full.'))
  run.heartbeat.tellLoss(undefined)
  await run.heartbeat.stop()
  expect(await gapsOf(run.log)).toMatchObject([
    { kind: 'offsetLost', topic: 'stars', partition: 2, fromOffset: 5n, toOffset: 9n, count: 4n, what: 'Gone.' },
  ])
})
