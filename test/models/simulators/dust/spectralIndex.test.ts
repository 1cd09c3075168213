import { expect, test } from 'vitest'
import { sedWavelengthsUm } from '../../../../models/simulators/dust/modelSets.ts'
import { classOfIndex, spectralIndex } from '../../../../models/simulators/dust/spectralIndex.ts'

test('the index of a power law is its exponent', () => {
  for (const alpha of [-3, -0.5, 0, 1.2]) {
    const flux = sedWavelengthsUm.map(w => 7e-3 * w ** (alpha - 1))
    expect(spectralIndex(sedWavelengthsUm, flux)).toBeCloseTo(alpha, 9)
  }
})

// Greene+ 1994: I above 0.3, flat to -0.3, II to -1.6, III below.
test.each([
  [0.31, 'I'],
  [0.29, 'flat'],
  [-0.29, 'flat'],
  [-0.31, 'II'],
  [-1.59, 'II'],
  [-1.61, 'III'],
] as const)('an index of %f is of class %s', (alpha, name) => {
  expect(classOfIndex(alpha)).toBe(name)
})

test('a spectrum without flux or without points has no index', () => {
  expect(() => spectralIndex([3, 10], [1, 0])).toThrow(RangeError)
  expect(() => spectralIndex([1, 3, 30], [1, 1, 1])).toThrow(RangeError)
})
