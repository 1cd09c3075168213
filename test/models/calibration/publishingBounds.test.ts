import { expect, test } from 'vitest'
import {
  binomialPValue,
  type PublishingBounds,
  publishingBounds,
  publishingChecks,
  rejectionLevel,
} from '../../../models/calibration/publishingBounds.ts'
import { judgedPatterns } from '../../../ops/calibration/missingPatterns.ts'
import { type ReportFault, toyReport } from './toyReport.ts'

const patterns = judgedPatterns().slice(0, 2)

function failedOf(fault: ReportFault | undefined, overconfidence = 1, starCount = 2000) {
  const report = toyReport({
    ...{ model: 'toy', patterns, starCount, seed: 3, overconfidence },
    ...(fault !== undefined && { fault }),
  })
  return publishingChecks(report, publishingBounds).filter(({ isWithin }) => !isWithin)
}

test('a binomial p-value is that of the exact tails', () => {
  // P(X <= 1) and P(X >= 9) of ten fair coins are 11/1024 each.
  expect(binomialPValue(1, 10, 0.5)).toBeCloseTo(22 / 1024, 12)
  expect(binomialPValue(9, 10, 0.5)).toBeCloseTo(22 / 1024, 12)
  expect(binomialPValue(0, 10, 0.1)).toBeCloseTo(2 * 0.9 ** 10, 12)
  expect(binomialPValue(3, 3, 0.9)).toBe(1)
})

test('the level of rejection is that of Benjamini and Hochberg', () => {
  // The example of their paper, at 0.05: the four smallest of fifteen are rejected.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  expect(rejectionLevel(paper, 0.05)).toBe(0.0095)
  expect(rejectionLevel([0.2, 0.9], 0.05)).toBeLessThan(0)
})

test('calibrated models are refused no more often than the bounds say, whatever the practical bounds are', () => {
  // Nothing is allowed, so that the p-values alone decide; a tenth of 80 may be refused; 19 and more would be chance once in 6000.
  const strict: PublishingBounds = {
    ...publishingBounds,
    falseAlarmRate: 0.1,
    ...{ maxRankDeviation: 0, maxCoverageDeviation: 0, maxTarpDeviation: 0, maxClassError: 0 },
  }
  let refused = 0
  for (let seed = 100; seed < 180; seed++) {
    const report = toyReport({ model: 'toy', patterns: patterns.slice(0, 1), starCount: 200, seed })
    if (publishingChecks(report, strict).some(({ isWithin }) => !isWithin)) refused++
  }
  expect(refused).toBeLessThan(19)
  // Were they never, the p-values would be worth nothing.
  expect(refused).toBeGreaterThan(0)
})

test('what is narrow, displaced or overconfident fails, in its pattern and its check, with number and bound', () => {
  expect(failedOf(undefined)).toEqual([])
  const narrow = failedOf({ pattern: 1, parameter: 'avMag', widthFactor: 0.7 })
  expect(new Set(narrow.map(({ pattern }) => pattern))).toEqual(new Set([patterns[1].name]))
  expect(narrow.map(({ check }) => check)).toContain('68% coverage of avMag')
  const [coverage] = narrow.filter(({ check }) => check === '68% coverage of avMag')
  // Central 68% of a normal law 0.7 times as wide holds 51.3%.
  expect(coverage.value).toBeGreaterThan(0.13)
  expect(coverage.sentence).toMatch(
    /68% intervals of avMag hold 5\d\.\d% of the truths where 3\.0 points off are allowed/,
  )
  expect(failedOf({ pattern: 0, parameter: 'logAgeYr', shift: 0.3 }).map(({ check }) => check)).toContain(
    'ranks of logAgeYr',
  )
  expect(failedOf(undefined, 1.6).some(({ check }) => check.startsWith('probabilities of'))).toBe(true)
})

test('what matters little is let pass even where it is there beyond doubt, and what may be chance too', () => {
  // A shift of 0.06 sigma moves quantiles by 2.4 points: seen with 8,000 stars, and allowed.
  const fault = { pattern: 0, parameter: 'logAgeYr', shift: 0.06 }
  const report = toyReport({ model: 'toy', patterns: patterns.slice(0, 1), starCount: 8000, seed: 5, fault })
  const checks = publishingChecks(report, publishingBounds)
  const ranks = checks.find(({ check }) => check === 'ranks of logAgeYr')
  expect(ranks?.pValue).toBeLessThan(0.01)
  expect(ranks).toMatchObject({ isWithin: true })
  // Of 200 stars 3 points are chance.
  expect(failedOf(undefined, 1, 200)).toEqual([])
})
