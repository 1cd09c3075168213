// Samples of any variables given any others, from one joint model or from several whose answers are averaged.
import { type LinearKind, samplerSteps } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { Session } from '../engine/session.ts'
import { traceGraph } from '../engine/tracer.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { denoiseGaussian, expectedValues, regressOn, type Shrinkage, shrinkageAt } from './jointGaussian.ts'
import { ASKED_NUMBERS, denoiseJoint, type JointInput, jointWeights, writeAsked } from './jointModel.ts'
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

/** As `JointRequest`, but each sample may have an observation of its own. */
export interface JointRowsRequest extends Omit<JointRequest, 'given'> {
  readonly given: readonly number[]
  /** [R, G] values of the given variables: R = 1 for all samples, or as many as are asked for. */
  readonly rows: ArrayLike<number>
}

/** Samples that go through the network together. */
const CHUNK = 1000
const PURPOSE = 0x6a73

/**
 * @param models trained on the same table; all must agree on what latents mean
 * @returns [count, A] values, row by row
 * @throws RangeError when nothing is asked, or a variable both given and asked
 */
export function sampleJoint(
  models: readonly JointModel[],
  { given, ...request }: JointRequest,
  options: JointSamplerOptions,
): Promise<Float64Array> {
  const order = [...given.keys()].sort((a, b) => a - b)
  return sampleRows(models, { ...request, given: order, rows: order.map(i => given.get(i) as number) }, options)
}

/**
 * All that is not given is drawn, and what is asked is kept: training has no variable that is neither.
 *
 * @returns [count, A] values, row by row
 * @throws RangeError as `sampleJoint`, and when the rows of given values are neither one nor one a sample
 */
export async function sampleRows(
  models: readonly JointModel[],
  { given, rows, asked, count, seed, signal }: JointRowsRequest,
  { kind, levels: levelCount }: JointSamplerOptions,
): Promise<Float64Array> {
  const [{ base, config, variables, sigmaMin, sigmaMax }] = models
  if (asked.length === 0) throw new RangeError('sampleJoint: nothing is asked')
  if (asked.some(i => given.includes(i))) throw new RangeError('sampleJoint: a variable is both given and asked')
  const g = given.length
  const isShared = rows.length === g
  if (!isShared && rows.length !== count * g) throw new RangeError('sampleJoint: given values are not one row a sample')
  const width = variables.length
  const latents = Array.from(rows, (value, i) => scaleValue(base.scales[given[i % g]], value))
  const drawn = [...variables.keys()].filter(i => !given.includes(i))
  const columns = asked.map(i => drawn.indexOf(i))
  const regression = regressOn(base.gaussian, width, drawn, given)
  const levels = logUniformLevels({ sigmaMin, sigmaMax }, levelCount)
  const shrinkages = Array.from(levels, sigma => shrinkageAt(regression, sigma))
  const steps = samplerSteps(kind, levels)
  const network = await openNetwork(models, config, drawn, isShared ? 1 : CHUNK)
  const rng = createRng(seed, PURPOSE)
  const values = new Float64Array(count * asked.length)
  try {
    for (let first = 0; first < count; first += CHUNK) {
      rng.seek(first / CHUNK)
      // Rows that are wanting at the end are copies of the last.
      const known = Array.from({ length: isShared ? 1 : CHUNK }, (_, s) => {
        const at = isShared ? 0 : Math.min(first + s, count - 1) * g
        return latents.slice(at, at + g)
      })
      const centres = known.map(row => expectedValues(base.gaussian, regression, row))
      network.give(given, known)
      let x = startAt(shrinkages[0], centres, rng)
      let previous: Float64Array | null = null
      for (let k = 0; k < levels.length; k++) {
        signal?.throwIfAborted()
        const clean = await network.denoise(x, centres, shrinkages[k])
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
      for (let s = 0; s < kept; s++) {
        for (const [k, column] of columns.entries()) {
          const latent = x[s * drawn.length + column]
          values[(first + s) * asked.length + k] = unscaleValue(base.scales[asked[k]], latent)
        }
      }
    }
  } finally {
    await network.close()
  }
  return values
}

/** [CHUNK, A] noisy values of the first level as the Gaussian has them. */
function startAt(
  { sigma, axes: { vectors, values } }: Shrinkage,
  centres: readonly Float64Array[],
  rng: Rng,
): Float64Array {
  const a = centres[0].length
  const x = new Float64Array(CHUNK * a)
  for (let s = 0; s < CHUNK; s++) {
    const row = x.subarray(s * a, (s + 1) * a)
    row.set(centres[s % centres.length])
    for (let k = 0; k < a; k++) {
      const along = Math.sqrt(Math.max(0, values[k]) + sigma * sigma) * rng.normal()
      for (let i = 0; i < a; i++) row[i] += along * vectors[k * a + i]
    }
  }
  return x
}

async function openNetwork(
  models: readonly JointModel[],
  config: JointModel['config'],
  asked: readonly number[],
  givenRows: number,
) {
  const [a, v] = [asked.length, config.variableCount]
  const known = new Float32Array(givenRows * v)
  const mask = new Float32Array(givenRows * v)
  const askedMask = new Float32Array(CHUNK * v)
  for (let s = 0; s < CHUNK; s++) for (const i of asked) askedMask[s * v + i] = 1
  const shapes = jointWeights(config)
  const sessions: Session[] = []
  for (const { weights } of models) {
    const constants = shapes.map(({ name, shape }) => ({ name, shape, data: weights[name] }))
    const graph = traceGraph(
      [
        { name: 'given', shape: [givenRows, v] },
        { name: 'mask', shape: [givenRows, v] },
        { name: 'noisy', shape: [CHUNK, v, ASKED_NUMBERS] },
        { name: 'sigma', shape: [1] },
        { name: 'asked', shape: [CHUNK, v] },
      ],
      input => ({ output: denoiseJoint(input, config, input as unknown as JointInput) }),
      constants,
    )
    sessions.push(await Session.open(graph))
  }
  const noisy = new Float32Array(CHUNK * v * ASKED_NUMBERS)
  const guesses = new Float64Array(CHUNK * a)
  return {
    /** Latents of the given variables, a row for each that `denoise` is to know. */
    give(given: readonly number[], latents: readonly (readonly number[])[]): void {
      for (const [row, values] of latents.entries()) {
        for (const [k, i] of given.entries()) {
          mask[row * v + i] = 1
          known[row * v + i] = values[k]
        }
      }
    },
    /** [CHUNK, A] expected clean values. */
    async denoise(x: Float64Array, centres: readonly Float64Array[], shrinkage: Shrinkage): Promise<Float64Array> {
      for (let s = 0; s < CHUNK; s++) {
        const centre = centres[s % centres.length]
        const guess = guesses.subarray(s * a, (s + 1) * a)
        denoiseGaussian(shrinkage, x.subarray(s * a, (s + 1) * a), centre, guess)
        for (let i = 0; i < a; i++) {
          const at = (s * v + asked[i]) * ASKED_NUMBERS
          const [noisySd, residualSd] = [shrinkage.noisySd[i], shrinkage.residualSd[i]]
          const told = { noisy: x[s * a + i], centre: centre[i], guess: guess[i] }
          writeAsked(noisy, at, told, { sigma: shrinkage.sigma, noisySd, residualSd })
        }
      }
      const sigma = Float32Array.of(shrinkage.sigma)
      const out = guesses.slice()
      for (const session of sessions) {
        const { output } = await session.run({ given: known, mask, noisy, sigma, asked: askedMask })
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
