import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { c2st, c2stDefaults } from '../../../models/calibration/c2st.ts'
import { c2stPairs } from './c2stPairs.ts'

interface Pair {
  readonly name: string
  readonly width: number
  readonly maxEpochs: number
  readonly accuracies: readonly number[]
  readonly firstRow: readonly number[]
  readonly lastRow: readonly number[]
}

const pairs: readonly Pair[] = JSON.parse(
  readFileSync(new URL('../../golden/calibration/c2st.json', import.meta.url), 'utf8'),
)

test('the golden accuracies reach from chance to nearly nine in ten, in 2 to 10 dimensions', () => {
  expect(pairs.map(({ name }) => name)).toEqual(Object.keys(c2stPairs))
  const means = pairs.map(
    ({ accuracies }) => accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length,
  )
  expect(Math.min(...means)).toBeLessThan(0.52)
  expect(Math.max(...means)).toBeGreaterThan(0.85)
})

for (const { name, width, maxEpochs, accuracies, firstRow, lastRow } of pairs) {
  test(`the ${name} sets are told apart as well as the benchmark's classifier does`, { timeout: 300_000 }, () => {
    const [first, second] = c2stPairs[name]()
    firstRow.forEach((value, k) => {
      expect(first[k]).toBeCloseTo(value, 9)
    })
    lastRow.forEach((value, k) => {
      expect(second[second.length - width + k]).toBeCloseTo(value, 9)
    })
    const expected = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length
    // The points are the same: what is left is the chance of weights and folds. Noise of the points' own: 0.018 to 0.032.
    expect(Math.abs(c2st(first, second, width, { ...c2stDefaults, maxEpochs }) - expected)).toBeLessThan(0.025)
  })
}

test('the same seed gives the same accuracy, and rows must be whole and as many as folds', () => {
  const [first, second] = c2stPairs.shifted()
  const [a, b] = [first.slice(0, 180), second.slice(0, 180)]
  const options = { foldCount: 3, maxEpochs: 5, seed: 4 }
  expect(c2st(a, b, 3, options)).toBe(c2st(a, b, 3, options))
  expect(() => c2st(a, b, 7)).toThrow(RangeError)
  expect(() => c2st(a.slice(0, 6), b, 3)).toThrow(RangeError)
})
