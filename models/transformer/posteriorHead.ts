// The posterior head: one vector of all parameters, denoised by a few gated blocks that are told the star and the noise level.
import * as tf from '@tensorflow/tfjs'
import { silu } from '../engine/layers.ts'
import { linear } from './attention.ts'
import { modulate } from './modulation.ts'
import type { StarModelConfig } from './starModelConfig.ts'
import type { Weights } from './weights.ts'

export interface Modulation {
  /** [B, K, 1, W] */
  readonly factor: tf.Tensor
  readonly shift: tf.Tensor
}

/** What each block of the posterior head is scaled and shifted by, for each star and noise level. */
export function conditionHead(
  w: Weights,
  c: StarModelConfig,
  star: tf.Tensor,
  noise: tf.Tensor,
): readonly Modulation[] {
  // star [B, D], noise [B or 1, K, 17]
  const [batch] = star.shape
  const [noiseRows, levels, frequencies] = noise.shape as [number, number, number]
  const fromStar = tf.matMul(star as tf.Tensor2D, w['head.star'] as tf.Tensor2D).reshape([batch, 1, c.headWidth])
  const flatNoise = noise.reshape([noiseRows * levels, frequencies])
  const fromNoise = linear(flatNoise, w['head.noise'], w['head.conditionBias']).reshape([
    noiseRows,
    levels,
    c.headWidth,
  ])
  const condition = silu(tf.add(fromStar, fromNoise).reshape([batch * levels, c.headWidth]))
  return Array.from({ length: c.headBlocks }, (_, b) => {
    const [factor, shift] = modulate(w, `head${b}`, condition, 1)
    const shape = [batch, levels, 1, c.headWidth]
    return { factor: factor.reshape(shape), shift: shift.reshape(shape) }
  })
}

/** Products of the head's weights; see `multiplyHead`. The last reader is the output. */
export interface HeadProducts {
  /** [7, W] what each reader takes from the noisy parameters; the last [7, 7]. */
  readonly fromInput: readonly tf.Tensor[]
  /** [W, W] what reader b takes from the gate of block a, at [a][b], where a < b; the last of each [W, 7]. */
  readonly fromGate: readonly (readonly tf.Tensor[])[]
  /** [1, W] a reader; the last [1, 7]. */
  readonly bias: readonly tf.Tensor[]
}

/**
 * Between its gates the head is linear: block b reads x_b = x_0 + sum over a < b of gate_a down_a, with x_0 linear in the
 * noisy parameters. So the way from each gate to each later reader is one matrix, made once, and half of the products
 * with the large tensors fall away.
 */
export function multiplyHead(w: Weights, c: StarModelConfig): HeadProducts {
  const times = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)
  const blocks = Array.from({ length: c.headBlocks }, (_, b) => b)
  const readers = [...blocks.map(b => w[`head${b}.up`]), w['head.out']]
  let constant = w['head.inBias'].reshape([1, c.headWidth])
  const bias = readers.map((reader, b) => {
    if (b > 0) constant = tf.add(constant, w[`head${b - 1}.downBias`])
    const product = times(constant, reader)
    return b === c.headBlocks ? tf.add(product, w['head.outBias']) : product
  })
  return {
    fromInput: readers.map(reader => times(w['head.in'], reader)),
    fromGate: blocks.map(a => readers.map((reader, b) => (b > a ? times(w[`head${a}.down`], reader) : reader))),
    bias,
  }
}

/**
 * Raw output F of the posterior head: one vector of all parameters, denoised from the star's embedding.
 *
 * @param scaled [B, K, S, 7] noisy parameters times c_in
 * @param modulations from `conditionHead`, broadcast over the S samples
 * @returns [B, K, S, 7]
 */
export function denoiseHead(
  w: Weights,
  c: StarModelConfig,
  scaled: tf.Tensor,
  modulations: readonly Modulation[],
): tf.Tensor {
  const [batch, levels, samples, count] = scaled.shape as [number, number, number, number]
  const rows = batch * levels
  const products = multiplyHead(w, c)
  const input = scaled.reshape([rows * samples, count]) as tf.Tensor2D
  const perRow = samples === 1 ? [rows, c.headWidth] : [rows, samples, c.headWidth]
  const gates: tf.Tensor[] = []
  const read = (b: number) =>
    gates.reduce(
      (sum, gate, a) => tf.add(tf.matMul(gate as tf.Tensor2D, products.fromGate[a][b] as tf.Tensor2D), sum),
      linear(input, products.fromInput[b], products.bias[b]),
    )
  modulations.forEach(({ factor, shift }, b) => {
    const shape = samples === 1 ? perRow : [rows, 1, c.headWidth]
    const inner = tf.add(tf.mul(read(b).reshape(perRow), factor.reshape(shape)), shift.reshape(shape))
    gates.push(silu(inner).reshape([rows * samples, c.headWidth]))
  })
  return read(c.headBlocks).reshape(scaled.shape)
}
