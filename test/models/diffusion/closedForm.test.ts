import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import {
  conditionMixture,
  drawMixture,
  type GaussianMixture,
  mixtureDenoiser,
  mixtureLogDensity,
  mixtureScore,
} from '../../../models/diffusion/closedForm.ts'
import { createRng } from '../../../models/math/rng.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const gaussian: GaussianMixture = [
  {
    weight: 1,
    mean: [0.4, -0.2, 1],
    covariance: [
      [1, 0.7, -0.5],
      [0.7, 0.9, 0.1],
      [-0.5, 0.1, 1.2],
    ],
  },
]
const mixture: GaussianMixture = [
  { ...gaussian[0], weight: 0.3 },
  {
    weight: 0.7,
    mean: [-0.8, 0.5, 0],
    covariance: [
      [0.2, -0.1, 0.05],
      [-0.1, 0.3, 0.1],
      [0.05, 0.1, 0.1],
    ],
  },
]

/** Every way to ask some of three values given some of the others. */
const questions = Array.from({ length: 27 }, (_, code) => [code % 3, Math.floor(code / 3) % 3, Math.floor(code / 9)])
  .map(roles => ({
    asked: [0, 1, 2].filter(i => roles[i] === 2),
    given: [0, 1, 2].filter(i => roles[i] === 1),
  }))
  .filter(({ asked }) => asked.length > 0)

const integrate = (f: (x: number) => number) => {
  let sum = 0
  for (let k = -1200; k <= 1200; k++) sum += f(k / 100) / 100
  return sum
}

/** The density of a mixture of two numbers, by determinants. */
function planeDensity(parts: GaussianMixture, [i, j]: readonly number[], x: number, y: number): number {
  return parts.reduce((sum, { weight, mean, covariance }) => {
    const [a, b, d] = [covariance[i][i], covariance[i][j], covariance[j][j]]
    const determinant = a * d - b * b
    const [u, v] = [x - mean[i], y - mean[j]]
    const square = (d * u * u - 2 * b * u * v + a * v * v) / determinant
    return sum + (weight * Math.exp(-square / 2)) / (2 * Math.PI * Math.sqrt(determinant))
  }, 0)
}

for (const [name, parts] of [
  ['a correlated Gaussian', gaussian],
  ['a mixture', mixture],
] as const) {
  test(`all 19 conditionals of ${name}: the score is the slope of the log density, whatever is left out`, () => {
    expect(questions).toHaveLength(19)
    const at = [0.3, -0.5, 0.6]
    for (const { asked, given } of questions) {
      for (const sigma of [0.05, 0.7, 6]) {
        // p(noisy asked, given): noise is in the covariance, nothing is conditioned, so no step is shared.
        const order = [...asked, ...given]
        const joint = parts.map(({ weight, mean, covariance }) => ({
          weight,
          mean: order.map(i => mean[i]),
          covariance: order.map((i, n) =>
            order.map((j, m) => covariance[i][j] + (n === m && n < asked.length ? sigma ** 2 : 0)),
          ),
        }))
        const logDensity = (x: readonly number[]) => mixtureLogDensity(joint, [...x, ...given.map(i => at[i])], 0)
        const conditional = conditionMixture(parts, asked, new Map(given.map(i => [i, at[i]])))
        expect(conditional.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
        const x = asked.map(i => at[i])
        mixtureScore(conditional, x, sigma).forEach((slope, i) => {
          const moved = (h: number) => logDensity(x.map((value, j) => (i === j ? value + h : value)))
          const numerical = (moved(1e-4) - moved(-1e-4)) / 2e-4
          expect(Math.abs(slope - numerical)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)))
        })
      }
    }
  })
}

test('a conditional is the joint density over that of what is given', () => {
  const [x, y] = [-0.4, 0.2]
  const conditional = conditionMixture(mixture, [2], new Map([[0, x]]))
  const given = integrate(z => planeDensity(mixture, [0, 2], x, z))
  const got = Math.exp(mixtureLogDensity(conditional, [y], 0))
  expect(got).toBeCloseTo(planeDensity(mixture, [0, 2], x, y) / given, 9)
  // The same marginal with nothing given.
  const marginal = conditionMixture(mixture, [0, 2], new Map())
  expect(Math.exp(mixtureLogDensity(marginal, [x, y], 0))).toBeCloseTo(planeDensity(mixture, [0, 2], x, y), 12)
})

test('the clean value expected of a noisy one is that of Bayes, by quadrature', () => {
  const prior = conditionMixture(mixture, [0], new Map([[1, 0.1]]))
  for (const [x, sigma] of [
    [0.2, 0.3],
    [-1.5, 1],
    [3, 4],
  ]) {
    const weight = (clean: number) =>
      Math.exp(mixtureLogDensity(prior, [clean], 0) - 0.5 * ((x - clean) / sigma) ** 2) /
      (sigma * Math.sqrt(2 * Math.PI))
    const evidence = integrate(weight)
    expect(mixtureLogDensity(prior, [x], sigma)).toBeCloseTo(Math.log(evidence), 9)
    const expected = integrate(clean => clean * weight(clean)) / evidence
    expect(x + sigma ** 2 * mixtureScore(prior, [x], sigma)[0]).toBeCloseTo(expected, 9)
  }
})

test('the denoiser of tensors is that of numbers', () => {
  const points = [
    [0.3, -0.5, 0.6],
    [-2, 1, 0],
    [5, 5, -5],
  ]
  const denoise = mixtureDenoiser(mixture)
  for (const sigma of [0.004, 0.3, 12]) {
    const got = denoise(tf.tensor2d(points), sigma).arraySync() as number[][]
    points.forEach((x, s) => {
      const score = mixtureScore(mixture, x, sigma)
      x.forEach((value, i) => {
        expect(Math.abs(got[s][i] - (value + sigma ** 2 * score[i]))).toBeLessThan(1e-5)
      })
    })
  }
})

test('draws have the mean and the covariance of the mixture', () => {
  const rng = createRng(61)
  const count = 40_000
  const out = new Float64Array(3)
  const sums = new Float64Array(9)
  const mean = [0, 1, 2].map(i => mixture.reduce((sum, part) => sum + part.weight * part.mean[i], 0))
  for (let n = 0; n < count; n++) {
    drawMixture(mixture, rng, out)
    for (let i = 0; i < 9; i++)
      sums[i] += ((out[Math.floor(i / 3)] - mean[Math.floor(i / 3)]) * (out[i % 3] - mean[i % 3])) / count
  }
  for (let i = 0; i < 9; i++) {
    const [a, b] = [Math.floor(i / 3), i % 3]
    const expected = mixture.reduce(
      (sum, part) => sum + part.weight * (part.covariance[a][b] + (part.mean[a] - mean[a]) * (part.mean[b] - mean[b])),
      0,
    )
    // Variances are below 1.4 and kurtoses near 3: a standard error is at most 0.01; five of them.
    expect(Math.abs(sums[i] - expected)).toBeLessThan(0.05)
  }
})

test('a covariance that is none is refused', () => {
  const wrong = [
    {
      weight: 1,
      mean: [0, 0],
      covariance: [
        [1, 2],
        [2, 1],
      ],
    },
  ]
  expect(() => mixtureLogDensity(wrong, [0, 0], 0)).toThrow(RangeError)
})
