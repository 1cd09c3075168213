import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../../actors/deadLetter.ts'
import { readDeliveries } from '../../../actors/deliveries.ts'
import { inTurn } from '../../../actors/deliveryTurn.ts'
import { ingestFile } from '../../../actors/fileSource.ts'
import { revisionOf } from '../../../actors/revision.ts'
import { encode, subscribe } from '../../../schemas/index.ts'
import type { Log } from '../../../streams/log.ts'
import { readTopic, temporaryFolder } from '../../actors/logFolder.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'
import { startScript } from './scriptProcess.ts'

const ROWS = 600
const never = new AbortController().signal

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

interface Line {
  readonly message?: string
  readonly batches?: number
  readonly isRepeat?: boolean
  readonly ordinal?: number
  readonly rowCount?: number
  readonly redriven?: number
}

interface Delivering {
  readonly child: ChildProcess
  readonly lines: readonly Line[]
  /** Resolves with the first line that is asked for. */
  until(isIt: (line: Line) => boolean): Promise<Line>
  /** What it says last. */
  readonly result: Promise<Line>
}

/** @param path of a file to take in; the empty text puts dead letters back */
function deliver(prefix: string, id: string, path: string): Delivering {
  const child = startScript('deliveringProcess.mjs', [place.broker.addresses.join(','), prefix, id, path])
  const lines: Line[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', text => lines.push(JSON.parse(text)))
  const ended = once(reader, 'close').then(() => undefined)
  const until = async (isIt: (line: Line) => boolean) => {
    for (;;) {
      const found = lines.find(isIt)
      if (found !== undefined) return found
      if ((await Promise.race([once(reader, 'line'), ended])) === undefined) throw new Error('it ended before that')
    }
  }
  const result = ended.then(() => lines.at(-1) ?? {})
  return { child, lines, until, result }
}

async function table(name: string, firstId: number): Promise<string> {
  const path = join(await temporaryFolder(), name)
  const rows = Array.from({ length: ROWS }, (_, i) => `${firstId + i},${i / 10},1`)
  await writeFile(path, ['source_id,ra,dec', ...rows, ''].join('\n'))
  return path
}

/** Whoever takes it in waits in the middle until it is let go of. */
async function heldTable(name: string, firstId: number) {
  const path = await table(name, firstId)
  await writeFile(`${path}.hold`, '')
  return { path, letGo: () => rm(`${path}.hold`) }
}

async function rawRows(log: Log) {
  return (await readTopic(log, 'raw', 'rawRow')).flatMap(({ value }) => (value === null ? [] : [value]))
}

/** Every row of the file once, in order, under one number. */
async function expectWhole(log: Log, file: string): Promise<void> {
  const rows = (await rawRows(log)).filter(row => row.file === file)
  const numbers = [...(await readDeliveries(log))].filter(([, delivery]) => delivery.file === file).map(([at]) => at)
  expect(numbers).toHaveLength(1)
  expect(rows.map(({ row, revision }) => [row, revision])).toEqual(
    Array.from({ length: ROWS }, (_, i) => [BigInt(i + 1), revisionOf(numbers[0], i + 1)]),
  )
}

const isHeld = (line: Line) => line.batches === 5
const isWaiting = ({ message }: Line) => message?.startsWith('Another process takes files in') === true

test('two processes that take the same file in at once bring each row once, as one delivery', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix })
  const path = await table('same.csv', 1)
  const both = [deliver(prefix, 'one', path), deliver(prefix, 'two', path)]
  const results = await Promise.all(both.map(({ result }) => result))
  await expectWhole(log, 'same.csv')
  expect(await rawRows(log)).toHaveLength(ROWS)
  expect(results.map(({ isRepeat }) => isRepeat).sort()).toEqual([false, true])
  await log.close()
})

test('two processes that take files in at once do it one after the other, under numbers of their own', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix })
  const { path, letGo } = await heldTable('first.csv', 1)
  const first = deliver(prefix, 'one', path)
  await first.until(isHeld)
  const second = deliver(prefix, 'two', await table('second.csv', 10_000))
  const told = await second.until(isWaiting)
  expect(told.message).toContain('(first.csv, 100 rows so far): this one waits until that has ended')
  await letGo()
  expect(await first.result).toEqual({ isRepeat: false, ordinal: 1, rowCount: ROWS })
  expect(await second.result).toEqual({ isRepeat: false, ordinal: 2, rowCount: ROWS })
  await expectWhole(log, 'first.csv')
  await expectWhole(log, 'second.csv')
  const files = (await rawRows(log)).map(({ file }) => file)
  expect(files.lastIndexOf('first.csv')).toBeLessThan(files.indexOf('second.csv'))
  await log.close()
})

