import { expect, test } from 'vitest'
import { alignmentPlan } from '../../../models/alignment/alignmentPlan.ts'
import { alignmentDefaults, type TransportTerm } from '../../../models/alignment/alignmentRecipe.ts'
import { matchingDemo, rightShare } from '../../../models/alignment/matchingDemo.ts'
import { uniformMasses } from '../../../models/alignment/transportProblem.ts'

test('known pairs find the kinds again where nearness and distances alone do not, whatever the seed', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const demo = matchingDemo(20, seed)
    const shareOf = (term: TransportTerm) => {
      const { plan, converged } = alignmentPlan(term, demo.source, demo.target, demo.pairs, alignmentDefaults)
      expect(converged).toBe(true)
      return rightShare(demo, plan)
    }
    expect(shareOf('exact')).toBeLessThan(0.6)
    expect(shareOf('gromov')).toBeLessThan(0.6)
    expect(shareOf('keypoint')).toBe(1)
  }
})

test('the share counts what is not pinned', () => {
  const demo = matchingDemo(2, 1)
  const mass = uniformMasses(6)
  const plan = (target: (i: number) => number) => ({
    rows: 6,
    columns: 6,
    values: Float64Array.from({ length: 36 }, (_, k) => (target(Math.floor(k / 6)) === k % 6 ? mass[0] : 0)),
  })
  expect(
    rightShare(
      demo,
      plan(i => i),
    ),
  ).toBe(1)
  expect(
    rightShare(
      demo,
      plan(i => (i + 2) % 6),
    ),
  ).toBe(0)
  // Of the second of each kind, that of the first kind alone stays.
  expect(
    rightShare(
      demo,
      plan(i => [0, 1, 2, 5, 4, 3][i]),
    ),
  ).toBeCloseTo(1 / 3, 12)
  expect(matchingDemo(2, 1)).toEqual(demo)
  expect(() => matchingDemo(0, 1)).toThrow(new RangeError('matchingDemo: 0 stars of each kind'))
})
