import { expect, test } from 'vitest'
import { keysInOrder } from '../../../ops/stars/keyOrder.ts'
import { temporaryLog } from '../../actors/logFolder.ts'

const topic = 'latest-posteriors'
const value = Uint8Array.of(1)

test('keys come once and sorted, whatever order they were written in and however few are held at a time', async () => {
  const log = await temporaryLog()
  const keys = Array.from({ length: 57 }, (_, i) => `gaiaDr3:${(i * 37) % 57}`)
  for (const key of [...keys, ...keys.slice(0, 20)]) await log.transact({ outputs: [{ topic, key, value }] })
  for (const window of [1, 10, 57, 1000]) {
    const found: string[] = []
    for await (const key of keysInOrder(log, topic, window)) found.push(key)
    expect(found).toEqual([...keys].sort())
  }
})

test('a topic without records has no keys', async () => {
  const log = await temporaryLog()
  for await (const key of keysInOrder(log, topic)) expect.unreachable(key)
})
