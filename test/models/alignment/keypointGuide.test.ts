import { expect, test } from 'vitest'
import { exactTransport } from '../../../models/alignment/exactTransport.ts'
import { relationMatrix } from '../../../models/alignment/groundCost.ts'
import { keypointCost, keypointRelations } from '../../../models/alignment/keypointGuide.ts'
import { pairedMasses, pinnedTransport } from '../../../models/alignment/pinnedPairs.ts'
import type { Matrix, Pair } from '../../../models/alignment/transportProblem.ts'
import { largestDifference, matrixOf, normalMatrix, readGolden } from './pointSets.ts'

interface GoldenCase {
  readonly source: number[][]
  readonly target: number[][]
  readonly pairs: Pair[]
  readonly guide: number[][]
  readonly plan: number[][]
}

test("guiding costs are SciPy's, and plans POT's under the mask", () => {
  for (const { source, target, pairs, guide, plan } of readGolden<GoldenCase[]>('keypointsTransport')) {
    const [own, other] = [source, target].map(points => relationMatrix(matrixOf(points), 'squaredEuclidean'))
    const cost = keypointCost(own, other, pairs)
    expect(largestDifference(cost.values, guide.flat())).toBeLessThan(1e-12)
    const problem = { cost, ...pairedMasses(source.length, target.length, pairs) }
    const result = pinnedTransport(problem, pairs, rest => exactTransport(rest))
    expect(largestDifference(result.plan.values, plan.flat())).toBeLessThan(1e-9)
  }
})

test('relations to two keypoints are the logistic function of the difference of costs', () => {
  const relations = relationMatrix(matrixOf([[0], [1], [0.25]]), 'squaredEuclidean')
  const { values } = keypointRelations(relations, [0, 1], 0.5)
  const logistic = (difference: number) => 1 / (1 + Math.exp(-difference / 0.5))
  const expected = [logistic(1), logistic(-1), logistic(0.75 ** 2 - 0.25 ** 2)].flatMap(p => [p, 1 - p])
  expect(largestDifference(values, expected)).toBeLessThan(1e-14)
})

test('a set turned, moved and put into more dimensions matches itself at no cost, in any order', () => {
  const x = normalMatrix(20, 2, 3)
  const turned = (k: number): number[] => {
    const [u, v] = [x.values[2 * k], x.values[2 * k + 1]]
    return [0.6 * u - 0.8 * v + 5, 0.8 * u + 0.6 * v - 2, 1]
  }
  const order = Array.from({ length: 20 }, (_, i) => (7 * i + 3) % 20)
  const y = matrixOf(order.map(turned))
  const pairs: Pair[] = [0, 5, 9].map(source => [source, order.indexOf(source)])
  const cost = keypointCost(relationMatrix(x, 'squaredEuclidean'), relationMatrix(y, 'squaredEuclidean'), pairs)
  const { plan } = pinnedTransport({ cost, ...pairedMasses(20, 20, pairs) }, pairs, rest => exactTransport(rest))
  for (let j = 0; j < 20; j++) expect(plan.values[order[j] * 20 + j]).toBeCloseTo(1 / 20, 12)
})

test('coinciding points, keypoints far apart and one keypoint give numbers', () => {
  const same: Matrix = relationMatrix(matrixOf([[1], [1], [1]]), 'squaredEuclidean')
  expect(
    Array.from(
      keypointCost(same, same, [
        [0, 0],
        [1, 1],
      ]).values,
    ),
  ).toEqual(new Array(9).fill(0))
  const far = relationMatrix(matrixOf([[0], [1e6], [1]]), 'squaredEuclidean')
  const divergences = keypointCost(
    far,
    far,
    [
      [0, 0],
      [1, 1],
    ],
    1e-6,
  ).values
  expect(divergences[1]).toBeCloseTo(Math.log(2), 12)
  expect(divergences.every(Number.isFinite)).toBe(true)
  expect(Array.from(keypointCost(far, far, [[2, 1]]).values)).toEqual(new Array(9).fill(0))
})

test('bad input is refused', () => {
  const relations = relationMatrix(normalMatrix(4, 2, 1), 'cosine')
  expect(() => keypointCost(relations, relations, [])).toThrow(
    new RangeError('keypointRelations: no keypoint is given'),
  )
  expect(() => keypointCost(relations, relations, [[0, 4]])).toThrow(/pair 0 is \[0, 4\]/)
  expect(() => keypointRelations(normalMatrix(4, 2, 1), [0])).toThrow(/relations are 4 by 2, not square/)
  expect(() => keypointRelations(relations, [0], 0)).toThrow(/temperature 0 is not above 0/)
})
