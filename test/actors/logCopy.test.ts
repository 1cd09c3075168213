import { expect, onTestFinished, test } from 'vitest'
import { startPipeline } from '../../actors/index.ts'
import { copyLog } from '../../actors/logCopy.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { compareContents, countRecords, readLogContent } from '../../ops/bench/logContent.ts'
import { type SampleTable, writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { starHistory } from '../../ops/stars/starHistory.ts'
import { decode, encode } from '../../schemas/index.ts'
import { type Log, type LogBatch, openLog, type Topic, topics } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

async function ingest(log: Log, tables: readonly SampleTable[]): Promise<void> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  await pipeline.stop()
}

async function sampleTables(): Promise<readonly SampleTable[]> {
  const surveys = ['twoMass', 'gaiaDr3', 'allWise'] as const
  return writeSampleSurveys(await temporaryFolder(), { starCount: 120, starsPerDeg2: 20_000, seed: 12, surveys })
}

const withPartitions = (partitions: number): readonly Topic[] =>
  topics.map(topic => (topic.partitions === 1 ? topic : { ...topic, partitions }))

async function openTarget(partitions: number): Promise<Log> {
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: withPartitions(partitions) })
  onTestFinished(() => log.close())
  return log
}

async function copied(source: Log, target: Log, signal = new AbortController().signal) {
  const progress: number[] = []
  const onProgress = (done: number, total: number) => void progress.push(done / total)
  const result = await copyLog(source, target, { scratchFolder: await temporaryFolder(), signal, onProgress })
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  expect(progress.at(-1)).toBe(1)
  return result
}

/** Every star's posteriors, the oldest first, found by way of the places. */
async function histories(log: Log): Promise<Record<string, readonly string[]>> {
  const found: [string, string[]][] = []
  for (const { value } of await readTopic(log, 'latest-stars', 'star')) {
    if (value === null) continue
    const history = await starHistory(log, value)
    found.push([value.starId, history.map(({ posterior }) => posterior.posteriorId)])
  }
  return Object.fromEntries(found.sort())
}

/** The rows that the sources in force came from, found by way of their offsets. */
async function rowsInForce(log: Log): Promise<string[]> {
  const rows: string[] = []
  const raw = log.openReader({ topics: ['raw'], maxRecords: 100_000, maxBytes: 2 ** 30 })
  const records = (await raw.poll())?.records ?? []
  await raw.close()
  for (const { key, value } of await readTopic(log, 'sources', 'sourceRoute')) {
    const record = records.find(({ offset }) => BigInt(offset) === value?.rawOffset)
    if (record?.value == null) throw new Error(`${key} points at no row`)
    const { survey, row } = decode('rawRow', record.value)
    rows.push(`${key} ${survey} ${row} ${record.key}`)
  }
  return rows.sort()
}

test('a log that is copied to other partitions between two surveys ends as one that was not', async () => {
  const tables = await sampleTables()
  const whole = await temporaryLog()
  await ingest(whole, tables)
  const source = await temporaryLog()
  await ingest(source, tables.slice(0, 2))
  for (const partitions of [1, 7]) {
    const before = await readLogContent(source)
    const target = await openTarget(partitions)
    const { counts, keys } = await copied(source, target)
    expect(compareContents(before, await readLogContent(source))).toEqual([])
    expect(compareContents(before, await readLogContent(target))).toEqual([])
    expect(counts.posteriors).toBe(countRecords(before, 'posteriors'))
    expect(keys).toBeGreaterThan(500)
    expect(await histories(target)).toEqual(await histories(source))
    expect(await rowsInForce(target)).toEqual(await rowsInForce(source))

    // What was done is not done again, and what comes goes the way it would have gone.
    const posteriors = async () => (await readTopic(target, 'posteriors', 'posterior')).length
    const inferred = await posteriors()
    await ingest(target, [])
    expect(await posteriors()).toBe(inferred)
    await ingest(target, [tables[0]])
    expect(await posteriors()).toBe(inferred)
    await ingest(target, [tables[2]])
    expect(compareContents(await readLogContent(whole), await readLogContent(target))).toEqual([])
    expect(await histories(target)).toEqual(await histories(whole))
  }
})

