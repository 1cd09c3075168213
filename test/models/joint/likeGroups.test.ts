import { expect, test } from 'vitest'
import { evenOut, twinsOf } from '../../../models/joint/likeGroups.ts'
import { createRng } from '../../../models/math/rng.ts'

const alike = [
  [1, 4],
  [2, 5],
  [3, 0],
]

test('a variable trades places with those of its place in the other groups', () => {
  expect(twinsOf(5, alike)).toEqual([4, 5, 0])
  expect(twinsOf(6, alike)).toEqual([6])
  expect(twinsOf(1, [])).toEqual([1])
})

test('an evened Gaussian is the mean over all orders of the groups', () => {
  const rng = createRng(4)
  const width = 7
  const mean = Float64Array.from({ length: width }, () => rng.normal())
  const covariance = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * width + j] = rng.normal()
      covariance[j * width + i] = covariance[i * width + j]
    }
  }
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  const expected = { mean: new Float64Array(width), covariance: new Float64Array(width * width) }
  for (const order of orders) {
    const to = [...mean.keys()]
    alike.forEach((group, g) => {
      group.forEach((i, k) => {
        to[i] = alike[order[g]][k]
      })
    })
    for (let i = 0; i < width; i++) {
      expected.mean[i] += mean[to[i]] / 6
      for (let j = 0; j < width; j++) expected.covariance[i * width + j] += covariance[to[i] * width + to[j]] / 6
    }
  }
  const evened = evenOut({ mean, covariance }, alike)
  for (let i = 0; i < width; i++) expect(evened.mean[i]).toBeCloseTo(expected.mean[i], 12)
  for (let i = 0; i < width * width; i++) expect(evened.covariance[i]).toBeCloseTo(expected.covariance[i], 12)
  expect(evenOut({ mean, covariance }, [])).toEqual({ mean, covariance })
})
