import { expect, test } from 'vitest'
import { configInvalid, notRead, notWritten, tooLarge, unreadable } from '../../../streams/files/unreadableFile.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: failed`), { code, syscall: 'write' })
}

test('a disk that is full, a quota or a read-only disk is named with what to do', () => {
  expect(notWritten('out.fits', systemError('ENOSPC'))).toMatchObject({
    code: 'FILE_UNWRITABLE',
    retryable: false,
    message: 'out.fits cannot be written, the disk is full; free space or choose another place.',
  })
  expect(notWritten('out.fits', systemError('EDQUOT')).message).toMatch(/quota is used up/)
  expect(notWritten('out.fits', systemError('EROFS')).message).toMatch(/read-only/)
})

test('a failure nobody foresaw keeps its cause and its message', () => {
  const cause = systemError('EIO')
  const error = notRead('in.csv', cause)
  expect(error).toMatchObject({
    code: 'FILE_UNREADABLE',
    message: 'in.csv cannot be used (EIO: failed); check the disk.',
  })
  expect(error.cause).toBe(cause)
})

test('every sentence begins with the file, ends with a full stop, and carries the path as data', () => {
  for (const error of [unreadable('a', 'is empty'), tooLarge('a', 'is long'), configInvalid('a', 'is wrong')]) {
    expect(error.message).toMatch(/^a is .*\.$/)
    expect(error.detail).toEqual({ path: 'a' })
  }
})
