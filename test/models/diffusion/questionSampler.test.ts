import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { cIn, cOut, cSkip } from '../../../models/diffusion/denoiser.ts'
import { sampleQuestion, shareGiven, stepInputs, stepQuestion } from '../../../models/diffusion/questionSampler.ts'
import { sample, samplerSteps, startingSpread } from '../../../models/diffusion/samplers.ts'
import { logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { createRng } from '../../../models/math/rng.ts'
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS } from '../../../models/tokens/layout.ts'
import { decodeAsked } from '../../../models/transformer/starModel.ts'
import { encodeGiven } from '../../../models/transformer/tokenModel.ts'
import { normals, smallConfig, smallWeights } from '../transformer/smallStarModel.ts'

const [L, S] = [4, 3]
const slots = [2, 11, 12, 17]
const levels = logUniformLevels(pilotNoise, L)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function questionOf(rng: ReturnType<typeof createRng>) {
  const mask = Array.from({ length: GIVEN_SLOTS }, (_, i) => (i < 9 ? 1 : 0))
  return { features: normals(rng, [1, GIVEN_SLOTS, FEATURE_COUNT]), mask: tf.tensor2d(mask, [1, GIVEN_SLOTS]) }
}

test('samples of a question share what is given and nothing else', () => {
  const weights = smallWeights()
  const rng = createRng(51)
  const given = questionOf(rng)
  const noise = normals(rng, [L, S, slots.length])
  const run = (draws: tf.Tensor) =>
    sampleQuestion(weights, smallConfig, slots, { ...given, noise: draws }, 'secondOrderSde', levels).dataSync()
  const together = run(noise)
  for (let s = 0; s < S; s++) {
    const alone = run(tf.slice(noise, [0, s, 0], [-1, 1, -1]))
    alone.forEach((value, a) => {
      expect(Math.abs(together[s * slots.length + a] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
    })
  }
})

test('slots that are not asked may be left out: the answer is that of the network with all of them masked', () => {
  const weights = smallWeights()
  const rng = createRng(52)
  const given = questionOf(rng)
  const noise = normals(rng, [L, 1, slots.length])
  const short = sampleQuestion(weights, smallConfig, slots, { ...given, noise }, 'secondOrderSde', levels).dataSync()

  const encoded = encodeGiven(weights, smallConfig, given.features, given.mask)
  const asked = tf.tensor2d(
    Array.from({ length: ASKED_SLOTS }, (_, i) => (slots.includes(i) ? 1 : 0)),
    [1, ASKED_SLOTS],
  )
  const draws = noise.dataSync()
  const noises = Array.from({ length: L }, (_, k) => {
    const row = new Float32Array(ASKED_SLOTS).fill(0.7)
    slots.forEach((slot, a) => {
      row[slot] = draws[k * slots.length + a]
    })
    return tf.tensor2d(row, [1, ASKED_SLOTS])
  })
  const denoise = (x: tf.Tensor, k: number) => {
    const output = decodeAsked(
      weights,
      smallConfig,
      encoded,
      tf.mul(x, cIn(levels[k])),
      tf.tensor1d([levels[k]]),
      asked,
    )
    return tf.add(tf.mul(x, cSkip(levels[k])), tf.mul(output, cOut(levels[k])))
  }
  const long = sample('secondOrderSde', denoise, levels, noises).dataSync()
  slots.forEach((slot, a) => {
    expect(Math.abs(short[a] - long[slot])).toBeLessThan(1e-4 * Math.max(1, Math.abs(long[slot])))
  })
})

test('step by step comes to the same as all steps in one graph, and inputs have the shapes that are said', () => {
  const weights = smallWeights()
  const rng = createRng(53)
  const given = questionOf(rng)
  const noise = normals(rng, [L, S, slots.length])
  const whole = sampleQuestion(weights, smallConfig, slots, { ...given, noise }, 'secondOrderSde', levels).dataSync()
  const shared = shareGiven(weights, smallConfig, given)
  const noises = tf.unstack(noise)
  let noisy: tf.Tensor = tf.mul(noises[0], startingSpread(levels))
  let previous: tf.Tensor = tf.zeros([S, slots.length])
  const at = (k: number, ...sampled: number[]) => {
    const state = { noisy, previous, noise: noises[k % L], sigma: tf.tensor1d([levels[k - 1]]) }
    const input = { ...shared, ...state, weights: tf.tensor1d(sampled) }
    for (const { name, shape } of stepInputs(smallConfig, S, slots.length)) {
      expect({ name, shape: (input as Record<string, tf.Tensor>)[name].shape }).toEqual({ name, shape })
    }
    return stepQuestion(weights, smallConfig, slots, input)
  }
  samplerSteps('secondOrderSde', levels).forEach((step, k) => {
    const { denoised, next } = at(k + 1, step.ofNoisy, step.ofDenoised, step.ofPrevious, step.ofNoise)
    noisy = next
    previous = denoised
  })
  const stepwise = at(L, 0, 0, 0, 0).denoised.dataSync()
  stepwise.forEach((value, i) => {
    expect(Math.abs(value - whole[i])).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
  })
})
