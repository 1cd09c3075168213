import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { copyLog, startPipeline } from '../../../actors/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { compareContents, countRecords, readLogContent } from '../../../ops/bench/logContent.ts'
import { type SampleTable, writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { type Log, topics } from '../../../streams/index.ts'
import { temporaryFolder, temporaryLog } from '../../actors/logFolder.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

async function ingest(log: Log, tables: readonly SampleTable[]): Promise<void> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  await pipeline.stop()
}

const openWide = (prefix: string, partitions: number) =>
  place.open({ prefix, topics: topics.map(topic => (topic.partitions === 1 ? topic : { ...topic, partitions })) })

test('a log that outgrew its folder moves to brokers, and from there to more partitions, and goes on as if it had always been there', async () => {
  const surveys = ['twoMass', 'gaiaDr3', 'allWise'] as const
  const tables = await writeSampleSurveys(await temporaryFolder(), {
    starCount: 150,
    starsPerDeg2: 20_000,
    seed: 21,
    surveys,
  })
  const whole = await temporaryLog()
  await ingest(whole, tables)
  const disk = await temporaryLog()
  await ingest(disk, tables.slice(0, 1))
  const options = async () => ({
    scratchFolder: await temporaryFolder(),
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  const first = await openWide(place.freshPrefix(), 6)
  await copyLog(disk, first, await options())
  expect(compareContents(await readLogContent(disk), await readLogContent(first))).toEqual([])
  await ingest(first, tables.slice(1, 2))

  const second = await openWide(place.freshPrefix(), 3)
  await copyLog(first, second, await options())
  const atRest = await readLogContent(second)
  expect(compareContents(await readLogContent(first), atRest)).toEqual([])
  await ingest(second, [])
  expect(countRecords(await readLogContent(second), 'posteriors')).toBe(countRecords(atRest, 'posteriors'))
  await ingest(second, tables.slice(2))
  expect(compareContents(await readLogContent(whole), await readLogContent(second))).toEqual([])
})
