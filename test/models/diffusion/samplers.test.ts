import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { cIn, cOut, cSkip, networkTarget } from '../../../models/diffusion/denoiser.ts'
import { sample, samplerKinds } from '../../../models/diffusion/samplers.ts'
import { drawSigma, logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { createRng } from '../../../models/math/rng.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

// Data N(mean, width^2): the denoiser is known in closed form, so a sampler is judged alone.
const mean = 0.7
const width = 0.05
const denoise = (sigma: number) => (x: tf.Tensor) =>
  tf.add(tf.mul(x, width ** 2 / (width ** 2 + sigma ** 2)), (mean * sigma ** 2) / (width ** 2 + sigma ** 2))

function momentsOf(kind: (typeof samplerKinds)[number], steps: number) {
  const rng = createRng(steps)
  const levels = logUniformLevels(pilotNoise, steps)
  const count = 40_000
  const draw = () => tf.tensor1d(Float32Array.from({ length: count }, () => rng.normal()))
  const noises = Array.from(levels, draw)
  const values = sample(kind, (x, k) => denoise(levels[k])(x), levels, noises).dataSync<'float32'>()
  const average = values.reduce((a, b) => a + b, 0) / count
  const variance = values.reduce((a, b) => a + (b - average) ** 2, 0) / count
  return { average, deviation: Math.sqrt(variance) }
}

for (const kind of samplerKinds) {
  test(`${kind} gets mean and width of a narrow Gaussian right with many steps`, () => {
    const { average, deviation } = momentsOf(kind, 200)
    // Five standard errors of the mean, width / sqrt(N), are 0.00125; of the width 2.5%/sqrt(2)... discretisation adds 4%.
    expect(Math.abs(average - mean)).toBeLessThan(0.002)
    expect(Math.abs(deviation / width - 1)).toBeLessThan(0.06)
  })
}

test('the second-order sampler is nearer to the width than the first-order one at equal cost', () => {
  const error = (kind: (typeof samplerKinds)[number]) => Math.abs(Math.log(momentsOf(kind, 24).deviation / width))
  expect(error('secondOrderSde')).toBeLessThan(error('ancestral'))
})

test('more steps bring the ancestral sampler nearer to the true width', () => {
  const error = (steps: number) => Math.abs(Math.log(momentsOf('ancestral', steps).deviation / width))
  expect(error(64)).toBeLessThan(error(12))
})

test('a network that puts out its target denoises exactly', () => {
  for (const [clean, noise, sigma] of [
    [0.3, 1.1, 0.01],
    [-2, 0.4, 1],
    [1, -1, 12],
  ]) {
    const noisy = clean + sigma * noise
    const output = networkTarget(clean, noisy, sigma)
    expect(cSkip(sigma) * noisy + cOut(sigma) * output).toBeCloseTo(clean, 9)
  }
})

test('inputs and targets of the network have unit variance at every noise level', () => {
  const rng = createRng(9)
  for (const sigma of [0.01, 0.5, 5]) {
    let input = 0
    let target = 0
    const count = 20_000
    for (let i = 0; i < count; i++) {
      const clean = rng.normal()
      const noisy = clean + sigma * rng.normal()
      input += (cIn(sigma) * noisy) ** 2 / count
      target += networkTarget(clean, noisy, sigma) ** 2 / count
    }
    // Standard error of a mean square of 20,000 is 0.01; five of them.
    expect(Math.abs(input - 1)).toBeLessThan(0.05)
    expect(Math.abs(target - 1)).toBeLessThan(0.05)
  }
})

test('levels fall evenly in the logarithm from the largest to the smallest', () => {
  const levels = logUniformLevels({ sigmaMin: 0.01, sigmaMax: 10 }, 4)
  expect(Array.from(levels).map(level => Math.log10(level))).toEqual([1, 0, -1, -2].map(x => expect.closeTo(x, 9)))
  expect(() => logUniformLevels(pilotNoise, 1)).toThrow(RangeError)
})

test('training levels stay within the range', () => {
  const rng = createRng(4)
  for (let i = 0; i < 1000; i++) {
    const sigma = drawSigma(pilotNoise, rng)
    expect(sigma).toBeGreaterThanOrEqual(pilotNoise.sigmaMin)
    expect(sigma).toBeLessThanOrEqual(pilotNoise.sigmaMax)
  }
})
