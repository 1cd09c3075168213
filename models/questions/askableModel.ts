// A model that answers any question: stars and a question in, answers out.
import type { InferOptions, PosteriorModel, StarInput } from '../posterior.ts'
import type { Question } from './question.ts'

/** Samples of each answer, and the seed of its random numbers. */
export type AskOptions = InferOptions

/** What a question was answered for one star. */
export interface StarAnswer {
  readonly key: string
  /** What was asked, under the names and in the units that were asked for. */
  readonly names: readonly string[]
  /** [names x sampleCount], one column after another; all samples count alike. */
  readonly samples: Float32Array
  readonly sampleCount: number
  /** Draws that were made, and how many equal ones they are worth once weighed by the conditions. */
  readonly drawCount: number
  readonly effectiveCount: number
  /** Of bounds: their probability, given all else. Null where there are no conditions, or measurements among them. */
  readonly conditionProbability: number | null
  readonly drawnBy: 'posteriorHead' | 'tokens'
  /** Observables that the model was given. */
  readonly observables: readonly string[]
  /** Warnings: outOfDistribution, fewEffectiveDraws, and spectraUnread where tokens answered of a star with pixels. */
  readonly flags: readonly string[]
}

/** An opened checkpoint that answers any question, not only that of the posterior. */
export interface AskableModel extends PosteriorModel {
  /** @throws FusionError QUESTION_INVALID where the question makes no sense, or a star all but excludes its conditions */
  ask(stars: readonly StarInput[], question: Question, options: AskOptions): Promise<readonly StarAnswer[]>
}
