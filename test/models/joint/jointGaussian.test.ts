import { expect, test } from 'vitest'
import {
  denoiseGaussian,
  expectedValues,
  fitAlongGraph,
  fitGaussian,
  meanLogDensity,
  regressOn,
  shrinkageAt,
} from '../../../models/joint/jointGaussian.ts'
import { createRng } from '../../../models/math/rng.ts'

// x0 = u, x1 = x0 + v, x2 = x0 - x1 / 2 + w with independent u, v, w of variance 1, 1/4, 1/9: a chain with known answers.
const covariance = Float64Array.from(
  [
    [1, 1, 0.5],
    [1, 1.25, 0.375],
    [0.5, 0.375, 0.25 + 0.25 / 4 + 1 / 9],
  ].flat(),
)
const chain = { mean: Float64Array.of(1, 2, 3), covariance }

test('means and covariances of rows', () => {
  const rng = createRng(3)
  const rows = new Float64Array(60_000)
  for (let i = 0; i < rows.length; i += 3) {
    rows[i] = 1 + rng.normal()
    rows[i + 1] = 2 + (rows[i] - 1) + 0.5 * rng.normal()
    rows[i + 2] = 3 + (rows[i] - 1) - 0.5 * (rows[i + 1] - 2) + rng.normal() / 3
  }
  const fitted = fitGaussian(rows, 3)
  // 20000 rows: standard errors below 0.012, four of them 0.05.
  for (let i = 0; i < 9; i++) expect(Math.abs(fitted.covariance[i] - covariance[i])).toBeLessThan(0.05)
  for (let i = 0; i < 3; i++) expect(Math.abs(fitted.mean[i] - chain.mean[i])).toBeLessThan(0.04)
})

test('the regression finds the chain’s own slopes and noise', () => {
  const forward = regressOn(chain, 3, [2], [0, 1])
  expect([...forward.slopes]).toEqual([expect.closeTo(1, 12), expect.closeTo(-0.5, 12)])
  expect(forward.covariance[0]).toBeCloseTo(1 / 9, 12)
  expect([...expectedValues(chain, forward, [2, 2])]).toEqual([expect.closeTo(4, 12)])
  // u given x1: slope 1 / 1.25, variance 1 - 1 / 1.25.
  const backward = regressOn(chain, 3, [0], [1])
  expect(backward.slopes[0]).toBeCloseTo(0.8, 12)
  expect(backward.covariance[0]).toBeCloseTo(0.2, 12)
  expect([...regressOn(chain, 3, [0, 1, 2], []).covariance]).toEqual([...covariance])
})

test('denoising is Bayes’ rule: in one variable by hand, in three as a product of one at a time', () => {
  const one = regressOn(chain, 3, [0], [1])
  for (const sigma of [0.01, 0.3, 5]) {
    const shrinkage = shrinkageAt(one, sigma)
    const guess = new Float64Array(1)
    denoiseGaussian(shrinkage, [2.5], [1.2], guess)
    const share = 0.2 / (0.2 + sigma ** 2)
    expect(guess[0]).toBeCloseTo(1.2 + share * 1.3, 10)
    expect(shrinkage.residualSd[0]).toBeCloseTo(Math.sqrt(0.2 * (1 - share)), 10)
    expect(shrinkage.noisySd[0]).toBeCloseTo(Math.sqrt(0.2 + sigma ** 2), 12)
  }
  // A noisy copy is a datum: the guess must be the regression on the copies, each with variance + sigma^2.
  const sigma = 0.7
  const width = 6
  const wide = new Float64Array(width * width)
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const value = covariance[3 * i + j]
      for (const [a, b] of [
        [i, j],
        [i + 3, j],
        [i, j + 3],
        [i + 3, j + 3],
      ])
        wide[a * width + b] = value
    }
    wide[(i + 3) * width + i + 3] += sigma ** 2
  }
  const copies = { mean: Float64Array.of(1, 2, 3, 1, 2, 3), covariance: wide }
  const byCopies = regressOn(copies, width, [0, 1, 2], [3, 4, 5])
  const noisy = [0.2, 3.1, 2.2]
  const shrinkage = shrinkageAt(regressOn(chain, 3, [0, 1, 2], []), sigma)
  const guess = new Float64Array(3)
  denoiseGaussian(shrinkage, noisy, chain.mean, guess)
  const expected = expectedValues(copies, byCopies, noisy)
  for (let i = 0; i < 3; i++) {
    expect(guess[i]).toBeCloseTo(expected[i], 10)
    expect(shrinkage.residualSd[i]).toBeCloseTo(Math.sqrt(byCopies.covariance[4 * i]), 10)
  }
})

test('along its graph the chain has its own covariance, and its likelihood is the better of the two', () => {
  const rng = createRng(8)
  const draw = (count: number) => {
    const rows = new Float64Array(3 * count)
    for (let i = 0; i < rows.length; i += 3) {
      rows[i] = rng.normal()
      rows[i + 1] = rows[i] + 0.5 * rng.normal()
      rows[i + 2] = -0.5 * rows[i + 1] + rng.normal() / 3
    }
    return rows
  }
  const rows = draw(4000)
  const along = fitAlongGraph(rows, [[], [0], [1]])
  const truth = [1, 1, -0.5, 1, 1.25, -0.625, -0.5, -0.625, 0.3125 + 1 / 9]
  // 4000 rows: standard errors below 0.03.
  for (let i = 0; i < 9; i++) expect(Math.abs(along.covariance[i] - truth[i])).toBeLessThan(0.1)
  // The slope that is not there is nothing exactly: x2 does not depend on x0 once x1 is known.
  expect(regressOn(along, 3, [2], [0, 1]).slopes[0]).toBeCloseTo(0, 10)
  // Variables listed before those they are drawn from are found in their turn: the chain read backwards is a chain.
  const backwards = fitAlongGraph(rows, [[1], [2], []])
  expect(backwards.covariance[3]).toBeCloseTo(along.covariance[3], 6)
  const unseen = draw(200_000)
  const exact = { mean: new Float64Array(3), covariance: Float64Array.from(truth) }
  // -(log det + 3) / 2, within four standard errors of sqrt(3 / 2 / 200000).
  const expected = -0.5 * (Math.log(0.25 / 9) + 3)
  expect(Math.abs(meanLogDensity(exact, unseen) - expected)).toBeLessThan(0.011)
  expect(meanLogDensity(along, unseen)).toBeLessThan(meanLogDensity(exact, unseen))
  expect(meanLogDensity({ ...along, mean: Float64Array.of(1, 0, 0) }, unseen)).toBeLessThan(expected - 0.3)
  expect(() => fitAlongGraph(rows, [[1], [0], []])).toThrow(/circle/)
})

test('a noise level of nothing and a covariance that is none are refused', () => {
  expect(() => shrinkageAt(regressOn(chain, 3, [0], []), 0)).toThrow(/no noise level can be 0/)
  const twins = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(1, 2, 2, 1) }
  expect(() => regressOn(twins, 2, [], [0, 1])).toThrow(/not positive definite/)
})
