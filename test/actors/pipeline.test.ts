import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { tallyKey } from '../../actors/deliveryTally.ts'
import { fusePlan } from '../../actors/fuseActor.ts'
import { type Pipeline, redriveDeadLetters, startPipeline } from '../../actors/index.ts'
import { ingestPlan } from '../../actors/ingestActor.ts'
import { notifyPlan } from '../../actors/notifyActor.ts'
import { stateTopics } from '../../actors/pipeline.ts'
import { publishPlan } from '../../actors/publishActor.ts'
import { closedForm, openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { compareContents, readLogContent } from '../../ops/bench/logContent.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { encode, FusionError } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { topics } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

async function startOn(log: Log): Promise<Pipeline> {
  const model = await openPosteriorModel()
  const pipeline = startPipeline({ log, model, sampleCount: 32, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function writeTable(name: string, header: string, rows: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, [header, ...rows, ''].join('\n'))
  return path
}

const gaiaHeader = 'source_id,ra,dec,ra_error,dec_error,pmra,pmdec,pmra_error,pmdec_error,phot_g_mean_mag'
const twoMassHeader = 'designation,ra,dec,j_m,j_msigcom'
const gaiaRow = (id: number, ra: number, dec: number) => `${id},${ra},${dec},0.02,0.02,-5,3,0.03,0.03,14`
const twoMassRow = (id: string, ra: number, dec: number) => `${id},${ra},${dec},12.5,0.03`

test('a pipeline is idle once its stages know of their last commits, however late the log tells them', async () => {
  const log = await temporaryLog()
  const late: Log = new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'transact') return typeof value === 'function' ? value.bind(target) : value
      return async (transaction: Parameters<Log['transact']>[0]) => {
        const positions = await target.transact(transaction)
        await sleep(50)
        return positions
      }
    },
  })
  const pipeline = await startOn(late)
  const rows = Array.from({ length: 20 }, (_, i) => gaiaRow(i + 1, 50 + i, 24))
  await pipeline.ingest({ path: await writeTable('a.csv', gaiaHeader, rows), survey: 'gaiaDr3' })
  await pipeline.idle()
  const idle = await pipeline.status()
  expect(idle.at(-1)?.consumed).toBe(20)
  await sleep(200)
  expect(await pipeline.status()).toEqual(idle)
})

test('rows of two surveys become stars, and each version of a star has its posterior', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  const twoMass = await writeTable('a.csv', twoMassHeader, [twoMassRow('T1', 56, 24), twoMassRow('T2', 57, 25)])
  const gaia = await writeTable('b.csv', gaiaHeader, [gaiaRow(1, 56, 24), gaiaRow(3, 58, 26), 'x,1,2'])
  await pipeline.ingest({ path: twoMass, survey: 'twoMass' })
  await pipeline.idle()
  await pipeline.ingest({ path: gaia, survey: 'gaiaDr3' })
  await pipeline.idle()

  const stars = await readTopic(log, 'stars', 'star')
  const versions = stars.map(({ value }) => [value?.starId, value?.sources.length, value?.isRetired])
  expect(versions.sort()).toEqual([
    ['gaiaDr3:1', 2, false],
    ['gaiaDr3:3', 1, false],
    ['twoMass:T1', 0, true],
    ['twoMass:T1', 1, false],
    ['twoMass:T2', 1, false],
  ])
  const latest = await readTopic(log, 'latest-stars', 'star')
  expect(latest.flatMap(({ value }) => value?.starId ?? []).sort()).toEqual(['gaiaDr3:1', 'gaiaDr3:3', 'twoMass:T2'])

  const posteriors = await readTopic(log, 'posteriors', 'posterior')
  const ofVersions = posteriors.flatMap(({ value }) => value?.starVersion ?? []).sort()
  expect(ofVersions).toEqual(stars.flatMap(({ value }) => (value?.isRetired === false ? value.version : [])).sort())
  const newest = await readTopic(log, 'latest-posteriors', 'posterior')
  expect(newest.flatMap(({ value }) => value?.starId ?? []).sort()).toEqual(['gaiaDr3:1', 'gaiaDr3:3', 'twoMass:T2'])
  const one = newest.find(({ key }) => key === 'gaiaDr3:1')?.value
  const given = [
    { quantity: 'gMag', value: 14, err: 0.0038, isLimit: false },
    { quantity: 'jMag', value: 12.5, err: 0.032, isLimit: false },
  ]
  const { mean, sd } = closedForm({ key: '', given })
  // 32 samples: five standard errors.
  expect(Math.abs((one?.summaries[0].mean ?? 0) - mean)).toBeLessThan((5 * sd) / Math.sqrt(32))

  const alias = await log.latest('star-ids', 'twoMass:T1')
  expect(alias?.key).toBe('twoMass:T1')
  const letters = await readTopic(log, 'dead-letters', 'deadLetter')
  expect(letters.map(({ value }) => [value?.origin, value?.code])).toEqual([['b.csv row 3', expect.any(String)]])
  expect((await pipeline.status()).map(({ name, state, lag }) => [name, state, lag])).toEqual([
    ['ingest', 'running', 0],
    ['fuse', 'running', 0],
    ['infer', 'running', 0],
    ['publish', 'running', 0],
  ])
})

