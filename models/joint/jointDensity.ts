// Samples whose density is known: what a likelihood can correct.
import { flowWithDensity, rowsOfSample } from '../diffusion/densityFlow.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { createRng } from '../math/rng.ts'
import { expectedValues, regressOn, shrinkageAt } from './jointGaussian.ts'
import { NETWORK_ROWS, openJointNetwork, startInto } from './jointNetwork.ts'
import type { JointModel } from './jointTrainer.ts'
import { logSlope, scaleValue, unscaleValue } from './variableScale.ts'

export interface DensityRequest {
  /** Variable -> its value. All others are drawn. */
  readonly given: ReadonlyMap<number, number>
  readonly count: number
  readonly seed: number
  readonly signal?: AbortSignal
}

export interface DensitySamples {
  /** [count, V] all variables in their order, those given among them. */
  readonly values: Float64Array
  /** [count] natural log of the density they were drawn from, of the values that were not given. */
  readonly logDensities: Float64Array
}

const PURPOSE = 0x6a74

/**
 * Samples of a question by `flowWithDensity`.
 *
 * @param models trained on the same table
 * @throws RangeError when everything is given; the signal's reason when it is aborted
 */
export async function sampleWithDensity(
  models: readonly JointModel[],
  { given, count, seed, signal }: DensityRequest,
  levelCount: number,
): Promise<DensitySamples> {
  const [{ base, variables, sigmaMin, sigmaMax }] = models
  const known = [...given.keys()].sort((a, b) => a - b)
  const drawn = [...variables.keys()].filter(i => !given.has(i))
  const a = drawn.length
  if (a === 0) throw new RangeError('sampleWithDensity: everything is given')
  const latents = known.map(i => scaleValue(base.scales[i], given.get(i) as number))
  const regression = regressOn(base.gaussian, variables.length, drawn, known)
  const centre = expectedValues(base.gaussian, regression, latents)
  const levels = logUniformLevels({ sigmaMin, sigmaMax }, levelCount)
  const network = await openJointNetwork(models, drawn, 1)
  const rng = createRng(seed, PURPOSE)
  const chunk = Math.floor(NETWORK_ROWS / rowsOfSample(a))
  const values = new Float64Array(count * variables.length)
  const logDensities = new Float64Array(count)
  try {
    network.give(known, [latents])
    const noisy = new Float64Array(NETWORK_ROWS * a)
    for (let first = 0; first < count; first += chunk) {
      rng.seek(first / chunk)
      const flows = await flowWithDensity({
        ...{ width: a, count: Math.min(chunk, count - first), levels, signal },
        start: row => startInto(shrinkageAt(regression, levels[0]), centre, rng, row),
        denoise: (rows, k) => {
          noisy.set(rows)
          return network.denoise(noisy, [centre], shrinkageAt(regression, levels[k]))
        },
      })
      for (const [s, { x, logDensity }] of flows.entries()) {
        const at = (first + s) * variables.length
        for (const i of known) values[at + i] = given.get(i) as number
        let sum = logDensity
        for (const [c, i] of drawn.entries()) {
          values[at + i] = unscaleValue(base.scales[i], x[c])
          sum -= logSlope(base.scales[i], x[c])
        }
        logDensities[first + s] = sum
      }
    }
  } finally {
    await network.close()
  }
  return { values, logDensities }
}
