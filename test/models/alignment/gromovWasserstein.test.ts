import { expect, test } from 'vitest'
import { entropicGromov, type GromovProblem, gromovWasserstein } from '../../../models/alignment/gromovWasserstein.ts'
import { relationMatrix } from '../../../models/alignment/groundCost.ts'
import { pairedMasses } from '../../../models/alignment/pinnedPairs.ts'
import { type Matrix, marginError, productPlan, uniformMasses } from '../../../models/alignment/transportProblem.ts'
import { largestDifference, matrixOf, normalMatrix, readGolden } from './pointSets.ts'

interface GoldenCase {
  readonly sourceRelations: number[][]
  readonly targetRelations: number[][]
  readonly sourceMasses: number[]
  readonly targetMasses: number[]
  readonly start: number[][]
  readonly epsilon: number | null
  readonly guide?: { readonly cost: number[][]; readonly share: number }
  readonly plan: number[][]
  readonly cost: number
}

const problemOf = (golden: GoldenCase): GromovProblem => ({
  sourceRelations: matrixOf(golden.sourceRelations),
  targetRelations: matrixOf(golden.targetRelations),
  sourceMasses: Float64Array.from(golden.sourceMasses),
  targetMasses: Float64Array.from(golden.targetMasses),
  ...(golden.guide === undefined ? {} : { guide: { ...golden.guide, cost: matrixOf(golden.guide.cost) } }),
})

/** The sum itself, over all quadruples. */
function quadrupleSum({ sourceRelations, targetRelations }: GromovProblem, plan: Matrix): number {
  const { rows, columns, values } = plan
  let sum = 0
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < rows; k++)
        for (let l = 0; l < columns; l++)
          sum +=
            (sourceRelations.values[i * rows + k] - targetRelations.values[j * columns + l]) ** 2 *
            values[i * columns + j] *
            values[k * columns + l]
  return sum
}

test("from POT's starts to POT's local optima: alone, with a guide, and with entropy", () => {
  for (const golden of readGolden<GoldenCase[]>('gromovTransport')) {
    const problem = problemOf(golden)
    const start = matrixOf(golden.start)
    const result =
      golden.epsilon === null
        ? gromovWasserstein(problem, start, { tolerance: 1e-12 })
        : entropicGromov(problem, start, golden.epsilon, { tolerance: 1e-11 })
    expect(result.converged).toBe(true)
    expect(result.cost).toBeCloseTo(golden.cost, 7)
    expect(largestDifference(result.plan.values, golden.plan.flat())).toBeLessThan(1e-6)
    expect(marginError(result.plan, problem.sourceMasses, problem.targetMasses)).toBeLessThan(1e-8)
    if (golden.guide === undefined) expect(result.cost).toBeCloseTo(quadrupleSum(problem, result.plan), 10)
  }
})

test('distances alone find a permutation again, from a start that leans to it by a hair', () => {
  const x = normalMatrix(16, 3, 4)
  const order = Array.from({ length: 16 }, (_, i) => (5 * i + 2) % 16)
  // The mirror image: nothing but distances is kept.
  const y = matrixOf(order.map(i => Array.from(x.values.subarray(3 * i, 3 * i + 3), value => -value)))
  const mass = uniformMasses(16)
  const problem = {
    sourceRelations: relationMatrix(x, 'squaredEuclidean'),
    targetRelations: relationMatrix(y, 'squaredEuclidean'),
    sourceMasses: mass,
    targetMasses: mass,
  }
  const product = productPlan(mass, mass)
  const isMatched = (k: number) => order[k % 16] === Math.floor(k / 16)
  const start = { ...product, values: product.values.map((value, k) => 0.7 * value + (isMatched(k) ? 0.3 / 16 : 0)) }
  const { plan, cost, converged } = gromovWasserstein(problem, start)
  expect(converged).toBe(true)
  expect(cost).toBeCloseTo(0, 10)
  plan.values.forEach((value, k) => {
    expect(value).toBeCloseTo(isMatched(k) ? 1 / 16 : 0, 10)
  })
})

