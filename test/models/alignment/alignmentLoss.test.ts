import type * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { type AlignmentBatch, alignmentLoss } from '../../../models/alignment/alignmentLoss.ts'
import { alignmentPlan } from '../../../models/alignment/alignmentPlan.ts'
import {
  type AlignmentRecipe,
  alignmentDefaults,
  alignmentTerms,
  transportTerms,
  weightsAt,
} from '../../../models/alignment/alignmentRecipe.ts'
import { contrastiveLoss } from '../../../models/alignment/contrastiveLoss.ts'
import { pairLoss } from '../../../models/alignment/pairLoss.ts'
import { gromovLoss, transportLoss } from '../../../models/alignment/transportLoss.ts'
import { runEagerly } from '../../../models/engine/eager.ts'
import { normalMatrix } from './pointSets.ts'
import { slopesOf } from './slopes.ts'

const [x, y] = [normalMatrix(6, 3, 71), normalMatrix(6, 3, 72)]
const plans = Object.fromEntries(
  transportTerms.map(term => [term, alignmentPlan(term, x, y, [[0, 2]], alignmentDefaults).plan]),
)
const inputs = (weights: Float32Array) => [
  { name: 'x', shape: [6, 3], data: x.values, isMoved: true },
  { name: 'y', shape: [6, 3], data: y.values, isMoved: true },
  { name: 'present', shape: [6, 2], data: new Float64Array(12).fill(1), isMoved: false },
  { name: 'isPair', shape: [6], data: new Float64Array(6).fill(1), isMoved: false },
  { name: 'weights', shape: [weights.length], data: Float64Array.from(weights), isMoved: false },
  ...transportTerms.map(name => ({ name, shape: [6, 6], data: plans[name].values, isMoved: false })),
]
type Tensors = Record<string, tf.Tensor>
const batchOf = (t: Tensors): AlignmentBatch => ({
  embeddings: [t.x, t.y],
  present: t.present,
  logTemperature: -1,
  source: t.x,
  target: t.y,
  plans: Object.fromEntries(transportTerms.map(term => [term, t[term]])),
  pairSource: t.x,
  pairTarget: t.y,
  isPair: t.isPair,
})
const alone: Record<(typeof alignmentTerms)[number], (t: Tensors) => tf.Scalar> = {
  contrastive: t => contrastiveLoss([t.x, t.y], t.present, -1),
  exact: t => transportLoss(t.x, t.y, t.exact, 'squaredEuclidean'),
  sinkhorn: t => transportLoss(t.x, t.y, t.sinkhorn, 'squaredEuclidean'),
  gromov: t => gromovLoss(t.x, t.y, t.gromov, 'squaredEuclidean'),
  keypoint: t => transportLoss(t.x, t.y, t.keypoint, 'squaredEuclidean'),
  pairs: t => pairLoss(t.x, t.y, t.isPair, 'squaredEuclidean'),
}
const recipeOf = (weights: Partial<Record<(typeof alignmentTerms)[number], number>>): AlignmentRecipe => ({
  ...alignmentDefaults,
  schedules: {
    ...alignmentDefaults.schedules,
    ...Object.fromEntries(Object.entries(weights).map(([term, weight]) => [term, { kind: 'constant', weight }])),
  },
})

test('each term alone is its own loss times its weight, and all together are their sum', async () => {
  const sums: Record<string, Float64Array> = {}
  for (const term of alignmentTerms) {
    const recipe = recipeOf({ [term]: 0.5 })
    const weights = weightsAt(recipe, 0)
    const got = await slopesOf(inputs(weights), t => alignmentLoss(batchOf(t), t.weights, recipe).loss)
    const expected = await slopesOf(inputs(weights), alone[term])
    for (const [name, values] of Object.entries(expected)) {
      sums[name] ??= new Float64Array(values.length)
      values.forEach((value, k) => {
        expect(got[name][k]).toBeCloseTo(0.5 * value, 5)
        sums[name][k] += 2 * value
      })
    }
  }
  const recipe = recipeOf(Object.fromEntries(alignmentTerms.map(term => [term, 2])))
  const together = await slopesOf(inputs(weightsAt(recipe, 0)), t => alignmentLoss(batchOf(t), t.weights, recipe).loss)
  for (const [name, values] of Object.entries(sums))
    values.forEach((value, k) => {
      expect(Math.abs(together[name][k] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
    })
})

test('all off: 0; a term whose plan is missing is told', () => {
  const specs = [{ name: 'x', shape: [6, 3] }]
  const feeds = { x: Float32Array.from(x.values) }
  const run = (recipe: AlignmentRecipe) =>
    runEagerly(specs, t => ({ loss: alignmentLoss({ ...batchOf(t), plans: {} }, t.x, recipe).loss }), feeds)
  expect(run(alignmentDefaults).loss[0]).toBe(0)
  expect(() => run(recipeOf({ gromov: 1 }))).toThrow(new RangeError('alignmentLoss: the plan of gromov is missing'))
})
