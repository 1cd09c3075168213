// Step 4 of the walk: stars -> [infer] -> posteriors and their samples. Every version of a star is inferred once, whatever comes after it.
import { createHash } from 'node:crypto'
import {
  chosenPixels,
  givenSpectra,
  type InferOptions,
  type PosteriorModel,
  pixelModalities,
  type StarInput,
  type StarPosterior,
  summarize,
} from '../models/index.ts'
import {
  decode,
  encodeSamples,
  type FusionError,
  isFusionError,
  isProbeStar,
  type Posterior,
  type SampleColumns,
  type Star,
  type StarSpectrum,
  schemasFingerprint,
  starClasses,
  youngClasses,
} from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { emitOnly, outputOf, type StateView, type Step, tombstoneOf } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import type { ServingTurns } from './servedModel.ts'

export const INFER = 'infer'

const SAMPLES = 'samples'
const ID_DIGITS = 32
const FLOAT_BYTES = 4
/** A batch's samples, over all its stars. */
const MAX_BATCH_SAMPLE_BYTES = 16 * 2 ** 20
/** The first of a batch waits for the last: enough that a commit costs little beside the drawing, and no more. */
const MAX_BATCH_STARS = 16
/** Columns of the samples, roughly. */
const COLUMNS = 16

export type InferMessage =
  /** With the fingerprint of the model that answered. */
  | { readonly kind: 'inferred'; readonly star: Star; readonly answer: StarPosterior; readonly model: string }
  | { readonly kind: 'retired'; readonly starId: string }
  | { readonly kind: 'refused'; readonly letter: Output }

export interface InferQuestion extends InferOptions {
  /** Fingerprint of the model that answers. */
  readonly model: string
}

/** @param topic where its posteriors go */
export const infer = (options: InferOptions, topic: 'posteriors' | 'candidates' = 'posteriors') => ({
  name: INFER,
  keysOf: () => [],
  step(_state: StateView<never>, message: InferMessage): Step<never> {
    switch (message.kind) {
      case 'inferred': {
        const { star, answer, model } = message
        const question = { ...options, model }
        const posterior = toPosterior(star, answer, question)
        if (isProbeStar(star.starId)) {
          return emitOnly(outputOf('probe-posteriors', star.starId, 'posterior', posterior))
        }
        return emitOnly(
          { topic: SAMPLES, key: posterior.posteriorId, value: encodeSamples(posterior, samplesOf(answer, question)) },
          outputOf(topic, posterior.starId, 'posterior', posterior),
        )
      }
      case 'retired':
        // Nothing is believed of it any more.
        return emitOnly(tombstoneOf(topic, message.starId))
      case 'refused':
        return emitOnly(message.letter)
    }
  },
})

/**
 * Seeds each star by its id, so that versions of one star differ by their data and not by chance.
 * @param model that is asked: of spectra with pixels it is given those that it reads; left out, all that a model could
 */
export function toStarInput(
  star: Star,
  { pixelSpectra = [] }: Pick<PosteriorModel, 'pixelSpectra'> = anyModel,
): StarInput {
  return {
    key: star.starId,
    given: star.measurements.map(({ quantity, value, err, isLimit }) => ({ quantity, value, err, isLimit })),
    spectra: givenSpectra(star.spectra ?? []),
    pixels: chosenPixels(star, pixelSpectra).map(({ given }) => given),
  }
}

/** The same star, model and question have the same id, whoever asks and whenever. */
export function posteriorIdOf({ starId, version }: Pick<Star, 'starId' | 'version'>, question: InferQuestion): string {
  const identity = `${starId}\n${version}\n${question.model}\n${question.sampleCount}\n${question.seed}`
  return createHash('sha256').update(identity).digest('hex').slice(0, ID_DIGITS)
}

/** The summary; its samples have a topic of their own. */
export function toPosterior(star: Star, answer: StarPosterior, question: InferQuestion): Posterior {
  const { model, seed, sampleCount } = question
  const { observables, sampleNames, samples, classProbabilities, classPrior } = answer
  const spectra = [
    ...(star.spectra ?? []).filter(isGivenIn(observables)),
    ...chosenPixels(star, observables).map(({ spectrum }) => spectrum),
  ]
  const classes = starClasses.map((name, i) => ({ name, probability: classProbabilities[i], prior: classPrior[i] }))
  return {
    posteriorId: posteriorIdOf(star, question),
    starId: star.starId,
    starVersion: star.version,
    raDeg: star.raDeg,
    decDeg: star.decDeg,
    surveys: [...new Set([...star.sources, ...spectra].map(({ survey }) => survey))],
    observables,
    model,
    seed,
    sampleCount,
    summaries: sampleNames.map((name, i) => summarize(name, samples.subarray(i * sampleCount, (i + 1) * sampleCount))),
    classes,
    youngProbability: classes
      .filter(({ name }) => youngClasses.includes(name))
      .reduce((sum, { probability }) => sum + probability, 0),
    sampleNames,
    samples: none,
    flags: star.isAmbiguous ? [...answer.flags, 'ambiguousMatch'] : answer.flags,
    schemas: schemasFingerprint(),
    samplesTopic: SAMPLES,
    familiarity: answer.familiarity,
    uncorrected: answer.uncorrected,
    spectra: spectra.map(({ spectrumId }) => spectrumId),
  }
}

