import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  isRolledBack,
  isTakenBack,
  type Pipeline,
  readDeliveries,
  readRefusals,
  readTally,
  startPipeline,
} from '../../actors/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { type SampleTable, writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

async function startOn(log: Log): Promise<Pipeline> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

/** What is in force: newest star and posterior of each id, and which ids lead to a star. */
async function inForce(log: Log) {
  const stars = new Map<string, unknown>()
  for (const { key, value } of await readTopic(log, 'latest-stars', 'star')) stars.set(`${key}`, value)
  const posteriors = new Map<string, unknown>()
  for (const { key, value } of await readTopic(log, 'latest-posteriors', 'posterior')) posteriors.set(`${key}`, value)
  const ids = new Map<string, string | undefined>()
  for (const { key, value } of await readTopic(log, 'star-ids', 'starAlias')) ids.set(`${key}`, value?.starId)
  const isThere = ([, value]: readonly [string, unknown]) => value !== null
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].filter(isThere).sort(([a], [b]) => (a < b ? -1 : 1))
  const leading = [...ids].filter(([, star]) => star !== undefined && (stars.get(star) ?? null) !== null)
  return { stars: sorted(stars), posteriors: sorted(posteriors), ids: leading.sort(([a], [b]) => (a < b ? -1 : 1)) }
}

/** The same sky as two releases of Gaia and as 2MASS see it; the second release says everything otherwise. */
async function releases(starCount: number): Promise<{ first: SampleTable; second: SampleTable; twoMass: SampleTable }> {
  const folder = await temporaryFolder()
  const plan = { starCount, starsPerDeg2: 20_000, seed: 4, surveys: ['gaiaDr3', 'twoMass'] as const }
  const [first, twoMass] = await writeSampleSurveys(folder, plan)
  await mkdir(join(folder, 'second'))
  const more = { starCount: starCount + 40, starsPerDeg2: 6000, seed: 5, surveys: ['gaiaDr3'] as const }
  const [second] = await writeSampleSurveys(join(folder, 'second'), more)
  return { first: { ...first, survey: 'gaiaDr2' }, second, twoMass }
}

test('a release that was rolled back leaves stars, posteriors and ids as if it had never come, and can come again', async () => {
  const { first, second, twoMass } = await releases(80)
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  for (const table of [first, twoMass]) await pipeline.ingest(table)
  await pipeline.idle()
  const before = await inForce(log)
  await pipeline.ingest(second)
  await pipeline.idle()
  const between = await inForce(log)
  expect(between.stars).not.toEqual(before.stars)

  const result = await pipeline.rollBack(3n)
  await pipeline.idle()
  expect(result).toMatchObject({ isComplete: true, isRepeat: false, unknownCount: 0 })
  expect(await inForce(log)).toEqual(before)
  const { newCount, changedCount, restoredCount, withdrawnCount } = await readTally(log, 3n)
  expect(restoredCount).toBe(changedCount)
  expect(withdrawnCount).toBe(newCount)
  expect(result.sentCount).toBe(Number(newCount + changedCount))
  // Rows of it that were refused wait no more.
  for await (const { letter, state } of readRefusals(log)) {
    if (letter.origin.startsWith('sample.gaiaDr3.csv') && letter.topic !== '') expect(state).toBe('superseded')
  }

  expect(await pipeline.rollBack(3n)).toMatchObject({ isRepeat: true, sentCount: 0 })
  const again = await pipeline.ingest(second)
  await pipeline.idle()
  expect(again).toMatchObject({ isRepeat: false, delivery: { ordinal: 4n } })
  expect((await inForce(log)).stars).toEqual(between.stars)
  const deliveries = [...(await readDeliveries(log)).values()]
  expect(deliveries.map(one => [one.ordinal, isTakenBack(one), isRolledBack(one)])).toEqual([
    [1n, false, false],
    [2n, false, false],
    [3n, true, true],
    [4n, false, false],
  ])
})

/** The same row with another G magnitude. */
function brighter(line: string): string {
  const cells = line.split(',')
  return cells.with(11, `${Number(cells[11]) - 0.5}`).join(',')
}

test('a release with one row in a hundred changed costs what these rows cost, and so does its rollback', async () => {
  const { first } = await releases(400)
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await pipeline.ingest(first)
  await pipeline.idle()
  const before = await inForce(log)
  const written = async () => {
    const ends = async (topic: string) => (await log.extents(topic)).reduce((sum, { end }) => sum + end, 0)
    return {
      observations: await ends('observations'),
      stars: await ends('stars'),
      posteriors: await ends('posteriors'),
    }
  }
  const start = await written()
  const lines = (await readFile(first.path, 'utf8')).trimEnd().split('\n')
  const isChanged = (i: number) => i > 0 && i % 100 === 50
  const changed = lines.map((line, i) => (isChanged(i) ? brighter(line) : line))
  const path = join(await temporaryFolder(), 'again.csv')
  await writeFile(path, [...changed, ''].join('\n'))
  await pipeline.ingest({ path, survey: first.survey })
  await pipeline.idle()
  const tally = await readTally(log, 2n)
  expect(Number(tally.changedCount)).toBe(lines.filter((_, i) => isChanged(i)).length)
  expect(Number(tally.unchangedCount)).toBeGreaterThan(380)
  const after = await written()
  // A source close to a border of regions is sent to each of them.
  expect(after.observations - start.observations).toBeGreaterThanOrEqual(4)
  expect(after.observations - start.observations).toBeLessThanOrEqual(16)
  expect(after.stars - start.stars).toBeLessThanOrEqual(8)
  const rawBefore = (await log.extents('raw'))[0].end
  const { sentCount } = await pipeline.rollBack(2n)
  await pipeline.idle()
  expect(sentCount).toBe(4)
  expect((await log.extents('raw'))[0].end - rawBefore).toBe(4)
  expect((await inForce(log)).stars).toEqual(before.stars)
})

test('a rollback that is stopped goes on, and a number that no delivery has is told', async () => {
  const { first } = await releases(60)
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await pipeline.ingest(first)
  await pipeline.idle()
  await expect(pipeline.rollBack(7n)).rejects.toMatchObject({ code: 'QUESTION_INVALID' })
  const stop = new AbortController()
  stop.abort()
  expect(await pipeline.rollBack(1n, stop.signal)).toMatchObject({ isComplete: false, sentCount: 0 })
  expect(await pipeline.rollBack(1n)).toMatchObject({ isComplete: true })
  await pipeline.idle()
  expect(await inForce(log)).toEqual({ stars: [], posteriors: [], ids: [] })
})
