// The graphs that answer for a checkpoint, weights inside: each is complete by itself, and an ordinary ONNX file once saved.
import * as tf from '@tensorflow/tfjs'
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
import { embedStars, samplePosterior, samplerInputs, sampleStars } from './diffusion/starSampler.ts'
import type { PixelModality } from './encoders/modality.ts'
import type { TracedGraph } from './engine/tensorSpec.ts'
import { type Constant, constantsOf, traceGraph } from './engine/tracer.ts'
import type { SpectralConfig } from './spectral/spectralConfig.ts'
import { joinSpectra, readSpectrum, spectralModalities, spectralPart } from './spectral/spectralNetwork.ts'
import { drawInputs } from './student/mixtureDraw.ts'
import { drawStarStudent } from './student/starStudent.ts'
import { PARAMETER_COUNT } from './tokens/layout.ts'
import { type Checkpoint, checkpointWeights, spectraWeights } from './training/checkpoint.ts'
import { conditionHead, denoiseHead } from './transformer/posteriorHead.ts'
import { classify } from './transformer/starModel.ts'
import { embedNoise, encodeGiven } from './transformer/tokenModel.ts'
import type { Weights } from './transformer/weights.ts'

/** Samples of one call of a question's graph: more wait for a next one, so that memory has a bound. */
export const BLOCK_SAMPLES = 128
/** Tokens are given more steps than the posterior head: what is asked may be far narrower than its prior. */
export const QUESTION_STEPS = 32

const givenOf = (inputs: ReturnType<typeof samplerInputs>) => inputs.filter(({ name }) => name !== 'noise')

/** Samples of the parameters, class logits and the embedding of one star; by the checkpoint's student where it has one. */
export function posteriorGraph(checkpoint: Checkpoint, sampleCount: number): TracedGraph {
  const { config, noise, sampler, student } = checkpoint.card
  if (student !== undefined) {
    return traceGraph(
      [...givenOf(samplerInputs({ stars: 1, samples: sampleCount }, 1)), ...drawInputs(student, sampleCount)],
      input => {
        const { star } = encodeGiven(input, config, input.features, input.mask)
        const latents = drawStarStudent(input, student, star, input).reshape([1, sampleCount, PARAMETER_COUNT])
        return { latents, logits: classify(input, star), star }
      },
      weightsOf(checkpoint),
    )
  }
  const levels = logUniformLevels(noise, sampler.steps)
  return traceGraph(
    samplerInputs({ stars: 1, samples: sampleCount }, sampler.steps),
    input => samplePosterior(input, config, input, sampler.kind, levels),
    weightsOf(checkpoint),
  )
}

/**
 * As `posteriorGraph`, of a star with spectra with pixels. For stars without it is not made to answer.
 * @param names of the modalities that the star has spectra of: `NAME.features` and `NAME.mask` are inputs
 * @returns star: what photometry and XP alone say of it; and `NAME.z` of each spectrum: by these, stars are told to be like those of the
 * training
 */
export function spectralGraph(
  checkpoint: Checkpoint,
  spectral: SpectralConfig,
  names: readonly string[],
  sampleCount: number,
): TracedGraph {
  const { config, noise, sampler } = checkpoint.card
  const levels = logUniformLevels(noise, sampler.steps)
  const modalities = spectralModalities(spectral)
  const given = modalities.map(({ name }) => (names.includes(name) ? 1 : 0))
  const inputs = modalities
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, slots, features }) => [
      { name: `${name}.features`, shape: [1, slots, features] },
      { name: `${name}.mask`, shape: [1, slots] },
    ])
  const trace = (input: Weights) => {
    const { star } = encodeGiven(input, config, input.features, input.mask)
    const read = modalities.map((modality, m) => {
      const { name } = modality
      if (given[m] === 0) return null
      return readSpectrum(input, spectral, modality, input[`${name}.features`], input[`${name}.mask`])
    })
    const tokens = read.map(one => one?.tokens ?? null)
    const informed = joinSpectra(input, spectral, star, tokens, tf.tensor2d([given]))
    const seen = Object.fromEntries(
      read.flatMap((one, m) => (one === null ? [] : [[`${modalities[m].name}.z`, one.z]])),
    )
    return { ...sampleStars(spectralPart(input), config, informed, input.noise, sampler.kind, levels), star, ...seen }
  }
  return traceGraph([...samplerInputs({ stars: 1, samples: sampleCount }, sampler.steps), ...inputs], trace, [
    ...weightsOf(checkpoint),
    ...constantsOf(spectraWeights(checkpoint.card), checkpoint.weights),
  ])
}

