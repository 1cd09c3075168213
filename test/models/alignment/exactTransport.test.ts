import { expect, test } from 'vitest'
import { type ExactPlan, exactTransport } from '../../../models/alignment/exactTransport.ts'
import { groundCost } from '../../../models/alignment/groundCost.ts'
import { marginError, type TransportProblem, uniformMasses } from '../../../models/alignment/transportProblem.ts'
import { createRng } from '../../../models/math/rng.ts'
import { largestDifference, matrixOf, normalMatrix, readGolden, unequalMasses } from './pointSets.ts'

interface GoldenCase {
  readonly source: number[][]
  readonly target: number[][]
  readonly sourceMasses: number[]
  readonly targetMasses: number[]
  readonly plan: number[][]
  readonly cost: number
}

/** Everything that would show a plan not to be optimal, over the largest cost. */
function proofFaults({ cost, sourceMasses, targetMasses }: TransportProblem, result: ExactPlan): number {
  const { plan, sourcePotentials, targetPotentials, dualGap } = result
  const scale = cost.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)
  let worst = Math.max(Math.abs(dualGap) / scale, marginError(plan, sourceMasses, targetMasses))
  for (let i = 0; i < cost.rows; i++) {
    for (let j = 0; j < cost.columns; j++) {
      const k = i * cost.columns + j
      const reduced = (cost.values[k] - sourcePotentials[i] - targetPotentials[j]) / scale
      worst = Math.max(worst, -reduced, -plan.values[k], plan.values[k] > 0 ? reduced : 0)
    }
  }
  return worst
}

test("plans and costs are those of POT's network simplex", () => {
  for (const { source, target, sourceMasses, targetMasses, plan, cost } of readGolden<GoldenCase[]>('exactTransport')) {
    const problem = {
      cost: groundCost(matrixOf(source), matrixOf(target), 'squaredEuclidean'),
      sourceMasses: Float64Array.from(sourceMasses),
      targetMasses: Float64Array.from(targetMasses),
    }
    const result = exactTransport(problem)
    expect(result.converged).toBe(true)
    expect(result.cost).toBeCloseTo(cost, 12)
    expect(largestDifference(result.plan.values, plan.flat())).toBeLessThan(1e-12)
  }
})

test('random problems of every shape: the potentials prove each plan optimal', () => {
  const rng = createRng(5)
  for (let trial = 0; trial < 60; trial++) {
    const [rows, columns] = [1 + rng.integer(25), 1 + rng.integer(25)]
    // Whole costs make ties, and masses of 0 leave points out.
    const values = Float64Array.from({ length: rows * columns }, () =>
      trial % 2 === 0 ? rng.integer(4) : rng.normal(),
    )
    const sourceMasses = unequalMasses(rows, 2 * trial)
    if (rows > 1) {
      sourceMasses[1] += sourceMasses[0]
      sourceMasses[0] = 0
    }
    const problem = {
      cost: { rows, columns, values },
      sourceMasses,
      targetMasses: unequalMasses(columns, 2 * trial + 1),
    }
    const result = exactTransport(problem)
    expect(result.converged).toBe(true)
    expect(proofFaults(problem, result), `trial ${trial}`).toBeLessThan(1e-12)
  }
})

test('on a line, the plan matches points in their order', () => {
  const [x, y] = [normalMatrix(40, 1, 1), normalMatrix(40, 1, 2)]
  const mass = uniformMasses(40)
  const { plan, cost } = exactTransport({
    cost: groundCost(x, y, 'squaredEuclidean'),
    sourceMasses: mass,
    targetMasses: mass,
  })
  const [a, b] = [x, y].map(({ values }) => Float64Array.from(values).sort())
  expect(cost).toBeCloseTo(
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2 / 40, 0),
    12,
  )
  const rank = (values: Float64Array) => values.map(value => values.filter(other => other < value).length)
  const [xRank, yRank] = [rank(x.values), rank(y.values)]
  for (let i = 0; i < 40; i++) expect(plan.values[i * 40 + yRank.indexOf(xRank[i])]).toBe(1 / 40)
})

