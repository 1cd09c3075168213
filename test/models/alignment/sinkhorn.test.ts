import { expect, test } from 'vitest'
import { exactTransport } from '../../../models/alignment/exactTransport.ts'
import { groundCost } from '../../../models/alignment/groundCost.ts'
import { sinkhorn } from '../../../models/alignment/sinkhorn.ts'
import { type TransportProblem, uniformMasses } from '../../../models/alignment/transportProblem.ts'
import { largestDifference, matrixOf, normalMatrix, readGolden, unequalMasses } from './pointSets.ts'

interface GoldenCase {
  readonly source: number[][]
  readonly target: number[][]
  readonly sourceMasses: number[]
  readonly targetMasses: number[]
  readonly epsilon: number
  readonly slacks: [number | null, number | null]
  readonly plan: number[][]
  readonly objective: number
}

const small = (seed: number): TransportProblem => ({
  cost: groundCost(normalMatrix(9, 3, seed), normalMatrix(7, 3, seed + 1), 'squaredEuclidean'),
  sourceMasses: unequalMasses(9, seed),
  targetMasses: unequalMasses(7, seed + 1),
})

test("plans and objectives are POT's, with margins that hold and with margins that may be missed", () => {
  for (const golden of readGolden<GoldenCase[]>('entropicTransport')) {
    const problem = {
      cost: groundCost(matrixOf(golden.source), matrixOf(golden.target), 'squaredEuclidean'),
      sourceMasses: Float64Array.from(golden.sourceMasses),
      targetMasses: Float64Array.from(golden.targetMasses),
    }
    const [sourceSlack, targetSlack] = golden.slacks.map(slack => slack ?? Number.POSITIVE_INFINITY)
    const options = { epsilon: golden.epsilon, sourceSlack, targetSlack, maxIterations: 1_000_000 }
    const result = sinkhorn(problem, options)
    expect(result.converged).toBe(true)
    expect(largestDifference(result.plan.values, golden.plan.flat())).toBeLessThan(1e-8)
    expect(result.objective).toBeCloseTo(golden.objective, 8)
  }
})

test('an entropy without weight is exact transport, one with great weight is the product of the masses', () => {
  const problem = small(1)
  const exact = exactTransport(problem)
  const sharp = sinkhorn(problem, { epsilon: 2e-3, maxIterations: 1_000_000 })
  expect(largestDifference(sharp.plan.values, exact.plan.values)).toBeLessThan(1e-6)
  const product = Array.from(problem.sourceMasses).flatMap(a => Array.from(problem.targetMasses, b => a * b))
  expect(largestDifference(sinkhorn(problem, { epsilon: 1e6 }).plan.values, product)).toBeLessThan(1e-6)
})

test('two points a side: the closed form', () => {
  // By symmetry the plan is [p, 1/2 - p; 1/2 - p, p], and p over the other is exp(1 / epsilon).
  const mass = uniformMasses(2)
  const { plan } = sinkhorn(
    {
      cost: matrixOf([
        [0, 1],
        [1, 0],
      ]),
      sourceMasses: mass,
      targetMasses: mass,
    },
    { epsilon: 0.7 },
  )
  const p = 0.5 / (1 + Math.exp(-1 / 0.7))
  expect(largestDifference(plan.values, [p, 0.5 - p, 0.5 - p, p])).toBeLessThan(1e-12)
})

test('one point a side, margins at a price: the closed form', () => {
  // The least of c t + e kl(t, ab) + r kl(t, a) + s kl(t, b) with kl(t, u) = t log(t/u) - t + u.
  const [cost, a, b, epsilon, r, s] = [0.4, 0.8, 1.5, 0.3, 2, 0.5]
  const problem = { cost: matrixOf([[cost]]), sourceMasses: Float64Array.of(a), targetMasses: Float64Array.of(b) }
  const { plan, converged } = sinkhorn(problem, { epsilon, sourceSlack: r, targetSlack: s })
  const log = (epsilon * Math.log(a * b) + r * Math.log(a) + s * Math.log(b) - cost) / (epsilon + r + s)
  expect(converged).toBe(true)
  expect(plan.values[0]).toBeCloseTo(Math.exp(log), 9)
})

test('the slope of the objective in the costs is the plan, balanced and not', () => {
  for (const slack of [Number.POSITIVE_INFINITY, 0.8]) {
    const problem = small(3)
    const options = { epsilon: 0.4, sourceSlack: slack, targetSlack: slack, tolerance: 1e-13, maxIterations: 100_000 }
    const { plan } = sinkhorn(problem, options)
    for (const k of [0, 10, 31, 62]) {
      const [above, below] = [1e-4, -1e-4].map(step => {
        const values = problem.cost.values.map((value, at) => (at === k ? value + step : value))
        return sinkhorn({ ...problem, cost: { ...problem.cost, values } }, options).objective
      })
      expect((above - below) / 2e-4).toBeCloseTo(plan.values[k], 7)
    }
  }
})

test('margins hold, also where costs are ten thousand times the entropy and a mass is 0', () => {
  const problem = small(5)
  problem.sourceMasses[1] += problem.sourceMasses[0]
  problem.sourceMasses[0] = 0
  const result = sinkhorn(problem, { epsilon: 0.3 })
  expect(result.marginError).toBeLessThan(1e-9)
  expect(result.plan.values.subarray(0, 7)).toEqual(new Float64Array(7))
  const sharp = sinkhorn(
    { ...problem, cost: { ...problem.cost, values: problem.cost.values.map(v => 3000 * v) } },
    { epsilon: 0.3 },
  )
  expect(sharp.plan.values.every(Number.isFinite)).toBe(true)
  expect(sharp.converged).toBe(sharp.iterations < 10_000)
})

test('a limit of iterations is told, not thrown, and the next call goes on from there', () => {
  const problem = small(7)
  const first = sinkhorn(problem, { epsilon: 0.05, maxIterations: 3 })
  expect(first.converged).toBe(false)
  expect(first.iterations).toBe(3)
  expect(first.marginError).toBeGreaterThan(1e-6)
  const whole = sinkhorn(problem, { epsilon: 0.05 })
  const second = sinkhorn(problem, { epsilon: 0.05 }, whole)
  expect(whole.converged).toBe(true)
  expect(second.iterations).toBeLessThan(4)
  expect(largestDifference(second.plan.values, whole.plan.values)).toBeLessThan(1e-9)
})

test('bad input is refused', () => {
  const problem = small(9)
  for (const [options, sentence] of [
    [{ epsilon: 0 }, 'sinkhorn: epsilon is 0, which is not above 0'],
    [{ epsilon: Number.POSITIVE_INFINITY }, 'sinkhorn: epsilon is not finite'],
    [{ epsilon: 1, sourceSlack: -1 }, 'sinkhorn: sourceSlack is -1, which is not above 0'],
    [{ epsilon: 1, tolerance: Number.NaN }, 'sinkhorn: tolerance is NaN, which is not above 0'],
  ] as const) {
    expect(() => sinkhorn(problem, options)).toThrow(new RangeError(sentence))
  }
  const heavy = { ...problem, targetMasses: problem.targetMasses.map(mass => 2 * mass) }
  expect(() => sinkhorn(heavy, { epsilon: 1 })).toThrow(/the sources have mass 1 and the targets 2/)
  expect(sinkhorn(heavy, { epsilon: 1, targetSlack: 1 }).converged).toBe(true)
  expect(() => sinkhorn(problem, { epsilon: 1 }, { targetPotentials: new Float64Array(3) })).toThrow(
    'sinkhorn: the start has 3 potentials for 7 targets',
  )
})
