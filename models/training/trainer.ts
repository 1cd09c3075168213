// Trains a star model from a recipe: simulate, step, average, save; resumes where it was stopped.

import type { Device } from '../engine/devices.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import { simulationFingerprint } from '../simulators/simulationFingerprint.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { sizeBands } from '../tokens/brightnessBase.ts'
import { modelParameters } from '../tokens/layout.ts'
import { starModelWeights } from '../transformer/starModelConfig.ts'
import { drawWeights } from '../transformer/weights.ts'
import { openBatchQueue } from './batchQueue.ts'
import { namedBases, namedMaps, schemaFingerprint, writeCheckpoint } from './checkpoint.ts'
import { coolingRate } from './coolingRate.ts'
import { type HeldOutLoss, openHeldOutLoss } from './heldOutLoss.ts'
import type { ModelCard } from './modelCard.ts'
import { fitPrior, type PriorFit } from './priorFit.ts'
import type { Recipe } from './recipe.ts'
import { createBatchMaker, errFloors } from './starBatch.ts'
import { batchSpecs, cacheRows, starLoss } from './starLoss.ts'
import { appendLoss, type LossPoint, loadState, readLosses, recipeHash, saveState } from './trainingFolder.ts'

export interface TrainOptions {
  /** The same stars without spectra, where the simulator draws them. */
  readonly plainSimulator?: Simulator
  /** Where the state of the run is kept between stops. */
  readonly workFolder: string
  /** Where the checkpoint goes. */
  readonly outFolder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
  /** Threads inside one operation. */
  readonly threads?: number
  /** Threads that simulate batches. */
  readonly batchThreads?: number
  /** Where the steps are computed; another device rounds otherwise, so its weights differ in their last digits. */
  readonly device?: Device
}

export interface TrainProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly validationLoss: number | null
  readonly stepMs: number
  readonly remainingS: number
}

export interface TrainResult {
  readonly isFinished: boolean
  readonly step: number
  readonly losses: readonly LossPoint[]
}

const REPORT_STEPS = 100
const SAVE_STEPS = 500
const VALIDATION_STEPS = 1000
const VALIDATION_BATCHES = 4
/** Added to the recipe's seed for stars that are never trained on. */
const VALIDATION_SEED_OFFSET = 1_000_003
const PRIOR_SEED_OFFSET = 2_000_003

/**
 * Trains, or goes on training. The same recipe gives the same weights, stopped in between or not.
 *
 * @returns whether the run is finished; when it is not, calling again goes on
 * @throws FusionError MODEL_MISMATCH when the work folder holds a run of another recipe
 */