test('points that are moved as a whole are matched to themselves, at the square of the way', () => {
  const x = normalMatrix(50, 4, 3)
  const y = { ...x, values: x.values.map((value, k) => value + [0.3, -1, 2, 0.5][k % 4]) }
  const mass = uniformMasses(50)
  const { plan, cost } = exactTransport({
    cost: groundCost(x, y, 'squaredEuclidean'),
    sourceMasses: mass,
    targetMasses: mass,
  })
  expect(cost).toBeCloseTo(0.09 + 1 + 4 + 0.25, 12)
  for (let i = 0; i < 50; i++) expect(plan.values[i * 51]).toBe(1 / 50)
})

test('Gaussians: the optimal map is known, and its cost is the closed form', () => {
  // N(m, S) goes to N(A m + b, A S A) by x -> A x + b where A is symmetric and positive (Gelbrich 1990), here with the
  // sample's own mean and covariance.
  const count = 300
  const { values } = normalMatrix(count, 2, 9)
  const pointAt = (i: number) => Array.from(values.subarray(2 * i, 2 * i + 2))
  const image = ([u, v]: number[]) => [1.6 * u + 0.5 * v + 2, 0.5 * u + 0.4 * v - 1]
  const order = Array.from({ length: count }, (_, j) => (7 * j + 11) % count)
  const mass = uniformMasses(count)
  const cost = groundCost(
    { rows: count, columns: 2, values },
    matrixOf(order.map(i => image(pointAt(i)))),
    'squaredEuclidean',
  )
  const result = exactTransport({ cost, sourceMasses: mass, targetMasses: mass })
  order.forEach((i, j) => {
    expect(result.plan.values[i * count + j]).toBe(1 / count)
  })
  const mean = [0, 1].map(d => values.reduce((sum, value, k) => sum + (k % 2 === d ? value : 0), 0) / count)
  const shift = image(mean).map((value, d) => value - mean[d])
  const covariance = (d: number, e: number) =>
    Array.from({ length: count }, (_, i) => (values[2 * i + d] - mean[d]) * (values[2 * i + e] - mean[e])).reduce(
      (a, b) => a + b,
    ) / count
  // tr (A - 1) S (A - 1)
  const [a, b, c] = [1.6 - 1, 0.5, 0.4 - 1]
  const spread =
    (a * a + b * b) * covariance(0, 0) + 2 * b * (a + c) * covariance(0, 1) + (b * b + c * c) * covariance(1, 1)
  expect(result.cost).toBeCloseTo(shift[0] ** 2 + shift[1] ** 2 + spread, 11)
})

test('512 points on each side: a permutation, proved, in few paths', () => {
  const mass = uniformMasses(512)
  const problem = {
    cost: groundCost(normalMatrix(512, 8, 11), normalMatrix(512, 8, 12), 'squaredEuclidean'),
    sourceMasses: mass,
    targetMasses: mass,
  }
  const result = exactTransport(problem)
  expect(proofFaults(problem, result)).toBeLessThan(1e-12)
  expect(result.plan.values.filter(value => value > 0)).toEqual(mass)
  expect(result.iterations).toBeLessThanOrEqual(512)
})

test('a limit of paths is told, not thrown', () => {
  const mass = uniformMasses(20)
  const cost = groundCost(normalMatrix(20, 2, 1), normalMatrix(20, 2, 2), 'squaredEuclidean')
  const { converged, iterations } = exactTransport(
    { cost, sourceMasses: mass, targetMasses: mass },
    { maxIterations: 2 },
  )
  expect({ converged, iterations }).toEqual({ converged: false, iterations: 2 })
})

test('bad input is refused', () => {
  const mass = uniformMasses(2)
  const cost = matrixOf([
    [0, 1],
    [1, Number.POSITIVE_INFINITY],
  ])
  expect(() => exactTransport({ cost, sourceMasses: mass, targetMasses: mass })).toThrow(
    new RangeError('exactTransport, cost: the value at [1, 1] is Infinity'),
  )
  const fine = matrixOf([
    [0, 1],
    [1, 0],
  ])
  expect(() => exactTransport({ cost: fine, sourceMasses: mass, targetMasses: uniformMasses(3) })).toThrow(
    'exactTransport, target: 3 masses for 2 points',
  )
  expect(() => exactTransport({ cost: fine, sourceMasses: mass, targetMasses: Float64Array.of(0.5, 0.6) })).toThrow(
    'exactTransport: the sources have mass 1 and the targets 1.1, which must be the same',
  )
})