test('offsets that are elsewhere in the copy are translated, and those of rows that are gone become null', async () => {
  const source = await temporaryLog()
  const row = (id: number, cells = {}) => ({
    topic: 'raw',
    key: `twoMass:${id}`,
    value: encode('rawRow', { survey: 'twoMass', file: 'a.csv', row: BigInt(id), revision: 1n, cells }),
  })
  const route = (rawOffset: bigint | null) =>
    encode('sourceRoute', {
      releaseRank: 1,
      revision: 1n,
      digest: '',
      origin: '',
      homes: [],
      guests: [],
      patches: [],
      rawOffset,
    })
  await source.transact({ outputs: [row(1), row(2), row(3)] })
  await source.transact({
    outputs: [
      { topic: 'sources', key: 'a', value: route(4n) },
      { topic: 'sources', key: 'b', value: route(null) },
      { topic: 'sources', key: 'c', value: route(2n) },
      { topic: 'sources', key: 'e', value: route(1n) },
      { topic: 'sources', key: 'd', value: route(2n) },
      { topic: 'sources', key: 'd', value: null },
    ],
    group: 'ingest',
    offsets: [{ topic: 'raw', partition: 0, offset: 3 }],
  })
  // As on brokers, where marks of transactions take offsets too, every other one is gone.
  const shifted: Log = new Proxy(source, {
    get(log, name) {
      const value = Reflect.get(log, name)
      if (name !== 'openReader') return typeof value === 'function' ? value.bind(log) : value
      return (options: Parameters<Log['openReader']>[0]) => {
        const reader = log.openReader(options)
        const shift = (batch: LogBatch | null): LogBatch | null =>
          batch === null || options.topics[0] !== 'raw'
            ? batch
            : { ...batch, records: batch.records.map(one => ({ ...one, offset: 2 * one.offset })) }
        return { ...reader, poll: async () => shift(await reader.poll()), close: () => reader.close() }
      }
    },
  })
  const target = await openTarget(3)
  await copied(shifted, target)
  const routes = await readTopic(target, 'sources', 'sourceRoute')
  const offsets = routes.map(({ key, value }) => [key, value === null ? 'tombstone' : value.rawOffset])
  expect(offsets.sort()).toEqual([
    ['a', 2n],
    ['b', null],
    ['c', 1n],
    ['d', 'tombstone'],
    ['e', null],
  ])
})

test('a log with work under way, a target that is not empty and a log that is written to are refused with a sentence', async () => {
  const tables = await sampleTables()
  const source = await temporaryLog()
  await ingest(source, tables.slice(0, 1))
  const waiting = await temporaryLog()
  await waiting.transact({ outputs: [{ topic: 'raw', key: 'a', value: new Uint8Array(3) }] })
  await expect(copied(waiting, await openTarget(4))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/ingest has 1 records to do/),
  })
  await expect(copied(source, waiting)).rejects.toMatchObject({ message: expect.stringMatching(/not empty/) })
  let writes = 0
  const disturbed: Log = new Proxy(await openTarget(4), {
    get(log, name) {
      const value = Reflect.get(log, name)
      if (name !== 'transact') return typeof value === 'function' ? value.bind(log) : value
      return async (transaction: Parameters<Log['transact']>[0]) => {
        if (writes++ === 2) await source.transact({ outputs: [{ topic: 'dead-letters', key: 'a', value: null }] })
        return log.transact(transaction)
      }
    },
  })
  await expect(copied(source, disturbed)).rejects.toMatchObject({ message: expect.stringMatching(/written to while/) })
})

test('a copy that is interrupted stops, and one that lost a record on its way is found out', async () => {
  const source = await temporaryLog()
  await ingest(source, (await sampleTables()).slice(0, 1))
  const stop = new AbortController()
  stop.abort(new Error('asked to stop'))
  await expect(copied(source, await openTarget(4), stop.signal)).rejects.toThrow('asked to stop')
  const forgetful: Log = new Proxy(await openTarget(4), {
    get(log, name) {
      const value = Reflect.get(log, name)
      if (name !== 'transact') return typeof value === 'function' ? value.bind(log) : value
      return async ({ outputs, ...rest }: Parameters<Log['transact']>[0]) =>
        log.transact({ outputs: outputs[0]?.topic === 'stars' ? outputs.slice(1) : outputs, ...rest })
    },
  })
  await expect(copied(source, forgetful)).rejects.toMatchObject({
    code: 'LOG_DAMAGED',
    message: expect.stringMatching(/stars: key .* differs/),
  })
})

test('records of a newer birthline are not copied: they may point where this one does not look', async () => {
  const source = await temporaryLog()
  const value = Buffer.from(encode('starAlias', { survey: 'gaiaDr3', source: '1', starId: 'gaiaDr3:1' }))
  value.writeUInt32BE(value.readUInt32BE(1) + 1, 1)
  await source.transact({ outputs: [{ topic: 'star-ids', key: 'gaiaDr3:1', value }] })
  await expect(copied(source, await openTarget(4))).rejects.toMatchObject({
    code: 'SCHEMA_UNKNOWN',
    message: expect.stringMatching(/starAlias records of a newer birthline/),
  })
})
