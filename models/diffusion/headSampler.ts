// The posterior head's sampler for one star: whatever does not depend on the samples is worked out before its loop, so that
// a step is little more than the matrix products that the gates in between leave necessary.
import * as tf from '@tensorflow/tfjs'
import { silu } from '../engine/layers.ts'
import { PARAMETER_COUNT } from '../tokens/layout.ts'
import { conditionHead, type Modulation, multiplyHead } from '../transformer/posteriorHead.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { embedNoise } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { type LinearKind, samplerSteps, startingSpread } from './samplers.ts'

// A step's state is one matrix [S, 16]: noisy parameters, what they were denoised to a step ago, a one that carries
// constants along, and a zero: processors like sixteen.
const P = PARAMETER_COUNT
const COLUMNS = 2 * P + 2
const ONE = 2 * P

const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)
const column = (values: number[]) => tf.tensor1d(values).reshape([-1, 1, 1])

/** [rows, columns] of zeros with `value` at (r, c + r), `count` times. */
function diagonal(rows: number, columns: number, at: number, count: number, value: number): tf.Tensor {
  const values = new Float32Array(rows * columns)
  for (let r = 0; r < count; r++) values[r * columns + at + r] = value
  return tf.tensor2d(values, [rows, columns])
}

/** What block b makes of the state, scaled and shifted: a matrix [16, W] a level. */
function inward(fromInput: tf.Tensor, bias: tf.Tensor, { factor, shift }: Modulation, scales: number[]): tf.Tensor[] {
  const levels = scales.length
  const width = fromInput.shape[1] as number
  const ofNoisy = tf.mul(fromInput.reshape([1, P, width]), tf.mul(factor, column(scales)))
  const ofOne = tf.add(tf.mul(factor, bias.reshape([1, 1, width])), shift)
  const rows = tf.concat([ofNoisy, tf.zeros([levels, P, width]), ofOne, tf.zeros([levels, 1, width])], 1)
  return tf.split(rows.reshape([levels * COLUMNS, width]), levels, 0)
}

/**
 * @param star [1, D]
 * @param noise [L, S, 7] standard normal
 * @returns [S, 7] latents
 */
export function sampleHead(
  w: Weights,
  c: StarModelConfig,
  star: tf.Tensor,
  noise: tf.Tensor,
  kind: LinearKind,
  levels: ArrayLike<number>,
): tf.Tensor {
  const [count, samples] = noise.shape as [number, number]
  const { fromInput, fromGate, bias } = multiplyHead(w, c)
  const sigmas = Array.from(levels)
  const noiseLevels = embedNoise(tf.tensor1d(sigmas)).reshape([1, count, -1])
  const modulations = conditionHead(w, c, star, noiseLevels).map(({ factor, shift }) => ({
    factor: factor.reshape([count, 1, c.headWidth]),
    shift: shift.reshape([count, 1, c.headWidth]),
  }))
  const fromState = modulations.map((m, b) => inward(fromInput[b], bias[b], m, sigmas.map(cIn)))
  const factors = modulations.map(({ factor }) => tf.split(factor.reshape([count, c.headWidth]), count, 0))
  const steps = samplerSteps(kind, levels)
  const spreads = [startingSpread(levels), ...steps.map(step => step.ofNoise)]
  const padded = tf.concat([tf.mul(noise, column(spreads)), tf.zeros([count, samples, COLUMNS - P])], 2)
  const noises = tf.split(padded.reshape([count * samples, COLUMNS]), count, 0)

  const readGates = (gates: readonly tf.Tensor[], weight: (a: number) => tf.Tensor, start: tf.Tensor) =>
    gates.reduce((sum, gate, a) => tf.add(product(gate, weight(a)), sum), start)
  const gatesAt = (state: tf.Tensor, k: number) => {
    const gates: tf.Tensor[] = []
    fromState.forEach((matrices, b) => {
      const weight = (a: number) => tf.mul(fromGate[a][b], factors[b][k])
      gates.push(silu(readGates(gates, weight, product(state, matrices[k]))))
    })
    return gates
  }
  const last = c.headBlocks
  const outputRows = (k: number) =>
    tf.concat([tf.mul(fromInput[last], cIn(sigmas[k])), tf.zeros([P, P]), bias[last], tf.zeros([1, P])], 0)

  let state = tf.add(noises[0], diagonal(1, COLUMNS, ONE, 1, 1))
  steps.forEach((step, k) => {
    const [skip, out] = [cSkip(sigmas[k]), cOut(sigmas[k])]
    // Columns of the next state from the network's output: the next noisy value and the denoised one.
    const spread = (m: tf.Tensor) =>
      tf.concat([tf.mul(m, step.ofDenoised * out), tf.mul(m, out), tf.zeros([m.shape[0], 2])], 1)
    const passing = [
      diagonal(COLUMNS, COLUMNS, 0, P, step.ofNoisy + step.ofDenoised * skip),
      diagonal(COLUMNS, COLUMNS, P, P, skip),
      tf.concat([tf.zeros([P, COLUMNS]), diagonal(P, COLUMNS, 0, P, step.ofPrevious), diagonal(2, COLUMNS, ONE, 1, 1)]),
    ].reduce((sum, m) => tf.add(sum, m))
    const start = tf.add(product(state, tf.add(spread(outputRows(k)), passing)), noises[k + 1])
    state = readGates(gatesAt(state, k), a => spread(fromGate[a][last]), start)
  })
  const k = count - 1
  const [skip, out] = [cSkip(sigmas[k]), cOut(sigmas[k])]
  const start = product(state, tf.add(tf.mul(outputRows(k), out), diagonal(COLUMNS, P, 0, P, skip)))
  return readGates(gatesAt(state, k), a => tf.mul(fromGate[a][last], out), start)
}
