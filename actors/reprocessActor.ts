// Reprocessing: latest-stars -> [reprocess] -> candidates. Another model goes over every star in the background and then
// follows what changes, while the model in force serves; nobody reads its candidates before it is put in force.
import type { InferOptions, PosteriorModel } from '../models/index.ts'
import type { Star } from '../schemas/index.ts'
import type { Log, LogRecord } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type InferMessage, type InferQuestion, infer, inferPlan, inferRecords, posteriorIdOf } from './inferActor.ts'
import { readLatest } from './latestRecord.ts'
import { groupOf } from './promoteActor.ts'

const REPROCESS = 'reprocess'

/** @param waitForRoom awaited before each batch: whoever serves goes first */
export function reprocessPlan(
  log: Log,
  model: PosteriorModel,
  options: InferOptions,
  waitForRoom: () => Promise<void>,
): ActorPlan<InferMessage, never> {
  const question: InferQuestion = { ...options, model: model.fingerprint }
  return {
    ...inferPlan({ use: work => work(model) }, options),
    behavior: { ...infer(options, 'candidates'), name: REPROCESS },
    topics: ['latest-stars'],
    group: groupOf(REPROCESS, model.fingerprint),
    async read(records) {
      await waitForRoom()
      const areKnown = await Promise.all(records.map(record => record.value !== null || hasCandidate(log, record)))
      const known = records.filter((_, i) => areKnown[i])
      return inferRecords(known, model, options, star => isOpen(log, star, question))
    },
  }
}

/** Of a star that went before there was a candidate, nothing is to be taken back. */
async function hasCandidate(log: Log, { key }: LogRecord): Promise<boolean> {
  return key !== null && (await log.latest('candidates', key)) !== null
}

/** False for a star whose newest posterior is this model's already. */
async function isOpen(log: Log, star: Star, question: InferQuestion): Promise<boolean> {
  const latest = await readLatest(log, 'latest-posteriors', star.starId, 'posterior')
  return latest?.posteriorId !== posteriorIdOf(star, question)
}
