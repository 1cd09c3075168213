import { expect, test } from 'vitest'
import {
  logMatchFactor,
  logMatchPrior,
  logTailedMatchFactor,
  normalizeWeights,
  TAIL_ARCSEC,
  TAIL_FRACTION,
} from '../../../models/matching/crossMatch.ts'

// The unapproximated factor on the sphere, in Fisher weights: no step is shared with the code under test.
function sphericalLogFactor(psiRad: number, sigmaARad: number, sigmaBRad: number): number {
  const a = sigmaARad ** -2
  const b = sigmaBRad ** -2
  const chord2 = 4 * a * b * Math.sin(psiRad / 2) ** 2
  const length = Math.sqrt((a + b) ** 2 - chord2)
  return Math.log((2 * a * b) / length) - chord2 / (length + a + b)
}

for (const [psi, a, b] of [
  [0, 0.1, 0.1],
  [0.5, 0.05, 0.3],
  [10, 10, 2],
]) {
  test(`match factor equals the spherical form at ${psi} arcsec with errors ${a} and ${b}`, () => {
    const rad = Math.PI / 648_000
    const got = logMatchFactor(psi, a, b)
    const expected = sphericalLogFactor(psi * rad, a * rad, b * rad)
    expect(Math.abs(got - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected)))
  })
}

test('a match factor without an error of both positions is refused', () => {
  expect(() => logMatchFactor(1, 0, 0.1)).toThrow(/must exceed 0/)
})

test('prior and factor give the reliability of Sutherland & Saunders 1992: Q f / n over itself + 1 - Q', () => {
  const [psi, a, b, q, n] = [0.4, 0.2, 0.3, 0.8, 1e-3]
  const variance = a ** 2 + b ** 2
  const likelihoodRatio = (q * Math.exp(-(psi ** 2) / (2 * variance))) / (2 * Math.PI * variance * n)
  const [match] = normalizeWeights([logMatchPrior(q, n) + logMatchFactor(psi, a, b), Math.log(1 - q)])
  expect(match).toBeCloseTo(likelihoodRatio / (likelihoodRatio + 1 - q), 12)
})

test('probabilities sum to one, however small the weights', () => {
  const probabilities = normalizeWeights([-5000, -5001, Number.NEGATIVE_INFINITY])
  expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14)
  expect(probabilities[0] / probabilities[1]).toBeCloseTo(Math.E, 12)
  expect(probabilities[2]).toBe(0)
})

test('the factor with a tail is the mixture of the two, where either of them rules', () => {
  for (const separation of [0, 0.3, 0.8, 2.9]) {
    const [a, b] = [0.05, 0.1]
    const core = Math.exp(logMatchFactor(separation, a, b))
    const wide = Math.exp(logMatchFactor(separation, a, Math.hypot(b, TAIL_ARCSEC)))
    const mixture = (1 - TAIL_FRACTION) * core + TAIL_FRACTION * wide
    expect(Math.exp(logTailedMatchFactor(separation, a, b)) / mixture).toBeCloseTo(1, 12)
  }
  // Thirty sigma: the core alone would be no number any more.
  expect(Number.isFinite(logTailedMatchFactor(2.9, 1e-5, 1e-5))).toBe(true)
})
