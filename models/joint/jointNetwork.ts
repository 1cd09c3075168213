// The networks of joint models, opened for one question: noisy values in, expected clean values out, so many rows at a time.
import { Session } from '../engine/session.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import type { Rng } from '../math/rng.ts'
import { logNormal } from '../math/special.ts'
import { denoiseGaussian, type Shrinkage } from './jointGaussian.ts'
import { ASKED_NUMBERS, denoiseJoint, type JointInput, jointWeights, writeAsked } from './jointModel.ts'
import type { JointModel } from './jointTrainer.ts'

/** Rows that go through the network together. */
export const NETWORK_ROWS = 1000

export interface JointNetwork {
  /** Latents of the given variables, a row for each that `denoise` is to know. */
  give(given: readonly number[], latents: readonly (readonly number[])[]): void
  /**
   * @param x [NETWORK_ROWS, A] noisy values; @param centres [1 or NETWORK_ROWS][A] what the Gaussian expects
   * @returns [NETWORK_ROWS, A] expected clean values
   */
  denoise(x: Float64Array, centres: readonly Float64Array[], shrinkage: Shrinkage): Promise<Float64Array>
  close(): Promise<void>
}

/**
 * Draws a row of noisy values at the first level as the Gaussian has them.
 *
 * @param row [A] receives them
 * @returns the natural log of their density
 */
export function startInto(
  { sigma, axes: { vectors, values } }: Pick<Shrinkage, 'sigma' | 'axes'>,
  centre: Float64Array,
  rng: Rng,
  row: Float64Array,
): number {
  const a = centre.length
  let logDensity = 0
  row.set(centre)
  for (let k = 0; k < a; k++) {
    const sd = Math.sqrt(Math.max(0, values[k]) + sigma * sigma)
    const along = sd * rng.normal()
    logDensity += logNormal(along, 0, sd)
    for (let i = 0; i < a; i++) row[i] += along * vectors[k * a + i]
  }
  return logDensity
}

/**
 * @param models trained on the same table; all must agree on what latents mean
 * @param asked the variables that are drawn, in the order of their columns
 * @param givenRows 1 where all rows have the same given values, else `NETWORK_ROWS`
 */
export async function openJointNetwork(
  models: readonly JointModel[],
  asked: readonly number[],
  givenRows: number,
): Promise<JointNetwork> {
  const [{ config }] = models
  const [a, v] = [asked.length, config.variableCount]
  const known = new Float32Array(givenRows * v)
  const mask = new Float32Array(givenRows * v)
  const askedMask = new Float32Array(NETWORK_ROWS * v)
  for (let s = 0; s < NETWORK_ROWS; s++) for (const i of asked) askedMask[s * v + i] = 1
  const shapes = jointWeights(config)
  const sessions: Session[] = []
  for (const { weights } of models) {
    const constants = constantsOf(shapes, weights)
    const graph = traceGraph(
      [
        { name: 'given', shape: [givenRows, v] },
        { name: 'mask', shape: [givenRows, v] },
        { name: 'noisy', shape: [NETWORK_ROWS, v, ASKED_NUMBERS] },
        { name: 'sigma', shape: [1] },
        { name: 'asked', shape: [NETWORK_ROWS, v] },
      ],
      input => ({ output: denoiseJoint(input, config, input as unknown as JointInput) }),
      constants,
    )
    sessions.push(await Session.open(graph))
  }
  const noisy = new Float32Array(NETWORK_ROWS * v * ASKED_NUMBERS)
  const guesses = new Float64Array(NETWORK_ROWS * a)
  return {
    give(given, latents) {
      for (const [row, values] of latents.entries()) {
        for (const [k, i] of given.entries()) {
          mask[row * v + i] = 1
          known[row * v + i] = values[k]
        }
      }
    },
    async denoise(x, centres, shrinkage) {
      for (let s = 0; s < NETWORK_ROWS; s++) {
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
        for (let s = 0; s < NETWORK_ROWS; s++) {
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
