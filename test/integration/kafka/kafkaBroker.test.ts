import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { brokerCount } from '../../../ops/kafka/brokerProbe.ts'
import { packageFile } from '../../../schemas/index.ts'
import type { Topic } from '../../../streams/topics.ts'
import { output, readAll, textOf } from '../../streams/logRecords.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

const topics: readonly Topic[] = [
  { name: 'four', record: 'rawRow', key: 'key', partitions: 4, keep: 'all', retainBytes: null, retainMs: null },
]

const children: ChildProcess[] = []
const places: BrokerPlace[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const place of places.splice(0)) await place.close()
})

/** `npm run kafka` without npm: its process and the port it prints. */
async function startCommand(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const command = packageFile('dist', 'ops', 'kafka', 'brokerCommand.js')
  const child = spawn(process.execPath, [command], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, port: Number(String(line).split(':')[1]) }
}

test('the broker of npm run kafka answers, and Ctrl-C ends it and the command cleanly', async () => {
  const { child, port } = await startCommand()
  expect(await brokerCount(port)).toBe(1)
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(await brokerCount(port)).toBeNull()
})

test('a broker does not outlive whoever started it, even one that is killed', async () => {
  const { child, port } = await startCommand()
  expect(await brokerCount(port)).toBe(1)
  child.kill('SIGKILL')
  await expect.poll(() => brokerCount(port)).toBeNull()
})

test('a broker in a folder of its own is taken up again with all that was written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-broker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [turn, expected] of [['one'], ['one', 'two']].entries()) {
    const place = await openBrokerPlace({ folder })
    places.push(place)
    const log = await place.open({ topics })
    await log.transact({ outputs: [output('four', 'key', expected[turn])] })
    expect((await readAll(log, { topics: ['four'] })).map(textOf)).toEqual(expected)
    await place.close()
  }
})

test('of three brokers one may be killed in the middle of transactions: nothing is lost, doubled or out of order', async () => {
  const place = await openBrokerPlace({ nodes: 3 })
  places.push(place)
  const log = await place.open({ prefix: 'three.', topics, replication: 3, patienceMs: 60_000 })
  const reader = log.openReader({ topics: ['four'] })
  const seen: (string | null)[] = []
  const stop = new AbortController()
  const reading = (async () => {
    for (let batch = await reader.next(stop.signal); batch !== null; batch = await reader.next(stop.signal)) {
      seen.push(...batch.records.map(record => `${record.key} ${textOf(record)}`))
    }
  })()
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const written: string[] = []
  for (let turn = 0; turn < 150; turn++) {
    await log.transact({ outputs: keys.map(key => output('four', key, String(turn))) })
    written.push(...keys.map(key => `${key} ${turn}`))
    if (turn === 50) place.broker.kill(1)
  }
  const all = (await readAll(log, { topics: ['four'] })).map(record => `${record.key} ${textOf(record)}`)
  expect([...all].sort()).toEqual([...written].sort())
  for (const key of keys) {
    const ofKey = (texts: readonly (string | null)[]) => texts.filter(text => text?.startsWith(key))
    expect(ofKey(all)).toEqual(ofKey(written))
  }
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(written.length)
  expect([...seen].sort()).toEqual([...written].sort())
  stop.abort()
  await reading
}, 300_000)
