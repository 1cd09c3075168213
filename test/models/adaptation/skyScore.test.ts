import { expect, test } from 'vitest'
import { type SkyLabels, scoreSky } from '../../../models/adaptation/skyScore.ts'
import { createRng } from '../../../models/math/rng.ts'

const [STARS, SAMPLES] = [60, 400]
const rng = createRng(7)
/** Flat from 6 to 10. */
const priorAges = Float64Array.from({ length: 4000 }, () => 6 + 4 * rng.uniform())
/** Log ages about 8.2 with an error of 0.3 dex that each star also claims; temperatures of no error. */
const samples = Float32Array.from(
  Array.from({ length: STARS }, () => {
    const middle = 8.2 + 0.3 * rng.normal()
    return [
      ...Array.from({ length: SAMPLES }, () => middle + 0.3 * rng.normal()),
      ...Array<number>(SAMPLES).fill(3.7),
      ...Array<number>(SAMPLES).fill(0),
    ]
  }).flat(),
)
const labelsOf = (parameter: SkyLabels['parameter'], value: number, err: number): SkyLabels => ({
  ...{ group: 'a cluster', parameter, isCluster: parameter === 'logAgeYr' },
  labels: Array.from({ length: STARS }, (_, star) => ({ star, value, err })),
})

test('stars that know their age to 0.3 dex say that of their cluster together', () => {
  const [age] = scoreSky([labelsOf('logAgeYr', 8, 0)], samples, SAMPLES, priorAges, 1)
  expect(age).toMatchObject({ group: 'a cluster', name: 'logAgeYr', starCount: STARS })
  // Medians of 60: 0.3 * 1.25 / sqrt(60) = 0.05 dex.
  expect(Math.abs(age.bias - 0.2)).toBeLessThan(0.15)
  expect(age.scatter).toBeCloseTo(0.3, 0)
  expect(Math.abs((age.stackBias ?? 0) - 0.2)).toBeLessThan(0.15)
})

test('the error of a label widens the intervals and moves neither bias nor scatter', () => {
  const [sure, loose] = [0, 0.02].map(
    err => scoreSky([labelsOf('logTeffK', 3.71, err)], samples, SAMPLES, priorAges, 1)[0],
  )
  expect(sure.bias).toBeCloseTo(-0.01, 5)
  expect(loose).toMatchObject({ bias: sure.bias, scatter: sure.scatter, stackBias: null })
  expect([sure.covered68, sure.covered90]).toEqual([0, 0])
  // Half an error from the middle is within the central 38%, and samples of 400 are sure of that.
  expect([loose.covered68, loose.covered90]).toEqual([1, 1])
})

test('a label of a star that is not there is refused', () => {
  const far = { ...labelsOf('logAgeYr', 8, 0), labels: [{ star: STARS, value: 8, err: 0 }] }
  expect(() => scoreSky([far], samples, SAMPLES, priorAges, 1)).toThrow('there is no star 60 of a cluster')
})
