import { expect, test } from 'vitest'
import { errorCodes, FusionError, isFusionError, isRetryable } from '../../schemas/errors.ts'

test('an error knows from its code alone whether trying again may help', () => {
  for (const code of errorCodes) expect(new FusionError(code, 'x').retryable).toBe(isRetryable(code))
  expect(isRetryable('LOG_UNAVAILABLE')).toBe(true)
  expect(isRetryable('SCHEMA_MISMATCH')).toBe(false)
})

test('an error keeps its cause and plain detail', () => {
  const cause = new Error('disk')
  const error = new FusionError('LOG_FULL', 'The disk is full.', { cause, detail: { bytes: 3 } })
  expect(error.cause).toBe(cause)
  expect(error.detail).toEqual({ bytes: 3 })
  expect(Object.hasOwn(new FusionError('LOG_FULL', 'x'), 'cause')).toBe(false)
})

test('only a FusionError counts as one', () => {
  expect(isFusionError(new FusionError('LOG_FULL', 'x'))).toBe(true)
  expect(isFusionError(new RangeError('x'))).toBe(false)
  expect(isFusionError({ code: 'LOG_FULL' })).toBe(false)
})
