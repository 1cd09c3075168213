import { expect, test } from 'vitest'
import { groupLag, groupProgress } from '../../actors/index.ts'
import { temporaryLog } from './logFolder.ts'

test('a group is as far as it has committed, and behind by the rest of each topic that it reads', async () => {
  const log = await temporaryLog()
  const outputs = (topic: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ topic, key: `key ${i}`, value: new Uint8Array(1) }))
  await log.transact({ outputs: [...outputs('raw', 5), ...outputs('deliveries', 3), ...outputs('sources', 2)] })
  await log.transact({ outputs: [], group: 'one', offsets: [{ topic: 'raw', partition: 0, offset: 4 }] })
  const progress = await groupProgress(log, 'one', ['raw', 'deliveries'])
  expect(progress).toEqual({
    consumed: 4,
    lag: 4,
    lags: new Map([
      ['raw', 1],
      ['deliveries', 3],
    ]),
  })
  expect(await groupLag(log, 'one', ['raw', 'deliveries'])).toBe(4)
  expect((await groupProgress(log, 'another', ['raw'])).consumed).toBe(0)
})
