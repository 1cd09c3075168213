import { expect, test } from 'vitest'
import { twoSampleAccuracy } from '../../../models/calibration/twoSample.ts'
import { normalCdf } from '../../../models/math/special.ts'
import { benchmarkObservations } from '../../../models/tasks/benchmarkObservations.ts'
import { conditionalReference } from '../../../models/tasks/conditionalReference.ts'
import { gaussianMixture } from '../../../models/tasks/gaussianMixture.ts'
import { slcp } from '../../../models/tasks/slcp.ts'
import type { Task, TaskGiven } from '../../../models/tasks/task.ts'
import { nonlinearTree } from '../../../models/tasks/tree.ts'
import { twoMoons } from '../../../models/tasks/twoMoons.ts'

const COUNT = 1000
const moons = benchmarkObservations.get('two_moons')?.[0] ?? []

/** Chains against the exact draws of the same conditional. */
const cases: readonly (readonly [string, Task, TaskGiven])[] = [
  ['the crescents of two moons', twoMoons, [null, null, ...moons]],
  ['a parameter and a datum of the mixture', gaussianMixture, [null, 3, 2.5, null]],
  ['one branch of the tree', nonlinearTree, [null, null, null, 0.3, 0.4, null, null]],
]

test.each(cases)('chains cannot be told from the exact draws of %s', (_, task, given) => {
  const exact = conditionalReference(task, given, { seed: 5, count: COUNT })
  expect(exact.diagnostics).toBe(null)
  const chains = conditionalReference(task, given, { seed: 6, count: COUNT, isByChains: true })
  expect(chains.asked).toEqual(exact.asked)
  expect(chains.diagnostics?.worstRHat).toBeLessThan(1.02)
  expect(chains.diagnostics?.leastEffectiveSize).toBeGreaterThan(5000)
  const width = exact.asked.length
  // 2000 points: noise 0.011; three and a half of them.
  expect(Math.abs(twoSampleAccuracy(exact.samples, chains.samples, width) - 0.5)).toBeLessThan(0.039)
  for (let k = 0; k < width; k++) {
    const moments = [exact.samples, chains.samples].map(samples => {
      const column = samples.filter((_, i) => i % width === k)
      const mean = column.reduce((sum, value) => sum + value, 0) / COUNT
      return { mean, variance: column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT }
    })
    const sd = Math.sqrt(moments[0].variance)
    expect(Math.abs(moments[0].mean - moments[1].mean)).toBeLessThan(5 * sd * Math.sqrt(2 / COUNT))
    // A kurtosis of up to 5.
    expect(Math.abs(Math.sqrt(moments[1].variance) / sd - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT))
  }
})

test('one mean of slcp given all else is a Gaussian cut at the bounds', () => {
  const [means, deviations, fifth] = [[2.6, -0.7], [1.1, -0.8], 0.9]
  const data = [3.2, -0.4, 2.4, -1.5, 4.1, 0.1, 2.9, -1.1]
  const given = [null, means[1], ...deviations, fifth, ...data]
  const { samples, diagnostics } = conditionalReference(slcp, given, { seed: 1, count: 4000 })
  expect(diagnostics).not.toBe(null)
  // x given y: mean shifted by the regression on y, variance s1^4 (1 - tanh^2).
  const [s1, s2, rho] = [deviations[0] ** 2, deviations[1] ** 2, Math.tanh(fifth)]
  let centre = 0
  for (let i = 0; i < 8; i += 2) centre += (data[i] - (rho * s1 * (data[i + 1] - means[1])) / s2) / 4
  const sd = (s1 * Math.sqrt(1 - rho * rho)) / 2
  const [from, to] = [(-3 - centre) / sd, (3 - centre) / sd]
  const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
  const expected = centre + (sd * (density(from) - density(to))) / (normalCdf(to) - normalCdf(from))
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length
  expect(Math.abs(mean - expected)).toBeLessThan(5 * sd * Math.sqrt(1 / 4000 + 1 / 5000))
  expect(samples.every(value => Math.abs(value) <= 3)).toBe(true)
})

test('data of slcp drawn in the end are as those that chains walk', () => {
  const given = [1.1, -0.4, 1.2, -1.1, null, 1.9, null, null, -2.2, null, null, 0.3, 0.8]
  const fewer = given.map((value, i) => (i === 9 || i === 10 ? 0.1 * i : value))
  const byTail = conditionalReference(slcp, fewer, { seed: 2, count: 2000 })
  const byChains = conditionalReference(slcp, fewer, { seed: 3, count: 2000, isByChains: 'all' })
  expect(byTail.asked).toEqual([4, 6, 7])
  expect(byChains.asked).toEqual(byTail.asked)
  // 4000 points: noise 0.008; three and a half of them.
  expect(Math.abs(twoSampleAccuracy(byTail.samples, byChains.samples, 3) - 0.5)).toBeLessThan(0.028)
  // All parameters given: no chain at all. A lone y is drawn from x, a lone x from y, a pair together.
  const known = conditionalReference(slcp, [...given.slice(0, 4), 0.7, ...given.slice(5)], { seed: 2, count: 20_000 })
  expect(known.diagnostics).toBe(null)
  const [xx, yy] = [1.2 ** 4 + 1e-6, 1.1 ** 4 + 1e-6]
  const xy = Math.tanh(0.7) * 1.2 ** 2 * 1.1 ** 2
  const column = (k: number) => known.samples.filter((_, i) => i % 4 === k)
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const check = (values: Float64Array, centre: number, variance: number) => {
    expect(Math.abs(mean(values) - centre)).toBeLessThan(5 * Math.sqrt(variance / 20_000))
    const spread = mean(values.map(value => (value - centre) ** 2))
    expect(Math.abs(spread / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000))
  }
  check(column(0), -0.4 + (xy / xx) * (1.9 - 1.1), yy - xy ** 2 / xx)
  check(column(1), 1.1 + (xy / yy) * (-2.2 + 0.4), xx - xy ** 2 / yy)
  check(column(2), 1.1, xx)
  check(column(3), -0.4, yy)
  const [xs, ys] = [column(2), column(3)]
  const products = xs.map((x, i) => (x - 1.1) * (ys[i] + 0.4))
  expect(Math.abs(mean(products) - xy)).toBeLessThan(5 * Math.sqrt((xx * yy + xy ** 2) / 20_000))
})

test('what is not asked well is refused', () => {
  expect(() => conditionalReference(slcp, [null], { seed: 1, count: 10 })).toThrow('1 values given for 13 variables')
  expect(() => conditionalReference(twoMoons, [null, null, ...moons], { seed: 1, count: 0 })).toThrow('0 samples')
  expect(() => conditionalReference(twoMoons, [null, 0, ...moons], { seed: 1, count: 1e6 })).toThrow(
    '1000000 samples of chains',
  )
  const joint = conditionalReference(slcp, new Array<null>(13).fill(null), { seed: 3, count: 7 })
  expect(joint.samples).toEqual(slcp.draw(3, 0, 7))
})