test('an optimum between plans is found: the closed form, alone and with a guide', () => {
  // With [p, 1/2 - p; 1/2 - p, p] and relations of opposite signs the cost is 1 + 4 p^2 + 4 (1/2 - p)^2; a guide adds p.
  const mass = uniformMasses(2)
  const problem: GromovProblem = {
    sourceRelations: matrixOf([
      [0, 1],
      [1, 0],
    ]),
    targetRelations: matrixOf([
      [0, -1],
      [-1, 0],
    ]),
    sourceMasses: mass,
    targetMasses: mass,
  }
  const start = matrixOf([
    [0.5, 0],
    [0, 0.5],
  ])
  const guide = {
    cost: matrixOf([
      [1, 0],
      [0, 0],
    ]),
    share: 0.5,
  }
  for (const [one, p, cost] of [
    [problem, 1 / 4, 3 / 2],
    [{ ...problem, guide }, 3 / 16, (1 + 4 * (3 / 16) ** 2 + 4 * (5 / 16) ** 2 + 3 / 16) / 2],
  ] as const) {
    const result = gromovWasserstein(one, start)
    expect(result.converged).toBe(true)
    expect(largestDifference(result.plan.values, [p, 0.5 - p, 0.5 - p, p])).toBeLessThan(1e-9)
    expect(result.cost).toBeCloseTo(cost, 12)
  }
})

test('the cost never rises from step to step, and pairs stay pinned', () => {
  const [x, y] = [normalMatrix(9, 2, 6), normalMatrix(12, 3, 7)]
  const pairs = [
    [1, 4],
    [8, 0],
  ] as const
  const masses = pairedMasses(9, 12, pairs)
  const problem = {
    sourceRelations: relationMatrix(x, 'squaredEuclidean'),
    targetRelations: relationMatrix(y, 'squaredEuclidean'),
    ...masses,
    pairs,
  }
  const start = productPlan(masses.sourceMasses, masses.targetMasses)
  const costs = [1, 2, 3, 5, 10, 50].map(maxIterations => gromovWasserstein(problem, start, { maxIterations }).cost)
  for (let k = 1; k < costs.length; k++) expect(costs[k]).toBeLessThanOrEqual(costs[k - 1] + 1e-12)
  const { plan } = gromovWasserstein(problem, start)
  const entropic = entropicGromov(problem, start, 2)
  for (const [i, j] of pairs) {
    expect(entropic.plan.values[i * 12 + j]).toBe(masses.sourceMasses[i])
    expect(plan.values[i * 12 + j]).toBeCloseTo(masses.sourceMasses[i], 12)
  }
})

test('a limit of iterations is told, not thrown', () => {
  const [golden] = readGolden<GoldenCase[]>('gromovTransport')
  const [problem, start] = [problemOf(golden), matrixOf(golden.start)]
  const result = gromovWasserstein(problem, start, { maxIterations: 1 })
  expect([result.converged, result.iterations]).toEqual([false, 1])
  expect(result.residual).toBeGreaterThan(0)
  expect(entropicGromov(problem, start, 0.5, { maxIterations: 1 }).converged).toBe(false)
})

test('bad input is refused', () => {
  const mass = uniformMasses(3)
  const relations = relationMatrix(normalMatrix(3, 2, 1), 'squaredEuclidean')
  const problem = { sourceRelations: relations, targetRelations: relations, sourceMasses: mass, targetMasses: mass }
  const start = productPlan(mass, mass)
  const skew = { ...relations, values: relations.values.map((value, k) => (k === 3 ? value + 1 : value)) }
  const guide = { cost: relationMatrix(normalMatrix(4, 2, 1), 'cosine'), share: 0.5 }
  for (const [change, sentence] of [
    [{ sourceRelations: skew }, 'gromovWasserstein, source: relations [1, 0] and [0, 1] differ'],
    [{ targetMasses: Float64Array.of(1, 1, 1) }, 'gromovWasserstein, target: masses sum to 3, not to 1'],
    [{ guide }, 'gromovWasserstein: the guide is 4 by 4 for 3 sources and 3 targets'],
    [{ guide: { cost: relations, share: 2 } }, "gromovWasserstein: the guide's share is 2, not from 0 to 1"],
    [{ sourceRelations: normalMatrix(3, 2, 1) }, 'gromovWasserstein, source: relations are 3 by 2, not square'],
  ] as const) {
    expect(() => gromovWasserstein({ ...problem, ...change }, start)).toThrow(new RangeError(sentence))
  }
  expect(() => gromovWasserstein(problem, { ...start, values: start.values.map(value => 2 * value) })).toThrow(
    /the start is not a plan of these masses; its margins are off by 2/,
  )
  expect(() => entropicGromov(problem, start, Number.NaN)).toThrow('sinkhorn: epsilon is NaN, which is not above 0')
})
