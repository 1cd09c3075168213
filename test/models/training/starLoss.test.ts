import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { batchSpecs, lossWeights, starLoss } from '../../../models/training/starLoss.ts'
import type { Weights } from '../../../models/transformer/weights.ts'
import { normals, smallConfig, smallWeights } from '../transformer/smallStarModel.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const ROWS = 256

/** Random tensors of the right shapes: masks of 0 and 1, noise levels above 0, one class a row. */
function randomBatch(): Record<string, tf.Tensor> {
  const rng = createRng(61)
  const shape = { posteriorRows: ROWS, levelsPerRow: 2, questionRows: 3 }
  return Object.fromEntries(
    batchSpecs(shape, smallConfig.classCount).map(({ name, shape }) => {
      const values = normals(rng, shape)
      if (/mask|asked/i.test(name)) {
        const ones = tf.cast(tf.greater(values, -0.3), 'float32')
        // The star's own token, and one asked value at least.
        return [name, tf.concat([tf.onesLike(tf.slice(ones, [0, 0], [-1, 1])), tf.slice(ones, [0, 1], [-1, -1])], 1)]
      }
      if (/sigma/i.test(name)) return [name, tf.exp(values)]
      if (name === 'classes') return [name, tf.oneHot(tf.argMax(values, 1), smallConfig.classCount)]
      return [name, values]
    }),
  )
}

const losses = (weights: Weights, batch: Weights) => {
  const { loss, metrics } = starLoss(weights, smallConfig, batch)
  return [loss, ...Object.values(metrics)].map(tensor => tensor.dataSync()[0])
}

test('the losses of many rows, walked through in parts, are the means over any equal pieces of them', () => {
  const weights = smallWeights()
  const batch = randomBatch()
  const whole = losses(weights, batch)
  const size = ROWS / 4
  const pieces = Array.from({ length: 4 }, (_, i) => {
    const cut = (name: string, tensor: tf.Tensor) =>
      name.startsWith('question')
        ? tensor
        : tf.slice(tensor, [i * size, ...tensor.shape.slice(1).map(() => 0)], [size, ...tensor.shape.slice(1)])
    return losses(weights, Object.fromEntries(Object.entries(batch).map(([name, t]) => [name, cut(name, t)])))
  })
  whole.forEach((value, k) => {
    const expected = pieces.reduce((sum, piece) => sum + piece[k], 0) / pieces.length
    expect(Math.abs(value - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)))
  })
})

test('the loss is the sum of its parts, each by its weight', () => {
  const { loss, metrics } = starLoss(smallWeights(), smallConfig, randomBatch())
  const [posterior, question, classes] = ['posteriorLoss', 'questionLoss', 'classLoss'].map(
    name => metrics[name as keyof typeof metrics].dataSync()[0],
  )
  const sum = posterior + lossWeights.question * question + lossWeights.classes * classes
  expect(loss.dataSync()[0]).toBeCloseTo(sum, 5)
})
