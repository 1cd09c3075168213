import { expect, test } from 'vitest'
import { drawTreeConditional, logTree, type ScalarTree } from '../../../models/tasks/scalarTree.ts'

const COUNT = 10_000
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

test('where all means are lines, a draw follows the Gaussian conditional', () => {
  const line: ScalarTree = {
    hidden: [
      { parent: -1, sd: 1 },
      { parent: 0, sd: 0.5 },
    ],
    data: [
      { hidden: 0, mean: p => p, sd: 0.5 },
      { hidden: 1, mean: p => p, sd: 0.4 },
    ],
  }
  // By hand: precisions of (h1, h2) given data 0.8 and -0.5.
  const [a, b, c] = [1 + 4 + 4, -4, 4 + 1 / 0.16]
  const [u, v] = [0.8 * 4, -0.5 / 0.16]
  const determinant = a * c - b * b
  const expected = [(c * u - b * v) / determinant, (a * v - b * u) / determinant]
  const rows = drawTreeConditional(line, [null, null, 0.8, -0.5], [0, 1], 1, COUNT)
  const [first, second] = [0, 1].map(k => rows.filter((_, i) => i % 2 === k))
  expect(Math.abs(mean(first) - expected[0])).toBeLessThan(5 * Math.sqrt(c / determinant / COUNT))
  expect(Math.abs(mean(second) - expected[1])).toBeLessThan(5 * Math.sqrt(a / determinant / COUNT))
  const covariance = mean(first.map((value, i) => (value - expected[0]) * (second[i] - expected[1])))
  expect(Math.abs(covariance + b / determinant)).toBeLessThan(0.008)
  expect(Math.abs(mean(first.map(value => (value - expected[0]) ** 2)) - c / determinant)).toBeLessThan(0.008)
})

test('bent means: moments are those of the density on a grid', () => {
  const bent: ScalarTree = {
    hidden: [
      { parent: -1, sd: 1 },
      { parent: 0, sd: 0.6 },
    ],
    data: [
      { hidden: 0, mean: p => p * p, sd: 0.5 },
      { hidden: 1, mean: p => Math.sin(p), sd: 0.2 },
    ],
  }
  const given = [null, null, 1.2, 0.4]
  const rows = drawTreeConditional(bent, given, [0, 1], 2, COUNT)
  const features = (p: number, q: number) => [1, p, q, p * q, Math.cos(3 * p), Math.cos(3 * q)]
  const moments = [0, 0, 0, 0, 0, 0]
  for (let p = -5; p <= 5; p += 0.02) {
    for (let q = -6; q <= 6; q += 0.02) {
      const density = Math.exp(logTree(bent, [p, q, 1.2, 0.4]))
      features(p, q).forEach((feature, k) => {
        moments[k] += density * feature
      })
    }
  }
  for (let k = 1; k < 6; k++) {
    let sum = 0
    for (let i = 0; i < rows.length; i += 2) sum += features(rows[i], rows[i + 1])[k]
    // No feature spreads by more than 1.6: four standard errors.
    expect(Math.abs(sum / COUNT - moments[k] / moments[0])).toBeLessThan((4 * 1.6) / Math.sqrt(COUNT))
  }
})

test('a value given half way cuts the tree: above and below are told by it, not by each other', () => {
  const chain: ScalarTree = {
    hidden: [0, 1, 2].map(i => ({ parent: i - 1, sd: 0.5 })),
    data: [0, 1, 2].map(i => ({ hidden: i, mean: (p: number) => p * p, sd: 0.5 })),
  }
  const far = drawTreeConditional(chain, [null, 3, null, null, null, null], [0, 2, 3, 4, 5], 3, COUNT)
  const column = (k: number) => far.filter((_, i) => i % 5 === k)
  // p1 given p2 = 3: precision 4 + 4, mean 1.5; p3 given p2: N(3, 0.5); data_2 = 9.
  expect(Math.abs(mean(column(0)) - 1.5)).toBeLessThan((5 * 0.354) / Math.sqrt(COUNT))
  expect(Math.abs(mean(column(1)) - 3)).toBeLessThan((5 * 0.5) / Math.sqrt(COUNT))
  expect(Math.abs(mean(column(3)) - 9)).toBeLessThan((5 * 0.5) / Math.sqrt(COUNT))
  const after = column(1)
  const spread = mean(column(0).map((value, i) => (value - 1.5) * (after[i] - 3)))
  expect(Math.abs(spread)).toBeLessThan((5 * 0.177) / Math.sqrt(COUNT))
})
