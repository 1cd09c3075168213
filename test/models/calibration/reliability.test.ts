import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  brierScore,
  calibrationError,
  classColumn,
  logLoss,
  reliabilityBins,
  rocArea,
} from '../../../models/calibration/reliability.ts'
import { createRng } from '../../../models/math/rng.ts'

const golden: {
  readonly probabilities: readonly number[]
  readonly truths: readonly number[]
  readonly brier: number
  readonly logLoss: number
  readonly classes: readonly {
    readonly rocArea: number
    readonly ece: number
    readonly mce: number
    readonly observed: readonly number[]
    readonly meanPredicted: readonly number[]
  }[]
} = JSON.parse(readFileSync(new URL('../../golden/calibration/reliability.json', import.meta.url), 'utf8'))
const probabilities = Float64Array.from(golden.probabilities)
const truths = Int32Array.from(golden.truths)

test('Brier score and log loss of three classes agree with scikit-learn', () => {
  expect(brierScore(probabilities, truths)).toBeCloseTo(golden.brier, 10)
  // Stored probabilities are rounded, and scikit-learn was given rows normalised again.
  expect(logLoss(probabilities, truths)).toBeCloseTo(golden.logLoss, 6)
})

golden.classes.forEach((one, k) => {
  test(`bins, calibration errors and ROC area of class ${k} agree with scikit-learn and netcal`, () => {
    const predicted = classColumn(probabilities, 3, k)
    const isTrue = Array.from(truths, truth => truth === k)
    const bins = reliabilityBins(predicted, isTrue, 10, 'equalWidth')
    expect(bins.map(bin => bin.observed.toFixed(9))).toEqual(one.observed.map(value => value.toFixed(9)))
    expect(bins.map(bin => bin.meanPredicted.toFixed(9))).toEqual(one.meanPredicted.map(value => value.toFixed(9)))
    expect(calibrationError(bins).expected).toBeCloseTo(one.ece, 9)
    expect(calibrationError(bins).largest).toBeCloseTo(one.mce, 9)
    const area = rocArea(predicted, isTrue)
    expect(area).toBeCloseTo(one.rocArea, 12)
  })
})

/** Probabilities of one event, and outcomes drawn from them after `twist`. */
function forecasts(count: number, seed: number, twist: (p: number) => number) {
  const rng = createRng(seed)
  const predicted = Float64Array.from({ length: count }, () => rng.uniform())
  return { predicted, isTrue: Array.from(predicted, p => rng.uniform() < twist(p)) }
}

test('right predictions have an error that chance explains, on average and nearly always', () => {
  let explained = 0
  let sum = 0
  for (let seed = 0; seed < 50; seed++) {
    const { predicted, isTrue } = forecasts(2000, seed, p => p)
    const error = calibrationError(reliabilityBins(predicted, isTrue, 10, 'equalCount'))
    sum += error.expected / error.chance
    if (error.debiased < 0.03) explained++
  }
  expect(explained).toBeGreaterThanOrEqual(45)
  // Mean of ten half-normals over its expectation: noise 0.24 / sqrt(50) = 0.034; four of them.
  expect(Math.abs(sum / 50 - 1)).toBeLessThan(0.14)
})

test('predictions that are too sure have the error of their closed form', () => {
  // Truth p/2 + 1/4 for a claim of p: the gap is |p/2 - 1/4|, mean 1/8, root mean square 1/sqrt(48).
  const { predicted, isTrue } = forecasts(40_000, 3, p => p / 2 + 0.25)
  const error = calibrationError(reliabilityBins(predicted, isTrue, 20, 'equalCount'))
  expect(error.expected).toBeCloseTo(0.125, 2)
  expect(error.debiased).toBeCloseTo(1 / Math.sqrt(48), 2)
  expect(error.largest).toBeGreaterThan(0.2)
  expect(error.expected).toBeGreaterThan(5 * error.chance)
})

test('equal predictions stay in one bin, so that the order of stars does not matter', () => {
  const predicted = Float64Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : 0.5))
  const isTrue = Array.from({ length: 100 }, (_, i) => i % 5 === 0)
  const bins = reliabilityBins(predicted, isTrue, 10, 'equalCount')
  expect(bins.map(bin => bin.count)).toEqual([70, 30])
  const back = reliabilityBins(predicted.slice().reverse(), isTrue.slice().reverse(), 10, 'equalCount')
  expect(back).toEqual(bins)
})

test('ROC area counts ties half and is null without both outcomes', () => {
  expect(rocArea(Float64Array.of(0.5, 0.5, 0.5), [true, false, false])).toBe(0.5)
  expect(rocArea(Float64Array.of(0.1, 0.9), [true, false])).toBe(0)
  expect(rocArea(Float64Array.of(0.1, 0.9), [true, true])).toBeNull()
})

test('a sure mistake has a finite loss, a sure success has none', () => {
  expect(logLoss(Float64Array.of(1, 0), Int32Array.of(1))).toBeCloseTo(34.54, 2)
  expect(logLoss(Float64Array.of(1, 0), Int32Array.of(0))).toBe(0)
  expect(brierScore(Float64Array.of(1, 0), Int32Array.of(1))).toBe(2)
})

test('probabilities and classes that cannot be are refused', () => {
  expect(() => reliabilityBins(Float64Array.of(1.1), [true], 5, 'equalWidth')).toThrow(RangeError)
  expect(() => reliabilityBins(new Float64Array(0), [], 5, 'equalWidth')).toThrow(RangeError)
  expect(() => brierScore(Float64Array.of(1, 0), Int32Array.of(2))).toThrow(RangeError)
  expect(() => logLoss(Float64Array.of(1, 0, 0), Int32Array.of(0, 1))).toThrow(RangeError)
})
