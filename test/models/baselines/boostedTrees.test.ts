import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { predictTrees, trainBoostedTrees, treeDefaults } from '../../../models/index.ts'
import { packageRoot } from '../../../schemas/packageRoot.ts'

test("probabilities are those of scikit-learn's histogram trees", () => {
  const path = join(packageRoot, 'test/golden/trees/treesGolden.json')
  const { options, cases } = JSON.parse(readFileSync(path, 'utf8'))
  expect(cases.length).toBe(3)
  for (const { values, labels, weights, fresh, probabilities } of cases) {
    const rows = { values: Float64Array.from(values), width: 3, labels: Uint8Array.from(labels) }
    const weighed = weights === null ? rows : { ...rows, weights: Float64Array.from(weights) }
    const found = predictTrees(trainBoostedTrees(weighed, options), Float64Array.from(fresh))
    // scikit-learn keeps gradients in single precision.
    found.forEach((p, i) => {
      expect(Math.abs(p - probabilities[i])).toBeLessThan(1e-5)
    })
  }
})

test('one tree of two leaves in closed form: each side steps by its residuals over p (1 - p)', () => {
  const labels = Uint8Array.from({ length: 40 }, (_, i) => (i < 20 ? Number(i % 4 === 0) : Number(i % 4 !== 0)))
  const values = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1))
  const options = { trees: 1, leaves: 2, learningRate: 0.1, leastRows: 1 }
  const [low, high] = predictTrees(trainBoostedTrees({ values, width: 1, labels }, options), Float64Array.of(0.5, 0.51))
  // 5 and 15 of 20: residuals of -5 and 5 over Hessians of 5.
  expect(Math.log(low / (1 - low))).toBeCloseTo(-0.1, 12)
  expect(Math.log(high / (1 - high))).toBeCloseTo(0.1, 12)
})

test('a weight of two is a row twice', () => {
  const values = Float64Array.from({ length: 60 }, (_, i) => Math.sin(7 * i))
  const labels = Uint8Array.from(values, (value, i) => Number(value > 0.3 !== (i % 5 === 0)))
  const options = { ...treeDefaults, trees: 5, leastRows: 1 }
  const weights = Float64Array.from({ length: 60 }, (_, i) => 1 + (i % 2))
  const twice = (of: ArrayLike<number>) => Array.from(of).flatMap((one, i) => (i % 2 === 1 ? [one, one] : [one]))
  const weighed = trainBoostedTrees({ values, width: 1, labels, weights }, options)
  const doubled = trainBoostedTrees(
    { values: Float64Array.from(twice(values)), width: 1, labels: Uint8Array.from(twice(labels)) },
    options,
  )
  const [a, b] = [predictTrees(weighed, values), predictTrees(doubled, values)]
  a.forEach((p, i) => {
    expect(p).toBeCloseTo(b[i], 12)
  })
})

test('shapes that do not fit and labels that are all alike are refused', () => {
  const values = Float64Array.of(1, 2, 3)
  expect(() => trainBoostedTrees({ values, width: 2, labels: Uint8Array.of(0, 1) })).toThrow(RangeError)
  expect(() => trainBoostedTrees({ values, width: 1, labels: Uint8Array.of(1, 1, 1) })).toThrow(RangeError)
  expect(() => predictTrees({ width: 2, baseline: 0, trees: [] }, values)).toThrow(RangeError)
})
