import { expect, test } from 'vitest'
import { exactTransport } from '../../../models/alignment/exactTransport.ts'
import { gromovWasserstein } from '../../../models/alignment/gromovWasserstein.ts'
import { costKinds, groundCost, relationMatrix } from '../../../models/alignment/groundCost.ts'
import { sinkhorn } from '../../../models/alignment/sinkhorn.ts'
import { gromovLoss, transportLoss } from '../../../models/alignment/transportLoss.ts'
import { innerProduct, type Matrix, productPlan, uniformMasses } from '../../../models/alignment/transportProblem.ts'
import { normalMatrix, unequalMasses } from './pointSets.ts'
import { expectSlopes, type LossInput, slopesOf } from './slopes.ts'

const [M, N, D] = [6, 5, 3]
const [x, y] = [normalMatrix(M, D, 31), normalMatrix(N, D, 32)]
const masses = { sourceMasses: unequalMasses(M, 33), targetMasses: unequalMasses(N, 34) }
const pointsOf = (values: Float64Array, rows: number): Matrix => ({ rows, columns: D, values })

const inputsWith = (plan: Matrix): LossInput[] => [
  { name: 'x', shape: [M, D], data: x.values, isMoved: true },
  { name: 'y', shape: [N, D], data: y.values, isMoved: true },
  { name: 'plan', shape: [M, N], data: plan.values, isMoved: false },
]

test('the slope at a fixed plan is that of exact transport solved anew at every point', async () => {
  for (const kind of costKinds) {
    const solve = (x: Matrix, y: Matrix) => exactTransport({ cost: groundCost(x, y, kind), ...masses })
    await expectSlopes(
      inputsWith(solve(x, y).plan),
      t => transportLoss(t.x, t.y, t.plan, kind),
      v => solve(pointsOf(v.x, M), pointsOf(v.y, N)).cost,
    )
  }
})

test("the slope at Sinkhorn's plan is that of the entropic objective, also where masses may be missed", async () => {
  for (const slack of [Number.POSITIVE_INFINITY, 1.5]) {
    const options = { epsilon: 0.5, sourceSlack: slack, targetSlack: slack, tolerance: 1e-13 }
    const solve = (x: Matrix, y: Matrix) => sinkhorn({ cost: groundCost(x, y, 'squaredEuclidean'), ...masses }, options)
    const { plan, cost, objective } = solve(x, y)
    await expectSlopes(
      inputsWith(plan),
      t => transportLoss(t.x, t.y, t.plan, 'squaredEuclidean'),
      // The loss is the cost without the entropy, whose slope at a fixed plan is 0.
      v => solve(pointsOf(v.x, M), pointsOf(v.y, N)).objective + cost - objective,
    )
  }
})

test('the slope at a Gromov-Wasserstein optimum is that of the optimum found again from there', async () => {
  for (const kind of costKinds) {
    const relations = (x: Matrix, y: Matrix) => ({
      sourceRelations: relationMatrix(x, kind),
      targetRelations: relationMatrix(y, kind),
      ...masses,
    })
    const start = productPlan(masses.sourceMasses, masses.targetMasses)
    const options = { tolerance: 1e-13 }
    const optimum = gromovWasserstein(relations(x, y), start, options)
    expect(optimum.converged).toBe(true)
    await expectSlopes(
      inputsWith(optimum.plan),
      t => gromovLoss(t.x, t.y, t.plan, kind),
      v => gromovWasserstein(relations(pointsOf(v.x, M), pointsOf(v.y, N)), optimum.plan, options).cost,
    )
  }
})

test('one step down the slope of exact transport, half the points long, lands on the targets', async () => {
  const [source, target] = [normalMatrix(8, D, 41), normalMatrix(8, D, 42)]
  const mass = uniformMasses(8)
  const cost = groundCost(source, target, 'squaredEuclidean')
  const { plan } = exactTransport({ cost, sourceMasses: mass, targetMasses: mass })
  const slopes = await slopesOf(
    [
      { name: 'x', shape: [8, D], data: source.values, isMoved: true },
      { name: 'y', shape: [8, D], data: target.values, isMoved: false },
      { name: 'plan', shape: [8, 8], data: plan.values, isMoved: false },
    ],
    t => transportLoss(t.x, t.y, t.plan, 'squaredEuclidean'),
  )
  const landed = { ...source, values: source.values.map((value, k) => value - 4 * slopes['d x'][k]) }
  expect(innerProduct(groundCost(landed, target, 'squaredEuclidean'), plan)).toBeLessThan(1e-10)
  expect(slopes.loss[0]).toBeCloseTo(innerProduct(cost, plan), 4)
})

test('sets of two widths have a Gromov-Wasserstein loss: 0 for a set and itself in more dimensions', async () => {
  const flat = normalMatrix(7, 2, 51)
  const deep = {
    rows: 7,
    columns: 3,
    values: Float64Array.from({ length: 21 }, (_, k) =>
      k % 3 === 2 ? 4 : flat.values[2 * Math.floor(k / 3) + (k % 3)],
    ),
  }
  const same = Float64Array.from({ length: 49 }, (_, k) => (k % 8 === 0 ? 1 / 7 : 0))
  const { loss } = await slopesOf(
    [
      { name: 'x', shape: [7, 2], data: flat.values, isMoved: true },
      { name: 'y', shape: [7, 3], data: deep.values, isMoved: false },
      { name: 'plan', shape: [7, 7], data: same, isMoved: false },
    ],
    t => gromovLoss(t.x, t.y, t.plan, 'squaredEuclidean'),
  )
  expect(Math.abs(loss[0])).toBeLessThan(1e-4)
})
