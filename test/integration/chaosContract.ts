// What actors leave behind must not depend on a log that fails and takes its time, on whatever kind of log: the laws of recovery.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ActorPlan, runActor } from '../../actors/actor.ts'
import type { Behavior } from '../../actors/behavior.ts'
import { type Clock, systemClock } from '../../actors/clock.ts'
import { type Pipeline, startPipeline } from '../../actors/index.ts'
import { type Backoff, supervise } from '../../actors/supervisor.ts'
import { createRng, type PosteriorModel } from '../../models/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { compareContents, countRecords, readLogContent } from '../../ops/bench/logContent.ts'
import { writeSampleSpectra } from '../../ops/bench/sampleSpectra.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import type { Log } from '../../streams/log.ts'
import { type Topic, topics } from '../../streams/topics.ts'
import { temporaryFolder, temporaryLog } from '../actors/logFolder.ts'
import { type Chaos, chaosLog } from '../streams/chaosLog.ts'
import { bytesOf, output, readAll, textOf } from '../streams/logRecords.ts'

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const
const wordTopics: readonly Topic[] = [
  { name: 'words', partitions: 3, keep: 'all', ...forever },
  { name: 'counted', partitions: 3, keep: 'all', ...forever },
  { name: 'counts', partitions: 2, keep: 'latest', ...forever },
]
/** Again at once, and as often as it takes. */
const tireless: Backoff = { firstMs: 1, factor: 1, maxMs: 1, resetAfterMs: 0, maxRestarts: 1_000_000 }
const clock: Clock = systemClock

/** Each word gives a record with the number that it is. */
const countWords: Behavior<string, number> = {
  name: 'count',
  keysOf: word => [word],
  step(state, word) {
    const count = (state.get(word) ?? 0) + 1
    return { changes: new Map([[word, count]]), emit: [output('counted', word, `${word} ${count}`)] }
  },
}

const countPlan: ActorPlan<string, number> = {
  behavior: countWords,
  topics: ['words'],
  group: 'count',
  read: records => records.map(record => textOf(record) ?? ''),
  state: {
    topicOf: () => 'counts',
    decode: value => Number(Buffer.from(value).toString()),
    encode: count => bytesOf(String(count)),
    weigh: () => 1,
    maxWeight: 2,
  },
  maxBatchRecords: 11,
}

export function chaosContract(name: string, open: (topics: readonly Topic[]) => Promise<Log>): void {
  describe(name, () => {
    test('an actor over a log that fails at random, before and after it has done its work, counts everything once', async () => {
      for (const seed of [1, 2, 3]) {
        const log = await open(wordTopics)
        const words = Array.from({ length: 400 }, (_, i) => `word ${(i * 7) % 13}`)
        await log.transact({ outputs: words.map(word => output('words', word, word)) })
        const chaos = chaosLog(log, createRng(seed))
        const stop = new AbortController()
        const onCommit = async () => {
          const counted = await readAll(log, { topics: ['counted'] })
          if (counted.length >= words.length) stop.abort()
        }
        // A commit whose acknowledgement is lost is told to nobody: whether it was the last is asked all the time.
        const asking = setInterval(() => onCommit().catch(() => {}), 200)
        const child = {
          name: 'count',
          run: (signal: AbortSignal) => runActor(countPlan, { log: chaos.log, signal, onCommit: () => {} }),
        }
        await supervise(child, stop.signal, { clock, backoff: tireless, onRestart: () => {} })
        clearInterval(asking)
        const counted = await readAll(log, { topics: ['counted'] })
        for (const word of new Set(words)) {
          const count = words.filter(other => other === word).length
          const expected = Array.from({ length: count }, (_, i) => `${word} ${i + 1}`)
          expect(counted.filter(({ key }) => key === word).map(textOf)).toEqual(expected)
        }
        expect(counted).toHaveLength(words.length)
        expectAllKinds(chaos, ['before transact', 'after transact', 'next'])
        await log.close()
      }
    })

    test('the pipeline over a failing log, with a model that is slow and refuses at random, leaves what the undisturbed one leaves', async () => {
      const surveys = ['twoMass', 'gaiaDr3'] as const
      const plan = { starCount: 150, starsPerDeg2: 20_000, seed: 12, surveys }
      const folder = await temporaryFolder()
      const tables = await writeSampleSurveys(folder, plan)
      const spectra = await writeSampleSpectra(join(folder, 'xp.csv'), tables[1], { every: 3, from: 1, seed: 14 })
      const undisturbed = await temporaryLog()
      const calm = start(undisturbed, await openPosteriorModel())
      for (const table of tables) await calm.ingest(table)
      await calm.idle()
      await calm.ingest(spectra)
      await calm.idle()
      await calm.stop()

      const log = await open(topics)
      const rng = createRng(5)
      const chaos = chaosLog(log, rng)
      const pipeline = start(chaos.log, await moodyModel(() => rng.integer(4)))
      for (const table of tables) await untilDone(() => pipeline.ingest(table))
      await untilDone(() => pipeline.idle())
      await untilDone(() => pipeline.ingest(spectra))
      await untilDone(() => pipeline.idle())
      await pipeline.stop()
      const expected = await readLogContent(undisturbed)
      expect(countRecords(expected, 'posteriors')).toBeGreaterThan(150)
      const found = await readLogContent(log)
      // Spectra of several partitions come to a region as chance has it.
      const differences = compareContents(expected, found).filter(said => !said.startsWith('observations: '))
      expect(differences).toEqual([])
      expect(countRecords(found, 'observations')).toBe(countRecords(expected, 'observations'))
      expectAllKinds(chaos, ['before transact', 'after transact', 'next', 'latest'])
      await log.close()
    })

    test('a sink that is slow and refuses at random has everything once, in order of each key, when it keeps its own place with what it keeps', async () => {
      const log = await open(wordTopics)
      const texts = Array.from({ length: 300 }, (_, i) => `${i}`)
      await log.transact({ outputs: texts.map((text, i) => output('words', `key ${i % 5}`, text)) })
      const rng = createRng(8)
      const kept: (string | null)[] = []
      let from: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[] = []
      let refusals = 0
      while (kept.length < texts.length) {
        const reader = log.openReader({ topics: ['words'], from, maxRecords: 7 })
        for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
          await sleep(rng.integer(4))
          if (rng.integer(4) === 0) {
            refusals += 1
            break
          }
          const { next, records } = batch
          kept.push(...records.map(textOf))
          from = [...from.filter(({ partition }) => partition !== next.partition), next]
        }
        await reader.close()
      }
      for (let key = 0; key < 5; key++) {
        const ofKey = texts.filter(text => Number(text) % 5 === key)
        expect(kept.filter(text => Number(text) % 5 === key)).toEqual(ofKey)
      }
      expect(kept).toHaveLength(texts.length)
      expect(refusals).toBeGreaterThan(5)
      await log.close()
    })
  })
}

function start(log: Log, model: PosteriorModel): Pipeline {
  const pipeline = startPipeline({ log, model, sampleCount: 8, seed: 1n, backoff: tireless })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function moodyModel(mood: () => number): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  return {
    ...model,
    async infer(stars, options) {
      await sleep(mood())
      if (mood() === 0) throw new FusionError('WORKER_LOST', 'The worker went away on purpose.')
      return model.infer(stars, options)
    },
  }
}

/** A command that is refused is given again, as a user does. */
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

function expectAllKinds({ failures }: Chaos, kinds: readonly (keyof Chaos['failures'])[]): void {
  for (const kind of kinds) expect(failures[kind], kind).toBeGreaterThan(0)
}
