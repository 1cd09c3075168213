// Three correlated numbers learned as stars are: tokens, masks, noise and network are the product's own, and so few that
// what should have been learned is known in closed form.
import * as tf from '@tensorflow/tfjs'
import { drawMixture, type GaussianMixture } from '../diffusion/closedForm.ts'
import { cIn, cOut, cSkip, networkTarget } from '../diffusion/denoiser.ts'
import { drawSigma, type NoiseRange } from '../diffusion/schedule.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { Session } from '../engine/session.ts'
import { emptyArrays, type TensorSpec } from '../engine/tensorSpec.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { decodeAsked } from '../transformer/starModel.ts'
import { blockWeights, encodeGiven, NOISE_FREQUENCIES, type TokenModelConfig } from '../transformer/tokenModel.ts'
import { constant, dense, drawWeights, gaussian, type WeightSpec, type Weights } from '../transformer/weights.ts'

/** x, y and z: two bent clouds in which each tells of the other two. */
export const threeVariables: GaussianMixture = [
  {
    weight: 0.55,
    mean: [0.8, 0.5, 0.7],
    covariance: [
      [0.25, 0.18, -0.1],
      [0.18, 0.3, 0.05],
      [-0.1, 0.05, 0.25],
    ],
  },
  {
    weight: 0.45,
    mean: [-0.9, -0.6, -0.8],
    covariance: [
      [0.2, -0.15, 0.1],
      [-0.15, 0.4, -0.1],
      [0.1, -0.1, 0.3],
    ],
  },
]

export const threeVariablesNoise: NoiseRange = { sigmaMin: 0.2, sigmaMax: 10 }

/** What each of x, y and z is in a question; the values of those left out count for nothing. */
export type Role = 'asked' | 'given' | 'leftOut'

export interface ThreeQuestion {
  readonly roles: readonly [Role, Role, Role]
  /** Whether z neither sees x and y nor is seen by them, where it is asked. */
  readonly isParted: boolean
}

export interface LearnedScore {
  /**
   * Gradient of the learned log density where noise of `sigma` is on what is asked.
   *
   * @param points [rows * 3] noisy values of what is asked, exact ones of what is given
   * @returns [rows * 3] 0 where not asked
   * @throws RangeError when the points are not `scoreRows` rows
   */
  score(points: ArrayLike<number>, question: ThreeQuestion, sigma: number): Promise<Float64Array>
  close(): Promise<void>
}

export interface ThreeVariablesPlan {
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
  readonly seed: number
  readonly signal?: AbortSignal
  readonly onStep?: (step: number, loss: number | null) => void
}

export const threeVariablesPlan: ThreeVariablesPlan = { steps: 1500, batch: 256, learningRate: 6e-3, seed: 1 }

/** Points that `score` takes at a time. */
export const scoreRows = 400

const N = 3
const config: TokenModelConfig = { width: 32, heads: 4, layers: 2, hidden: 64 }
const weightSpecs: readonly WeightSpec[] = [
  dense('given.value', [N + 1, 1, config.width]),
  gaussian('given.identity', [N + 1, config.width], 0.5),
  gaussian('asked.value', [N, config.width], 0.5),
  gaussian('asked.identity', [N, config.width], 0.5),
  dense('noise.in', [2 * NOISE_FREQUENCIES + 1, config.width]),
  constant('noise.inBias', [config.width], 0),
  ...blockWeights(config),
  constant('asked.out', [N, config.width], 0),
  constant('asked.outBias', [N], 0),
]

const inputSpecs = (rows: number): readonly TensorSpec[] => [
  { name: 'features', shape: [rows, N + 1, 1] },
  { name: 'mask', shape: [rows, N + 1] },
  { name: 'scaled', shape: [rows, N] },
  { name: 'sigma', shape: [rows] },
  { name: 'sees', shape: [rows, N, N] },
]

function network(w: Weights, input: Weights): tf.Tensor {
  const given = encodeGiven(w, config, input.features, input.mask)
  return decodeAsked(w, config, given, input.scaled, input.sigma, input.sees)
}

