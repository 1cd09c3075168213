// A Gaussian parameter seen with Gaussian noise: its posterior is known, and can be made wrong on one side only.
import { expect, test } from 'vitest'
import { type LocalPairs, type LocalPoint, localC2st, localDefaults } from '../../../models/calibration/localC2st.ts'
import { createRng, type Rng } from '../../../models/math/rng.ts'

/** theta ~ N(0, 1), x = theta + N(0, 1): theta | x ~ N(x / 2, 1 / 2). */
const posteriorSd = Math.sqrt(0.5)
type Draw = (x: number, rng: Rng) => number
const exact: Draw = (x, rng) => x / 2 + posteriorSd * rng.normal()
/** Displaced by its own width where x is above zero, exact below. */
const rightOnlyBelow: Draw = (x, rng) => exact(x, rng) + (x > 0 ? posteriorSd : 0)

function pairsOf(draw: Draw, count: number, rng: Rng): LocalPairs {
  const truths = Float64Array.from({ length: count }, () => rng.normal())
  const observations = truths.map(theta => theta + rng.normal())
  return { dimension: 1, width: 1, truths, draws: observations.map(x => draw(x, rng)), observations }
}

function pointAt(x: number, draw: Draw, rng: Rng): LocalPoint {
  return { observation: Float64Array.of(x), draws: Float64Array.from({ length: 200 }, () => draw(x, rng)) }
}

const options = { ...localDefaults, nullCount: 19, maxEpochs: 12 }

test('where posteriors are right, one test in twenty finds fault', async () => {
  let faults = 0
  const trials = 40
  for (let trial = 0; trial < trials; trial++) {
    const rng = createRng(100 + trial)
    const [one] = await localC2st(pairsOf(exact, 200, rng), [pointAt(0.7, exact, rng)], { ...options, seed: trial })
    if (one.pValue <= 0.05) faults++
  }
  // Binomial of 40 with 0.05: more than 6 in 3 of 1,000 such tests. The seeds are fixed.
  expect(faults).toBeLessThanOrEqual(6)
}, 300_000)

test('a posterior that is wrong on one side of x only is found out there, and there alone', async () => {
  const rng = createRng(7)
  const points = [-1.5, -1, 1, 1.5].map(x => pointAt(x, rightOnlyBelow, rng))
  const tests = await localC2st(pairsOf(rightOnlyBelow, 3000, rng), points, {
    ...localDefaults,
    nullCount: 19,
    maxEpochs: 30,
  })
  const [farLeft, left, right, farRight] = tests
  expect(right.pValue).toBe(0.05)
  expect(farRight.pValue).toBe(0.05)
  expect(left.pValue).toBeGreaterThan(0.05)
  expect(Math.min(right.statistic, farRight.statistic)).toBeGreaterThan(5 * Math.max(left.statistic, farLeft.statistic))
}, 300_000)

test('the same seed gives the same, and lengths that do not fit are refused, and an abort ends it', async () => {
  const rng = createRng(3)
  const pairs = pairsOf(exact, 100, rng)
  const point = pointAt(0, exact, rng)
  const few = { ...options, nullCount: 2 }
  expect(await localC2st(pairs, [point], few)).toEqual(await localC2st(pairs, [point], few))
  await expect(localC2st(pairs, [point], few, AbortSignal.abort())).rejects.toThrow('aborted')
  await expect(localC2st({ ...pairs, draws: pairs.draws.slice(1) }, [point], few)).rejects.toThrow(RangeError)
  await expect(localC2st(pairs, [{ ...point, observation: Float64Array.of(1, 2) }], few)).rejects.toThrow(RangeError)
})
