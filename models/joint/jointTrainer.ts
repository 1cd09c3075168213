// Trains a joint model on a table of draws; part of the table is held out, and the weights that do best on it are kept.

import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import { loadBestState, saveBestState, trainingHash } from '../training/bestState.ts'
import { coolingRate } from '../training/coolingRate.ts'
import { openHeldOutLoss } from '../training/heldOutLoss.ts'
import { drawWeights } from '../transformer/weights.ts'
import { createJointBatches, type JointBatchOptions, jointBatchSpecs } from './jointBatch.ts'
import { jointLoss } from './jointLoss.ts'
import { type JointConfig, jointWeights } from './jointModel.ts'
import { fitBase, type JointBase, type JointTable, type JointVariable } from './jointTable.ts'

export interface JointRecipe {
  readonly seed: number
  readonly steps: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly weightDecay: number
  readonly averageDecay: number
  /** Share of the rows that is held out, between 0 and 1. */
  readonly heldOutShare: number
  readonly network: Omit<JointConfig, 'variableCount'>
  readonly batch: JointBatchOptions
}

export interface JointModel {
  readonly variables: readonly JointVariable[]
  readonly config: JointConfig
  readonly base: JointBase
  readonly sigmaMin: number
  readonly sigmaMax: number
  readonly weights: Readonly<Record<string, Float32Array>>
}

export interface JointProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly heldOutLoss: number
  readonly bestStep: number
  readonly remainingS: number
}

export interface JointTraining {
  readonly model: JointModel
  readonly bestStep: number
  readonly bestLoss: number
  readonly history: readonly { readonly step: number; readonly loss: number; readonly heldOutLoss: number }[]
}

export interface JointTrainOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: JointProgress) => void
  readonly threads?: number
  /** Where the state is kept between stops; without it a stop loses the training. */
  readonly statePath?: string
}

const CHECKS = 40
const HELD_OUT_BATCHES = 16
const HELD_OUT_OFFSET = 1_000_003

/**
 * Trains, or goes on with a training that was stopped: the same recipe and table give the same weights either way.
 *
 * @throws RangeError when the table is too small or a column cannot be scaled; the signal's reason when it is aborted
 * @throws FusionError MODEL_MISMATCH when the state on disk is of another training
 */
export async function trainJoint(
  table: JointTable,
  recipe: JointRecipe,
  options: JointTrainOptions = {},
): Promise<JointTraining> {
  const { variables } = table
  const width = variables.length
  const config: JointConfig = { ...recipe.network, variableCount: width }
  const count = table.values.length / width
  const heldOut = Math.round(count * recipe.heldOutShare)
  if (heldOut < 10 || count - heldOut < 50) throw new RangeError(`trainJoint: ${count} rows are too few to train on`)
  const { base, latents } = fitBase(table, heldOut)
  const batches = createJointBatches(table, base, latents.subarray(heldOut * width), recipe.batch, recipe.seed)
  const checks = createJointBatches(
    table,
    base,
    latents.subarray(0, heldOut * width),
    recipe.batch,
    recipe.seed + HELD_OUT_OFFSET,
  )
  const specs = jointWeights(config)
  const layout = layOut(specs)
  const traced = traceTrainingStep({
    parameters: specs,
    batch: jointBatchSpecs(recipe.batch.rows, width),
    loss: (weights, batch) => jointLoss(weights, config, batch),
    options: { averageDecay: recipe.averageDecay, weightDecay: recipe.weightDecay },
  })
  const hash = trainingHash(recipe, table.values)
  const saved = options.statePath === undefined ? null : loadBestState(options.statePath, hash)
  const start = saved?.state ?? startingState(packParameters(layout, drawWeights(specs, createRng(recipe.seed, 0x77))))
  const session = await TrainingSession.open(traced, start, { intraOpNumThreads: options.threads ?? 1 })
  const held = Array.from({ length: HELD_OUT_BATCHES }, (_, k) => checks.make(k))
  const judge = await openHeldOutLoss(specs, jointBatchSpecs(recipe.batch.rows, width), held, input =>
    jointLoss(input, config, input),
  )
  const history: { step: number; loss: number; heldOutLoss: number }[] = []
  // Weights that have learned nothing leave the Gaussian's guess, which may be the best there is.
  let best = saved?.best ?? {
    step: 0,
    loss: await judge.of(unpackParameters(layout, start.average)),
    average: start.average,
  }
  const every = Math.max(1, Math.floor(recipe.steps / CHECKS))
  const startedMs = performance.now()
  let sum = 0
  let summed = 0
  const save = () => {
    if (options.statePath !== undefined) saveBestState(options.statePath, hash, { state: session.readState(), best })
  }
  try {
    for (let step = start.step + 1; step <= recipe.steps; step++) {
      if (options.signal?.aborted) save()
      options.signal?.throwIfAborted()
      const { loss } = await session.step(batches.make(step), coolingRate(recipe, step))
      if (loss !== null) {
        sum += loss
        summed++
      }
      if (step % every === 0 || step === recipe.steps) {
        const { average } = session.readState()
        const heldOutLoss = await judge.of(unpackParameters(layout, average))
        if (heldOutLoss < best.loss) best = { step, loss: heldOutLoss, average }
        const point = { step, loss: sum / Math.max(1, summed), heldOutLoss }
        history.push(point)
        const elapsedS = (performance.now() - startedMs) / 1000
        const remainingS = (elapsedS / (step - start.step)) * (recipe.steps - step)
        options.onProgress?.({ ...point, steps: recipe.steps, bestStep: best.step, remainingS })
        sum = 0
        summed = 0
        save()
      }
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
  } finally {
    await judge.close()
    await session.close()
  }
  const { sigmaMin, sigmaMax } = recipe.batch
  const weights = unpackParameters(layout, best.average)
  return {
    model: { variables, config, base, sigmaMin, sigmaMax, weights },
    bestStep: best.step,
    bestLoss: best.loss,
    history,
  }
}
