// Attention, masks, tracing and training judged by a problem whose every answer is known.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { scoreError, trueScore } from '../../../models/training/scoreJudge.ts'
import {
  type LearnedScore,
  learnThreeVariables,
  type Role,
  scoreRows,
  type ThreeQuestion,
  threeVariables,
  threeVariablesPlan,
} from '../../../models/training/threeVariables.ts'

/** Half a minute of one core; a machine that does other things takes several. */
const SLOW_MS = 1_800_000
const sigmas = [0.2, 0.4, 0.8, 1.6, 3.2, 8]
const all: ThreeQuestion = { roles: ['asked', 'asked', 'asked'], isParted: false }
const apart: ThreeQuestion = { ...all, isParted: true }

let learned: LearnedScore
beforeAll(async () => {
  learned = await learnThreeVariables(threeVariables, threeVariablesPlan)
}, SLOW_MS)
afterAll(() => learned?.close())

test('with z apart, the learned score is that of p(x, y) p(z), though z is correlated with both', async () => {
  // Measured: 0.18, 0.10, 0.05, 0.020, 0.006, 0.004.
  const bounds = [0.27, 0.16, 0.09, 0.04, 0.02, 0.01]
  for (const [k, sigma] of sigmas.entries()) {
    const error = await scoreError(learned, threeVariables, apart, sigma, 5)
    expect(error, `at noise ${sigma}`).toBeLessThan(bounds[k])
    // What the mask keeps out is much more than what was learned wrongly: p(x, y, z) is farther by far.
    const fromJoint = await scoreError(learned, threeVariables, apart, sigma, 5, all)
    expect(fromJoint, `from p(x, y, z) at noise ${sigma}`).toBeGreaterThan(2 * error)
  }
})

test('without the mask, the same network has the score of p(x, y, z)', async () => {
  // Measured: 0.24, 0.15, 0.09, 0.032, 0.012, 0.005.
  const bounds = [0.37, 0.24, 0.15, 0.06, 0.03, 0.015]
  for (const [k, sigma] of sigmas.entries()) {
    const error = await scoreError(learned, threeVariables, all, sigma, 6)
    expect(error, `at noise ${sigma}`).toBeLessThan(bounds[k])
    const fromProduct = await scoreError(learned, threeVariables, all, sigma, 6, apart)
    expect(fromProduct, `from p(x, y) p(z) at noise ${sigma}`).toBeGreaterThan(1.5 * error)
  }
})

test('with z apart, what is learned of x and y is the same to the bit for every z, and the other way round', async () => {
  const rng = createRng(7)
  const points = Float64Array.from({ length: 3 * scoreRows }, () => 2 * rng.normal())
  const change = (index: (i: number) => boolean) =>
    points.map((value, n) => (index(n % 3) ? 1000 * rng.normal() : value))
  const isZ = (i: number) => i === 2
  const components = (score: Float64Array, keep: (i: number) => boolean) => score.filter((_, n) => keep(n % 3))
  for (const sigma of sigmas) {
    const before = await learned.score(points, apart, sigma)
    const otherZ = await learned.score(change(isZ), apart, sigma)
    expect(components(otherZ, i => !isZ(i))).toEqual(components(before, i => !isZ(i)))
    const otherXy = await learned.score(
      change(i => !isZ(i)),
      apart,
      sigma,
    )
    expect(components(otherXy, isZ)).toEqual(components(before, isZ))
    // Not so where they see one another.
    const [seen, seenOtherZ] = [await learned.score(points, all, sigma), await learned.score(change(isZ), all, sigma)]
    expect(components(seenOtherZ, i => !isZ(i))).not.toEqual(components(seen, i => !isZ(i)))
  }
})

test(
  'one network has the score of all 19 conditionals',
  async () => {
    const roles: readonly Role[] = ['asked', 'given', 'leftOut']
    const questions = Array.from({ length: 27 }, (_, code): ThreeQuestion => {
      return { roles: [roles[code % 3], roles[Math.floor(code / 3) % 3], roles[Math.floor(code / 9)]], isParted: false }
    }).filter(question => question.roles.includes('asked'))
    expect(questions).toHaveLength(19)
    const bounds = [0.5, 0.37, 0.25, 0.15, 0.07, 0.035]
    for (const question of questions) {
      for (const [k, sigma] of sigmas.entries()) {
        const error = await scoreError(learned, threeVariables, question, sigma, 8)
        expect(error, `${question.roles.join(' ')} at noise ${sigma}`).toBeLessThan(bounds[k])
      }
    }
  },
  SLOW_MS,
)

test('the judge: the true score is a slope of a log density, and a wrong number of points is refused', async () => {
  const given: ThreeQuestion = { roles: ['given', 'asked', 'leftOut'], isParted: false }
  const [first, second, third] = trueScore(threeVariables, given, [0.3, 0.2, 9], 0.5)
  expect([first, third]).toEqual([0, 0])
  expect(second).not.toBe(trueScore(threeVariables, given, [0.4, 0.2, 9], 0.5)[1])
  expect(trueScore(threeVariables, given, [0.3, 0.2, -9], 0.5)[1]).toBe(second)
  await expect(learned.score([1, 2, 3], all, 1)).rejects.toThrow(RangeError)
})
