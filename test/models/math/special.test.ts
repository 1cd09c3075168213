import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as special from '../../../models/math/special.ts'
import { packageFile } from '../../../schemas/index.ts'

// scipy's values: test/golden/simulators/ORIGIN.md.
const golden = JSON.parse(
  readFileSync(packageFile('test', 'golden', 'simulators', 'specialGolden.json'), 'utf8'),
) as Record<string, number[][]>

const functions: readonly [string, (...x: number[]) => number, number][] = [
  ['erf', special.erf, 1e-13],
  ['erfc', special.erfc, 1e-11],
  ['probit', special.probit, 1e-11],
  ['logGamma', special.logGamma, 1e-13],
  ['upperGamma', special.upperGamma, 1e-11],
  ['lowerGamma', special.lowerGamma, 1e-11],
  ['chiSquare', special.chiSquarePValue, 1e-11],
  ['beta', special.regularisedBeta, 1e-11],
]

test.each(functions)('%s agrees with scipy', (name, evaluate, tolerance) => {
  for (const row of golden[name]) {
    const expected = row[row.length - 1]
    const got = evaluate(...row.slice(0, -1))
    expect(Math.abs(got - expected), `${name}(${row.slice(0, -1)}) = ${got}`).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(expected), 1e-300),
    )
  }
})

test('probit undoes the normal distribution', () => {
  for (const x of [-8, -3.3, -0.2, 0.7, 4]) expect(special.probit(special.normalCdf(x))).toBeCloseTo(x, 9)
})

test('logSumExp neither overflows nor loses the smaller terms', () => {
  expect(special.logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12)
  expect(special.logSumExp([-1000, -1001])).toBeCloseTo(-1000 + Math.log1p(Math.exp(-1)), 12)
  expect(special.logSumExp([])).toBe(Number.NEGATIVE_INFINITY)
  expect(special.logSumExp([Number.NEGATIVE_INFINITY, 2])).toBe(2)
})

test('arguments outside the domain are refused', () => {
  expect(() => special.logGamma(0)).toThrow(RangeError)
  expect(() => special.upperGamma(-1, 1)).toThrow(RangeError)
  expect(() => special.lowerGamma(1, Number.NaN)).toThrow(RangeError)
  expect(() => special.probit(1)).toThrow(RangeError)
  expect(() => special.regularisedBeta(2, 1, 1)).toThrow(RangeError)
})

test('the normal density integrates to one', () => {
  let sum = 0
  for (let x = -10; x <= 10; x += 0.01) sum += 0.01 * Math.exp(special.logNormal(x, 0.3, 0.8))
  expect(sum).toBeCloseTo(1, 10)
})
