import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { PARAMETER_COUNT } from '../../../models/tokens/layout.ts'
import { conditionHead, denoiseHead } from '../../../models/transformer/posteriorHead.ts'
import { embedNoise } from '../../../models/transformer/tokenModel.ts'
import { normals, smallConfig, smallWeights } from './smallStarModel.ts'

const { width, headWidth, headBlocks } = smallConfig
const [B, K, S] = [2, 3, 4]

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** The head as one reads it in a drawing, for one vector, in float64: residual blocks, each scaled, shifted and gated. */
function headOf(
  weights: (name: string) => { at(i: number, j: number): number },
  star: readonly number[],
  level: readonly number[],
  noisy: readonly number[],
): number[] {
  const silu = (x: number) => x / (1 + Math.exp(-x))
  const times = (x: readonly number[], name: string, length: number) =>
    Array.from({ length }, (_, j) => x.reduce((sum, value, i) => sum + value * weights(name).at(i, j), 0))
  const plus = (x: readonly number[], name: string) => x.map((value, j) => value + weights(name).at(0, j))
  const fromNoise = times(level, 'head.noise', headWidth)
  const sum = times(star, 'head.star', headWidth).map((value, j) => value + fromNoise[j])
  const condition = plus(sum, 'head.conditionBias').map(silu)
  let x = plus(times(noisy, 'head.in', headWidth), 'head.inBias')
  for (let b = 0; b < headBlocks; b++) {
    const modulation = plus(times(condition, `head${b}.modulate`, 2 * headWidth), `head${b}.modulateBias`)
    const gate = times(x, `head${b}.up`, headWidth).map((up, j) =>
      silu(up * (1 + modulation[j]) + modulation[headWidth + j]),
    )
    const down = plus(times(gate, `head${b}.down`, headWidth), `head${b}.downBias`)
    x = x.map((value, j) => value + down[j])
  }
  return plus(times(x, 'head.out', PARAMETER_COUNT), 'head.outBias')
}

for (const samples of [1, S]) {
  test(`the head with its weights multiplied beforehand equals its blocks one by one in float64 (${samples} samples)`, () => {
    const rng = createRng(31)
    const tensors = smallWeights()
    const weights = new Map(
      Object.entries(tensors).map(([name, tensor]) => {
        const data = tensor.dataSync()
        const columns = tensor.shape[tensor.shape.length - 1]
        return [name, { at: (i: number, j: number) => data[i * columns + j] }]
      }),
    )
    const find = (name: string) => weights.get(name) ?? { at: () => Number.NaN }
    const star = normals(rng, [B, width])
    const sigma = tf.tensor2d([0.01, 0.3, 5, 0.02, 1, 11], [B, K])
    const noise = embedNoise(sigma).reshape([B, K, -1])
    const scaled = normals(rng, [B, K, samples, PARAMETER_COUNT])
    const got = denoiseHead(tensors, smallConfig, scaled, conditionHead(tensors, smallConfig, star, noise)).dataSync()

    const row = (tensor: tf.Tensor, index: number, length: number) =>
      Array.from(tensor.dataSync().slice(index * length, (index + 1) * length))
    for (let i = 0; i < B * K * samples; i++) {
      const level = Math.floor(i / samples)
      const expected = headOf(
        find,
        row(star, Math.floor(level / K), width),
        row(noise, level, noise.shape[2] as number),
        row(scaled, i, PARAMETER_COUNT),
      )
      expected.forEach((value, p) => {
        expect(Math.abs(got[i * PARAMETER_COUNT + p] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
      })
    }
  })
}
