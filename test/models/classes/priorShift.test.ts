import { expect, test } from 'vitest'
import { shiftPrior } from '../../../models/classes/priorShift.ts'

test('a shifted prior gives what Bayes gives from the likelihoods', () => {
  const likelihood = [0.2, 0.7, 0.05]
  const bayes = (prior: readonly number[]) => {
    const joint = likelihood.map((l, c) => l * prior[c])
    const sum = joint.reduce((a, b) => a + b)
    return joint.map(p => p / sum)
  }
  const before = [0.5, 0.3, 0.2]
  const after = [0.01, 0.09, 0.9]
  const shifted = shiftPrior(bayes(before), before, after)
  shifted.forEach((p, c) => {
    expect(p).toBeCloseTo(bayes(after)[c], 12)
  })
})

test('the same prior changes nothing', () => {
  expect(shiftPrior([0.25, 0.75], [0.4, 0.6], [0.4, 0.6])).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)])
})

test('a prior of other length, or one that forbids all, is refused', () => {
  expect(() => shiftPrior([1], [0.5, 0.5], [0.5, 0.5])).toThrow(RangeError)
  expect(() => shiftPrior([1, 0], [0.5, 0.5], [0, 1])).toThrow(RangeError)
})
