import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { cIn, cOut, cSkip } from '../../../models/diffusion/denoiser.ts'
import { sampleHead } from '../../../models/diffusion/headSampler.ts'
import { linearKinds, sample } from '../../../models/diffusion/samplers.ts'
import { logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { samplePosterior } from '../../../models/diffusion/starSampler.ts'
import { createRng } from '../../../models/math/rng.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../../../models/tokens/layout.ts'
import { conditionHead, denoiseHead } from '../../../models/transformer/posteriorHead.ts'
import { embedNoise } from '../../../models/transformer/tokenModel.ts'
import { normals, smallConfig, smallWeights } from '../transformer/smallStarModel.ts'

const [L, S, P] = [6, 5, PARAMETER_COUNT]
const levels = logUniformLevels(pilotNoise, L)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function expectEqual(got: tf.Tensor, expected: tf.Tensor, tolerance: number) {
  expect(got.shape).toEqual(expected.shape)
  const values = got.dataSync()
  expected.dataSync().forEach((value, i) => {
    expect(Math.abs(values[i] - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)))
  })
}

for (const kind of linearKinds) {
  test(`the head's own sampler draws what the plain loop over the head draws (${kind})`, () => {
    const weights = smallWeights()
    const rng = createRng(41)
    const star = normals(rng, [1, smallConfig.width])
    const noise = normals(rng, [L, S, P])
    const denoise = (x: tf.Tensor, k: number) => {
      const level = embedNoise(tf.tensor1d([levels[k]])).reshape([1, 1, -1])
      const modulations = conditionHead(weights, smallConfig, star, level)
      const output = denoiseHead(weights, smallConfig, tf.mul(x, cIn(levels[k])), modulations)
      return tf.add(tf.mul(x, cSkip(levels[k])), tf.mul(output, cOut(levels[k])))
    }
    const noises = tf.split(noise, L, 0).map(n => n.reshape([1, 1, S, P]))
    const plain = sample(kind, denoise, levels, noises).reshape([S, P])
    // The untrained network stretches what it is given at every step, rounding errors too.
    expectEqual(sampleHead(weights, smallConfig, star, noise, kind, levels), plain, 2e-4)
  })
}

test('each star of a batch gets the samples and classes it gets alone', () => {
  const weights = smallWeights()
  const rng = createRng(42)
  const B = 3
  const features = normals(rng, [B, OBSERVED_SLOTS, FEATURE_COUNT])
  const mask = tf.tensor2d(
    Array.from({ length: B * OBSERVED_SLOTS }, (_, i) => (i % OBSERVED_SLOTS === 0 || rng.uniform() < 0.7 ? 1 : 0)),
    [B, OBSERVED_SLOTS],
  )
  const noise = normals(rng, [L, B, S, P])
  const run = (input: { features: tf.Tensor; mask: tf.Tensor; noise: tf.Tensor }) =>
    samplePosterior(weights, smallConfig, input, 'secondOrderSde', levels)
  const together = run({ features, mask, noise })
  for (let i = 0; i < B; i++) {
    const alone = run({
      features: tf.slice(features, [i, 0, 0], [1, -1, -1]),
      mask: tf.slice(mask, [i, 0], [1, -1]),
      noise: tf.slice(noise, [0, i, 0, 0], [-1, 1, -1, -1]),
    })
    expectEqual(tf.slice(together.latents, [i, 0, 0], [1, -1, -1]), alone.latents, 1e-5)
    expectEqual(tf.slice(together.logits, [i, 0], [1, -1]), alone.logits, 1e-5)
  }
})
