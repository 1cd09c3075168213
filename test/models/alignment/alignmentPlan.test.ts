import { expect, test } from 'vitest'
import { alignmentPlan } from '../../../models/alignment/alignmentPlan.ts'
import { alignmentDefaults, transportTerms } from '../../../models/alignment/alignmentRecipe.ts'
import { marginError, type Pair, uniformMasses } from '../../../models/alignment/transportProblem.ts'
import { largestDifference, matrixOf, normalMatrix } from './pointSets.ts'

const source = normalMatrix(12, 3, 81)
const moved = { ...source, values: source.values.map(value => value + 0.05) }
const pairs: readonly Pair[] = [2, 7, 9].map(i => [i, i])
const identity = Float64Array.from({ length: 144 }, (_, k) => (k % 13 === 0 ? 1 / 12 : 0))

test('a set and itself moved a little: each plan that knows where to look finds it', () => {
  for (const term of ['exact', 'keypoint'] as const) {
    const { plan, converged } = alignmentPlan(term, source, moved, pairs, alignmentDefaults)
    expect(converged).toBe(true)
    expect(largestDifference(plan.values, identity)).toBeLessThan(1e-12)
  }
  // With entropy a point shares with its neighbours, but sends most to where it went.
  const soft = alignmentPlan('sinkhorn', source, moved, pairs, { ...alignmentDefaults, entropyShare: 0.005 })
  for (let i = 0; i < 12; i++) expect(soft.plan.values[i * 13]).toBeGreaterThan(0.5 / 12)
})

test('margins are uniform for every plan, and the scale of embeddings changes none', () => {
  const target = normalMatrix(12, 3, 82)
  const large = (points: typeof source) => ({ ...points, values: points.values.map(value => 64 * value) })
  for (const term of transportTerms) {
    const { plan, converged } = alignmentPlan(term, source, target, pairs, alignmentDefaults)
    expect(converged).toBe(true)
    expect(marginError(plan, uniformMasses(12), uniformMasses(12))).toBeLessThan(1e-5)
    const scaled = alignmentPlan(term, large(source), large(target), pairs, alignmentDefaults)
    expect(largestDifference(scaled.plan.values, plan.values), term).toBeLessThan(1e-9)
  }
})

test('with slack, a population that has no like on the other side keeps its mass', () => {
  const near = [
    [0, 0],
    [0.1, 0],
    [0, 0.1],
  ]
  const stranger = [50, 50]
  const recipe = { ...alignmentDefaults, slackShare: 0.1, entropyShare: 0.01 }
  const [own, other] = [matrixOf([...near, stranger]), matrixOf(near)]
  const rowMass = (plan: Float64Array) => plan.subarray(9).reduce((sum, value) => sum + value, 0)
  expect(rowMass(alignmentPlan('sinkhorn', own, other, [], recipe).plan.values)).toBeLessThan(1e-6)
  expect(rowMass(alignmentPlan('sinkhorn', own, other, [], alignmentDefaults).plan.values)).toBeCloseTo(0.25, 5)
})

test('points that all coincide have plans too', () => {
  const same = matrixOf([
    [1, 2],
    [1, 2],
    [1, 2],
  ])
  for (const term of transportTerms) {
    const { plan, cost } = alignmentPlan(term, same, same, [[0, 0]], { ...alignmentDefaults, plainShare: 0.5 })
    expect(cost).toBe(0)
    expect(marginError(plan, uniformMasses(3), uniformMasses(3))).toBeLessThan(1e-9)
  }
})
