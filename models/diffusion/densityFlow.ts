// Noise led to samples by one smooth map, with the density that each of them was drawn from.
import { logDeterminantInPlace } from '../math/determinant.ts'
import { samplerSteps } from './samplers.ts'

export interface FlowRequest {
  /** Numbers of a sample. */
  readonly width: number
  readonly count: number
  /** Decreasing noise levels. */
  readonly levels: ArrayLike<number>
  /** Draws a row [width] of noisy values at the first level. @returns the natural log of their density */
  start(row: Float64Array): number
  /**
   * @param rows [count (1 + 2 width), width] noisy values: each sample, and beside it one to either side along each axis
   * @returns their expected clean values at level k, row by row; more rows than these are not looked at
   */
  denoise(rows: Float64Array, k: number): Promise<Float64Array>
  readonly signal?: AbortSignal | undefined
}

export interface FlowSample {
  /** [width] */
  readonly x: Float64Array
  /** Natural log of the density that x was drawn from. */
  readonly logDensity: number
}

/** Half the distance between neighbours over which slopes are taken, in units of the noise, on whose scale a network's answers bend. */
const NUDGE = 0.02

/** Rows that a sample of so many numbers takes. */
export const rowsOfSample = (width: number) => 2 * width + 1

/**
 * The probability-flow ODE by DPM-Solver++(2M) takes noise to a sample by one smooth map, so the density of a sample is that of its noise
 * over the size of the map's Jacobian, which is carried along from level to level; the denoiser's own Jacobian by central
 * differences. That is exact for the map as it is computed, however few its levels, as long as no two noises meet; only
 * float32 and the differences blur it, by some 1e-3. The last step, from the least noise to none, is left out: what is drawn is a little wider than the
 * denoiser's answer, as weights want it.
 *
 * Sources: Song et al. 2021, arXiv:2011.13456, section 4.3; Lu et al. 2022, arXiv:2211.01095, algorithm 2.
 *
 * @throws the signal's reason when it is aborted
 */
export async function flowWithDensity(request: FlowRequest): Promise<readonly FlowSample[]> {
  const { width, count, levels, denoise, signal } = request
  const size = rowsOfSample(width) * width
  const flows = Array.from({ length: count }, () => {
    const flow = createFlow(width)
    flow.logDensity = request.start(flow.x)
    return flow
  })
  const rows = new Float64Array(count * size)
  for (const [k, step] of samplerSteps('multistepOde', levels).entries()) {
    signal?.throwIfAborted()
    const half = NUDGE * levels[k]
    for (const [s, { x }] of flows.entries()) fillStencil(x, half, rows.subarray(s * size))
    const clean = await denoise(rows, k)
    for (const [s, flow] of flows.entries()) advance(flow, step, clean.subarray(s * size, (s + 1) * size), half)
  }
  return flows.map(({ x, jacobian, logDensity }) => ({
    x,
    logDensity: logDensity - logDeterminantInPlace(jacobian, width),
  }))
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
