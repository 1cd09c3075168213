import { expect, test } from 'vitest'
import { ramp } from '../../../models/math/ramp.ts'

test('a ramp is linear between its ends and flat beyond, up or down', () => {
  expect([1, 2, 3, 6, 9].map(x => ramp(x, 2, 6))).toEqual([0, 0, 0.25, 1, 1])
  expect([1, 2, 3, 6, 9].map(x => ramp(x, 6, 2))).toEqual([1, 1, 0.75, 0, 0])
  expect(ramp(Number.NaN, 0, 1)).toBeNaN()
})
