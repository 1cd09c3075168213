import { expect, test } from 'vitest'
import { exactTransport } from '../../../models/alignment/exactTransport.ts'
import { groundCost } from '../../../models/alignment/groundCost.ts'
import { checkPairs, pairedMasses, pinnedTransport } from '../../../models/alignment/pinnedPairs.ts'
import { marginError, type Pair, type TransportProblem } from '../../../models/alignment/transportProblem.ts'
import { largestDifference, normalMatrix } from './pointSets.ts'

const pairs: readonly Pair[] = [
  [0, 5],
  [3, 1],
]
const solve = (rest: TransportProblem) => exactTransport(rest)

test('masses sum to 1 on both sides and are alike in pairs', () => {
  const { sourceMasses, targetMasses } = pairedMasses(5, 8, pairs)
  expect(largestDifference(sourceMasses, [1 / 8, 0.25, 0.25, 1 / 8, 0.25])).toBeLessThan(1e-15)
  expect(largestDifference(targetMasses, new Float64Array(8).fill(1 / 8))).toBeLessThan(1e-15)
})

test('a pinned plan is the optimum of a problem in which any other way of a pair is dear', () => {
  const { sourceMasses, targetMasses } = pairedMasses(6, 9, pairs)
  const problem = {
    cost: groundCost(normalMatrix(6, 2, 1), normalMatrix(9, 2, 2), 'squaredEuclidean'),
    sourceMasses,
    targetMasses,
  }
  const pinned = pinnedTransport(problem, pairs, solve)
  const values = problem.cost.values.map((value, k) => {
    const [i, j] = [Math.floor(k / 9), k % 9]
    const isBarred = pairs.some(([source, target]) => (i === source) !== (j === target))
    return isBarred ? 1000 : value
  })
  const masked = exactTransport({ ...problem, cost: { ...problem.cost, values } })
  expect(largestDifference(pinned.plan.values, masked.plan.values)).toBeLessThan(1e-12)
  expect(pinned.cost).toBeCloseTo(masked.cost, 12)
  expect(marginError(pinned.plan, sourceMasses, targetMasses)).toBeLessThan(1e-12)
})

test('all in pairs: nothing is left to solve; without a pair all is', () => {
  const { sourceMasses, targetMasses } = pairedMasses(2, 2, [
    [0, 1],
    [1, 0],
  ])
  const problem = {
    cost: groundCost(normalMatrix(2, 2, 1), normalMatrix(2, 2, 2), 'cosine'),
    sourceMasses,
    targetMasses,
  }
  const { plan, converged } = pinnedTransport(
    problem,
    [
      [0, 1],
      [1, 0],
    ],
    () => {
      throw new TypeError('there is nothing to solve')
    },
  )
  expect(Array.from(plan.values)).toEqual([0, 0.5, 0.5, 0])
  expect(converged).toBe(true)
  expect(pinnedTransport(problem, [], solve)).toEqual(solve(problem))
})

test('pairs that cannot be are refused', () => {
  expect(() => checkPairs([[0, 9]], 3, 3)).toThrow(
    new RangeError('pairs: pair 0 is [0, 9], of 3 sources and 3 targets'),
  )
  expect(() =>
    checkPairs(
      [
        [0, 1],
        [2, 1],
      ],
      3,
      3,
    ),
  ).toThrow(new RangeError('pairs: a point is in more than one pair'))
  expect(() =>
    pairedMasses(
      2,
      3,
      pairs.map((_, i) => [i, i]),
    ),
  ).toThrow(new RangeError('pairedMasses: of 2 sources and 3 targets one side is all in pairs'))
  const cost = groundCost(normalMatrix(2, 2, 1), normalMatrix(2, 2, 2), 'cosine')
  const uneven = { cost, sourceMasses: Float64Array.of(0.4, 0.6), targetMasses: Float64Array.of(0.5, 0.5) }
  expect(() => pinnedTransport(uneven, [[0, 0]], solve)).toThrow(
    new RangeError('pinnedTransport: pair 0 joins masses 0.4 and 0.5, which must be the same'),
  )
})