test('where the one whose turn it is is killed the other goes on with its own file, and the first is resumed', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix })
  const { path, letGo } = await heldTable('first.csv', 1)
  const killed = deliver(prefix, 'one', path)
  await killed.until(isHeld)
  const waits = deliver(prefix, 'two', await table('second.csv', 10_000))
  await waits.until(isWaiting)
  killed.child.kill('SIGKILL')
  await letGo()
  expect(await waits.result).toEqual({ isRepeat: false, ordinal: 2, rowCount: ROWS })
  const resumed = deliver(prefix, 'one', path)
  expect(await resumed.result).toEqual({ isRepeat: false, ordinal: 1, rowCount: ROWS })
  await expectWhole(log, 'first.csv')
  await expectWhole(log, 'second.csv')
  // It began where the killed one was cut off.
  expect(resumed.lines.filter(line => line.batches !== undefined).length).toBe(ROWS / 20 - 5)
  await log.close()
})

test('one that slept past its session and wakes writes nothing more of a file that another has taken in', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix })
  const { path, letGo } = await heldTable('same.csv', 1)
  const sleeper = deliver(prefix, 'one', path)
  await sleeper.until(isHeld)
  sleeper.child.kill('SIGSTOP')
  await letGo()
  const other = deliver(prefix, 'two', path)
  expect(await other.result).toEqual({ isRepeat: false, ordinal: 1, rowCount: ROWS })
  sleeper.child.kill('SIGCONT')
  expect(await sleeper.result).toEqual({ isRepeat: true, ordinal: 1, rowCount: ROWS })
  await expectWhole(log, 'same.csv')
  expect(await rawRows(log)).toHaveLength(ROWS)
  await log.close()
})

test('of two readers of a group one holds a partition, up to its end, and the other once that one is closed', async () => {
  const prefix = place.freshPrefix()
  const logs = [
    await place.open({ prefix, transactionalId: `${prefix}one` }),
    await place.open({ prefix, transactionalId: `${prefix}two` }),
  ]
  await logs[0].transact({ outputs: [{ topic: 'deliveries', key: 'key', value: null }] })
  const [{ end }] = await logs[0].extents('deliveries')
  const options = { topics: ['deliveries'], group: 'group', from: 'latest' } as const
  const first = logs[0].openReader(options)
  const whole = [{ topic: 'deliveries', partition: 0, offset: end }]
  expect(await first.holding(never)).toEqual(whole)
  const second = logs[1].openReader(options)
  expect(await second.holding(never)).toEqual([])
  const refused = logs[1].transact({ outputs: [], group: 'group', offsets: whole })
  await expect(refused).rejects.toMatchObject({ code: 'LOG_REASSIGNED' })
  await first.close()
  while ((await second.holding(never)).length === 0) await sleep(50)
  await logs[1].transact({ outputs: [], group: 'group', offsets: await second.holding(never) })
  expect(await logs[0].committed('group')).toEqual(whole)
  for (const log of logs) await log.close()
})

test('one that is stopped while it waits has written nothing, and says so', async () => {
  const prefix = place.freshPrefix()
  const holder = await place.open({ prefix, transactionalId: `${prefix}holder` })
  const waiter = await place.open({ prefix, transactionalId: `${prefix}waiter` })
  const path = await table('first.csv', 1)
  const stop = new AbortController()
  onTestFinished(subscribe('notice', ({ message }) => isWaiting({ message }) && stop.abort()))
  const result = await inTurn(holder, never, () =>
    ingestFile(waiter, { path, survey: 'gaiaDr3' }, { signal: stop.signal, waitForRoom: async () => {} }),
  )
  expect(result).toMatchObject({ isRepeat: false, delivery: { file: 'first.csv', isComplete: false, rowCount: 0n } })
  expect(await rawRows(holder)).toEqual([])
  expect((await readDeliveries(holder)).size).toBe(0)
  for (const log of [holder, waiter]) await log.close()
})

test('two processes that put dead letters back at once put each back once', async () => {
  const prefix = place.freshPrefix()
  const log = await place.open({ prefix })
  const letters = Array.from({ length: 1500 }, (_, i) => {
    const row = { survey: 'gaiaDr3', file: 'a.csv', row: BigInt(i + 1), revision: revisionOf(1n, i + 1), cells: {} }
    const origin = `a.csv row ${i + 1}`
    const why = { step: 'ingest', code: 'VALUE_OUT_OF_RANGE', reason: 'no', origin } as const
    return createDeadLetter({ ...why, topic: 'raw', key: 'k', bytes: encode('rawRow', row) })
  })
  await log.transact({ outputs: letters.map(deadLetterOutput) })
  const results = await Promise.all(['one', 'two'].map(id => deliver(prefix, id, '').result))
  const rows = (await rawRows(log)).map(({ row }) => Number(row))
  expect(rows.sort((a, b) => a - b)).toEqual(letters.map((_, i) => i + 1))
  expect(results.map(({ redriven }) => redriven).sort()).toEqual([0, letters.length])
  await log.close()
})
