import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { type NpeConfig, npeLoss, npeSample, npeWeights } from '../../../models/baselines/npe.ts'
import { createRng } from '../../../models/math/rng.ts'
import { FEATURE_COUNT, PARAMETER_COUNT, SPECTRA_SLOT } from '../../../models/tokens/layout.ts'
import type { Weights } from '../../../models/transformer/weights.ts'

const config: NpeConfig = { slots: SPECTRA_SLOT, embedWidth: 12, couplingWidth: 10, couplings: 6 }
let weights: Weights
let features: tf.Tensor

beforeAll(async () => {
  await tf.setBackend('cpu')
  const rng = createRng(31)
  const normals = (count: number) => Float32Array.from({ length: count }, () => 0.4 * rng.normal())
  weights = Object.fromEntries(
    npeWeights(config).map(({ name, shape }) => [
      name,
      tf.tensor(normals(shape.reduce((a, b) => a * b, 1)), [...shape]),
    ]),
  )
  features = tf.tensor(normals(SPECTRA_SLOT * FEATURE_COUNT), [1, SPECTRA_SLOT, FEATURE_COUNT])
})

function sampleAt(noise: readonly number[]): number[] {
  return Array.from(npeSample(weights, config, features, tf.tensor([...noise], [1, 1, PARAMETER_COUNT])).dataSync())
}

/** log |det| by elimination with pivoting. */
function logDeterminant(matrix: number[][]): number {
  const m = matrix.map(row => [...row])
  let sum = 0
  for (let k = 0; k < m.length; k++) {
    const pivot = m.slice(k).reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(m[best][k]) ? k + i : best), k)
    ;[m[k], m[pivot]] = [m[pivot], m[k]]
    sum += Math.log(Math.abs(m[k][k]))
    for (let i = k + 1; i < m.length; i++) {
      const factor = m[i][k] / m[k][k]
      for (let j = k; j < m.length; j++) m[i][j] -= factor * m[k][j]
    }
  }
  return sum
}

test('the density of a sample is that of its noise over the volume change of the sampling map', () => {
  const rng = createRng(32)
  for (let trial = 0; trial < 3; trial++) {
    const noise = Array.from({ length: PARAMETER_COUNT }, () => rng.normal())
    const step = 1e-2
    const columns = noise.map((_, j) => {
      const up = sampleAt(noise.map((value, i) => (i === j ? value + step : value)))
      const down = sampleAt(noise.map((value, i) => (i === j ? value - step : value)))
      return up.map((value, i) => (value - down[i]) / (2 * step))
    })
    const gaussian = noise.reduce((sum, u) => sum + 0.5 * u * u, (PARAMETER_COUNT / 2) * Math.log(2 * Math.PI))
    const expected = gaussian + logDeterminant(columns)
    const latents = tf.tensor(sampleAt(noise), [1, PARAMETER_COUNT])
    const [got] = npeLoss(weights, config, features, latents).dataSync()
    // Central differences of step 0.01 in single precision: a few thousandths.
    expect(Math.abs(got - expected)).toBeLessThan(0.02)
  }
})

test('other features give another density', () => {
  const latents = tf.zeros([1, PARAMETER_COUNT])
  const [here] = npeLoss(weights, config, features, latents).dataSync()
  const [there] = npeLoss(weights, config, tf.mul(features, -1), latents).dataSync()
  expect(Math.abs(here - there)).toBeGreaterThan(1e-3)
})
