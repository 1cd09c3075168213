import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS } from '../../../models/tokens/layout.ts'
import { decodeAsked } from '../../../models/transformer/starModel.ts'
import { encodeGiven } from '../../../models/transformer/tokenModel.ts'
import { normals, smallConfig, smallWeights } from './smallStarModel.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const B = 2
const asked = Array.from({ length: B }, (_, b) =>
  Array.from({ length: ASKED_SLOTS }, (__, i) => ((i + b) % 3 === 0 ? 0 : 1)),
)

function decode(mask: tf.Tensor, scaled: tf.Tensor): number[][] {
  const rng = createRng(81)
  const weights = smallWeights()
  const given = encodeGiven(
    weights,
    smallConfig,
    normals(rng, [B, GIVEN_SLOTS, FEATURE_COUNT]),
    tf.ones([B, GIVEN_SLOTS]),
  )
  const sigma = tf.tensor1d([0.3, 2])
  return decodeAsked(weights, smallConfig, given, scaled, sigma, mask).arraySync() as number[][]
}

test('a mask of pairs that says the same of every asker is the mask of tokens', () => {
  const scaled = normals(createRng(82), [B, ASKED_SLOTS])
  const pairs = asked.map(row => row.map(() => row))
  const byToken = decode(tf.tensor2d(asked), scaled)
  decode(tf.tensor3d(pairs), scaled).forEach((row, b) => {
    row.forEach((value, i) => {
      expect(value).toBeCloseTo(byToken[b][i], 5)
    })
  })
})

test('a token sees along the arrows of the mask of pairs, over as many blocks as there are, and no further', () => {
  // 4 sees 1, 1 sees 7; nothing else but itself.
  const sees = Array.from({ length: ASKED_SLOTS }, (_, i) =>
    Array.from({ length: ASKED_SLOTS }, (__, j) => (i === j || (i === 4 && j === 1) || (i === 1 && j === 7) ? 1 : 0)),
  )
  const mask = tf.tensor3d([sees, sees])
  const scaled = normals(createRng(83), [B, ASKED_SLOTS])
  const before = decode(mask, scaled)
  const changedBy = (slot: number) => {
    const moved = tf.add(scaled, tf.oneHot(tf.tensor1d([slot], 'int32'), ASKED_SLOTS))
    const after = decode(mask, moved)
    return before[0].flatMap((value, i) => (value === after[0][i] ? [] : [i]))
  }
  expect(changedBy(1)).toEqual([1, 4])
  expect(changedBy(7)).toEqual([1, 4, 7])
  expect(changedBy(4)).toEqual([4])
})
