import { expect, test } from 'vitest'
import { readLatest } from '../../actors/index.ts'
import { encode } from '../../schemas/index.ts'
import { temporaryLog } from './logFolder.ts'

test('the newest record of a key is read decoded; none, a removed one and damaged bytes are told apart', async () => {
  const log = await temporaryLog()
  const write = (value: Uint8Array | null) => log.transact({ outputs: [{ topic: 'serving', key: 'model', value }] })
  const read = () => readLatest(log, 'serving', 'model', 'servingModel')
  expect(await read()).toBeNull()
  await write(encode('servingModel', { model: 'a', former: '' }))
  await write(encode('servingModel', { model: 'b', former: 'a' }))
  expect(await read()).toEqual({ model: 'b', former: 'a' })
  await write(null)
  expect(await read()).toBeNull()
  await write(new Uint8Array(3))
  await expect(read()).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
})
