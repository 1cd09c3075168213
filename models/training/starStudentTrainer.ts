// Teaches a student of a star model: a checkpoint like the teacher's, whose posteriors take a few calls instead of a dozen.

import { join } from 'node:path'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { emptyArrays } from '../engine/tensorSpec.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng, type Rng } from '../math/rng.ts'
import type { MixtureConfig } from '../student/mixtureNetwork.ts'
import { starStudentBatch, starStudentLoss, starStudentWeights } from '../student/starStudent.ts'
import { PARAMETER_COUNT } from '../tokens/layout.ts'
import { drawWeights } from '../transformer/weights.ts'
import { loadBestState, saveBestState, trainingHash } from './bestState.ts'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import { coolingRate } from './coolingRate.ts'
import { openHeldOutLoss } from './heldOutLoss.ts'
import type { StarLessons } from './starLessons.ts'
import { appendLoss, type LossPoint, readLosses } from './trainingFolder.ts'

export interface StarStudentRecipe {
  readonly name: string
  readonly seed: number
  /** Simulated stars that the teacher is asked about, and its samples of each. */
  readonly stars: number
  readonly samplesPerStar: number
  readonly steps: number
  readonly rows: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly averageDecay: number
  readonly network: Omit<MixtureConfig, 'parameterCount' | 'dataCount'>
}

/**
 * `birthline train student --out FOLDER`: 3 to 6 minutes of lessons, then 45 ms a step on two cores. More steps learn the stars by heart: of 24,000
 * those from 18,000 on did worse on the stars held out, by 0.11 nats in the end.
 */
export const starStudentRecipe: StarStudentRecipe = {
  name: 'student',
  seed: 1,
  stars: 400_000,
  samplesPerStar: 4,
  steps: 18_000,
  rows: 512,
  warmupSteps: 200,
  peakLearningRate: 2e-3,
  averageDecay: 0.9995,
  network: {
    ...{ dataWidth: 256, firstComponents: 32, dataOctaves: 0, parameterOctaves: 0 },
    ...{ width: 128, blocks: 2, components: 6, levels: [0.5] },
  },
}

export interface StarStudentOptions {
  /** Where the state of the run is kept between stops. */
  readonly workFolder: string
  readonly outFolder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: StarStudentProgress) => void
}

export interface StarStudentProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly heldOutLoss: number | null
  readonly stepMs: number
  readonly remainingS: number
}

const REPORT_STEPS = 100
const SAVE_STEPS = 500
const HELD_OUT_STEPS = 1000
/** Of the lessons: stars that are never learned from, and batches of them. */
const HELD_OUT_STARS = 2048
const HELD_OUT_BATCHES = 8
const PURPOSE = 0x7375

/**
 * Trains, or goes on training, and writes the teacher's checkpoint with the student in it once it is finished: with the averaged weights
 * that did best on the stars held out. The same recipe and lessons give the same weights, stopped in between or not.
 *
 * @param draw the lessons, once it is known that the work folder holds no other run: they take minutes
 * @returns whether the run is finished; when it is not, calling again goes on
 * @throws FusionError MODEL_MISMATCH when the work folder holds a run of another recipe; RangeError when there are too few lessons
 */
