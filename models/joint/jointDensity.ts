// Samples whose density is known: what a likelihood can correct.
import { samplerSteps } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { logDeterminantInPlace } from '../math/determinant.ts'
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
/** Half the distance over which the network's slopes are taken, in units of the noise, on whose scale its answers bend. */
const NUDGE = 0.02

/**
 * The probability-flow ODE by DPM-Solver++(2M) takes noise to a sample by one smooth map, so the density of a sample is that of its noise
 * over the size of the map's Jacobian, which is carried along from level to level; the network's own Jacobian by central
 * differences. That is exact for the map as it is computed, however few its levels, as long as no two noises meet; only
 * float32 and the differences blur it, by some 1e-3. The last step, from the least noise to none, is left out: what is proposed is a little wider than the
 * network's answer, as weights want it.
 *
 * Sources: Song et al. 2021, arXiv:2011.13456, section 4.3; Lu et al. 2022, arXiv:2211.01095, algorithm 2.
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
  const steps = samplerSteps('multistepOde', levels)
  const network = await openJointNetwork(models, drawn, 1)
  const rng = createRng(seed, PURPOSE)
  // A sample, and one to either side of it along each axis.
  const rowsEach = 2 * a + 1
  const chunk = Math.floor(NETWORK_ROWS / rowsEach)
  const values = new Float64Array(count * variables.length)
  const logDensities = new Float64Array(count)
  try {
    network.give(known, [latents])
    const noisy = new Float64Array(NETWORK_ROWS * a)
    for (let first = 0; first < count; first += chunk) {
      rng.seek(first / chunk)
      const flows = Array.from({ length: Math.min(chunk, count - first) }, () => {
        const flow = createFlow(a)
        flow.logDensity = startInto(shrinkageAt(regression, levels[0]), centre, rng, flow.x)
        return flow
      })
      for (const [k, step] of steps.entries()) {
        signal?.throwIfAborted()
        const half = NUDGE * levels[k]
        for (const [s, { x }] of flows.entries()) fillStencil(x, half, noisy.subarray(s * rowsEach * a))
        const clean = await network.denoise(noisy, [centre], shrinkageAt(regression, levels[k]))
        for (const [s, flow] of flows.entries()) {
          advance(flow, step, clean.subarray(s * rowsEach * a, (s + 1) * rowsEach * a), half)
        }
      }
      for (const [s, { x, jacobian, logDensity }] of flows.entries()) {
        const at = (first + s) * variables.length
        for (const i of known) values[at + i] = given.get(i) as number
        let sum = logDensity - logDeterminantInPlace(jacobian, a)
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

/** A sample on its way, and how it would move with its noise. */
interface Flow {
  /** [A] */
  readonly x: Float64Array
  /** [A, A] of x by the first x. */
  jacobian: Float64Array
  /** [A] and [A, A] of the level before; null at the first. */
  previous: { readonly clean: Float64Array; readonly slopes: Float64Array } | null
  /** Of the first x. */
  logDensity: number
}

function createFlow(a: number): Flow {
  const jacobian = new Float64Array(a * a)
  for (let i = 0; i < a; i++) jacobian[i * a + i] = 1
  return { x: new Float64Array(a), jacobian, previous: null, logDensity: 0 }
}

/** Writes x, then x to either side along each axis. */
function fillStencil(x: Float64Array, half: number, rows: Float64Array): void {
  const a = x.length
  for (let r = 0; r < 2 * a + 1; r++) rows.set(x, r * a)
  for (let i = 0; i < a; i++) {
    rows[(2 * i + 1) * a + i] += half
    rows[(2 * i + 2) * a + i] -= half
  }
}

/** One step of a sample and of its Jacobian. @param clean [1 + 2A, A] denoised values of its stencil */
function advance(flow: Flow, step: ReturnType<typeof samplerSteps>[number], clean: Float64Array, half: number): void {
  const a = flow.x.length
  // Of the clean values by the first x: the network's slopes times how x has moved.
  const slopes = new Float64Array(a * a)
  for (let j = 0; j < a; j++) {
    for (let i = 0; i < a; i++) {
      const slope = (clean[(2 * j + 1) * a + i] - clean[(2 * j + 2) * a + i]) / (2 * half)
      for (let c = 0; c < a; c++) slopes[i * a + c] += slope * flow.jacobian[j * a + c]
    }
  }
  const { ofNoisy, ofDenoised, ofPrevious } = step
  const { previous } = flow
  const mix = (old: number, now: number, before: number | undefined) =>
    ofNoisy * old + ofDenoised * now + (before === undefined ? 0 : ofPrevious * before)
  for (let i = 0; i < a; i++) flow.x[i] = mix(flow.x[i], clean[i], previous?.clean[i])
  for (let i = 0; i < a * a; i++) flow.jacobian[i] = mix(flow.jacobian[i], slopes[i], previous?.slopes[i])
  flow.previous = { clean: clean.slice(0, a), slopes }
}
