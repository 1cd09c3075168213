import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { FusionError } from '../../../schemas/index.ts'
import { asLogError, BrokerError, brokerCodeOf, isPassing } from '../../../streams/kafka/kafkaErrors.ts'

const require = createRequire(import.meta.url)
const { createErrorFromCode }: { createErrorFromCode: (code: number) => Error } = require('kafkajs/src/protocol/error')
const { KafkaJSConnectionError, KafkaJSSASLAuthenticationError, KafkaJSNumberOfRetriesExceeded } =
  require('kafkajs/src/errors') as Record<string, new (text: unknown, options?: unknown) => Error>

const codeOf = (cause: unknown) => {
  const error = asLogError(cause, ['host:1'])
  return error instanceof FusionError ? error.code : error
}

test('each error of a broker gets one of our codes', () => {
  expect(codeOf(createErrorFromCode(47))).toBe('LOG_FENCED')
  expect(codeOf(new BrokerError(90, 'x'))).toBe('LOG_FENCED')
  for (const code of [22, 25, 27]) expect(codeOf(createErrorFromCode(code))).toBe('LOG_REASSIGNED')
  for (const code of [10, 18]) expect(codeOf(createErrorFromCode(code))).toBe('RECORD_TOO_LARGE')
  for (const code of [29, 30, 58]) expect(codeOf(createErrorFromCode(code))).toBe('CONFIG_INVALID')
  expect(codeOf(new KafkaJSSASLAuthenticationError('wrong password'))).toBe('CONFIG_INVALID')
  expect(codeOf(createErrorFromCode(3))).toBe('LOG_UNAVAILABLE')
  expect(codeOf(new KafkaJSConnectionError('refused', { broker: 'host:1', code: 'ECONNREFUSED' }))).toBe(
    'LOG_UNAVAILABLE',
  )
})

test('ours stays ours, and the number is found inside what wraps it', () => {
  for (const own of [new RangeError('x'), new TypeError('y'), new FusionError('LOG_FULL', 'z')]) {
    expect(asLogError(own, [])).toBe(own)
  }
  const wrapped = new KafkaJSNumberOfRetriesExceeded(createErrorFromCode(47), { retryCount: 1, retryTime: 1 })
  expect(brokerCodeOf(wrapped)).toBe(47)
  expect(brokerCodeOf(asLogError(createErrorFromCode(22), []))).toBe(22)
  expect(brokerCodeOf(new Error('x'))).toBeNull()
})

test('what passes by itself is tried again, what does not is told', () => {
  for (const code of [3, 6, 14, 15, 16, 51, 88]) expect(isPassing(createErrorFromCode(code))).toBe(true)
  for (const code of [1, 22, 25, 29, 45, 47, 90]) expect(isPassing(new BrokerError(code, 'x'))).toBe(false)
  expect(isPassing(new KafkaJSConnectionError('refused', { code: 'ECONNREFUSED' }))).toBe(true)
  expect(isPassing(new KafkaJSSASLAuthenticationError('wrong password'))).toBe(false)
  expect(isPassing(new RangeError('x'))).toBe(false)
})
