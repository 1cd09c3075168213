// One transformer block written twice: in tfjs, and in plain float64 loops that share no step with it.
import * as tf from '@tensorflow/tfjs'
import type { TensorSpec } from '../../../models/engine/tensorSpec.ts'

export const sizes = { B: 2, T: 3, D: 4, H: 2, F: 6 }
const { B, T, D, H, F } = sizes

export const blockParameters: readonly TensorSpec[] = [
  { name: 'gain1', shape: [D] },
  { name: 'shift1', shape: [D] },
  { name: 'query', shape: [D, D] },
  { name: 'key', shape: [D, D] },
  { name: 'value', shape: [D, D] },
  { name: 'out', shape: [D, D] },
  { name: 'gain2', shape: [D] },
  { name: 'up', shape: [D, F] },
  { name: 'upBias', shape: [F] },
  { name: 'down', shape: [F, D] },
  { name: 'modulation', shape: [D] },
]

export const blockBatch: readonly TensorSpec[] = [
  { name: 'x', shape: [B, T, D] },
  { name: 'bias', shape: [B, 1, 1, T] },
  { name: 'target', shape: [B, T, D] },
]

function normalize(x: tf.Tensor): tf.Tensor {
  const centered = tf.sub(x, tf.mean(x, -1, true))
  return tf.mul(centered, tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), 1e-5)))
}

/** Masked attention, a SiLU network and an adaptive shift, with a mean-square loss. */
export function blockLoss(p: Record<string, tf.Tensor>, batch: Record<string, tf.Tensor>): tf.Tensor {
  const { x, bias, target } = batch
  const normed = tf.add(tf.mul(normalize(x), p.gain1), p.shift1)
  const heads = (weight: tf.Tensor) =>
    tf
      .matMul(normed, weight)
      .reshape([B, T, H, D / H])
      .transpose([0, 2, 1, 3])
  const logits = tf.add(tf.mul(tf.matMul(heads(p.query), heads(p.key), false, true), Math.sqrt(H / D)), bias)
  const mixed = tf.matMul(tf.softmax(logits), heads(p.value)).transpose([0, 2, 1, 3]).reshape([B, T, D])
  const attended = tf.add(x, tf.matMul(mixed, p.out))
  const modulated = tf.mul(tf.mul(normalize(attended), p.gain2), tf.add(1, p.modulation))
  const hidden = tf.add(tf.matMul(modulated, p.up), p.upBias)
  const y = tf.add(attended, tf.matMul(tf.mul(hidden, tf.sigmoid(hidden)), p.down))
  return tf.mean(tf.squaredDifference(y, target))
}

type Numbers = Record<string, ArrayLike<number>>

function project(row: number[], weight: ArrayLike<number>, width: number): number[] {
  return Array.from({ length: width }, (_, j) => row.reduce((sum, value, i) => sum + value * weight[i * width + j], 0))
}

function normalizeRow(row: number[]): number[] {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
  return row.map(value => (value - mean) / Math.sqrt(variance + 1e-5))
}

/** The same loss in float64, row by row. */
export function blockLossFloat64(p: Numbers, batch: Numbers): number {
  const width = D / H
  let total = 0
  for (let b = 0; b < B; b++) {
    const rows = Array.from({ length: T }, (_, t) => Array.from({ length: D }, (_, d) => batch.x[(b * T + t) * D + d]))
    const normed = rows.map(row => normalizeRow(row).map((value, d) => value * p.gain1[d] + p.shift1[d]))
    const [q, k, v] = [p.query, p.key, p.value].map(weight => normed.map(row => project(row, weight, D)))
    for (let t = 0; t < T; t++) {
      const mixed: number[] = []
      for (let h = 0; h < H; h++) {
        const dot = (s: number) => Array.from({ length: width }, (_, i) => q[t][h * width + i] * k[s][h * width + i])
        const weights = rows.map((_, s) =>
          Math.exp(dot(s).reduce((sum, value) => sum + value, 0) / Math.sqrt(width) + batch.bias[b * T + s]),
        )
        const norm = weights.reduce((sum, value) => sum + value, 0)
        for (let i = 0; i < width; i++) {
          mixed.push(weights.reduce((sum, weight, s) => sum + (weight / norm) * v[s][h * width + i], 0))
        }
      }
      const attended = project(mixed, p.out, D).map((value, d) => value + rows[t][d])
      const modulated = normalizeRow(attended).map((value, d) => value * p.gain2[d] * (1 + p.modulation[d]))
      const hidden = project(modulated, p.up, F).map((value, j) => value + p.upBias[j])
      const active = hidden.map(value => value / (1 + Math.exp(-value)))
      project(active, p.down, D).forEach((value, d) => {
        total += (attended[d] + value - batch.target[(b * T + t) * D + d]) ** 2
      })
    }
  }
  return total / (B * T * D)
}
