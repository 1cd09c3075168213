import { expect, test } from 'vitest'
import { symmetricEigen } from '../../../models/math/eigen.ts'
import { createRng } from '../../../models/math/rng.ts'

test('a two by two matrix has the values of its quadratic equation', () => {
  const { values, vectors } = symmetricEigen([2, 1, 1, 2], 2)
  expect(values[0]).toBeCloseTo(3, 14)
  expect(values[1]).toBeCloseTo(1, 14)
  expect(vectors[0]).toBeCloseTo(Math.SQRT1_2, 14)
  expect(vectors[1]).toBeCloseTo(Math.SQRT1_2, 14)
})

test('second differences have the cosines of their closed form', () => {
  const size = 40
  const matrix = Array.from({ length: size * size }, (_, k) => {
    const [i, j] = [Math.floor(k / size), k % size]
    return i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0
  })
  const { values } = symmetricEigen(matrix, size)
  values.forEach((value, k) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)), 12)
  })
})

test('vectors are orthonormal and give the matrix back', () => {
  const size = 23
  const rng = createRng(8)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = rng.normal()
      matrix[i * size + j] = value
      matrix[j * size + i] = value
    }
  const { values, vectors } = symmetricEigen(matrix, size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let [dot, back] = [0, 0]
      for (let k = 0; k < size; k++) {
        dot += vectors[i * size + k] * vectors[j * size + k]
        back += values[k] * vectors[k * size + i] * vectors[k * size + j]
      }
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 12)
      expect(back).toBeCloseTo(matrix[i * size + j], 11)
    }
})

test('zero has nothing to turn', () => {
  expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0])
})
