import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { cIn, cOut, cSkip, networkTarget } from '../../../models/diffusion/denoiser.ts'
import { callCount, levelCountWithin, noiseCount, sample, samplerKinds } from '../../../models/diffusion/samplers.ts'
import { drawSigma, logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { createRng } from '../../../models/math/rng.ts'

test('a sampler says how many noises it needs', () => {
  const levels = logUniformLevels(pilotNoise, 5)
  const noise = tf.zeros([1, 1])
  const counts = samplerKinds.map(kind => [kind, noiseCount(kind, 5), callCount(kind, 5)])
  expect(counts).toEqual([
    ['reverseSde', 5, 5],
    ['ancestral', 5, 5],
    ['secondOrderSde', 5, 5],
    ['multistepOde', 1, 5],
    ['heunOde', 1, 9],
    ['langevin', 21, 21],
  ])
  for (const kind of samplerKinds) {
    let calls = 0
    const denoise = (x: tf.Tensor) => {
      calls++
      return x
    }
    const count = noiseCount(kind, 5)
    sample(kind, denoise, levels, Array(count).fill(noise))
    expect(calls).toBe(callCount(kind, 5))
    expect(levelCountWithin(kind, calls)).toBe(5)
    expect(levelCountWithin(kind, calls - 1)).toBe(4)
    expect(levelCountWithin(kind, 1)).toBe(null)
    expect(() => sample(kind, denoise, levels, Array(count - 1).fill(noise))).toThrow(RangeError)
  }
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
