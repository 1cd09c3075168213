// Samples of any variables given any others, from one joint model or from several whose answers are averaged.
import { type LinearKind, samplerSteps } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { Session } from '../engine/session.ts'
import { traceGraph } from '../engine/tracer.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { writeNoisy } from './jointBatch.ts'
import { denoiseGaussian, expectedValues, regressOn, type Shrinkage, shrinkageAt } from './jointGaussian.ts'
import {
  ASKED_FEATURES,
  denoiseJoint,
  GIVEN_FEATURES,
  givenFeatures,
  type JointInput,
  jointWeights,
} from './jointModel.ts'
import type { JointModel } from './jointTrainer.ts'
import { scaleValue, unscaleValue } from './variableScale.ts'

export interface JointSamplerOptions {
  readonly kind: LinearKind
  readonly levels: number
}

export interface JointRequest {
  /** Variable -> its value. */
  readonly given: ReadonlyMap<number, number>
  /** Variables in the order of the columns of the answer. */
  readonly asked: readonly number[]
  readonly count: number
  readonly seed: number
  readonly signal?: AbortSignal
}

/** Samples that go through the network together. */
const CHUNK = 1000
const PURPOSE = 0x6a73

/**
 * @param models trained on the same table; all must agree on what latents mean
 * @returns [count, A] values, row by row
 * @throws RangeError when nothing is asked, or a variable both given and asked
 */
export async function sampleJoint(
  models: readonly JointModel[],
  { given, asked, count, seed, signal }: JointRequest,
  { kind, levels: levelCount }: JointSamplerOptions,
): Promise<Float64Array> {
  const [{ base, config, variables, sigmaMin, sigmaMax }] = models
  if (asked.length === 0) throw new RangeError('sampleJoint: nothing is asked')
  if (asked.some(i => given.has(i))) throw new RangeError('sampleJoint: a variable is both given and asked')
  const width = variables.length
  const givenOrder = [...given.keys()].sort((a, b) => a - b)
  const latents = givenOrder.map(i => scaleValue(base.scales[i], given.get(i) as number))
  const regression = regressOn(base.gaussian, width, asked, givenOrder)
  const centre = expectedValues(base.gaussian, regression, latents)
  const levels = logUniformLevels({ sigmaMin, sigmaMax }, levelCount)
  const shrinkages = Array.from(levels, sigma => shrinkageAt(regression, sigma))
  const steps = samplerSteps(kind, levels)
  const network = await openNetwork(models, config, givenOrder, asked, latents)
  const rng = createRng(seed, PURPOSE)
  const values = new Float64Array(count * asked.length)
  try {
    for (let first = 0; first < count; first += CHUNK) {
      rng.seek(first / CHUNK)
      let x = startAt(shrinkages[0], centre, rng)
      let previous: Float64Array | null = null
      for (let k = 0; k < levels.length; k++) {
        signal?.throwIfAborted()
        const clean = await network.denoise(x, centre, shrinkages[k])
        if (k === levels.length - 1) {
          x = clean
          break
        }
        const { ofNoisy, ofDenoised, ofPrevious, ofNoise } = steps[k]
        const next = new Float64Array(x.length)
        for (let i = 0; i < x.length; i++) {
          next[i] = ofNoisy * x[i] + ofDenoised * clean[i] + ofNoise * rng.normal()
          if (previous !== null) next[i] += ofPrevious * previous[i]
        }
        previous = clean
        x = next
      }
      const kept = Math.min(CHUNK, count - first)
      for (let i = 0; i < kept * asked.length; i++) {
        values[first * asked.length + i] = unscaleValue(base.scales[asked[i % asked.length]], x[i])
      }
    }
  } finally {
    await network.close()
  }
  return values
}

/** [CHUNK, A] noisy values of the first level as the Gaussian has them. */
function startAt({ factor }: Shrinkage, centre: Float64Array, rng: Rng): Float64Array {
  const a = centre.length
  const x = new Float64Array(CHUNK * a)
  for (let s = 0; s < CHUNK; s++) {
    const normals = centre.map(() => rng.normal())
    for (let i = 0; i < a; i++) {
      let value = centre[i]
      for (let j = 0; j <= i; j++) value += factor[i * a + j] * normals[j]
      x[s * a + i] = value
    }
  }
  return x
}

async function openNetwork(
  models: readonly JointModel[],
  config: JointModel['config'],
  given: readonly number[],
  asked: readonly number[],
  latents: readonly number[],
) {
  const [a, v] = [asked.length, config.variableCount]
  const features = new Float32Array(v * GIVEN_FEATURES)
  const mask = new Float32Array(v)
  for (const [i, latent] of latents.entries()) {
    mask[given[i]] = 1
    features.set(givenFeatures(latent), given[i] * GIVEN_FEATURES)
  }
  const askedMask = new Float32Array(CHUNK * v)
  for (let s = 0; s < CHUNK; s++) for (const i of asked) askedMask[s * v + i] = 1
  const shapes = jointWeights(config)
  const sessions: Session[] = []
  for (const { weights } of models) {
    const constants = shapes.map(({ name, shape }) => ({ name, shape, data: weights[name] }))
    const graph = traceGraph(
      [
        { name: 'features', shape: [1, v, GIVEN_FEATURES] },
        { name: 'mask', shape: [1, v] },
        { name: 'noisy', shape: [CHUNK, v, ASKED_FEATURES] },
        { name: 'sigma', shape: [1] },
        { name: 'asked', shape: [CHUNK, v] },
      ],
      input => ({ output: denoiseJoint(input, config, input as unknown as JointInput) }),
      constants,
    )
    sessions.push(await Session.open(graph))
  }
  const noisy = new Float32Array(CHUNK * v * ASKED_FEATURES)
  const guesses = new Float64Array(CHUNK * a)
  return {
    /** [CHUNK, A] expected clean values. */
    async denoise(x: Float64Array, centre: Float64Array, shrinkage: Shrinkage): Promise<Float64Array> {
      for (let s = 0; s < CHUNK; s++) {
        const guess = guesses.subarray(s * a, (s + 1) * a)
        denoiseGaussian(shrinkage, x.subarray(s * a, (s + 1) * a), centre, guess)
        for (let i = 0; i < a; i++) {
          const at = (s * v + asked[i]) * ASKED_FEATURES
          writeNoisy(noisy, at, x[s * a + i], centre[i], guess[i], shrinkage.sigma, shrinkage.noisySd[i])
        }
      }
      const sigma = Float32Array.of(shrinkage.sigma)
      const out = guesses.slice()
      for (const session of sessions) {
        const { output } = await session.run({ features, mask, noisy, sigma, asked: askedMask })
        for (let s = 0; s < CHUNK; s++) {
          for (let i = 0; i < a; i++) {
            out[s * a + i] += (shrinkage.residualSd[i] * output[s * v + asked[i]]) / sessions.length
          }
        }
      }
      return out
    },
    async close() {
      for (const session of sessions) await session.close()
    },
  }
}
