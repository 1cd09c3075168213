import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { describeFailure, UsageError } from '../../../ops/commands/failure.ts'
import { FusionError } from '../../../schemas/index.ts'

test('a user error is its own sentence with its code, and never a trace', () => {
  const failure = describeFailure(new FusionError('LOG_IN_USE', 'Another process writes this log.'))
  expect(failure).toEqual({ code: 'LOG_IN_USE', message: 'Another process writes this log.', exitCode: 1, trace: null })
})

test('a wrong command line and wrong settings are usage errors', () => {
  expect(describeFailure(new UsageError('unknown option')).exitCode).toBe(2)
  expect(describeFailure(new FusionError('CONFIG_INVALID', 'x')).exitCode).toBe(2)
})

test('a full disk is told with what to do, without a trace', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  const failure = describeFailure(error)
  expect(failure).toMatchObject({ code: 'ENOSPC', exitCode: 1, trace: null })
  expect(failure.message).toContain('free space')
})

test('an address that cannot be had is told with its host and port', async () => {
  const taken = createServer()
  await once(taken.listen(0, '127.0.0.1'), 'listening')
  const { port } = taken.address() as AddressInfo
  for (const [host, words] of [
    ['127.0.0.1', [`127.0.0.1 port ${port}`, 'in use', '--port']],
    ['300.1.1.1', ['300.1.1.1', '--host']],
  ] as const) {
    const [error] = await once(createServer().listen(port, host), 'error').catch((cause: unknown) => [cause])
    const { message, trace } = describeFailure(error)
    expect([words.every(word => message.includes(word)), message.includes('path'), trace]).toEqual([true, false, null])
  }
  taken.close()
})

test('our own mistake says so and keeps its trace for the report', () => {
  const failure = describeFailure(new RangeError('offset -1'))
  expect(failure.code).toBe('INTERNAL')
  expect(failure.message).toContain('mistake in birthline')
  expect(failure.trace).toContain('failure.test.ts')
})
