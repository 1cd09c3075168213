import { expect, test } from 'vitest'
import { twoMoons } from '../../../models/tasks/twoMoons.ts'

test('the likelihood integrates to one over the data', () => {
  // The crescent lies within 0.15 of its centre; steps of a tenth of the radius' spread.
  const step = 0.001
  let sum = 0
  const [p1, p2] = [0.3, -0.6]
  const [x, y] = [0.25 - Math.abs(p1 + p2) * Math.SQRT1_2, (p2 - p1) * Math.SQRT1_2]
  for (let i = -1; i < 200; i++) {
    for (let j = -200; j <= 200; j++) {
      sum += Math.exp(twoMoons.logJoint([p1, p2, x + (i + 0.5) * step, y + j * step]))
    }
  }
  expect(sum * step * step * 4).toBeCloseTo(1, 4)
})

test('posterior draws have the moments that the density has on a grid', () => {
  const data = [-0.64, 0.16]
  const moments = [0, 0, 0, 0, 0, 0]
  const features = (p: number, q: number) => [1, p, q, p * p, p * q, q * q]
  const step = 0.0025
  for (let p = -1 + step / 2; p < 1; p += step) {
    for (let q = -1 + step / 2; q < 1; q += step) {
      const density = Math.exp(twoMoons.logJoint([p, q, ...data]))
      features(p, q).forEach((feature, k) => {
        moments[k] += density * feature
      })
    }
  }
  const draws = twoMoons.posterior?.(data, 1, 20_000) ?? new Float64Array(0)
  for (let k = 1; k < 6; k++) {
    let sum = 0
    for (let i = 0; i < draws.length; i += 2) sum += features(draws[i], draws[i + 1])[k]
    // Standard deviation of each feature below 0.7: four standard errors.
    expect(Math.abs(sum / 20_000 - moments[k] / moments[0])).toBeLessThan((4 * 0.7) / Math.sqrt(20_000))
  }
})

test('data that no parameters make are refused', () => {
  expect(() => twoMoons.posterior?.([2, 0], 1, 1)).toThrow('two_moons: data 2, 0 lie where no parameters put them')
  expect(() => twoMoons.posterior?.([0, 0, 0], 1, 1)).toThrow(RangeError)
})
