import { expect, test } from 'vitest'
import { cellText, doubleFromText, parseDouble, parseLong } from '../../../streams/files/cellNumbers.ts'

test('words for nothing are missing in a column of numbers, in any case and with blanks around', () => {
  for (const text of ['', '  ', 'null', 'NULL', 'NaN', 'nan', '--', 'N/A', 'None']) {
    expect(parseDouble(text), text).toBeNull()
    expect(parseLong(text), text).toBeNull()
  }
  expect(parseDouble(null)).toBeNull()
  expect(parseDouble(Number.NaN)).toBeNull()
})

test('infinities, words and numbers beyond doubles are neither missing nor numbers', () => {
  for (const cell of [
    'inf',
    '-Infinity',
    'abc',
    '12abc',
    '0x10',
    '1e999',
    '1,5',
    Number.POSITIVE_INFINITY,
    true,
    [1],
  ]) {
    expect(parseDouble(cell), String(cell)).toBeUndefined()
    expect(parseLong(cell), String(cell)).toBeUndefined()
  }
})

test('a survey sentinel is a number here', () => {
  expect(parseDouble('-999')).toBe(-999)
  expect(parseDouble('99.99')).toBe(99.99)
  expect(parseDouble('0')).toBe(0)
})

test('numbers are read as they are written, Fortran exponents included', () => {
  const cases: readonly [string, number][] = [
    [' 1.5 ', 1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['-1e-300', -1e-300],
    ['1.5D-3', 0.0015],
    ['0007', 7],
    ['5e-324', 5e-324],
  ]
  for (const [text, value] of cases) expect(parseDouble(text), text).toBe(value)
  expect(Object.is(parseDouble('-0'), -0)).toBe(true)
  expect(doubleFromText('-inf')).toBe(Number.NEGATIVE_INFINITY)
})

test('integers up to 64 bits are exact, and one beyond is refused', () => {
  for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n]) {
    expect(parseLong(String(value))).toBe(value)
    expect(parseLong(value)).toBe(value)
  }
  expect(parseLong('+5')).toBe(5n)
  expect(parseLong(String(2n ** 63n))).toBeUndefined()
  expect(parseLong(2n ** 63n)).toBeUndefined()
  expect(parseLong('9'.repeat(100))).toBeUndefined()
})

test('an integer that went through a double counts only where a double is exact', () => {
  expect(parseLong('123.0')).toBe(123n)
  expect(parseLong(2 ** 53 - 1)).toBe(2n ** 53n - 1n)
  expect(parseLong('9007199254740993.0')).toBeUndefined()
  expect(parseLong('5.8534987131905e+18')).toBeUndefined()
  expect(parseLong(2 ** 60)).toBeUndefined()
  expect(parseLong('1.5')).toBeUndefined()
})

test('a cell as text keeps every digit', () => {
  expect(cellText(2n ** 63n - 1n)).toBe('9223372036854775807')
  expect(cellText(0.1 + 0.2)).toBe('0.30000000000000004')
  expect(cellText('007')).toBe('007')
  expect(cellText(null)).toBeNull()
  expect(cellText([2n ** 63n - 1n, null, 'a"b', true, -0])).toBe('[9223372036854775807,null,"a\\"b",true,-0]')
  expect(parseDouble(cellText(Number.POSITIVE_INFINITY))).toBeUndefined()
})
