import { expect, test } from 'vitest'
import { type ChunkItem, ChunkPacker, countOfChunk, unpackChunk } from '../../../streams/embedded/recordChunk.ts'
import type { LogRecord } from '../../../streams/log.ts'

const everything = { maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER }
const place = { topic: 'stars', partition: 3, offset: 1000 }

function packAll(items: readonly ChunkItem[]): Buffer[] {
  const chunks: Buffer[] = []
  new ChunkPacker().pack(items, 1_700_000_000_000, chunk => chunks.push(Buffer.from(chunk)))
  return chunks
}

function item(key: string | null, sizeBytes: number): ChunkItem {
  const keyBytes = key === null ? 0 : Buffer.byteLength(key)
  return { key, keyBytes, value: Uint8Array.from({ length: sizeBytes }, (_, i) => i * 31) }
}

test('items of any size come back in order from chunks that are small unless one record is large', () => {
  const sizes = Array.from({ length: 300 }, (_, i) => (i * i * 37) % 2500)
  sizes[7] = 100_000
  sizes[299] = 16_400
  const items = sizes.map((size, i) => item(i % 3 === 0 ? null : `key ${i} ☄`, size))
  const chunks = packAll(items)
  const records: LogRecord[] = []
  let offset = place.offset
  for (const chunk of chunks) {
    expect(chunk.length <= 16_320 || countOfChunk(chunk) === 1).toBe(true)
    unpackChunk(chunk, { ...place, offset }, offset, everything, records, 0)
    offset += countOfChunk(chunk)
  }
  expect(records.map(record => record.offset)).toEqual(items.map((_, i) => place.offset + i))
  expect(records.every((record, i) => record.key === items[i].key)).toBe(true)
  expect(
    records.every((record, i) => Buffer.compare(record.value ?? Buffer.of(1), items[i].value ?? Buffer.of(2)) === 0),
  ).toBe(true)
})

test('any flipped bit of a chunk is noticed and the sentence names the place', () => {
  const [chunk] = packAll([item('a', 40), item(null, 3)])
  for (let bit = 0; bit < chunk.length * 8; bit++) {
    const broken = Buffer.from(chunk)
    broken[bit >> 3] ^= 1 << (bit & 7)
    expect(() => unpackChunk(broken, place, 1000, everything, [], 0)).toThrow(/stars\/3 offset 1000 are damaged/)
  }
  for (let length = 0; length < chunk.length; length++) {
    const cut = chunk.subarray(0, length)
    expect(() => unpackChunk(cut, place, 1000, everything, [], 0)).toThrow(/damaged/)
  }
})
