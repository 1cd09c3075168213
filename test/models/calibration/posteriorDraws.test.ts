import { expect, test } from 'vitest'
import { drawsOf, posteriorDraws, truthsOf } from '../../../models/calibration/posteriorDraws.ts'

test('draws and truths of a parameter are cut from the right places', () => {
  const draws = posteriorDraws(
    ['a', 'b'],
    Float64Array.of(1, 2, 3, 4),
    Float64Array.from({ length: 12 }, (_, i) => i),
  )
  expect(draws.starCount).toBe(2)
  expect(draws.sampleCount).toBe(3)
  expect(Array.from(drawsOf(draws, 1, 0))).toEqual([6, 7, 8])
  expect(Array.from(truthsOf(draws, 1))).toEqual([2, 4])
})

test('shapes that do not fit and numbers that are not finite are refused', () => {
  expect(() => posteriorDraws(['a', 'b'], new Float64Array(3), new Float64Array(12))).toThrow(RangeError)
  expect(() => posteriorDraws(['a'], new Float64Array(3), new Float64Array(10))).toThrow(RangeError)
  expect(() => posteriorDraws(['a'], new Float64Array(0), new Float64Array(0))).toThrow(RangeError)
  expect(() => posteriorDraws(['a'], Float64Array.of(Number.NaN), new Float64Array(4))).toThrow(RangeError)
})
