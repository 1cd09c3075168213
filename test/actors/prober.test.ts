import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createManualClock, type ManualClock } from '../../actors/clock.ts'
import { type Pipeline, pipelineGroups, startPipeline } from '../../actors/index.ts'
import { type Prober, startProber } from '../../actors/prober.ts'
import type { PosteriorModel } from '../../models/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { readLogContent } from '../../ops/bench/logContent.ts'
import { FusionError, isProbeStar, subscribe } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

const question = { sampleCount: 32, seed: 1n }
const INTERVAL_MS = 10_000

async function startOn(log: Log, model?: PosteriorModel): Promise<Pipeline> {
  const pipeline = startPipeline({ log, model: model ?? (await openPosteriorModel()), ...question })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

interface Probing {
  readonly log: Log
  readonly clock: ManualClock
  readonly prober: Prober
  /** Of the probes decided so far. */
  readonly outcomes: readonly string[]
  readonly latenciesMs: readonly (number | null)[]
}

async function startProbing(log: Log): Promise<Probing> {
  const clock = createManualClock()
  const outcomes: string[] = []
  const latenciesMs: (number | null)[] = []
  onTestFinished(
    subscribe('probe', ({ outcome, latencyMs }) => {
      outcomes.push(outcome)
      latenciesMs.push(latencyMs)
    }),
  )
  const dayMs = () => 1_700_000_000_000 + clock.nowMs()
  const model = await openPosteriorModel()
  const options = { ...question, log, model, groups: pipelineGroups, intervalMs: INTERVAL_MS, clock, dayMs }
  const prober = startProber(options)
  onTestFinished(() => prober.stop())
  return { log, clock, prober, outcomes, latenciesMs }
}

const sentCount = async (log: Log) => (await log.extents('raw'))[0].end

/** Once the prober sleeps, for the next probe and the next look, time goes on. */
async function advance({ clock }: Probing, durationMs: number): Promise<void> {
  await expect.poll(() => clock.sleeping).toHaveLength(2)
  clock.advance(durationMs)
}

async function sendOne(probing: Probing): Promise<void> {
  const before = await sentCount(probing.log)
  await advance(probing, INTERVAL_MS)
  await expect.poll(() => sentCount(probing.log)).toBe(before + 1)
}

const untilDecided = ({ outcomes }: Probing, count: number) => expect.poll(() => outcomes).toHaveLength(count)

async function writeTable(header: string, row: string): Promise<string> {
  const path = join(await temporaryFolder(), 'table.csv')
  await writeFile(path, `${header}\n${row}\n`)
  return path
}

/** Topics that users read, or that hold what is made for them. */
const usersTopics = [
  ...['posteriors', 'latest-posteriors', 'samples', 'latest-stars', 'star-ids', 'posterior-places', 'dead-letters'],
  ...['candidates', 'sources', 'tallies', 'deliveries', 'classes.young.above50', 'classes.mainSequence.above50'],
]

test('probes go the whole way and come out right, and no topic of users knows of them', async () => {
  const log = await temporaryLog()
  const probing = await startProbing(log)
  await startOn(log)
  // Around all places, and once more: what was sent before is superseded.
  for (let count = 1; count <= 6; count++) {
    await sendOne(probing)
    await untilDecided(probing, count)
  }
  expect(probing.outcomes).toEqual(Array(6).fill('right'))
  expect(probing.prober.last()).toMatchObject({ probeOutcome: 'right', probeSentMs: 1_700_000_060_000n })
  expect(probing.prober.last()?.probeLatencyMs).toBeGreaterThanOrEqual(0)
  expect(probing.prober.trouble()).toBeNull()
  const content = await readLogContent(log)
  for (const topic of usersTopics) expect([topic, content.get(topic)?.size]).toEqual([topic, 0])
  expect(content.get('probes')?.size).toBe(4)
  expect((await readTopic(log, 'stars', 'star')).map(({ key }) => isProbeStar(key ?? ''))).toEqual(Array(6).fill(true))
})

test('a user’s star at the very place of a probe is not joined with it, nor it with the star', async () => {
  const log = await temporaryLog()
  const probing = await startProbing(log)
  const pipeline = await startOn(log)
  await sendOne(probing)
  await untilDecided(probing, 1)
  const gaia = 'source_id,ra,dec,ra_error,dec_error,pmra,pmdec,pmra_error,pmdec_error,phot_g_mean_mag'
  const table = await writeTable(gaia, '7,45.1,12.3,0.02,0.02,0,0,0.03,0.03,14')
  await pipeline.ingest({ path: table, survey: 'gaiaDr3' })
  await pipeline.ingest({
    path: await writeTable('designation,ra,dec,j_m,j_msigcom', 'T1,45.1,12.3,12.5,0.03'),
    survey: 'twoMass',
  })
  await pipeline.idle()
  const before = await sentCount(log)
  for (let count = 2; count <= 5; count++) {
    await sendOne(probing)
    await untilDecided(probing, count)
  }
  expect(await sentCount(log)).toBe(before + 4)
  expect(probing.outcomes).toEqual(Array(5).fill('right'))
  const stars = (await readTopic(log, 'latest-stars', 'star')).flatMap(({ value }) => value ?? [])
  expect(stars.map(({ starId, sources }) => [starId, sources.map(({ source }) => source)])).toEqual([
    ['gaiaDr3:7', ['7', 'T1']],
  ])
  const posteriors = await readTopic(log, 'posteriors', 'posterior')
  expect(posteriors.map(({ key }) => key)).toEqual(['gaiaDr3:7', 'gaiaDr3:7'])
})

test('a row of a user under the name of a probe is refused, and says why', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  const path = await writeTable('designation,ra,dec,j_m', 'birthline-probe-1,45.1,12.3,12.5')
  await pipeline.ingest({ path, survey: 'twoMass' })
  await pipeline.idle()
  const [letter] = await readTopic(log, 'dead-letters', 'deadLetter')
  expect(letter.value?.code).toBe('VALUE_OUT_OF_RANGE')
  expect(letter.value?.reason).toContain('table.csv row 1: birthline-probe-1 is a name that birthline keeps')
  expect(await readTopic(log, 'stars', 'star')).toEqual([])
})

