// Samples of any variables given any others, from one joint model or from several whose answers are averaged.
import { type LinearKind, samplerSteps } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { createRng } from '../math/rng.ts'
import { expectedValues, regressOn, shrinkageAt } from './jointGaussian.ts'
import { NETWORK_ROWS, openJointNetwork, startInto } from './jointNetwork.ts'
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
  const [{ base, variables, sigmaMin, sigmaMax }] = models
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
  const network = await openJointNetwork(models, drawn, isShared ? 1 : NETWORK_ROWS)
  const rng = createRng(seed, PURPOSE)
  const values = new Float64Array(count * asked.length)
  try {
    for (let first = 0; first < count; first += NETWORK_ROWS) {
      rng.seek(first / NETWORK_ROWS)
      // Rows that are wanting at the end are copies of the last.
      const known = Array.from({ length: isShared ? 1 : NETWORK_ROWS }, (_, s) => {
        const at = isShared ? 0 : Math.min(first + s, count - 1) * g
        return latents.slice(at, at + g)
      })
      const centres = known.map(row => expectedValues(base.gaussian, regression, row))
      network.give(given, known)
      let x: Float64Array = new Float64Array(NETWORK_ROWS * drawn.length)
      for (let s = 0; s < NETWORK_ROWS; s++) {
        startInto(shrinkages[0], centres[s % centres.length], rng, x.subarray(s * drawn.length, (s + 1) * drawn.length))
      }
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
      const kept = Math.min(NETWORK_ROWS, count - first)
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
