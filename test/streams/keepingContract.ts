// What every Log tells of its own keeping.
import { expect, onTestFinished, test } from 'vitest'
import type { Log } from '../../streams/log.ts'
import { contractTopics, type LogPlace } from './logContract.ts'

export function keepingContract(name: string, makePlace: (topics: typeof contractTopics) => Promise<LogPlace>): void {
  test(`${name} tells how many bytes each topic holds`, async () => {
    const place = await makePlace(contractTopics)
    onTestFinished(() => place.remove())
    const log = await place.open()
    const sizeOf = async (from: Log) => (await from.keeping()).sizeBytes.get('contract.one') ?? 0
    const before = await sizeOf(log)
    const value = Buffer.alloc(1000, 7)
    await log.transact({ outputs: Array.from({ length: 100 }, () => ({ topic: 'contract.one', key: 'a', value })) })
    const grown = (await sizeOf(log)) - before
    expect(grown).toBeGreaterThan(100_000)
    expect(grown).toBeLessThan(200_000)
    await log.close()
    const again = await place.open()
    expect(await sizeOf(again)).toBe(before + grown)
    await again.close()
  })
}