test('the order in which surveys are delivered does not show in the final stars', async () => {
  const folder = await temporaryFolder()
  const surveys = ['gaiaDr3', 'twoMass', 'allWise'] as const
  const tables = await writeSampleSurveys(folder, { starCount: 150, starsPerDeg2: 100_000, seed: 4, surveys })
  const outcomes: unknown[] = []
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const log = await temporaryLog()
    const pipeline = await startOn(log)
    for (const i of order) await pipeline.ingest(tables[i])
    await pipeline.idle()
    const stars = (await readTopic(log, 'latest-stars', 'star')).flatMap(({ value }) => value ?? [])
    const posteriors = (await readTopic(log, 'latest-posteriors', 'posterior')).flatMap(({ value }) => value ?? [])
    const aliases = (await readTopic(log, 'star-ids', 'starAlias')).map(({ key, value }) => `${key} ${value?.starId}`)
    outcomes.push({
      stars: stars.sort((a, b) => (a.starId < b.starId ? -1 : 1)),
      posteriors: posteriors.map(({ starId, posteriorId }) => `${starId} ${posteriorId}`).sort(),
      aliases: aliases.sort(),
    })
    await pipeline.stop()
  }
  expect(outcomes[1]).toEqual(outcomes[0])
  expect(outcomes[2]).toEqual(outcomes[0])
})

test('a pipeline that is stopped in the middle and started again ends as if it had never been stopped', async () => {
  const folder = await temporaryFolder()
  const surveys = ['twoMass', 'gaiaDr3'] as const
  const tables = await writeSampleSurveys(folder, { starCount: 200, starsPerDeg2: 20_000, seed: 6, surveys })
  const whole = await temporaryLog()
  const undisturbed = await startOn(whole)
  for (const table of tables) await undisturbed.ingest(table)
  await undisturbed.idle()
  await undisturbed.stop()

  const log = await temporaryLog()
  for (let stops = 0; stops < 6; stops++) {
    const pipeline = await startOn(log)
    const deliveries = tables.map(table => pipeline.ingest(table))
    await new Promise(resolve => setTimeout(resolve, 20 * stops))
    await pipeline.stop()
    await Promise.all(deliveries)
  }
  const last = await startOn(log)
  for (const table of tables) await last.ingest(table)
  await last.idle()
  expect(compareContents(await readLogContent(whole), await readLogContent(log))).toEqual([])
  expect(await placesSaid(log)).toEqual(await placesOfPosteriors(log))
})

/** Star and place of every posterior, as the index of places has them. */
async function placesSaid(log: Log): Promise<readonly string[]> {
  const said = await readTopic(log, 'posterior-places', 'posteriorPlaces')
  // The last record of a key holds, whether or not those before it are gone.
  return [...new Map(said.map(({ key, value }) => [key, value]))]
    .flatMap(([key, value]) => value?.offsets.map(offset => `${key} ${value.partition} ${offset}`) ?? [])
    .sort()
}

/** The same, found by reading all of them. */
async function placesOfPosteriors(log: Log): Promise<readonly string[]> {
  const places: string[] = []
  const reader = log.openReader({ topics: ['posteriors'] })
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
    for (const { key, value, partition, offset } of batch.records)
      if (value !== null) places.push(`${key} ${partition} ${offset}`)
  }
  await reader.close()
  return places.sort()
}