test('a model that answers otherwise than it should is told wrong, and in the end as trouble', async () => {
  const log = await temporaryLog()
  const probing = await startProbing(log)
  const model = await openPosteriorModel()
  let isLying = true
  const liar: PosteriorModel = {
    ...model,
    async infer(stars, options) {
      const answers = await model.infer(stars, options)
      return isLying
        ? answers.map(one => ({ ...one, samples: one.samples.map((x, i) => (i === 5 ? x + 1e-6 : x)) }))
        : answers
    },
  }
  await startOn(log, liar)
  for (let count = 1; count <= 3; count++) {
    expect(probing.prober.trouble()).toBeNull()
    await sendOne(probing)
    await untilDecided(probing, count)
  }
  expect(probing.outcomes).toEqual(['wrong', 'wrong', 'wrong'])
  expect(probing.prober.trouble()).toContain('The last 3 probes were wrong or lost')
  isLying = false
  await sendOne(probing)
  await untilDecided(probing, 4)
  expect([probing.outcomes.at(-1), probing.prober.trouble()]).toEqual(['right', null])
})

test('a stage that stands still is named, and a probe that comes after all is late', async () => {
  const log = await temporaryLog()
  const probing = await startProbing(log)
  await sendOne(probing)
  await advance(probing, 6000)
  await advance(probing, 30_000)
  expect(probing.prober.trouble()).toBeNull()
  await advance(probing, 31_000)
  await expect.poll(() => probing.prober.trouble()).toMatch(/: ingest has \d records to do and has not moved for 6\d s/)
  await startOn(log)
  // Others that were sent meanwhile may come before it: they take other partitions.
  const longest = () => Math.max(0, ...probing.latenciesMs.map(latencyMs => latencyMs ?? 0))
  await expect.poll(() => longest()).toBeGreaterThan(60_000)
  expect(probing.outcomes[probing.latenciesMs.indexOf(longest())]).toBe('late')
})

test('a probe that nothing came of is lost once nothing is left to do, and leaves no dead letter', async () => {
  const log = await temporaryLog()
  const probing = await startProbing(log)
  const refusing: PosteriorModel = {
    ...(await openPosteriorModel()),
    infer: () => Promise.reject(new FusionError('VALUE_OUT_OF_RANGE', 'No such star.')),
  }
  const pipeline = await startOn(log, refusing)
  await sendOne(probing)
  await pipeline.idle()
  await advance(probing, 6000)
  await advance(probing, 20_000)
  expect(probing.outcomes).toEqual([])
  await advance(probing, 31_000)
  await expect.poll(() => probing.outcomes[0]).toBe('lost')
  expect(probing.latenciesMs[0]).toBeNull()
  expect(await readTopic(log, 'dead-letters', 'deadLetter')).toEqual([])
})