/** The vector z in the shared space of one spectrum, from `features` and `mask`. */
export function spectrumGraph(checkpoint: Checkpoint, spectral: SpectralConfig, modality: PixelModality): TracedGraph {
  const inputs = [
    { name: 'features', shape: [1, modality.slots, modality.features] },
    { name: 'mask', shape: [1, modality.slots] },
  ]
  const trace = (input: Weights) => ({ z: readSpectrum(input, spectral, modality, input.features, input.mask).z })
  return traceGraph(inputs, trace, constantsOf(spectraWeights(checkpoint.card), checkpoint.weights))
}

/**
 * What the posterior head puts out for noisy latents of one star at one level.
 * @param rows noisy vectors of one call: `star` [1, D], `scaled` [1, 1, rows, 7] and `sigma` [1] give `raw` [1, 1, rows, 7]
 */
export function headGraph(checkpoint: Checkpoint, rows: number): TracedGraph {
  const { config } = checkpoint.card
  const inputs = [
    { name: 'star', shape: [1, config.width] },
    { name: 'scaled', shape: [1, 1, rows, PARAMETER_COUNT] },
    { name: 'sigma', shape: [1] },
  ]
  const trace = (input: Weights) => {
    const level = embedNoise(input.sigma).reshape([1, 1, -1])
    return { raw: denoiseHead(input, config, input.scaled, conditionHead(input, config, input.star, level)) }
  }
  return traceGraph(inputs, trace, weightsOf(checkpoint))
}

/** The embeddings of so many stars, without any sample. */
export function embeddingGraph(checkpoint: Checkpoint, starCount: number): TracedGraph {
  const { config } = checkpoint.card
  const inputs = givenOf(samplerInputs({ stars: starCount, samples: 1 }, 1))
  return traceGraph(inputs, input => embedStars(input, config, input), weightsOf(checkpoint))
}

/** What `posteriorGraph` gives, of many stars at once, for a device. */
export function batchGraph(checkpoint: Checkpoint, stars: number, sampleCount: number): TracedGraph {
  const { config, noise, sampler } = checkpoint.card
  const levels = logUniformLevels(noise, sampler.steps)
  return traceGraph(
    samplerInputs({ stars, samples: sampleCount }, sampler.steps),
    input => sampleBatch(input, config, input, sampler.kind, levels),
    weightsOf(checkpoint),
  )
}

/** What all samples and steps of a star share, see `questionStepGraph`. */
export function givenGraph(checkpoint: Checkpoint): TracedGraph {
  const { config } = checkpoint.card
  return traceGraph(givenInputs, input => shareGiven(input, config, input), weightsOf(checkpoint))
}

/**
 * One step of a block of samples, from what `givenGraph` puts out: it opens ten times faster than `questionGraph`.
 * @param slots asked slots, ascending: first the observables, then the parameters
 */
export function questionStepGraph(checkpoint: Checkpoint, slots: readonly number[]): TracedGraph {
  const { config } = checkpoint.card
  const inputs = stepInputs(config, BLOCK_SAMPLES, slots.length)
  return traceGraph(inputs, input => stepQuestion(input, config, slots, input), weightsOf(checkpoint))
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
    weightsOf(checkpoint),
  )
}

function weightsOf({ card, weights }: Checkpoint): readonly Constant[] {
  return constantsOf(checkpointWeights(card), weights)
}
