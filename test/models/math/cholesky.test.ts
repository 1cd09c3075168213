import { expect, test } from 'vitest'
import {
  factorInPlace,
  inverseDiagonalInto,
  invertInto,
  solveLowerInPlace,
  solveUpperInPlace,
} from '../../../models/math/cholesky.ts'
import { createRng } from '../../../models/math/rng.ts'

/** B B^T + 1 of a random B: positive definite with eigenvalues of at least 1. */
function randomMatrix(size: number, seed: number): Float64Array {
  const rng = createRng(seed)
  const b = Float64Array.from({ length: size * size }, () => rng.normal())
  return Float64Array.from({ length: size * size }, (_, k) => {
    const i = Math.floor(k / size)
    const j = k % size
    let sum = i === j ? 1 : 0
    for (let n = 0; n < size; n++) sum += b[i * size + n] * b[j * size + n]
    return sum
  })
}

test('a matrix of 4, 2, 3 by hand', () => {
  const a = Float64Array.of(4, 99, 2, 3)
  expect(factorInPlace(a, 2)).toBe(true)
  expect(a[0]).toBe(2)
  expect(a[2]).toBe(1)
  expect(a[3]).toBeCloseTo(Math.SQRT2, 15)
})

test('solving, the inverse and its diagonal undo the matrix, of any size', () => {
  for (const size of [1, 2, 3, 4, 5, 8, 17, 55]) {
    const matrix = randomMatrix(size, size)
    const factor = matrix.slice()
    expect(factorInPlace(factor, size)).toBe(true)
    const rng = createRng(2)
    const x = Float64Array.from({ length: size }, () => rng.normal())
    const b = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0))
    solveLowerInPlace(factor, size, b)
    solveUpperInPlace(factor, size, b)
    x.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 9)
    })
    const inverse = new Float64Array(size * size)
    invertInto(factor, size, inverse)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0
        for (let k = 0; k < size; k++) sum += matrix[i * size + k] * inverse[k * size + j]
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 9)
      }
    const diagonal = new Float64Array(size)
    inverseDiagonalInto(factor, size, diagonal, new Float64Array(size))
    diagonal.forEach((value, i) => {
      expect(value).toBeCloseTo(inverse[i * size + i], 12)
    })
  }
})

test('a matrix that is not positive definite is told, also one with NaN', () => {
  expect(factorInPlace(Float64Array.of(1, 0, 2, 1), 2)).toBe(false)
  expect(factorInPlace(Float64Array.of(Number.NaN), 1)).toBe(false)
})
