// The training step and the sampler of a recipe on one batch of simulated stars, opened for a bench: the same graphs that
// train and infer, with everything that another engine needs to do the same.
import { logUniformLevels } from './diffusion/schedule.ts'
import { samplePosterior, samplerInputs } from './diffusion/starSampler.ts'
import type { Device } from './engine/devices.ts'
import { defaultOptimizer, type OptimizerOptions } from './engine/optimizerOptions.ts'
import { layOut, packParameters } from './engine/parameterLayout.ts'
import { Session } from './engine/session.ts'
import type { TensorSpec } from './engine/tensorSpec.ts'
import { traceGraph } from './engine/tracer.ts'
import { type StepResult, startingState, TrainingSession } from './engine/trainingSession.ts'
import { traceTrainingStep } from './engine/trainingStep.ts'
import { createRng } from './math/rng.ts'
import type { Simulator } from './simulators/simulator.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from './tokens/layout.ts'
import { fitPrior } from './training/priorFit.ts'
import type { Recipe } from './training/recipe.ts'
import { createBatchMaker } from './training/starBatch.ts'
import { batchSpecs, starLoss } from './training/starLoss.ts'
import { starModelWeights } from './transformer/starModelConfig.ts'
import { drawWeights } from './transformer/weights.ts'

export interface TrialTensor extends TensorSpec {
  readonly data: Float32Array
}

export interface EngineTrial {
  /** The network's weights before the first step. */
  readonly weights: readonly TrialTensor[]
  /** One batch, by the names of `batchSpecs`. */
  readonly batch: readonly TrialTensor[]
  /** features [1, 16, 8], mask [1, 16] and noise [L, 1, S, 7] of one star. */
  readonly star: readonly TrialTensor[]
  readonly levels: readonly number[]
  readonly optimizer: OptimizerOptions
  /** One update with the batch, forward to moving average. */
  train(learningRate: number): Promise<StepResult>
  /** Samples [S, 7] and class logits of the star, by the weights before the first step. */
  infer(): Promise<{ readonly latents: Float32Array; readonly logits: Float32Array }>
  close(): Promise<void>
}

export interface TrialOptions {
  readonly samples: number
  readonly steps: number
  readonly threads: number
  readonly seed: number
  /** Default: the processor. */
  readonly device?: Device
}

const PRIOR_DRAWS = 4000
// Training starts some weights at zero, which would hide a disagreement behind them.
const STIR_SD = 0.05

/**
 * Opens both graphs.
 *
 * @param simulator where the batch is drawn from
 * @throws FusionError as `Session.open` does
 */
export async function openEngineTrial(
  recipe: Recipe,
  simulator: Simulator,
  { samples, steps, threads, seed, device = 'cpu' }: TrialOptions,
): Promise<EngineTrial> {
  const { config, noise } = recipe
  const specs = starModelWeights(config)
  const rng = createRng(seed)
  const values = Object.fromEntries(
    Object.entries(drawWeights(specs, rng)).map(([name, drawn]) => [name, drawn.map(v => v + STIR_SD * rng.normal())]),
  )
  const withData = (list: readonly TensorSpec[], data: Readonly<Record<string, Float32Array>>): TrialTensor[] =>
    list.map(({ name, shape }) => ({ name, shape, data: data[name] }))

  const { scale } = fitPrior(simulator, seed, PRIOR_DRAWS)
  const feeds = createBatchMaker(simulator, recipe.batch, scale, noise, seed).make(0)
  const shapes = batchSpecs(recipe.batch, config.classCount)
  const traced = traceTrainingStep({
    parameters: specs,
    batch: shapes,
    loss: (weights, batch) => starLoss(weights, config, batch),
    options: { averageDecay: recipe.averageDecay },
  })

  const levels = logUniformLevels(noise, steps)
  const inputs = samplerInputs({ stars: 1, samples }, steps)
  const star = {
    features: feeds.features.slice(0, OBSERVED_SLOTS * FEATURE_COUNT),
    mask: feeds.mask.slice(0, OBSERVED_SLOTS),
    noise: Float32Array.from({ length: steps * samples * PARAMETER_COUNT }, () => rng.normal()),
  }
  const graph = traceGraph(
    inputs,
    input => samplePosterior(input, config, input, 'secondOrderSde', levels),
    withData(specs, values),
  )

  const session = await Session.open(graph, { intraOpNumThreads: threads, device })
  const state = startingState(packParameters(layOut(specs), values))
  const training = await TrainingSession.open(traced, state, { intraOpNumThreads: threads, device })
  return {
    weights: withData(specs, values),
    batch: withData(shapes, feeds),
    star: withData(inputs, star),
    levels: Array.from(levels),
    optimizer: { ...defaultOptimizer, averageDecay: recipe.averageDecay },
    train: learningRate => training.step(feeds, learningRate),
    async infer() {
      const { latents, logits } = await session.run(star)
      return { latents, logits }
    },
    async close() {
      await session.close()
      await training.close()
    },
  }
}
