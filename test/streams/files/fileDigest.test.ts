import { expect, test } from 'vitest'
import { sha256OfFile } from '../../../streams/index.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'

test('the digest of a file is that of its bytes, as FIPS 180-4 has it', async () => {
  expect(await sha256OfFile(scratchFile('abc.txt', 'abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(await sha256OfFile(scratchFile('long.txt', 'a'.repeat(1_000_000)))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  )
  await expect(sha256OfFile(scratchPath('none.txt'))).rejects.toMatchObject({ code: 'ENOENT' })
})
