import { expect, test } from 'vitest'
import {
  countText,
  flagText,
  intervalText,
  numberText,
  percentText,
  shownQuantity,
} from '../../../ops/page/shownQuantity.ts'
import { quantities } from '../../../schemas/index.ts'

test('numbers have the digits asked for, groups, and no exponent where people write none', () => {
  expect(numberText(1234567.8, 3)).toBe('1\u202f234\u202f568')
  expect(numberText(0.012345, 3)).toBe('0.0123')
  expect(numberText(-2.5, 2)).toBe('−2.5')
  expect(numberText(1.2e-13, 2)).toBe('1.2×10⁻¹³')
  expect(numberText(Number.NaN)).toBe('none')
  expect(countText(1204000)).toBe('1\u202f204\u202f000')
})

test('an interval of a logarithm is told in the unit itself, with two digits of its error', () => {
  const told = intervalText('logAgeYr', { q16: 6, q50: Math.log10(3e6), q84: 7 })
  expect(told).toEqual({ median: '3.0', minus: '2.0', plus: '7.0', unit: 'Myr' })
  expect(intervalText('avMag', { q16: 1.21, q50: 1.234, q84: 1.26 }).median).toBe('1.234')
})

test('every quantity of the vocabulary has words and, where it has one, a unit', () => {
  expect(quantities.filter(({ name }) => shownQuantity(name).label === name).map(({ name }) => name)).toEqual([])
  expect(quantities.filter(({ name }) => shownQuantity(name).unit === '').map(({ name }) => name)).toEqual([])
})

test('a probability is never rounded to certainty', () => {
  expect(percentText(0.99995)).toBe('> 99.9%')
  expect(percentText(0.0004)).toBe('< 0.1%')
  expect(percentText(0.5)).toBe('50%')
  expect(percentText(1)).toBe('100.0%')
})

test('a flag of a measurement names survey, band and cause', () => {
  expect(flagText('allWise:w3Mag:suspect')).toBe('AllWISE W3: suspect')
  expect(flagText('somethingNew')).toBe('somethingNew')
})
