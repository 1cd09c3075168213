import { expect, onTestFinished, test } from 'vitest'
import { OffsetMap } from '../../actors/offsetMap.ts'
import { temporaryFolder } from './logFolder.ts'

const record = (partition: number, offset: number) => ({ topic: 'in', partition, offset, key: null, value: null })
const place = (partition: number, offset: number) => ({ topic: 'in', partition, offset })

async function openMap(maxPages?: number): Promise<OffsetMap> {
  const map = new OffsetMap(await temporaryFolder(), 'in', maxPages)
  onTestFinished(() => map.close())
  return map
}

test('every record is found where it went, gaps and other partitions are not', async () => {
  const map = await openMap()
  map.note([record(0, 5), record(0, 7)], [place(3, 0), place(1, 2 ** 40)])
  map.note([record(2, 0)], [place(0, 0)])
  map.note([record(0, 8)], [place(3, 1)])
  map.note([], [])
  expect([4n, 5n, 6n, 7n, 8n, 9n, -1n, 2n ** 62n].map(offset => map.find(0, offset))).toEqual([
    null,
    { partition: 3, offset: 0 },
    null,
    { partition: 1, offset: 2 ** 40 },
    { partition: 3, offset: 1 },
    null,
    null,
    null,
  ])
  expect(map.find(2, 0n)).toEqual({ partition: 0, offset: 0 })
  expect(map.find(1, 0n)).toBeNull()
})

test('a map longer than its memory finds all of it, in any order', async () => {
  const map = await openMap(3)
  const LENGTH = 100_000
  const STEP = 9000
  for (let first = 0; first < LENGTH; first += STEP) {
    const offsets = Array.from({ length: Math.min(STEP, LENGTH - first) }, (_, i) => first + i)
    map.note(
      offsets.map(offset => record(0, offset)),
      offsets.map(offset => place(offset % 5, offset * 3)),
    )
  }
  for (let i = 0; i < 3000; i++) {
    const offset = (i * 1_299_709) % LENGTH
    expect(map.find(0, BigInt(offset))).toEqual({ partition: offset % 5, offset: offset * 3 })
  }
})
