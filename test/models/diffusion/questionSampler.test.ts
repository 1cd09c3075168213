import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { sampleQuestion } from '../../../models/diffusion/questionSampler.ts'
import { logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { createRng } from '../../../models/math/rng.ts'
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS } from '../../../models/tokens/layout.ts'
import { normals, smallConfig, smallWeights } from '../transformer/smallStarModel.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('samples of a question share what is given and nothing else', () => {
  const [L, S] = [4, 3]
  const weights = smallWeights()
  const rng = createRng(51)
  const shared = {
    features: normals(rng, [1, GIVEN_SLOTS, FEATURE_COUNT]),
    mask: tf.tensor2d(
      Array.from({ length: GIVEN_SLOTS }, (_, i) => (i < 9 ? 1 : 0)),
      [1, GIVEN_SLOTS],
    ),
    asked: tf.tensor2d(
      Array.from({ length: ASKED_SLOTS }, (_, i) => (i > 10 ? 1 : 0)),
      [1, ASKED_SLOTS],
    ),
  }
  const noise = normals(rng, [L, S, ASKED_SLOTS])
  const levels = logUniformLevels(pilotNoise, L)
  const run = (draws: tf.Tensor) =>
    sampleQuestion(weights, smallConfig, { ...shared, noise: draws }, 'secondOrderSde', levels).dataSync()
  const together = run(noise)
  for (let s = 0; s < S; s++) {
    const alone = run(tf.slice(noise, [0, s, 0], [-1, 1, -1]))
    for (let a = 11; a < ASKED_SLOTS; a++) {
      const value = alone[a]
      expect(Math.abs(together[s * ASKED_SLOTS + a] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
    }
  }
})
