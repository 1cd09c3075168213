import { expect, test } from 'vitest'
import { quantityTicks, roundTicks } from '../../../ops/page/axisTicks.ts'
import { shownQuantity } from '../../../ops/page/shownQuantity.ts'

test('marks are round and lie within the axis', () => {
  expect(roundTicks(0.13, 0.62, 4)).toEqual([0.2, 0.4, 0.6])
  expect(roundTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1])
  expect(roundTicks(3, 3, 4)).toEqual([3])
})

test('marks of a logarithm stand where the round number of the unit lies', () => {
  const ticks = quantityTicks(shownQuantity('logAgeYr'), 6, 9, 4)
  expect(ticks.map(({ label }) => label)).toEqual(['1', '10', '100', '1000'])
  for (const [k, { at }] of ticks.entries()) expect(at).toBeCloseTo(6 + k, 9)
})
