// The graphs that answer for a checkpoint, weights inside: each is complete by itself, and an ordinary ONNX file once saved.
import { sampleBatch } from './diffusion/batchSampler.ts'
import {
  givenInputs,
  questionInputs,
  sampleQuestion,
  shareGiven,
  stepInputs,
  stepQuestion,
} from './diffusion/questionSampler.ts'
import { logUniformLevels } from './diffusion/schedule.ts'
import { embedStars, samplePosterior, samplerInputs } from './diffusion/starSampler.ts'
import type { TracedGraph } from './engine/tensorSpec.ts'
import { type Constant, traceGraph } from './engine/tracer.ts'
import type { Checkpoint } from './training/checkpoint.ts'
import { starModelWeights } from './transformer/starModelConfig.ts'

/** Samples of one call of a question's graph: more wait for a next one, so that memory has a bound. */
export const BLOCK_SAMPLES = 128
/** Tokens are given more steps than the posterior head: what is asked may be far narrower than its prior. */
export const QUESTION_STEPS = 32

/** Samples of the parameters, class logits and the embedding of one star. */
export function posteriorGraph(checkpoint: Checkpoint, sampleCount: number): TracedGraph {
  const { config, noise, sampler } = checkpoint.card
  const levels = logUniformLevels(noise, sampler.steps)
  return traceGraph(
    samplerInputs({ stars: 1, samples: sampleCount }, sampler.steps),
    input => samplePosterior(input, config, input, sampler.kind, levels),
    constantsOf(checkpoint),
  )
}

/** The embeddings of so many stars, without any sample. */
export function embeddingGraph(checkpoint: Checkpoint, starCount: number): TracedGraph {
  const { config } = checkpoint.card
  const inputs = samplerInputs({ stars: starCount, samples: 1 }, 1).filter(({ name }) => name !== 'noise')
  return traceGraph(inputs, input => embedStars(input, config, input), constantsOf(checkpoint))
}

/** What `posteriorGraph` gives, of many stars at once, for a device. */
export function batchGraph(checkpoint: Checkpoint, stars: number, sampleCount: number): TracedGraph {
  const { config, noise, sampler } = checkpoint.card
  const levels = logUniformLevels(noise, sampler.steps)
  return traceGraph(
    samplerInputs({ stars, samples: sampleCount }, sampler.steps),
    input => sampleBatch(input, config, input, sampler.kind, levels),
    constantsOf(checkpoint),
  )
}

/** What all samples and steps of a star share, see `questionStepGraph`. */
export function givenGraph(checkpoint: Checkpoint): TracedGraph {
  const { config } = checkpoint.card
  return traceGraph(givenInputs, input => shareGiven(input, config, input), constantsOf(checkpoint))
}

/**
 * One step of a block of samples, from what `givenGraph` puts out: it opens ten times faster than `questionGraph`.
 * @param slots asked slots, ascending: first the observables, then the parameters
 */
export function questionStepGraph(checkpoint: Checkpoint, slots: readonly number[]): TracedGraph {
  const { config } = checkpoint.card
  const inputs = stepInputs(config, BLOCK_SAMPLES, slots.length)
  return traceGraph(inputs, input => stepQuestion(input, config, slots, input), constantsOf(checkpoint))
}

/**
 * A block of samples of any quantities by tokens.
 * @param slots asked slots, ascending: first the observables, then the parameters
 */
export function questionGraph(checkpoint: Checkpoint, slots: readonly number[]): TracedGraph {
  const { config, noise } = checkpoint.card
  const levels = logUniformLevels(noise, QUESTION_STEPS)
  return traceGraph(
    questionInputs(BLOCK_SAMPLES, levels.length, slots.length),
    input => ({ latents: sampleQuestion(input, config, slots, input, 'secondOrderSde', levels) }),
    constantsOf(checkpoint),
  )
}

function constantsOf({ card, weights }: Checkpoint): readonly Constant[] {
  return starModelWeights(card.config).map(({ name, shape }) => ({ name, shape, data: weights[name] }))
}
