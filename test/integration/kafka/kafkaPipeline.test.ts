import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Pipeline, pipelineGroups, startHeartbeat, startPipeline, startProber } from '../../../actors/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { compareContents, countRecords, readLogContent } from '../../../ops/bench/logContent.ts'
import { writeSampleSpectra } from '../../../ops/bench/sampleSpectra.ts'
import { type SampleTable, writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { subscribe } from '../../../schemas/index.ts'
import type { Log } from '../../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from '../../actors/logFolder.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

async function startOn(log: Log): Promise<Pipeline> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 32, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function sampleTables(starCount: number, seed: number): Promise<readonly SampleTable[]> {
  const surveys = ['twoMass', 'gaiaDr3'] as const
  return writeSampleSurveys(await temporaryFolder(), { starCount, starsPerDeg2: 20_000, seed, surveys })
}

async function ingestAll(log: Log, tables: readonly SampleTable[]): Promise<void> {
  const pipeline = await startOn(log)
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  const idle = await pipeline.status()
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(await pipeline.status()).toEqual(idle)
  await pipeline.stop()
}

test('the whole pipeline leaves on Kafka what it leaves on disk, record for record', async () => {
  const tables = await sampleTables(300, 4)
  const disk = await temporaryLog()
  await ingestAll(disk, tables)
  const kafka = await place.open({ prefix: place.freshPrefix() })
  await ingestAll(kafka, tables)
  const expected = await readLogContent(disk)
  expect(countRecords(expected, 'latest-posteriors')).toBeGreaterThan(200)
  expect(compareContents(expected, await readLogContent(kafka))).toEqual([])
  await kafka.close()
})

test('spectra that come before their stars and after them leave on Kafka what they leave on disk', async () => {
  const tables = await sampleTables(150, 9)
  const folder = await temporaryFolder()
  const write = (from: number) =>
    writeSampleSpectra(join(folder, `${from}.csv`), tables[1], { every: 3, from, seed: 4 })
  const [early, late] = [await write(0), await write(1)]
  const disk = await temporaryLog()
  const kafka = await place.open({ prefix: place.freshPrefix() })
  for (const log of [disk, kafka]) for (const some of [[early], tables, [late]]) await ingestAll(log, some)
  const [expected, found] = [await readLogContent(disk), await readLogContent(kafka)]
  // Those of several partitions come to a region as chance has it.
  const differences = compareContents(expected, found).filter(said => !said.startsWith('observations: '))
  expect(differences).toEqual([])
  expect(countRecords(found, 'observations')).toBe(countRecords(expected, 'observations'))
  const stars = (await readTopic(kafka, 'latest-stars', 'star')).flatMap(({ value }) => value?.spectra ?? [])
  expect(stars.length).toBeGreaterThan(80)
  await kafka.close()
})

test('a pipeline on Kafka that is stopped in the middle and started again ends as if it had never been stopped', async () => {
  const tables = await sampleTables(200, 6)
  const disk = await temporaryLog()
  await ingestAll(disk, tables)
  const prefix = place.freshPrefix()
  for (let stops = 0; stops < 5; stops++) {
    const log = await place.open({ prefix })
    const pipeline = await startOn(log)
    const deliveries = tables.map(table => pipeline.ingest(table))
    await new Promise(resolve => setTimeout(resolve, 150 * stops))
    await pipeline.stop()
    await Promise.all(deliveries)
    await log.close()
  }
  const log = await place.open({ prefix })
  await ingestAll(log, tables)
  expect(compareContents(await readLogContent(disk), await readLogContent(log))).toEqual([])
  await log.close()
})

test('a delivery that is taken back on Kafka, and stopped and asked for again on the way, leaves what it leaves on disk', async () => {
  const tables = await sampleTables(150, 5)
  const disk = await temporaryLog()
  await ingestAll(disk, tables)
  const alone = await startOn(disk)
  expect(await alone.rollBack(2n)).toMatchObject({ isComplete: true, unknownCount: 0 })
  await alone.idle()
  await alone.stop()
  const prefix = place.freshPrefix()
  let log = await place.open({ prefix })
  await ingestAll(log, tables)
  const cut = await startOn(log)
  const begun = cut.rollBack(2n)
  await new Promise(resolve => setTimeout(resolve, 150))
  await cut.stop()
  await begun
  await log.close()
  log = await place.open({ prefix })
  const pipeline = await startOn(log)
  expect(await pipeline.rollBack(2n)).toMatchObject({ isComplete: true })
  await pipeline.idle()
  const expected = await readLogContent(disk)
  expect(countRecords(expected, 'raw')).toBeGreaterThan(300)
  expect(compareContents(expected, await readLogContent(log))).toEqual([])
  expect(await pipeline.rollBack(2n)).toMatchObject({ isRepeat: true, sentCount: 0 })
  await pipeline.stop()
  await log.close()
})

test('a second process that takes part leaves nothing twice and nothing out', async () => {
  const tables = await sampleTables(400, 8)
  const disk = await temporaryLog()
  await ingestAll(disk, tables)
  const failures: string[] = []
  onTestFinished(subscribe('failure', ({ actor, code, decision }) => failures.push(`${actor} ${code} ${decision}`)))
  const prefix = place.freshPrefix()
  const one = await place.open({ prefix, transactionalId: `${prefix}one` })
  const two = await place.open({ prefix, transactionalId: `${prefix}two` })
  const first = await startOn(one)
  const delivery = first.ingest(tables[0])
  const second = await startOn(two)
  await delivery
  const later = first.ingest(tables[1])
  await new Promise(resolve => setTimeout(resolve, 300))
  await second.stop()
  await later
  await first.idle()
  expect(compareContents(await readLogContent(disk), await readLogContent(one))).toEqual([])
  expect(failures.filter(failure => !failure.endsWith('LOG_REASSIGNED restart'))).toEqual([])
  await first.stop()
  await one.close()
  await two.close()
})

test('heartbeats and probes of two processes come through on Kafka, right, and leave nothing among users’ stars', async () => {
  const prefix = place.freshPrefix()
  const wrong: string[] = []
  onTestFinished(subscribe('probe', ({ outcome }) => void (outcome === 'wrong' && wrong.push(outcome))))
  const processes = await Promise.all(
    ['one', 'two'].map(async name => {
      const log = await place.open({ prefix, transactionalId: `${prefix}${name}` })
      const pipeline = await startOn(log)
      const model = await openPosteriorModel()
      const asked = { log, groups: pipelineGroups, sampleCount: 32, seed: 1n }
      const prober = startProber({ ...asked, model, intervalMs: 300 })
      const lastProbe = () => prober.last()
      const heartbeat = startHeartbeat({ ...asked, model: model.fingerprint, lastProbe })
      return { log, pipeline, prober, heartbeat }
    }),
  )
  const [{ log }] = processes
  const beats = async () => (await readTopic(log, 'heartbeat', 'heartbeat')).flatMap(({ value }) => value ?? [])
  const told = async () =>
    (await beats()).filter(({ probeOutcome }) => probeOutcome === 'right' || probeOutcome === 'late')
  await expect
    .poll(async () => new Set((await told()).map(({ process }) => process)), { interval: 500 })
    .toEqual(new Set([`${prefix}one`, `${prefix}two`]))
  for (const one of processes) await one.prober.stop()
  for (const one of processes) await one.pipeline.stop()
  for (const one of processes) await one.heartbeat.stop()
  expect(wrong).toEqual([])
  const ends = (await beats()).filter(({ isLast }) => isLast).map(({ process }) => process)
  expect(ends.sort()).toEqual([`${prefix}one`, `${prefix}two`])
  const content = await readLogContent(log)
  for (const topic of ['posteriors', 'latest-posteriors', 'samples', 'latest-stars', 'star-ids', 'dead-letters']) {
    expect([topic, content.get(topic)?.size]).toEqual([topic, 0])
  }
  for (const one of processes) await one.log.close()
})