/** Arrays of a batch, filled row by row. */
function openRows(rows: number) {
  const feeds = emptyArrays([
    ...inputSpecs(rows),
    { name: 'asked', shape: [rows, N] },
    { name: 'target', shape: [rows, N] },
  ])
  const fill = (row: number, { roles, isParted }: ThreeQuestion, values: ArrayLike<number>, sigma: number) => {
    feeds.sigma[row] = sigma
    // Slot 0 is always there, so that what is asked has something to look at.
    feeds.mask[row * (N + 1)] = 1
    roles.forEach((role, i) => {
      const isGiven = role === 'given'
      feeds.features[row * (N + 1) + 1 + i] = isGiven ? values[i] : 0
      feeds.mask[row * (N + 1) + 1 + i] = isGiven ? 1 : 0
      feeds.scaled[row * N + i] = role === 'asked' ? cIn(sigma) * values[i] : 0
      feeds.asked[row * N + i] = role === 'asked' ? 1 : 0
      for (let j = 0; j < N; j++) {
        const isApart = isParted && (i === 2) !== (j === 2)
        feeds.sees[(row * N + i) * N + j] = roles[j] === 'asked' && !isApart ? 1 : 0
      }
    })
  }
  return { feeds, fill }
}

const roleNames: readonly Role[] = ['asked', 'given', 'leftOut']

/** Half of the rows ask for all three, half of those with z apart; the rest any conditional. */
function drawQuestion(rng: Rng): ThreeQuestion {
  const isParted = rng.uniform() < 0.5
  if (rng.uniform() < 0.5) return { roles: ['asked', 'asked', 'asked'], isParted }
  for (;;) {
    const [x, y, z] = [0, 1, 2].map(() => roleNames[rng.integer(3)])
    if ([x, y, z].includes('asked')) return { roles: [x, y, z], isParted: false }
  }
}

/**
 * Learns every conditional of a distribution of three numbers, with and without z apart.
 *
 * @throws what the plan's signal throws, when it is aborted
 */
export async function learnThreeVariables(truth: GaussianMixture, plan: ThreeVariablesPlan): Promise<LearnedScore> {
  const layout = layOut(weightSpecs)
  const specs = inputSpecs(plan.batch)
  const traced = traceTrainingStep({
    parameters: weightSpecs,
    batch: [...specs, { name: 'asked', shape: [plan.batch, N] }, { name: 'target', shape: [plan.batch, N] }],
    loss: (weights, batch) => {
      const squared = tf.mul(tf.square(tf.sub(network(weights, batch), batch.target)), batch.asked)
      return tf.mean(tf.div(tf.sum(squared, -1), tf.sum(batch.asked, -1)))
    },
    options: { averageDecay: 0.998 },
  })
  const rng = createRng(plan.seed, 0x3a)
  const state = startingState(packParameters(layout, drawWeights(weightSpecs, rng)))
  const training = await TrainingSession.open(traced, state)
  const { feeds, fill } = openRows(plan.batch)
  const clean = new Float64Array(N)
  try {
    for (let step = 0; step < plan.steps; step++) {
      plan.signal?.throwIfAborted()
      for (let row = 0; row < plan.batch; row++) {
        const question = drawQuestion(rng)
        const sigma = drawSigma(threeVariablesNoise, rng)
        drawMixture(truth, rng, clean)
        const noisy = clean.map((value, i) => (question.roles[i] === 'asked' ? value + sigma * rng.normal() : value))
        fill(row, question, noisy, sigma)
        clean.forEach((value, i) => {
          feeds.target[row * N + i] = question.roles[i] === 'asked' ? networkTarget(value, noisy[i], sigma) : 0
        })
      }
      const rate = plan.learningRate * 0.5 * (1 + Math.cos((Math.PI * step) / plan.steps))
      const { loss } = await training.step(feeds, rate)
      plan.onStep?.(step + 1, loss)
      // A pause for timers and signals: running a graph holds the thread.
      if (step % 20 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    return await openScore(unpackParameters(layout, training.readState().average))
  } finally {
    await training.close()
  }
}

async function openScore(weights: Readonly<Record<string, Float32Array>>): Promise<LearnedScore> {
  const constants = constantsOf(weightSpecs, weights)
  const graph = traceGraph(inputSpecs(scoreRows), input => ({ output: network(input, input) }), constants)
  const session = await Session.open(graph)
  const { feeds, fill } = openRows(scoreRows)
  return {
    async score(points, question, sigma) {
      if (points.length !== scoreRows * N) {
        throw new RangeError(`score: ${points.length / N} points are not ${scoreRows}`)
      }
      for (let row = 0; row < scoreRows; row++) {
        fill(
          row,
          question,
          Array.from({ length: N }, (_, i) => points[row * N + i]),
          sigma,
        )
      }
      const { output } = await session.run(feeds)
      return Float64Array.from(output, (value, n) => {
        if (question.roles[n % N] !== 'asked') return 0
        return ((cSkip(sigma) - 1) * points[n] + cOut(sigma) * value) / sigma ** 2
      })
    },
    close: () => session.close(),
  }
}
