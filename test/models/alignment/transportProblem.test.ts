import { expect, test } from 'vitest'
import {
  checkMasses,
  checkMatrix,
  checkProblem,
  columnSums,
  innerProduct,
  marginError,
  productPlan,
  rowSums,
  total,
  uniformMasses,
} from '../../../models/alignment/transportProblem.ts'
import { matrixOf } from './pointSets.ts'

test('sums, products and margins of a matrix of three by two', () => {
  const plan = matrixOf([
    [0.1, 0.2],
    [0, 0.3],
    [0.4, 0],
  ])
  const close = (got: Float64Array, expected: number[]) =>
    expected.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 14)
    })
  close(rowSums(plan), [0.3, 0.3, 0.4])
  close(columnSums(plan), [0.5, 0.5])
  expect(
    innerProduct(
      plan,
      matrixOf([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ),
  ).toBeCloseTo(0.1 + 0.4 + 1.2 + 2, 14)
  expect(marginError(plan, Float64Array.of(0.3, 0.3, 0.4), Float64Array.of(0.6, 0.4))).toBeCloseTo(0.2, 14)
  expect(total(uniformMasses(8))).toBe(1)
})

test('the product plan meets its margins, also where the masses sum to 3', () => {
  const [a, b] = [Float64Array.of(1, 2), Float64Array.of(0.5, 1.5, 1)]
  expect(marginError(productPlan(a, b), a, b)).toBeLessThan(1e-14)
})

test('bad matrices and masses are refused in one sentence that says where', () => {
  const square = matrixOf([
    [0, 1],
    [1, 0],
  ])
  const half = uniformMasses(2)
  expect(() => checkMatrix('cost', { rows: 2, columns: 2, values: new Float64Array(3) })).toThrow(
    new RangeError('cost: 3 values do not fill 2 rows of 2'),
  )
  expect(() =>
    checkMatrix(
      'cost',
      matrixOf([
        [0, 1],
        [Number.NaN, 0],
      ]),
    ),
  ).toThrow(new RangeError('cost: the value at [1, 0] is NaN'))
  expect(() => checkMasses('a', half, 3)).toThrow(new RangeError('a: 2 masses for 3 points'))
  expect(() => checkMasses('a', Float64Array.of(1, -0.5), 2)).toThrow(
    new RangeError('a: mass 1 is -0.5, which is not a finite number >= 0'),
  )
  expect(() => checkMasses('a', Float64Array.of(0, 0), 2)).toThrow(new RangeError('a: all masses are 0'))
  const problem = { cost: square, sourceMasses: half, targetMasses: Float64Array.of(0.5, 0.75) }
  expect(() => checkProblem('p', problem)).toThrow(
    new RangeError('p: the sources have mass 1 and the targets 1.25, which must be the same'),
  )
  expect(() => checkProblem('p', problem, false)).not.toThrow()
})
