import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { axesOf } from '../../../models/math/symmetricAxes.ts'

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
