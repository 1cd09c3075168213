import { expect, test } from 'vitest'
import { perceptronDefaults, trainPerceptron } from '../../../models/calibration/perceptron.ts'
import { createRng } from '../../../models/math/rng.ts'

const rng = createRng(3)
const points = Float64Array.from({ length: 400 }, () => 2 * rng.uniform() - 1)
/** Inside or outside a circle: no line parts them. */
const isSecond = Array.from({ length: 200 }, (_, i) => points[2 * i] ** 2 + points[2 * i + 1] ** 2 > 0.6)

test('a circle is learnt, and training ends by itself', () => {
  const network = trainPerceptron(points, isSecond, 2, createRng(1), {
    ...perceptronDefaults,
    learningRate: 0.01,
    maxEpochs: 2000,
    hiddenWidths: [20, 20],
  })
  const right = isSecond.filter((is, i) => network.logOdds(points.subarray(2 * i, 2 * i + 2)) > 0 === is)
  expect(right.length).toBeGreaterThan(194)
  expect(network.epochCount).toBeGreaterThan(20)
  expect(network.epochCount).toBeLessThan(2000)
})

test('without hidden layers it is logistic regression: odds whose slope of the loss is nought', () => {
  const network = trainPerceptron(points, isSecond, 2, createRng(2), {
    ...perceptronDefaults,
    learningRate: 0.05,
    tolerance: 0,
    patientEpochs: 2000,
    decay: 0,
    maxEpochs: 3000,
    hiddenWidths: [],
  })
  const slopes = [0, 0, 0]
  isSecond.forEach((is, i) => {
    const point = points.subarray(2 * i, 2 * i + 2)
    const error = 1 / (1 + Math.exp(-network.logOdds(point))) - (is ? 1 : 0)
    slopes[0] += error / 200
    slopes[1] += (error * point[0]) / 200
    slopes[2] += (error * point[1]) / 200
  })
  for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-4)
})

test('a strong penalty leaves no odds but those of the classes', () => {
  const network = trainPerceptron(points, isSecond, 2, createRng(4), {
    ...perceptronDefaults,
    learningRate: 0.02,
    decay: 2000,
    hiddenWidths: [8],
  })
  const odds = [0, 0.3, 0.9].map(x => network.logOdds(Float64Array.of(x, x)))
  const share = isSecond.filter(is => is).length / 200
  for (const one of odds) expect(Math.abs(one - Math.log(share / (1 - share)))).toBeLessThan(0.1)
})

test('rows must be as many as classes', () => {
  const options = { ...perceptronDefaults, hiddenWidths: [2] }
  expect(() => trainPerceptron(points, isSecond, 3, createRng(1), options)).toThrow(RangeError)
})
