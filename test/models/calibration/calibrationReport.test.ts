import { beforeAll, expect, test } from 'vitest'
import {
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  calibrationThresholds,
  type MissingPattern,
  type PatternCalibration,
} from '../../../models/calibration/calibrationReport.ts'
import { type ClassPredictions, classCalibration } from '../../../models/calibration/classCalibration.ts'
import { createRng } from '../../../models/math/rng.ts'
import { gaussianToy, type ToyFault } from './gaussianToy.ts'

const pattern: MissingPattern = { name: 'complete', given: ['gMag'], missing: [], share: 0.4 }

/** Three classes; outcomes are drawn from the probabilities, which are then sharpened. */
function classToy(starCount: number, sharpening: number): ClassPredictions {
  const rng = createRng(5)
  const probabilities = new Float64Array(3 * starCount)
  const truths = new Int32Array(starCount)
  for (let i = 0; i < starCount; i++) {
    const raw = [rng.uniform(), rng.uniform(), rng.uniform()]
    const sum = raw[0] + raw[1] + raw[2]
    const coin = rng.uniform() * sum
    truths[i] = coin < raw[0] ? 0 : coin < raw[0] + raw[1] ? 1 : 2
    const sharp = raw.map(value => value ** sharpening)
    probabilities.set(
      sharp.map(value => value / (sharp[0] + sharp[1] + sharp[2])),
      3 * i,
    )
  }
  return {
    names: ['disk', 'diskless', 'giant'],
    probabilities,
    truths,
    unions: new Map([['young', ['disk', 'diskless']]]),
  }
}

const run = (fault: ToyFault, sharpening: number, starCount = 2000) =>
  calibratePattern(
    gaussianToy(starCount, 64, 31, fault),
    classToy(8000, sharpening),
    pattern,
    calibrationDefaults,
    createRng(31),
  )

let exact: PatternCalibration

beforeAll(() => {
  exact = run({}, 1)
})

test('an exact posterior passes every check, and the report is plain JSON', () => {
  const section = exact
  expect(section.verdicts.filter(verdict => !verdict.isPassed)).toEqual([])
  expect(section.isPassed).toBe(true)
  expect(JSON.parse(JSON.stringify(section))).toEqual(section)
  expect(section.verdicts).toHaveLength(2 * 3 + 1 + 4)
})

test('each fault fails its own check, and the sentence says which way', () => {
  const narrow = run({ widthFactor: 0.8 }, 1)
  expect(narrow.isPassed).toBe(false)
  const sentences = narrow.verdicts.filter(verdict => !verdict.isPassed).map(verdict => verdict.sentence)
  expect(sentences.some(text => /68% intervals of first hold \d+\.\d% .* too narrow/.test(text))).toBe(true)
  expect(sentences.some(text => /taken together the posteriors are too narrow/.test(text))).toBe(true)
  const wide = run({ widthFactor: 1.3 }, 1)
  expect(wide.verdicts.some(verdict => !verdict.isPassed && /too wide/.test(verdict.sentence))).toBe(true)
  const shifted = run({ shift: 0.4 }, 1)
  const failed = shifted.verdicts.filter(verdict => !verdict.isPassed).map(verdict => verdict.check)
  expect(failed).toContain('ranks of first')
  const sharp = run({}, 2)
  expect(
    sharp.verdicts.filter(verdict => !verdict.isPassed).every(verdict => /probabilities of/.test(verdict.check)),
  ).toBe(true)
  expect(sharp.isPassed).toBe(false)
})

test('the residuals and widths of an exact posterior are those of its Gaussian', () => {
  const { parameters } = exact
  const sd = Math.sqrt(1 - 1 / 2.09)
  for (const parameter of parameters) {
    // 2000 stars: a percentile's noise is about sd / 30.
    expect(parameter.residualPercentiles[1]).toBeCloseTo(0, 1)
    expect(Math.abs(parameter.residualPercentiles[2] - sd)).toBeLessThan(0.1)
    expect(Math.abs(parameter.typicalErr - sd)).toBeLessThan(0.03)
  }
})

test('the same seed gives the same report', () => {
  expect(run({}, 1, 200)).toEqual(run({}, 1, 200))
})

test('a report passes only when all of its sections do', () => {
  const [good, bad] = [exact, run({ widthFactor: 0.6 }, 1, 400)]
  const source = { title: 't', command: 'c', modelFingerprint: 'f', seed: '1', thresholds: calibrationThresholds }
  expect(calibrationReport(source, [good]).isPassed).toBe(true)
  expect(calibrationReport(source, [good, bad]).isPassed).toBe(false)
  expect(() => calibrationReport(source, [])).toThrow(RangeError)
})

test('a posterior without classes is judged on its parameters alone', () => {
  const section = calibratePattern(gaussianToy(200, 50, 1), null, pattern, calibrationDefaults, createRng(1))
  expect(section.classes).toBeNull()
  expect(section.verdicts).toHaveLength(7)
})

test('unions add up their classes and must name classes that exist', () => {
  const toy = classToy(3000, 1)
  const { perClass, meanError, largestError } = classCalibration(toy)
  expect(perClass.map(one => one.name)).toEqual(['disk', 'diskless', 'giant', 'young'])
  expect(perClass[3].share).toBeCloseTo(perClass[0].share + perClass[1].share, 12)
  expect(meanError).toBeLessThanOrEqual(largestError)
  expect(() => classCalibration({ ...toy, unions: new Map([['x', ['nova']]]) })).toThrow(RangeError)
})