/** Whether the model was given any band of a spectrum. */
function isGivenIn(observables: readonly string[]): (spectrum: StarSpectrum) => boolean {
  return spectrum => givenSpectra([spectrum]).some(({ name }) => observables.includes(name))
}

const none = new Uint8Array()
const anyModel = { pixelSpectra: pixelModalities.map(({ spectrumName }) => spectrumName) }

function samplesOf(
  { sampleNames: names, samples: values }: StarPosterior,
  { sampleCount: count }: InferOptions,
): SampleColumns {
  return { names, count, values }
}

/**
 * Asks the model about the stars of a batch together; a star that it refuses is refused alone.
 * @param isOpen tells the stars that are to be asked about; by default all
 */
export async function inferRecords(
  records: readonly LogRecord[],
  model: PosteriorModel,
  options: InferOptions,
  isOpen: (star: Star) => Promise<boolean> = async () => true,
): Promise<readonly InferMessage[]> {
  const all = records.map(readStar)
  // Asked together: on brokers such questions share what they cost.
  const areOpen = await Promise.all(all.map(item => item.kind !== 'star' || isOpen(item.star)))
  const read = all.filter((_, i) => areOpen[i])
  const stars = read.flatMap(item => (item.kind === 'star' ? [item.star] : []))
  const inputs = stars.map(star => toStarInput(star, model))
  const answers = await inferEach(inputs, model, options)
  let next = 0
  return read.flatMap((item): InferMessage | readonly InferMessage[] => {
    if (item.kind !== 'star') return item
    const answer = answers[next++]
    if (!isFusionError(answer)) return { kind: 'inferred', star: item.star, answer, model: model.fingerprint }
    // Whoever sent it misses it: nobody else is to be told.
    if (isProbeStar(item.star.starId)) return []
    return { kind: 'refused', letter: refuseRecord(item.record, INFER, answer.code, answer.message) }
  })
}

type ReadStar =
  | { readonly kind: 'star'; readonly star: Star; readonly record: LogRecord }
  | Exclude<InferMessage, { kind: 'inferred' }>

function readStar(record: LogRecord): ReadStar {
  // In the compacted topic of stars a retired one is a tombstone.
  if (record.value === null && record.key !== null) return { kind: 'retired', starId: record.key }
  try {
    const star = decode('star', record.value ?? new Uint8Array())
    return star.isRetired ? { kind: 'retired', starId: star.starId } : { kind: 'star', star, record }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, INFER, error.code, error.message) }
  }
}

async function inferEach(
  inputs: readonly StarInput[],
  model: PosteriorModel,
  options: InferOptions,
): Promise<readonly (StarPosterior | FusionError)[]> {
  if (inputs.length === 0) return []
  try {
    return await model.infer(inputs, options)
  } catch (error) {
    if (!isRecordsFault(error)) throw error
    if (inputs.length === 1) return [error]
    const half = Math.ceil(inputs.length / 2)
    return [
      ...(await inferEach(inputs.slice(0, half), model, options)),
      ...(await inferEach(inputs.slice(half), model, options)),
    ]
  }
}

/** Some star's own, so that the others can be answered: neither a worker's, nor the model's, nor the question's. */
function isRecordsFault(error: unknown): error is FusionError {
  return isFusionError(error) && error.code === 'VALUE_OUT_OF_RANGE'
}

export function inferPlan(turns: ServingTurns, options: InferOptions): ActorPlan<InferMessage, never> {
  const fitting = Math.floor(MAX_BATCH_SAMPLE_BYTES / (options.sampleCount * COLUMNS * FLOAT_BYTES))
  return {
    behavior: infer(options),
    topics: ['stars'],
    group: INFER,
    // The whole batch is one model's, and so is its transaction.
    read: records => turns.use(model => inferRecords(records, model, options)),
    state: null,
    maxBatchRecords: Math.max(1, Math.min(turns.batchStars ?? MAX_BATCH_STARS, fitting)),
  }
}
