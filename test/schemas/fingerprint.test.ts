import { expect, test } from 'vitest'
import { fingerprintOf, schemasFingerprint } from '../../schemas/fingerprint.ts'

test('the fingerprint is the beginning of a SHA-256 over lengths and texts', () => {
  // printf '1:a2:bc' | sha256sum
  expect(fingerprintOf(['a', 'bc'])).toBe('5310a58788781ab2')
})

test('moving a letter from one text to the next changes the fingerprint', () => {
  expect(fingerprintOf(['ab', 'c'])).not.toBe(fingerprintOf(['a', 'bc']))
})

test('the fingerprint of the vocabulary is 16 hexadecimal digits, the same when asked twice', () => {
  expect(schemasFingerprint()).toMatch(/^[0-9a-f]{16}$/)
  expect(schemasFingerprint()).toBe(schemasFingerprint())
})
