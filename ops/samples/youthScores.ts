// P(young) of the same stars by the model and by trees that learned on a simulated sky, for each set of surveys.
import {
  type BoostedTrees,
  type InferOptions,
  type LabelledRows,
  type PosteriorModel,
  predictTrees,
  type StarInput,
  type StarPosterior,
  shiftPrior,
  trainBoostedTrees,
  treeDefaults,
} from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import { type SurveySet, seenBy } from '../value/surveySets.ts'
import { type ClassicFeatures, classicFeatures } from './classicFeatures.ts'
import type { MixedSky } from './mixedSky.ts'
import { kindWeights } from './sampleJudge.ts'

export interface Classic {
  readonly features: ClassicFeatures
  readonly trees: BoostedTrees
  readonly size: (typeof treeSizes)[number]
}

/** Sizes that are tried: few small trees cannot follow chance, many large ones can. */
export const treeSizes = [
  { trees: 50, leaves: 4 },
  { trees: 100, leaves: 8 },
  { trees: 100, leaves: 31 },
] as const
/** One star in so many is held out to choose among them. */
const HELD_OUT = 5

/**
 * Trees that know the photometry of a set, taught on a sky in which each star counts as much as it stands for; of the size that foretells
 * stars held out best, by the logistic loss.
 */
export function teachClassic(sky: MixedSky, set: SurveySet): Classic {
  const inputs = sky.stars.map(({ input }) => input)
  const features = classicFeatures(inputs, set.observables)
  const { width } = features
  const values = features.rowsOf(inputs)
  const weights = skyWeights(sky)
  const labels = Uint8Array.from(sky.stars, ({ kind }) => (kind.isYoung ? 1 : 0))
  const rowsWhere = (isWanted: (i: number) => boolean): Required<LabelledRows> => ({
    width,
    values: values.filter((_, at) => isWanted(Math.floor(at / width))),
    labels: labels.filter((_, i) => isWanted(i)),
    weights: weights.filter((_, i) => isWanted(i)),
  })
  const taught = rowsWhere(i => i % HELD_OUT !== 0)
  const held = rowsWhere(i => i % HELD_OUT === 0)
  const losses = treeSizes.map(size => logLoss(trainBoostedTrees(taught, { ...treeDefaults, ...size }), held))
  const size = treeSizes[losses.indexOf(Math.min(...losses))]
  return { features, size, trees: trainBoostedTrees({ width, values, labels, weights }, { ...treeDefaults, ...size }) }
}

function logLoss(trees: BoostedTrees, { values, labels, weights }: Required<LabelledRows>): number {
  const predicted = predictTrees(trees, values)
  return predicted.reduce((sum, p, i) => sum - weights[i] * Math.log(labels[i] === 1 ? p : 1 - p), 0)
}

export function classicScores({ features, trees }: Classic, stars: readonly StarInput[]): Float64Array {
  return predictTrees(trees, features.rowsOf(stars))
}

/** [N] how much of the sky each star stands for; 1 on the average. */
export function skyWeights(sky: MixedSky): Float64Array {
  const weights = Float64Array.from(sky.stars, kindWeights(sky, sky.stars))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(weight => (weight * weights.length) / sum)
}

/** Shares of the model's classes on the sky, of stars that are of one. */
export function skyPrior({ stars, shares }: MixedSky): readonly number[] {
  const kinds = [...new Set(stars.map(({ kind }) => kind))]
  const sums = starClasses.map(name =>
    kinds.reduce((sum, kind) => (kind.modelClass === name ? sum + (shares.get(kind.name) ?? 0) : sum), 0),
  )
  const all = sums.reduce((a, b) => a + b, 0)
  return sums.map(sum => sum / all)
}

export interface ModelScores {
  /** P(young) under the prior of the sky. */
  readonly scores: readonly number[]
  /** The same, but 0 where the posterior says that its star is like none of the training. */
  readonly familiarScores: readonly number[]
  /** Medians of the posterior. */
  readonly distancesPc: readonly number[]
}

export interface ScoreRun {
  readonly model: PosteriorModel
  readonly options: InferOptions
  /** Under which the model answers, in the order of `starClasses`. */
  readonly prior: readonly number[]
  readonly signal: AbortSignal
  readonly onStars: (count: number) => void
}

const BATCH = 64
const strangeFlags = ['unlikeTraining', 'outOfDistribution']

export async function modelScores(stars: readonly StarInput[], set: SurveySet, run: ScoreRun): Promise<ModelScores> {
  const scores: number[] = []
  const familiarScores: number[] = []
  const distancesPc: number[] = []
  for (let at = 0; at < stars.length; at += BATCH) {
    run.signal.throwIfAborted()
    const batch = stars.slice(at, at + BATCH).map(star => seenBy(star, set))
    for (const posterior of await run.model.infer(batch, run.options)) {
      const score = youngUnder(posterior, run.prior)
      scores.push(score)
      familiarScores.push(posterior.flags.some(flag => strangeFlags.includes(flag)) ? 0 : score)
      distancesPc.push(medianDistance(posterior))
    }
    run.onStars(batch.length)
  }
  return { scores, familiarScores, distancesPc }
}

function youngUnder({ classProbabilities, classPrior }: StarPosterior, prior: readonly number[]): number {
  const shifted = shiftPrior(classProbabilities, classPrior, prior)
  // Rounding may carry a sum of probabilities past one.
  return Math.min(
    1,
    youngClasses.reduce((sum, name) => sum + shifted[starClasses.indexOf(name)], 0),
  )
}

function medianDistance({ sampleNames, samples }: StarPosterior): number {
  const count = samples.length / sampleNames.length
  const from = sampleNames.indexOf('logDistancePc') * count
  return 10 ** samples.slice(from, from + count).sort()[count >> 1]
}