export async function trainStarStudent(
  teacher: Checkpoint,
  draw: () => Promise<StarLessons>,
  recipe: StarStudentRecipe,
  options: StarStudentOptions,
): Promise<{ readonly isFinished: boolean; readonly step: number; readonly losses: readonly LossPoint[] }> {
  const { workFolder, signal } = options
  const config = studentConfig(teacher, recipe)
  const hash = trainingHash({ recipe, teacher: teacher.fingerprint })
  const statePath = join(workFolder, 'state.bin')
  const specs = starStudentWeights(config)
  const layout = layOut(specs)
  const initial = () => packParameters(layout, drawWeights(specs, createRng(recipe.seed, PURPOSE)))
  const saved = loadBestState(statePath, hash)
  const state = saved?.state ?? startingState(initial())
  let best = saved?.best ?? { step: 0, loss: Number.POSITIVE_INFINITY, average: state.average }
  const shapes = starStudentBatch(config, recipe.rows)
  const traced = traceTrainingStep({
    parameters: specs,
    batch: shapes,
    loss: (weights, batch) => starStudentLoss(weights, config, batch),
    options: { averageDecay: recipe.averageDecay },
  })
  const lessons = await draw()
  const starCount = lessons.stars.length / config.dataCount
  const learned = starCount - Math.min(HELD_OUT_STARS, Math.floor(starCount / 4))
  if (learned < 1) throw new RangeError(`trainStarStudent: lessons of ${starCount} stars are too few`)
  const makeBatch = batchMaker(lessons, config, recipe.rows)
  const rng = createRng(recipe.seed, PURPOSE + 1)
  const batchOf = (index: number, first: number, count: number) => {
    rng.seek(index)
    return makeBatch(rng, first, count)
  }
  const held = Array.from({ length: HELD_OUT_BATCHES }, (_, k) =>
    batchOf(recipe.steps + 1 + k, learned, starCount - learned),
  )
  const heldOut = await openHeldOutLoss(specs, shapes, held, input => starStudentLoss(input, config, input))
  const session = await TrainingSession.open(traced, state)
  const save = () => saveBestState(statePath, hash, { state: session.readState(), best })
  let [step, sum, count, since] = [state.step, 0, 0, performance.now()]
  try {
    while (step < recipe.steps && signal?.aborted !== true) {
      const { loss } = await session.step(batchOf(step, 0, learned), coolingRate(recipe, ++step))
      if (loss !== null) [sum, count] = [sum + loss, count + 1]
      if (step % REPORT_STEPS === 0 || step === recipe.steps) {
        const isMeasured = step % HELD_OUT_STEPS === 0 || step === recipe.steps
        const stepMs = (performance.now() - since) / REPORT_STEPS
        const mean = Number((sum / Math.max(1, count)).toPrecision(6))
        const { average } = session.readState()
        const validationLoss = isMeasured ? await heldOut.of(unpackParameters(layout, average)) : null
        if (validationLoss !== null && validationLoss < best.loss) best = { step, loss: validationLoss, average }
        appendLoss(workFolder, { step, loss: mean, validationLoss })
        const remainingS = ((recipe.steps - step) * stepMs) / 1000
        options.onProgress?.({ step, steps: recipe.steps, loss: mean, heldOutLoss: validationLoss, stepMs, remainingS })
        ;[sum, count, since] = [0, 0, performance.now()]
      }
      if (step % SAVE_STEPS === 0) save()
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    save()
    const losses = readLosses(workFolder, step)
    const isFinished = step >= recipe.steps
    if (isFinished) {
      const { step: bestStep, loss: heldOutLoss } = best
      const student = { teacher: teacher.fingerprint, recipe, recipeHash: hash, bestStep, heldOutLoss }
      const card = {
        ...teacher.card,
        name: recipe.name,
        student: config,
        training: { ...teacher.card.training, student },
      }
      writeCheckpoint(options.outFolder, card, { ...teacher.weights, ...unpackParameters(layout, best.average) })
    }
    return { isFinished, step, losses }
  } finally {
    await heldOut.close()
    await session.close()
  }
}

const studentConfig = ({ card }: Checkpoint, { network }: StarStudentRecipe): MixtureConfig => ({
  parameterCount: PARAMETER_COUNT,
  dataCount: card.config.width,
  ...network,
})

/** Batches of samples drawn at random from those of the stars from `first` on. */
function batchMaker({ stars, latents, samplesPerStar }: StarLessons, config: MixtureConfig, rows: number) {
  const { dataCount } = config
  return (rng: Rng, first: number, count: number) => {
    const batch = emptyArrays(starStudentBatch(config, rows))
    for (let row = 0; row < rows; row++) {
      const star = first + rng.integer(count)
      const sample = star * samplesPerStar + rng.integer(samplesPerStar)
      batch.star.set(stars.subarray(star * dataCount, (star + 1) * dataCount), row * dataCount)
      const one = latents.subarray(sample * PARAMETER_COUNT, (sample + 1) * PARAMETER_COUNT)
      batch.latents.set(one, row * PARAMETER_COUNT)
    }
    fillNormals(rng, batch.noise)
    return batch
  }
}
