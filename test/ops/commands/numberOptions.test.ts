import { expect, test } from 'vitest'
import { numberOption, wholeOption } from '../../../ops/commands/numberOptions.ts'

test('a whole number within the range is taken, the fallback where there is none', () => {
  expect(wholeOption({ stars: '50' }, 'stars', 50, 100)).toBe(50)
  expect(wholeOption({}, 'stars', 50, 100, 70)).toBe(70)
})

test('what is no such number is answered in one sentence that names the option as it is typed', () => {
  for (const text of ['49', '101', '60.5', 'many', '']) {
    expect(() => wholeOption({ maxStars: text }, 'maxStars', 50, 100)).toThrow(
      `--max-stars is "${text}": it must be a whole number from 50 to 100.`,
    )
  }
  expect(() => wholeOption({}, 'stars', 50, 100)).toThrow(/--stars is "undefined"/)
})

test('a number within the range need not be whole; an empty text is none', () => {
  expect(numberOption({ width: '0.3' }, 'width', 0.02, 1)).toBe(0.3)
  for (const text of ['', ' ', 'wide', '2', 'NaN']) {
    expect(() => numberOption({ width: text }, 'width', 0.02, 1)).toThrow(/it must be a number from 0\.02 to 1\./)
  }
})
