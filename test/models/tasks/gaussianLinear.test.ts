import { expect, test } from 'vitest'
import { gaussianLinear } from '../../../models/tasks/gaussianLinear.ts'

const COUNT = 20_000

test('the posterior is half the data with half the variance', () => {
  const data = [1.05, 0.56, -0.24, 0.03, -1, 0, 0.06, -0.29, -0.39, 0.24]
  const draws = gaussianLinear.posterior?.(data, 1, COUNT) ?? new Float64Array(0)
  data.forEach((datum, k) => {
    const values = draws.filter((_, i) => i % 10 === k)
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT
    expect(Math.abs(mean - datum / 2)).toBeLessThan(5 * Math.sqrt(0.05 / COUNT))
    expect(Math.abs(variance - 0.05)).toBeLessThan(5 * 0.05 * Math.sqrt(2 / COUNT))
  })
})

test('any conditional keeps its pair together: the datum asked is the parameter given with noise, alone it has both variances', () => {
  const given = Array.from({ length: 20 }, (_, i) => (i === 3 ? 0.7 : i === 15 ? -0.4 : null))
  const draws = gaussianLinear.conditional?.(given, 2, COUNT) ?? new Float64Array(0)
  const asked = [...given.keys()].filter(i => given[i] === null)
  const moments = (variable: number) => {
    const at = asked.indexOf(variable)
    const values = draws.filter((_, i) => i % asked.length === at)
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT }
  }
  const expected = [
    { variable: 13, mean: 0.7, variance: 0.1 },
    { variable: 5, mean: -0.2, variance: 0.05 },
    { variable: 11, mean: 0, variance: 0.2 },
  ]
  for (const { variable, mean, variance } of expected) {
    const found = moments(variable)
    expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / COUNT))
    expect(Math.abs(found.variance - variance)).toBeLessThan(5 * variance * Math.sqrt(2 / COUNT))
  }
})
