import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { sampleBatch } from '../../../models/diffusion/batchSampler.ts'
import { linearKinds } from '../../../models/diffusion/samplers.ts'
import { logUniformLevels, pilotNoise } from '../../../models/diffusion/schedule.ts'
import { samplePosterior } from '../../../models/diffusion/starSampler.ts'
import { createRng } from '../../../models/math/rng.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../../../models/tokens/layout.ts'
import { normals, smallConfig, smallWeights } from '../transformer/smallStarModel.ts'

const [L, B, S] = [6, 3, 5]
const levels = logUniformLevels(pilotNoise, L)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

for (const kind of linearKinds) {
  test(`one graph for many stars draws what the graph of one star draws (${kind})`, () => {
    const weights = smallWeights()
    const rng = createRng(43)
    const mask = Float32Array.from({ length: B * OBSERVED_SLOTS }, (_, i) => Number(i % OBSERVED_SLOTS < 9))
    const input = {
      features: normals(rng, [B, OBSERVED_SLOTS, FEATURE_COUNT]),
      mask: tf.tensor2d(mask, [B, OBSERVED_SLOTS]),
      noise: normals(rng, [L, B, S, PARAMETER_COUNT]),
    }
    const one = samplePosterior(weights, smallConfig, input, kind, levels)
    const many = sampleBatch(weights, smallConfig, input, kind, levels)
    expect(many.latents.shape).toEqual([B, S, PARAMETER_COUNT])
    const [expected, got] = [one, many].map(({ latents, logits }) => [...latents.dataSync(), ...logits.dataSync()])
    // The untrained network stretches what it is given at every step, rounding errors too.
    expected.forEach((value, i) => {
      expect(Math.abs(got[i] - value)).toBeLessThan(2e-4 * Math.max(1, Math.abs(value)))
    })
  })
}