test('a slow model pauses the file: no more records are under way than allowed, plus one batch', async () => {
  const log = await temporaryLog()
  const folder = await temporaryFolder()
  const plan = { starCount: 2200, starsPerDeg2: 1000, seed: 8, surveys: ['gaiaDr3'] as const }
  const [table] = await writeSampleSurveys(folder, plan)
  const model = await openPosteriorModel()
  let release = () => {}
  const opened = new Promise<void>(resolve => {
    release = resolve
  })
  const held = {
    ...model,
    infer: async (...args: Parameters<typeof model.infer>) => opened.then(() => model.infer(...args)),
  }
  const pipeline = startPipeline({ log, model: held, sampleCount: 16, seed: 1n, maxLag: 500 })
  onTestFinished(() => pipeline.stop())
  const delivery = pipeline.ingest(table)
  const isStill = async () => {
    const before = await pipeline.status()
    await new Promise(resolve => setTimeout(resolve, 300))
    const after = await pipeline.status()
    return after.every(({ consumed }, i) => consumed === before[i].consumed) && after[0].consumed > 0
  }
  while (!(await isStill())) {}
  const [raw] = await log.extents('raw')
  expect(raw.end).toBeLessThan(2100)
  release()
  expect((await delivery).delivery.isComplete).toBe(true)
  await pipeline.idle()
  expect((await pipeline.status()).map(({ lag }) => lag)).toEqual([0, 0, 0, 0])
})

test('a lost worker is made up for by a restart, and a model that does not match ends the pipeline with its error', async () => {
  const log = await temporaryLog()
  const gaia = await writeTable('b.csv', gaiaHeader, [gaiaRow(1, 56, 24), gaiaRow(3, 58, 26)])
  const model = await openPosteriorModel()
  let answers = 0
  const flaky = {
    ...model,
    async infer(...args: Parameters<typeof model.infer>) {
      if (++answers <= 2) throw new FusionError('WORKER_LOST', 'A worker died.')
      return model.infer(...args)
    },
  }
  const backoff = { firstMs: 1, factor: 1, maxMs: 1, resetAfterMs: 60_000, maxRestarts: 5 }
  const pipeline = startPipeline({ log, model: flaky, sampleCount: 16, seed: 1n, backoff })
  await pipeline.ingest({ path: gaia, survey: 'gaiaDr3' })
  await pipeline.idle()
  expect(await readTopic(log, 'posteriors', 'posterior')).toHaveLength(2)
  expect((await pipeline.status()).find(({ name }) => name === 'infer')?.restarts).toBeGreaterThan(0)
  await pipeline.stop()

  const error = new FusionError('MODEL_MISMATCH', 'The checkpoint is of other schemas.')
  const broken = {
    ...model,
    async infer() {
      throw error
    },
  }
  const second = startPipeline({ log, model: broken, sampleCount: 16, seed: 1n, backoff })
  await second.ingest({ path: await writeTable('c.csv', gaiaHeader, [gaiaRow(9, 50, 2)]), survey: 'gaiaDr3' })
  await expect(second.idle()).rejects.toBe(error)
  expect(second.failed.reason).toBe(error)
  await second.stop()
})

test('a dead letter that is put back after a fix goes the rest of its way', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  const row = {
    survey: 'gaiaDr3',
    file: 'a.csv',
    row: 1n,
    revision: 5n,
    cells: { source_id: '8', ra: '400', dec: '1' },
  }
  await log.transact({ outputs: [{ topic: 'raw', key: 'k', value: encode('rawRow', row) }] })
  await pipeline.idle()
  const [{ value: letter }] = await readTopic(log, 'dead-letters', 'deadLetter')
  // The fix, as a new version of a survey file would make it: the same letter, its record now readable.
  const mended = encode('rawRow', { ...row, cells: { ...row.cells, ra: '40' } })
  if (letter === null) throw new RangeError('no letter')
  const output = {
    topic: 'dead-letters',
    key: letter.origin,
    value: encode('deadLetter', { ...letter, bytes: mended }),
  }
  await log.transact({ outputs: [output] })
  const never = new AbortController().signal
  expect(await redriveDeadLetters(log, { isWanted: () => true, signal: never })).toMatchObject({ redriven: 1 })
  await pipeline.idle()
  expect((await readTopic(log, 'latest-posteriors', 'posterior')).map(({ key }) => key)).toEqual(['gaiaDr3:8'])
})

test('what stages keep state in is compacted, and none of it is forgotten', async () => {
  const keys = ['a key', tallyKey(1n), '5/gaiaDr3:5']
  const topicsOf = (plan: { topicOf(key: string): string } | null) => keys.map(key => plan?.topicOf(key))
  const states = [ingestPlan.state, fusePlan(new Map()).state, publishPlan(await temporaryLog()).state]
  const notifying = notifyPlan(await temporaryLog()).state
  expect(new Set([...states.flatMap(topicsOf), ...topicsOf(notifying)])).toEqual(new Set(stateTopics))
  for (const name of stateTopics) expect(topics.find(topic => topic.name === name)?.keep).toBe('latest')
})
