// Trains the encoders of all instruments to put the same star at the same place of the space that they share.
import * as tf from '@tensorflow/tfjs'
import { contrastiveLoss } from '../alignment/contrastiveLoss.ts'
import { type EncoderConfig, encodeModality, encoderConfig, encoderWeights } from '../encoders/spectrumEncoder.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import { constant, drawWeights, type WeightSpec, type Weights } from '../transformer/weights.ts'
import { openInstrumentQueue } from './batchQueue.ts'
import { coolingRate } from './coolingRate.ts'
import { encoderBatch, instrumentModalities } from './instrumentStars.ts'
import type { LatentScale } from './starBatch.ts'
import { appendLoss, type LossPoint, loadState, readLosses, saveState } from './trainingFolder.ts'

export interface EncoderRecipe {
  readonly name: string
  readonly seed: number
  readonly steps: number
  /** Stars of a batch: each is told from all others of it. */
  readonly rows: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly averageDecay: number
  /** One over the temperature that cosines are told apart at, at the start. */
  readonly startingSharpness: number
  readonly network: EncoderConfig
}

/** `birthline train encoders --out FOLDER`. */
export const encoderRecipe: EncoderRecipe = {
  name: 'encoders',
  seed: 1,
  steps: 2400,
  rows: 96,
  warmupSteps: 100,
  peakLearningRate: 1e-3,
  averageDecay: 0.998,
  startingSharpness: 10,
  network: encoderConfig,
}

export interface EncoderTrainOptions {
  readonly workFolder: string
  readonly signal?: AbortSignal
  readonly batchThreads?: number
  readonly onProgress?: (progress: {
    readonly step: number
    readonly steps: number
    readonly loss: number
    readonly stepMs: number
    readonly remainingS: number
  }) => void
}

const TEMPERATURE = 'logTemperature'
const PURPOSE = 0x656e
const REPORT_STEPS = 20
const SAVE_STEPS = 200

/** Names and shapes of the weights of all encoders, and of the temperature that they are told apart at. */
export function encoderSetWeights(c: EncoderConfig, startingSharpness: number): readonly WeightSpec[] {
  return [
    ...instrumentModalities.flatMap(modality => encoderWeights(modality, c, ['z'])),
    constant(TEMPERATURE, [1], -Math.log(startingSharpness)),
  ]
}

/** The contrastive loss of a batch; see `contrastiveLoss`. */
export function encoderLoss(w: Weights, c: EncoderConfig, batch: Weights): tf.Scalar {
  const embeddings = instrumentModalities.map(
    modality =>
      encodeModality(w, modality, c, batch[`${modality.name}.features`], batch[`${modality.name}.mask`], ['z']).z,
  )
  return contrastiveLoss(embeddings, batch.present, tf.sum(w[TEMPERATURE]))
}

/**
 * Trains, or goes on training: the same recipe gives the same weights, stopped in between or not.
 *
 * @param scale of the model whose tokens photometry and XP are
 * @returns the averaged weights by name; whether the run is finished: when it is not, calling again goes on
 * @throws FusionError MODEL_MISMATCH when the work folder holds a run of another recipe
 */
export async function trainEncoders(
  scale: LatentScale,
  recipe: EncoderRecipe,
  options: EncoderTrainOptions,
): Promise<{
  readonly isFinished: boolean
  readonly step: number
  readonly weights: Readonly<Record<string, Float32Array>>
  readonly losses: readonly LossPoint[]
}> {
  const { workFolder, signal } = options
  const specs = encoderSetWeights(recipe.network, recipe.startingSharpness)
  const layout = layOut(specs)
  const initial = () => packParameters(layout, drawWeights(specs, createRng(recipe.seed, PURPOSE)))
  const state = loadState(workFolder, recipe) ?? startingState(initial())
  const traced = traceTrainingStep({
    parameters: specs,
    batch: encoderBatch(recipe.rows),
    loss: (weights, batch) => encoderLoss(weights, recipe.network, batch),
    options: { averageDecay: recipe.averageDecay },
  })
  const session = await TrainingSession.open(traced, state)
  const queue = openInstrumentQueue({ seed: recipe.seed, rows: recipe.rows, scale }, state.step, options.batchThreads)
  let [step, sum, count, since] = [state.step, 0, 0, performance.now()]
  try {
    while (step < recipe.steps && signal?.aborted !== true) {
      const { loss } = await session.step(await queue.next(), coolingRate(recipe, ++step))
      if (loss !== null) [sum, count] = [sum + loss, count + 1]
      if (step % REPORT_STEPS === 0 || step === recipe.steps) {
        const stepMs = (performance.now() - since) / Math.max(1, count)
        const mean = Number((sum / Math.max(1, count)).toPrecision(6))
        appendLoss(workFolder, { step, loss: mean, validationLoss: null })
        const remainingS = ((recipe.steps - step) * stepMs) / 1000
        options.onProgress?.({ step, steps: recipe.steps, loss: mean, stepMs, remainingS })
        ;[sum, count, since] = [0, 0, performance.now()]
      }
      if (step % SAVE_STEPS === 0) saveState(workFolder, recipe, session.readState())
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    const final = session.readState()
    saveState(workFolder, recipe, final)
    const weights = unpackParameters(layout, final.average)
    return { isFinished: step >= recipe.steps, step, weights, losses: readLosses(workFolder, step) }
  } finally {
    await queue.close()
    await session.close()
  }
}