export async function trainStarModel(
  recipe: Recipe,
  simulator: Simulator,
  options: TrainOptions,
): Promise<TrainResult> {
  const specs = starModelWeights(recipe.config)
  const layout = layOut(specs)
  const fit = fitPrior(simulator, recipe.seed + PRIOR_SEED_OFFSET, recipe.priorDraws, options.plainSimulator)
  const initial = () => packParameters(layout, drawWeights(specs, createRng(recipe.seed, 0x77)))
  const state = loadState(options.workFolder, recipe) ?? startingState(initial())
  const { device = 'cpu' } = options
  const rowsAtATime = device === 'cpu' ? cacheRows : recipe.batch.posteriorRows
  const traced = traceTrainingStep({
    parameters: specs,
    batch: batchSpecs(recipe.batch, recipe.config.classCount),
    loss: (weights, batch) => starLoss(weights, recipe.config, batch, rowsAtATime),
    options: { averageDecay: recipe.averageDecay },
  })
  const session = await TrainingSession.open(traced, state, {
    intraOpNumThreads: options.threads ?? 1,
    device,
  })
  const validate = await openValidation(recipe, simulator, fit, specs)
  const queue = openBatchQueue({ recipe, scale: fit.scale }, state.step, options.batchThreads)
  const sums = new Sums()
  let step = state.step
  let since = performance.now()
  try {
    while (step < recipe.steps && options.signal?.aborted !== true) {
      const feeds = await queue.next()
      const result = await session.step(feeds, coolingRate(recipe, ++step))
      sums.add(result.loss, result.metrics)
      if (step % REPORT_STEPS === 0 || step === recipe.steps) {
        const isMeasured = step % VALIDATION_STEPS === 0 || step === recipe.steps
        const stepMs = (performance.now() - since) / sums.count
        const average = () => unpackParameters(layout, session.readState().average)
        const point = sums.take(step, isMeasured ? await validate.of(average()) : null)
        appendLoss(options.workFolder, point)
        options.onProgress?.({
          step,
          steps: recipe.steps,
          loss: point.loss,
          validationLoss: point.validationLoss,
          stepMs,
          remainingS: ((recipe.steps - step) * stepMs) / 1000,
        })
        since = performance.now()
      }
      if (step % SAVE_STEPS === 0) saveState(options.workFolder, recipe, session.readState())
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    const final = session.readState()
    saveState(options.workFolder, recipe, final)
    const losses = readLosses(options.workFolder, step)
    const isFinished = step >= recipe.steps
    // An unfinished run leaves a checkpoint too, to look at; it says how far it came.
    writeCheckpoint(
      options.outFolder,
      cardOf(recipe, simulator, fit, final.step, losses),
      unpackParameters(layout, final.average),
    )
    return { isFinished, step, losses }
  } finally {
    await queue.close()
    await validate.close()
    await session.close()
  }
}

function cardOf(
  recipe: Recipe,
  simulator: Simulator,
  fit: PriorFit,
  step: number,
  losses: readonly LossPoint[],
): ModelCard {
  return {
    format: 1,
    name: recipe.name,
    config: recipe.config,
    noise: recipe.noise,
    sampler: { kind: 'secondOrderSde', steps: 24 },
    parameters: namedMaps(modelParameters, fit.scale.parameters),
    brightness: namedMaps([...sizeBands, 'none'], fit.scale.brightness),
    observableMean: fit.scale.observableMean.map(value => Number(value.toPrecision(7))),
    observableSd: fit.scale.observableSd.map(value => Number(value.toPrecision(7))),
    colourMean: fit.scale.colourMean.map(row => row.map(value => Number(value.toPrecision(7)))),
    colourSd: fit.scale.colourSd.map(row => row.map(value => Number(value.toPrecision(7)))),
    spectra: namedBases(fit.scale.spectra),
    errFloors,
    classPrior: simulator.classPrior,
    corrections: [],
    featureRange: {
      low: fit.featureRange.low.map(row => row.map(value => Number(value.toFixed(4)))),
      high: fit.featureRange.high.map(row => row.map(value => Number(value.toFixed(4)))),
    },
    schema: schemaFingerprint(),
    training: {
      recipe,
      recipeHash: recipeHash(recipe),
      simulator: simulator.name,
      data: simulationFingerprint(simulator, recipe.seed),
      step,
      lastLoss: losses.at(-1) ?? null,
    },
  }
}

function openValidation(
  recipe: Recipe,
  simulator: Simulator,
  fit: PriorFit,
  specs: ReturnType<typeof starModelWeights>,
): Promise<HeldOutLoss> {
  const maker = createBatchMaker(simulator, recipe.batch, fit.scale, recipe.noise, recipe.seed + VALIDATION_SEED_OFFSET)
  const batches = Array.from({ length: VALIDATION_BATCHES }, (_, k) => maker.make(k))
  const shapes = batchSpecs(recipe.batch, recipe.config.classCount)
  return openHeldOutLoss(specs, shapes, batches, input => starLoss(input, recipe.config, input).loss)
}

class Sums {
  count = 0
  private readonly totals = new Map<string, number>()

  add(loss: number | null, metrics: Readonly<Record<string, Float32Array>>): void {
    if (loss === null) return
    this.count++
    const values = { loss, ...Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value[0]])) }
    for (const [name, value] of Object.entries(values)) this.totals.set(name, (this.totals.get(name) ?? 0) + value)
  }

  take(step: number, validationLoss: number | null): LossPoint {
    const mean = (name: string) => Number(((this.totals.get(name) ?? 0) / Math.max(1, this.count)).toPrecision(6))
    const point = {
      step,
      loss: mean('loss'),
      posteriorLoss: mean('posteriorLoss'),
      questionLoss: mean('questionLoss'),
      classLoss: mean('classLoss'),
      validationLoss,
    }
    this.count = 0
    this.totals.clear()
    return point
  }
}
