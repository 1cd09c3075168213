import { expect, test } from 'vitest'
import { FusionError } from '../../../schemas/index.ts'
import { asReadError, asWriteError } from '../../../streams/embedded/diskErrors.ts'

const folder = '/somewhere/log'
const failure = (code: number | string) => Object.assign(new Error(`failure ${code}`), { code })

for (const code of [28, 27, 122, 'ENOSPC', 'EDQUOT', 'EFBIG']) {
  test(`a write that fails with ${code} is a full log, with the folder and the bytes that had no room`, () => {
    expect(asWriteError(failure(code), folder, `${folder}/log.mdb`, 4096)).toMatchObject({
      code: 'LOG_FULL',
      message: expect.stringMatching(
        /\/somewhere\/log has no room for 4096 more bytes.*nothing of this was written.*--data/,
      ),
    })
  })
}

for (const code of [5, 13, 'EACCES']) {
  test(`a write that fails with ${code} leaves the log unavailable, to be tried again`, () => {
    const error = asWriteError(failure(code), folder, `${folder}/log.mdb`, 4096)
    expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE', retryable: true })
  })
}

for (const code of [-30797, -30796, -30793, -30782]) {
  test(`LMDB's ${code} is a damaged log, not to be tried again`, () => {
    expect(asReadError(failure(code), folder)).toMatchObject({ code: 'LOG_DAMAGED', retryable: false })
  })
}

test('our own errors pass through as they are', () => {
  for (const own of [new RangeError('x'), new TypeError('y'), new FusionError('LOG_FENCED', 'z')]) {
    expect(asWriteError(own, folder, `${folder}/log.mdb`, 1)).toBe(own)
  }
})
