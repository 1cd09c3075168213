import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import {
  ASKED_SLOTS,
  FEATURE_COUNT,
  GIVEN_SLOTS,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
} from '../../../models/tokens/layout.ts'
import { conditionHead, denoiseHead } from '../../../models/transformer/posteriorHead.ts'
import { classify, decodeAsked } from '../../../models/transformer/starModel.ts'
import { type StarModelConfig, starModelWeights } from '../../../models/transformer/starModelConfig.ts'
import { embedNoise, encodeGiven } from '../../../models/transformer/tokenModel.ts'
import type { Weights } from '../../../models/transformer/weights.ts'

const config: StarModelConfig = {
  width: 16,
  heads: 2,
  layers: 2,
  hidden: 32,
  headWidth: 16,
  headBlocks: 2,
  classCount: 4,
}
let weights: Weights

beforeAll(async () => {
  await tf.setBackend('cpu')
  const rng = createRng(21)
  // Every weight is random, also those that training starts at zero: nothing may hide behind a zero.
  weights = Object.fromEntries(
    starModelWeights(config).map(({ name, shape }) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return [
        name,
        tf.tensor(
          Float32Array.from({ length: size }, () => 0.4 * rng.normal()),
          [...shape],
        ),
      ]
    }),
  )
})

const rng = createRng(22)
const normals = (count: number) => Float32Array.from({ length: count }, () => rng.normal())
const row = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])))
}

function starOf(features: Float32Array, mask: readonly number[]): readonly number[] {
  const slots = mask.length
  return row(
    encodeGiven(weights, config, tf.tensor(features, [1, slots, FEATURE_COUNT]), tf.tensor([...mask], [1, slots])).star,
  )
}

test('an absent token does not touch the star, whatever its features are', () => {
  const mask = [1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
  const features = normals(OBSERVED_SLOTS * FEATURE_COUNT)
  const changed = features.slice()
  for (const slot of [3, 4, 6, 11]) changed.fill(7, slot * FEATURE_COUNT, (slot + 1) * FEATURE_COUNT)
  expect(distance(starOf(features, mask), starOf(changed, mask))).toBeLessThan(1e-6)
})

test('a present token does', () => {
  const mask = [1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
  const features = normals(OBSERVED_SLOTS * FEATURE_COUNT)
  const changed = features.slice()
  changed[5 * FEATURE_COUNT] += 1
  expect(distance(starOf(features, mask), starOf(changed, mask))).toBeGreaterThan(1e-4)
})

test('a star is the same with or without the slots of parameters when none is given', () => {
  const features = normals(GIVEN_SLOTS * FEATURE_COUNT)
  const mask = Array.from({ length: GIVEN_SLOTS }, (_, i) => (i < OBSERVED_SLOTS ? 1 : 0))
  const short = features.slice(0, OBSERVED_SLOTS * FEATURE_COUNT)
  expect(distance(starOf(features, mask), starOf(short, mask.slice(0, OBSERVED_SLOTS)))).toBeLessThan(1e-6)
})

function answers(noisy: Float32Array, asked: readonly number[], features: Float32Array): readonly number[] {
  const mask = Array.from({ length: GIVEN_SLOTS }, (_, i) => (i < 6 ? 1 : 0))
  const given = encodeGiven(
    weights,
    config,
    tf.tensor(features, [1, GIVEN_SLOTS, FEATURE_COUNT]),
    tf.tensor(mask, [1, GIVEN_SLOTS]),
  )
  return row(
    decodeAsked(
      weights,
      config,
      given,
      tf.tensor(noisy, [1, ASKED_SLOTS]),
      tf.tensor1d([0.8]),
      tf.tensor([...asked], [1, ASKED_SLOTS]),
    ),
  )
}

test('asked tokens see one another, and never what is neither given nor asked', () => {
  const features = normals(GIVEN_SLOTS * FEATURE_COUNT)
  const noisy = normals(ASKED_SLOTS)
  const asked = Array.from({ length: ASKED_SLOTS }, (_, i) => (i === 12 || i === 14 ? 1 : 0))
  const before = answers(noisy, asked, features)
  const marginalised = noisy.slice()
  marginalised[17] += 3
  expect(Math.abs(answers(marginalised, asked, features)[12] - before[12])).toBeLessThan(1e-6)
  const neighbour = noisy.slice()
  neighbour[14] += 3
  expect(Math.abs(answers(neighbour, asked, features)[12] - before[12])).toBeGreaterThan(1e-4)
})

test('asked tokens see what is given', () => {
  const features = normals(GIVEN_SLOTS * FEATURE_COUNT)
  const noisy = normals(ASKED_SLOTS)
  const asked = Array.from({ length: ASKED_SLOTS }, (_, i) => (i > 10 ? 1 : 0))
  const changed = features.slice()
  changed[2 * FEATURE_COUNT] += 1
  expect(distance(answers(noisy, asked, features), answers(noisy, asked, changed))).toBeGreaterThan(1e-4)
})

test('samples of the posterior head do not see one another', () => {
  const star = tf.tensor(normals(config.width), [1, config.width])
  const noise = embedNoise(tf.tensor1d([0.5])).reshape([1, 1, -1])
  const modulations = conditionHead(weights, config, star, noise)
  const noisy = normals(3 * PARAMETER_COUNT)
  const run = (values: Float32Array) =>
    row(denoiseHead(weights, config, tf.tensor(values, [1, 1, 3, PARAMETER_COUNT]), modulations))
  const before = run(noisy)
  const changed = noisy.slice()
  changed.fill(2, PARAMETER_COUNT)
  const after = run(changed)
  expect(distance(before.slice(0, PARAMETER_COUNT), after.slice(0, PARAMETER_COUNT))).toBe(0)
  expect(distance(before.slice(PARAMETER_COUNT), after.slice(PARAMETER_COUNT))).toBeGreaterThan(1e-3)
})

test('stars of a batch do not see one another', () => {
  const mask = Array.from({ length: OBSERVED_SLOTS }, () => 1)
  const one = normals(OBSERVED_SLOTS * FEATURE_COUNT)
  const two = normals(OBSERVED_SLOTS * FEATURE_COUNT)
  const both = encodeGiven(
    weights,
    config,
    tf.tensor(Float32Array.from([...one, ...two]), [2, OBSERVED_SLOTS, FEATURE_COUNT]),
    tf.tensor([...mask, ...mask], [2, OBSERVED_SLOTS]),
  )
  expect(distance(row(both.star).slice(config.width), starOf(two, mask))).toBeLessThan(1e-5)
  expect(classify(weights, both.star).shape).toEqual([2, 4])
})
