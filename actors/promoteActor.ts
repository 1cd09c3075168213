// The last step of a reprocessing: candidates -> [promote] -> posteriors, once their model is in force. A reader of the
// posteriors can tell them from news about the star.
import { decode, isFusionError, type Posterior } from '../schemas/index.ts'
import type { Log, LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { emitOnly, outputOf } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import { readLatest } from './latestRecord.ts'

const PROMOTE = 'promote'

export type PromoteMessage =
  | { readonly kind: 'candidate'; readonly posterior: Posterior }
  | { readonly kind: 'refused'; readonly letter: Output }

/** Of other models, and of stars that are gone, there is nothing to promote. */
export function readCandidate(record: LogRecord, model: string): readonly PromoteMessage[] {
  if (record.value === null) return []
  try {
    const posterior = decode('posterior', record.value)
    return posterior.model === model ? [{ kind: 'candidate', posterior }] : []
  } catch (error) {
    if (!isFusionError(error)) throw error
    return [{ kind: 'refused', letter: refuseRecord(record, PROMOTE, error.code, error.message) }]
  }
}

/** @param model fingerprint of the model in force */
export function promotePlan(log: Log, model: string): ActorPlan<PromoteMessage, never> {
  return {
    behavior: {
      name: PROMOTE,
      keysOf: () => [],
      step(_state, message) {
        if (message.kind === 'refused') return emitOnly(message.letter)
        const { posterior } = message
        return emitOnly(outputOf('posteriors', posterior.starId, 'posterior', { ...posterior, isReprocessed: true }))
      },
    },
    topics: ['candidates'],
    group: groupOf(PROMOTE, model),
    async read(records) {
      const messages = records.flatMap(record => readCandidate(record, model))
      const isKnown = await Promise.all(messages.map(message => isPublished(log, message)))
      return messages.filter((_, i) => !isKnown[i])
    },
    state: null,
    maxBatchRecords: 500,
  }
}

/** True where the model has said the same already since it is in force. */
async function isPublished(log: Log, message: PromoteMessage): Promise<boolean> {
  if (message.kind === 'refused') return false
  const { starId, posteriorId } = message.posterior
  const latest = await readLatest(log, 'latest-posteriors', starId, 'posterior')
  return latest?.posteriorId === posteriorId
}

const SHORT_DIGITS = 16

/** Each model is reprocessed and promoted by groups of its own, so that an earlier one's progress is not taken for its. */
export function groupOf(step: string, model: string): string {
  return `${step}-${model.slice(0, SHORT_DIGITS)}`
}
