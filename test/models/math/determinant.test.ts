import { expect, test } from 'vitest'
import { logDeterminantInPlace } from '../../../models/math/determinant.ts'

test('a triangle, a swap and a Vandermonde matrix have their known determinants', () => {
  expect(logDeterminantInPlace(Float64Array.of(2, 7, 0, -3), 2)).toBeCloseTo(Math.log(6), 14)
  expect(logDeterminantInPlace(Float64Array.of(0, 1, 1, 0), 2)).toBeCloseTo(0, 14)
  // The product of all differences of the nodes 1, 2, 4, 7, of which each pair counts once.
  const nodes = [1, 2, 4, 7]
  const rows = Float64Array.from(nodes.flatMap(x => [1, x, x * x, x ** 3]))
  expect(logDeterminantInPlace(rows, 4)).toBeCloseTo(Math.log(1 * 3 * 6 * 2 * 5 * 3), 12)
})

test('a singular matrix has none', () => {
  expect(logDeterminantInPlace(Float64Array.of(1, 2, 2, 4), 2)).toBe(Number.NEGATIVE_INFINITY)
})
