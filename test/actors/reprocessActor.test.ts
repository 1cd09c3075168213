import { expect, onTestFinished, test } from 'vitest'
import {
  checkServing,
  claimServing,
  type Pipeline,
  type PipelineOptions,
  serveModel,
  servingModel,
  startPipeline,
} from '../../actors/index.ts'
import type { PosteriorModel } from '../../models/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { readCatalogue } from '../../ops/stars/catalogueWriter.ts'
import type { Posterior } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

/** Another model: it answers as the first would to another seed. */
async function otherModel(): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  return {
    ...model,
    fingerprint: 'other',
    infer: (stars, options) => model.infer(stars, { ...options, seed: options.seed + 1n }),
  }
}

type Extra = Partial<Pick<PipelineOptions, 'model' | 'candidate' | 'promotes'>>

async function startOn(log: Log, extra: Extra = {}): Promise<Pipeline> {
  const model = await openPosteriorModel()
  const pipeline = startPipeline({ log, model, sampleCount: 16, seed: 1n, ...extra })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function run(
  log: Log,
  extra: Extra = {},
  tables: readonly Parameters<Pipeline['ingest']>[0][] = [],
): Promise<void> {
  const pipeline = await startOn(log, extra)
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  await pipeline.stop()
}

async function newest(log: Log, topic: 'latest-posteriors' | 'candidates'): Promise<Map<string, Posterior>> {
  const entries = await readTopic(log, topic, 'posterior')
  const byStar = new Map<string, Posterior>()
  for (const { key, value } of entries) {
    if (key === null) continue
    if (value === null) byStar.delete(key)
    else byStar.set(key, value)
  }
  return byStar
}

const facts = (posteriors: Map<string, Posterior>) =>
  [...posteriors.values()]
    .map(({ starId, posteriorId, starVersion, model }) => [starId, posteriorId, starVersion, model])
    .sort()

async function sampleTables() {
  const surveys = ['twoMass', 'gaiaDr3'] as const
  return writeSampleSurveys(await temporaryFolder(), { starCount: 120, starsPerDeg2: 20_000, seed: 5, surveys })
}

test('a reprocessed log ends with what the new model would have said from the start', async () => {
  const [twoMass, gaia] = await sampleTables()
  const direct = await temporaryLog()
  await run(direct, { model: await otherModel() }, [twoMass, gaia])

  const log = await temporaryLog()
  await run(log, {}, [twoMass])
  const before = facts(await newest(log, 'latest-posteriors'))
  // A survey arrives while the other model is at work: both see it.
  await run(log, { candidate: await otherModel() }, [gaia])
  const [inForce, candidates] = [await newest(log, 'latest-posteriors'), await newest(log, 'candidates')]
  expect(new Set([...inForce.values()].map(({ model }) => model))).toEqual(new Set(['closedForm']))
  expect(facts(candidates)).toEqual(facts(await newest(direct, 'latest-posteriors')))
  expect(facts(inForce)).not.toEqual(before)

  await serveModel(log, 'other')
  // Whoever reads sees the change at once, before anything is handed on.
  const served: Posterior[] = []
  for await (const { posterior } of readCatalogue(log)) served.push(posterior)
  expect(facts(new Map(served.map(one => [one.starId, one])))).toEqual(facts(candidates))
  await run(log, { model: await otherModel(), promotes: true })
  const after = await newest(log, 'latest-posteriors')
  expect(facts(after)).toEqual(facts(await newest(direct, 'latest-posteriors')))
  expect([...after.values()].every(({ isReprocessed }) => isReprocessed === true)).toBe(true)
  // Once more changes nothing.
  const count = (await readTopic(log, 'posteriors', 'posterior')).length
  await run(log, { model: await otherModel(), promotes: true, candidate: await otherModel() })
  expect((await readTopic(log, 'posteriors', 'posterior')).length).toBe(count)
})

test('a candidate of a star that has changed since does not take the place of what came later', async () => {
  const [twoMass, gaia] = await sampleTables()
  const log = await temporaryLog()
  await run(log, {}, [gaia])
  await run(log, { candidate: await otherModel() })
  await serveModel(log, 'other')
  // The stars change under the new model first; the candidates, of their earlier versions, are handed on afterwards.
  await run(log, { model: await otherModel() }, [twoMass])
  const before = await newest(log, 'latest-posteriors')
  await run(log, { model: await otherModel(), promotes: true })
  const handedOn = (await readTopic(log, 'posteriors', 'posterior')).filter(({ value }) => value?.isReprocessed)
  expect(handedOn.length).toBe(before.size)
  const stars = await readTopic(log, 'latest-stars', 'star')
  const versions = new Map(stars.map(({ key, value }) => [key, value?.version]))
  const changed = handedOn.filter(({ key, value }) => value?.starVersion !== versions.get(key)).length
  expect(changed).toBeGreaterThan(50)
  const after = await newest(log, 'latest-posteriors')
  for (const { starId, starVersion } of after.values()) expect(starVersion).toBe(versions.get(starId))
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
})

test('reprocessing that is stopped in the middle goes on, and asks about no star twice', async () => {
  const tables = await sampleTables()
  const log = await temporaryLog()
  await run(log, {}, tables)
  const other = await otherModel()
  const asked: string[] = []
  let pipeline: Pipeline | null = null
  const counting: PosteriorModel = {
    ...other,
    async infer(stars, options) {
      asked.push(...stars.map(({ key }) => key))
      if (asked.length > 40) void pipeline?.stop()
      return other.infer(stars, options)
    },
  }
  for (let turn = 0; turn < 8; turn++) {
    pipeline = await startOn(log, { candidate: counting })
    await pipeline.idle()
    await pipeline.stop()
  }
  const candidates = await newest(log, 'candidates')
  expect(candidates.size).toBe((await newest(log, 'latest-posteriors')).size)
  expect(asked.sort()).toEqual([...candidates.keys()].sort())
})

test('a star that met the former model once more after the change is found and replaced', async () => {
  const [twoMass, gaia] = await sampleTables()
  const log = await temporaryLog()
  await run(log, {}, [gaia])
  await run(log, { candidate: await otherModel() })
  // The former model goes on, as in a process that has not heard.
  await run(log, {}, [twoMass])
  await serveModel(log, 'other')
  await run(log, { model: await otherModel(), candidate: await otherModel(), promotes: true })
  const after = await newest(log, 'latest-posteriors')
  expect(new Set([...after.values()].map(({ model }) => model))).toEqual(new Set(['other']))
  const stars = await readTopic(log, 'latest-stars', 'star')
  const versions = new Map(stars.map(({ key, value }) => [key, value?.version]))
  for (const { starId, starVersion } of after.values()) expect(starVersion).toBe(versions.get(starId))
})

test('a process with a model that is not in force ends, and says so', async () => {
  const [twoMass, gaia] = await sampleTables()
  const log = await temporaryLog()
  expect(await servingModel(log)).toBeNull()
  await claimServing(log, 'closedForm')
  expect(await servingModel(log)).toBe('closedForm')
  await checkServing(log, 'closedForm')
  await expect(claimServing(log, 'other')).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  const pipeline = await startOn(log)
  await pipeline.ingest(twoMass)
  await pipeline.idle()
  await serveModel(log, 'other')
  const made = (await readTopic(log, 'posteriors', 'posterior')).length
  await pipeline.ingest(gaia).catch(() => {})
  await expect(pipeline.idle()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  expect((await readTopic(log, 'posteriors', 'posterior')).length).toBe(made)
})
