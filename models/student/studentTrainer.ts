// Trains a student: a small network that answers the one question of all parameters given all data in a few calls, as the
// joint model answers it in many. It learns from the teacher's samples, of which there are as many as are wanted.

import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { expectedValues } from '../joint/jointGaussian.ts'
import { type JointSamplerOptions, sampleRows } from '../joint/jointSampler.ts'
import type { JointModel } from '../joint/jointTrainer.ts'
import { scaleValue, unscaleValue } from '../joint/variableScale.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng } from '../math/rng.ts'
import { coolingRate } from '../training/coolingRate.ts'
import { drawWeights } from '../transformer/weights.ts'
import { type MixtureConfig, mixtureWeights } from './mixtureNetwork.ts'
import { studentLoss } from './studentLoss.ts'
import { type StudentScale, whiten } from './studentScale.ts'

export interface StudentRecipe {
  readonly seed: number
  /** Samples of the teacher. */
  readonly lessons: number
  /** Standard deviation of what is added to a simulated observation before the teacher sees it, in its own. */
  readonly jitter: number
  readonly steps: number
  readonly rows: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly averageDecay: number
  readonly network: Omit<MixtureConfig, 'parameterCount' | 'dataCount'>
}

export interface StudentModel {
  readonly config: MixtureConfig
  readonly scale: StudentScale
  readonly weights: Readonly<Record<string, Float32Array>>
}

export interface StudentProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly remainingS: number
}

export interface StudentTrainOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: StudentProgress) => void
}

const PURPOSE = 0x7364
const REPORT_STEPS = 50

/** Samples of the teacher, whitened, and the latents of what each was given. */
export interface Lessons {
  /** [N, A] */
  readonly parameters: Float32Array
  /** [N, G] */
  readonly data: Float32Array
}

/** @param values [N, V] simulations, whose data the teacher is asked about */
export async function drawLessons(
  teachers: readonly JointModel[],
  scale: StudentScale,
  values: Float64Array,
  recipe: StudentRecipe,
  sampling: JointSamplerOptions,
  signal?: AbortSignal,
): Promise<Lessons> {
  const [{ base, variables }] = teachers
  const { asked, given } = scale.regression
  const width = variables.length
  const rng = createRng(recipe.seed, PURPOSE)
  const simulated = values.length / width
  const rows = new Float64Array(recipe.lessons * given.length)
  const data = new Float32Array(rows.length)
  for (let n = 0; n < recipe.lessons; n++) {
    given.forEach((variable, g) => {
      const at = n * given.length + g
      const latent = scaleValue(base.scales[variable], values[(n % simulated) * width + variable])
      data[at] = latent + recipe.jitter * rng.normal()
      rows[at] = unscaleValue(base.scales[variable], data[at])
    })
  }
  const request = {
    ...{ given, rows, asked, count: recipe.lessons, seed: recipe.seed },
    ...(signal === undefined ? {} : { signal }),
  }
  const samples = await sampleRows(teachers, request, sampling)
  const parameters = new Float32Array(samples.length)
  for (let n = 0; n < recipe.lessons; n++) {
    const centre = expectedValues(
      base.gaussian,
      scale.regression,
      data.subarray(n * given.length, (n + 1) * given.length),
    )
    const latents = asked.map((variable, a) => scaleValue(base.scales[variable], samples[n * asked.length + a]))
    parameters.set(whiten(scale, centre, latents), n * asked.length)
  }
  return { parameters, data }
}

/**
 * Trains on the teacher's samples; the same recipe and lessons give the same weights.
 *
 * @throws the signal's reason when it is aborted
 */
export async function trainStudent(
  scale: StudentScale,
  lessons: Lessons,
  recipe: StudentRecipe,
  options: StudentTrainOptions = {},
): Promise<StudentModel> {
  const [a, g] = [scale.regression.asked.length, scale.regression.given.length]
  const config: MixtureConfig = { ...recipe.network, parameterCount: a, dataCount: g }
  const { rows } = recipe
  const specs = mixtureWeights(config)
  const layout = layOut(specs)
  const traced = traceTrainingStep({
    parameters: specs,
    batch: [
      { name: 'parameters', shape: [rows, a] },
      { name: 'data', shape: [rows, g] },
      { name: 'noise', shape: [rows, config.levels.length, a] },
    ],
    loss: (weights, batch) => studentLoss(weights, config, batch),
    options: { averageDecay: recipe.averageDecay },
  })
  const rng = createRng(recipe.seed, PURPOSE + 1)
  const session = await TrainingSession.open(
    traced,
    startingState(packParameters(layout, drawWeights(specs, createRng(recipe.seed, PURPOSE + 2)))),
  )
  const count = lessons.parameters.length / a
  const batch = {
    parameters: new Float32Array(rows * a),
    data: new Float32Array(rows * g),
    noise: new Float32Array(rows * config.levels.length * a),
  }
  const startedMs = performance.now()
  let sum = 0
  try {
    for (let step = 1; step <= recipe.steps; step++) {
      options.signal?.throwIfAborted()
      rng.seek(step)
      for (let row = 0; row < rows; row++) {
        const n = rng.integer(count)
        batch.parameters.set(lessons.parameters.subarray(n * a, (n + 1) * a), row * a)
        batch.data.set(lessons.data.subarray(n * g, (n + 1) * g), row * g)
      }
      fillNormals(rng, batch.noise)
      const { loss } = await session.step(batch, coolingRate(recipe, step))
      sum += loss ?? 0
      if (step % REPORT_STEPS === 0) {
        const remainingS = ((performance.now() - startedMs) / 1000 / step) * (recipe.steps - step)
        options.onProgress?.({ step, steps: recipe.steps, loss: sum / REPORT_STEPS, remainingS })
        sum = 0
      }
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    return { config, scale, weights: unpackParameters(layout, session.readState().average) }
  } finally {
    await session.close()
  }
}
