import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Log } from '../../../streams/log.ts'
import type { Topic } from '../../../streams/topics.ts'
import { output, readAll, textOf } from '../../streams/logRecords.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'
import { startScript } from './scriptProcess.ts'

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: 'in', partitions: 4, keep: 'all', ...forever },
  { name: 'out', partitions: 4, keep: 'all', ...forever },
  { name: 'counts', partitions: 3, keep: 'latest', ...forever },
]
const keys = Array.from({ length: 23 }, (_, i) => `key ${i}`)
const ROUNDS = 90

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

/** A process that copies, once it has opened the log. */
async function startCopying(prefix: string, transactionalId: string): Promise<ChildProcess> {
  const args = [place.broker.addresses.join(','), prefix, JSON.stringify(topics), transactionalId]
  const child = startScript('copyingProcess.mjs', args)
  await once(createInterface({ input: child.stdout }), 'line')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Every record that went in came out once, each key in its order and counted without a gap. */
async function expectCopiedOnce(log: Log): Promise<void> {
  const expected = keys.map(key => Array.from({ length: ROUNDS }, (_, i) => `${key} ${i} is number ${i + 1}`))
  const out = await readAll(log, { topics: ['out'] })
  expect(keys.map(key => out.filter(record => record.key === key).map(textOf))).toEqual(expected)
}

async function untilCopied(log: Log): Promise<void> {
  await expect.poll(async () => (await readAll(log, { topics: ['out'] })).length).toBe(keys.length * ROUNDS)
}

function fill(log: Log): Promise<unknown> {
  return Promise.all(
    Array.from({ length: ROUNDS }, (_, i) =>
      log.transact({ outputs: keys.map(key => output('in', key, `${key} ${i}`)) }),
    ),
  )
}

test('a process that is killed again and again copies everything once, its state in step', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics, transactionalId: `${prefix}source` })
  await fill(log)
  for (let turn = 0; turn < 8; turn++) {
    const child = await startCopying(prefix, `${prefix}copy`)
    await sleep(60 + 35 * turn)
    await kill(child)
  }
  const last = await startCopying(prefix, `${prefix}copy`)
  await untilCopied(log)
  await expectCopiedOnce(log)
  await kill(last)
  await log.close()
})

test('of two processes that share the work one is killed, another comes: nothing is lost, doubled or out of step', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix, topics, transactionalId: `${prefix}source` })
  const stays = await startCopying(prefix, `${prefix}a`)
  const filling = fill(log)
  for (const id of ['b', 'c', 'd']) {
    const child = await startCopying(prefix, `${prefix}${id}`)
    await sleep(700)
    await kill(child)
  }
  await filling
  await untilCopied(log)
  await expectCopiedOnce(log)
  await kill(stays)
  await log.close()
})
