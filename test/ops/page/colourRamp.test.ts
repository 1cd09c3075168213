import { expect, test } from 'vitest'
import { classWord, cssOf, rampWord, wordOf } from '../../../ops/page/colourRamp.ts'

test('a word holds red, green, blue and alpha in the order of an image', () => {
  expect([...new Uint8Array(Uint32Array.of(wordOf([1, 2, 3], 4)).buffer)]).toEqual([1, 2, 3, 4])
  expect(cssOf(wordOf([1, 2, 3]))).toBe('rgb(1 2 3)')
})

test('the ramp ends at its ends, is held to them, and is grey for what is missing', () => {
  expect(rampWord(-1)).toBe(rampWord(0))
  expect(rampWord(2)).toBe(rampWord(1))
  expect(rampWord(0)).not.toBe(rampWord(1))
  expect(rampWord(Number.NaN)).toBe(classWord('no class'))
})
