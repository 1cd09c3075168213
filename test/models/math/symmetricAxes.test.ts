import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { axesOf, principalAxes } from '../../../models/math/symmetricAxes.ts'

test('two by two, by hand', () => {
  const { vectors, values } = axesOf(Float64Array.of(2, 1, 1, 2), 2)
  expect([...values].sort()).toEqual([expect.closeTo(1, 12), expect.closeTo(3, 12)])
  const large = values[0] > values[1] ? 0 : 1
  expect(vectors[2 * large] / vectors[2 * large + 1]).toBeCloseTo(1, 12)
  expect(axesOf(new Float64Array(0), 0).values).toHaveLength(0)
})

test('axes are orthonormal and make up the matrix, of any scale, with values alike and of nothing', () => {
  const rng = createRng(2)
  for (const size of [1, 3, 8, 17]) {
    for (const rank of [size, Math.ceil(size / 2)]) {
      const factor = Float64Array.from({ length: size * rank }, () => rng.normal())
      const matrix = Float64Array.from({ length: size * size }, (_, at) => {
        const [i, j] = [Math.floor(at / size), at % size]
        let sum = 0
        for (let k = 0; k < rank; k++) sum += factor[i * rank + k] * factor[j * rank + k]
        return 1e-3 ** (i + j > size ? 1 : 0) * sum
      })
      const before = matrix.slice()
      const { vectors, values } = axesOf(matrix, size)
      expect(matrix).toEqual(before)
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          let [product, entry] = [0, 0]
          for (let k = 0; k < size; k++) {
            product += vectors[i * size + k] * vectors[j * size + k]
            entry += values[k] * vectors[k * size + i] * vectors[k * size + j]
          }
          expect(product).toBeCloseTo(i === j ? 1 : 0, 10)
          expect(entry).toBeCloseTo(matrix[i * size + j], 9)
        }
      }
    }
  }
})

test('a two by two matrix has the values of its quadratic equation', () => {
  const { values, vectors } = principalAxes(Float64Array.of(2, 1, 1, 2), 2)
  expect(values[0]).toBeCloseTo(3, 14)
  expect(values[1]).toBeCloseTo(1, 14)
  expect(vectors[0]).toBeCloseTo(Math.SQRT1_2, 14)
  expect(vectors[1]).toBeCloseTo(Math.SQRT1_2, 14)
})

test('second differences have the cosines of their closed form', () => {
  const size = 40
  const matrix = Float64Array.from({ length: size * size }, (_, k) => {
    const [i, j] = [Math.floor(k / size), k % size]
    return i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0
  })
  const { values } = principalAxes(matrix, size)
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
  const { values, vectors } = principalAxes(matrix, size)
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
  expect([...principalAxes(new Float64Array(9), 3).values]).toEqual([0, 0, 0])
})
