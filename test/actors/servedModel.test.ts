import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { claimServing, ServedModel, serveModel, startPipeline } from '../../actors/index.ts'
import { type AskableModel, createRng } from '../../models/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { chaosLog } from '../streams/chaosLog.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'
import { countPosteriors } from './posteriorCount.ts'

interface WatchedModel extends AskableModel {
  running: number
  isClosed: boolean
  calls: number
}

/** A model that takes its time and fails where it is used after it was closed, or closed while it is used. */
async function watched(fingerprint: string, delayMs: () => number = () => 1): Promise<WatchedModel> {
  const model = await openPosteriorModel()
  const own: WatchedModel = {
    ...{ fingerprint, running: 0, isClosed: false, calls: 0, pixelSpectra: [`${fingerprint}Spectrum`] },
    async infer(stars, options) {
      if (own.isClosed) throw new TypeError(`${fingerprint} was asked after it was closed`)
      own.running++
      own.calls++
      await sleep(delayMs())
      own.running--
      return model.infer(stars, options)
    },
    ask: async () => [],
    async close() {
      if (own.running > 0) throw new TypeError(`${fingerprint} was closed while it was at work`)
      own.isClosed = true
    },
  }
  return own
}

const tables = async (starCount: number) =>
  writeSampleSurveys(await temporaryFolder(), {
    ...{ starCount, starsPerDeg2: 20_000, seed: 5 },
    surveys: ['twoMass', 'gaiaDr3'],
  })

/** The models that were opened, newest last. */
async function openTurns(log: Log, delayMs?: () => number) {
  const opened: WatchedModel[] = [await watched('a', delayMs)]
  const served = new ServedModel(log, opened[0], async fingerprint => {
    const model = await watched(fingerprint, delayMs)
    opened.push(model)
    return fingerprint === 'unknown' ? null : model
  })
  return { opened, served }
}

test('a model that is put in force under load takes over between two batches, and every star version has one posterior', async () => {
  const log = await temporaryLog()
  await claimServing(log, 'a')
  const rng = createRng(3)
  const { opened, served } = await openTurns(log, () => rng.integer(5))
  const pipeline = startPipeline({ log, model: served, served, sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  let isOver = false
  const swapping = (async () => {
    for (let turn = 1; !isOver; turn++) {
      await sleep(20 + rng.integer(60))
      await serveModel(log, turn % 2 === 1 ? 'b' : 'a')
    }
  })()
  for (const table of await tables(300)) await pipeline.ingest(table)
  await pipeline.idle()
  isOver = true
  await swapping
  await pipeline.stop()
  expect(served.pixelSpectra).toEqual([`${served.fingerprint}Spectrum`])
  await served.close()
  const { versions, faults, byModel } = await countPosteriors(log)
  expect(versions).toBeGreaterThan(300)
  expect(faults).toEqual([])
  expect([...byModel.keys()].sort()).toEqual(['a', 'b'])
  expect(opened.length).toBeGreaterThan(2)
  expect(opened.every(({ isClosed }) => isClosed)).toBe(true)
})

test('so it is on a log that fails before and after it has done its work', async () => {
  const log = await temporaryLog()
  const rng = createRng(4)
  const chaos = chaosLog(log, createRng(9))
  const { served } = await openTurns(chaos.log, () => rng.integer(4))
  const backoff = { firstMs: 1, factor: 1, maxMs: 1, resetAfterMs: 0, maxRestarts: 1_000_000 }
  const pipeline = startPipeline({ log: chaos.log, model: served, served, sampleCount: 8, seed: 1n, backoff })
  onTestFinished(() => pipeline.stop())
  let isOver = false
  const swapping = (async () => {
    for (let turn = 1; !isOver; turn++) {
      await sleep(20 + rng.integer(60))
      await serveModel(log, turn % 2 === 1 ? 'b' : 'a')
    }
  })()
  for (const table of await tables(100)) await untilDone(() => pipeline.ingest(table))
  await untilDone(() => pipeline.idle())
  isOver = true
  await swapping
  await pipeline.stop()
  await served.close()
  const { faults, byModel } = await countPosteriors(log)
  expect(faults).toEqual([])
  expect([...byModel.keys()].sort()).toEqual(['a', 'b'])
})

async function untilDone(action: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; ; turn++) {
    try {
      await action()
      return
    } catch (error) {
      if (!isFusionError(error) || !error.retryable || turn > 500) throw error
    }
  }
}

test('once it is in force, what arrives is the new model’s alone', async () => {
  const log = await temporaryLog()
  const { served } = await openTurns(log)
  const pipeline = startPipeline({ log, model: served, served, sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  const [first, second] = await tables(40)
  await pipeline.ingest(first)
  await pipeline.idle()
  const before = (await readTopic(log, 'posteriors', 'posterior')).length
  await serveModel(log, 'b')
  await pipeline.ingest(second)
  await pipeline.idle()
  const { byModel } = await countPosteriors(log)
  expect(byModel.get('a')).toBe(before)
  expect(byModel.get('b')).toBeGreaterThan(0)
  expect(served.fingerprint).toBe('b')
})

test('partitions that come to it together open a model once, and wait for those at work before the former is closed', async () => {
  const log = await temporaryLog()
  const { opened, served } = await openTurns(log, () => 50)
  const star = [{ key: 's', given: [] }]
  const options = { sampleCount: 4, seed: 1n }
  const busy = served.use(model => model.infer(star, options))
  await sleep(10)
  await serveModel(log, 'b')
  const users = await Promise.all([1, 2, 3, 4].map(() => served.use(async model => model.fingerprint)))
  expect(users).toEqual(['b', 'b', 'b', 'b'])
  expect(opened.map(({ fingerprint }) => fingerprint)).toEqual(['a', 'b'])
  await busy
  await served.infer(star, options)
  expect([opened[0].isClosed, opened[1].calls]).toEqual([true, 1])
  expect(await served.ask(star, { asked: [], conditions: [] } as never, { ...options })).toEqual([])
  await served.close()
  expect(opened[1].isClosed).toBe(true)
})

test('a model that is not at hand ends the work with what to do, and one that fails to open is tried again', async () => {
  const log = await temporaryLog()
  const { served } = await openTurns(log)
  await serveModel(log, 'unknown')
  await expect(served.use(async () => {})).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    message: expect.stringMatching(/of model unknown.*birthline model use/s),
  })
  let tries = 0
  const failing = new ServedModel(log, await watched('a'), async () => {
    if (++tries === 1) throw new FusionError('WORKER_LOST', 'The worker went away on purpose.')
    return watched('unknown')
  })
  await expect(failing.use(async () => {})).rejects.toMatchObject({ code: 'WORKER_LOST' })
  expect(await failing.use(async ({ fingerprint }) => fingerprint)).toBe('unknown')
  await failing.close()
})
