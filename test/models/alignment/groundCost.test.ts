import { expect, test } from 'vitest'
import { costKinds, costTensor, groundCost, relationMatrix, unitTensor } from '../../../models/alignment/groundCost.ts'
import { runEagerly } from '../../../models/engine/eager.ts'
import { largestDifference, matrixOf, normalMatrix } from './pointSets.ts'

test('costs of points whose distances and angles are known', () => {
  const x = matrixOf([
    [3, 0],
    [0, 0],
  ])
  const y = matrixOf([
    [0, 4],
    [1, 1],
    [-2, 0],
  ])
  expect(Array.from(groundCost(x, y, 'squaredEuclidean').values)).toEqual([25, 5, 25, 16, 2, 4])
  // A point without a direction is at a right angle to all, up to the half that its own missing length takes.
  expect(largestDifference(groundCost(x, y, 'cosine').values.subarray(0, 3), [1, 1 - Math.SQRT1_2, 2])).toBeLessThan(
    1e-12,
  )
})

test('relations are symmetric with zeros on the diagonal', () => {
  for (const kind of costKinds) {
    const { values } = relationMatrix(normalMatrix(6, 3, 1), kind)
    for (let i = 0; i < 6; i++)
      for (let k = 0; k <= i; k++) expect(values[i * 6 + k]).toBe(i === k ? 0 : values[k * 6 + i])
  }
})

test('in the graph costs are the same, and a row of zeros has no length', () => {
  const [x, y] = [normalMatrix(5, 4, 2), normalMatrix(7, 4, 3)]
  const specs = [
    { name: 'x', shape: [5, 4] },
    { name: 'y', shape: [7, 4] },
  ]
  const feeds = { x: Float32Array.from(x.values), y: Float32Array.from(y.values) }
  for (const kind of costKinds) {
    const { cost } = runEagerly(specs, ({ x, y }) => ({ cost: costTensor(x, y, kind) }), feeds)
    expect(largestDifference(cost, groundCost(x, y, kind).values)).toBeLessThan(1e-5)
  }
  const zeros = runEagerly([specs[0]], ({ x }) => ({ unit: unitTensor(x) }), { x: new Float32Array(20) })
  expect(zeros.unit).toEqual(new Float32Array(20))
})

test('points of two widths and a value that is no number are refused', () => {
  expect(() => groundCost(normalMatrix(2, 3, 1), normalMatrix(2, 4, 1), 'cosine')).toThrow(
    new RangeError('groundCost: source points have 3 values and target points 4'),
  )
  expect(() => groundCost(matrixOf([[Number.NaN]]), matrixOf([[1]]), 'cosine')).toThrow(
    new RangeError('groundCost, source: the value at [0, 0] is NaN'),
  )
})
