import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type AbortedTransaction, decodeBatches as decodeBatchesOf } from '../../../streams/kafka/recordBatch.ts'
import { seal } from './sealedBatch.ts'

// Batches are written by kafkajs, whose encoder Kafka's brokers check; only what it cannot write is patched in.
const require = createRequire(import.meta.url)
const { RecordBatch }: { RecordBatch: (options: unknown) => Promise<{ buffer: Buffer }> } =
  require('kafkajs/src/protocol/recordBatch/v0')
const Record: (options: unknown) => unknown = require('kafkajs/src/protocol/recordBatch/record/v0')

interface BatchPlan {
  readonly offset: number
  readonly texts: readonly string[]
  readonly producerId?: number
  readonly attributes?: number
}

const TRANSACTIONAL = 0x10
const CONTROL = 0x30

async function batch({ offset, texts, producerId = 1, attributes = TRANSACTIONAL }: BatchPlan): Promise<Buffer> {
  const records = texts.map((text, offsetDelta) =>
    Record({ offsetDelta, timestampDelta: 0, key: Buffer.from(`key ${text}`), value: Buffer.from(text) }),
  )
  const { buffer } = await RecordBatch({ firstOffset: offset, records, lastOffsetDelta: texts.length - 1, producerId })
  const bytes = Buffer.from(buffer)
  bytes.writeInt16BE(attributes, 21)
  return seal(bytes)
}

/** The mark that ends a transaction: 0 aborts, 1 commits. */
async function mark(offset: number, producerId: number, type: number): Promise<Buffer> {
  const key = Buffer.from([0, 0, 0, type])
  const records = [Record({ offsetDelta: 0, timestampDelta: 0, key, value: Buffer.alloc(6) })]
  const { buffer } = await RecordBatch({ firstOffset: offset, records, lastOffsetDelta: 0, producerId })
  const bytes = Buffer.from(buffer)
  bytes.writeInt16BE(CONTROL, 21)
  return seal(bytes)
}

const decodeBatches = (bytes: Buffer, fromOffset: number, aborted: readonly AbortedTransaction[]) =>
  decodeBatchesOf(bytes, fromOffset, aborted, 'topic/3')

const textsOf = (decoded: { records: readonly { value: Uint8Array | null }[] }) =>
  decoded.records.map(({ value }) => Buffer.from(value ?? []).toString())

test('records come with their keys, offsets and sizes, and reading goes on after the mark', async () => {
  const bytes = Buffer.concat([await batch({ offset: 10, texts: ['a', 'bc'] }), await mark(12, 1, 1)])
  const { records, nextOffset } = decodeBatches(bytes, 10, [])
  expect(records.map(({ offset, key, sizeBytes }) => [offset, key, sizeBytes])).toEqual([
    [10, 'key a', 6],
    [11, 'key bc', 8],
  ])
  expect(nextOffset).toBe(13)
})

test('what stands before the offset asked for is left out, and a batch that is cut short waits for the next fetch', async () => {
  const whole = await batch({ offset: 0, texts: ['a', 'b', 'c'] })
  const next = await batch({ offset: 3, texts: ['d'] })
  const cut = Buffer.concat([whole, next.subarray(0, next.length - 1)])
  const decoded = decodeBatches(cut, 2, [])
  expect(textsOf(decoded)).toEqual(['c'])
  expect(decoded.nextOffset).toBe(3)
  expect(decodeBatches(next.subarray(0, 20), 3, []).nextOffset).toBe(3)
})

test('two aborted transactions that both began before the first batch are both hidden', async () => {
  // kafkajs takes one of them up at each record, and would show the first record of the other.
  const bytes = Buffer.concat([
    await batch({ offset: 5, texts: ['other'], producerId: 2 }),
    await batch({ offset: 6, texts: ['one'], producerId: 1 }),
    await batch({ offset: 7, texts: ['good'], producerId: 3 }),
  ])
  const aborted = [
    { producerId: 2n, firstOffset: 3 },
    { producerId: 1n, firstOffset: 2 },
  ]
  expect(textsOf(decodeBatches(bytes, 5, aborted))).toEqual(['good'])
})

test('a record whose key looks like an abort mark does not end the hiding, the mark itself does', async () => {
  const lookalike = Record({
    offsetDelta: 0,
    timestampDelta: 0,
    key: Buffer.from([0, 0, 0, 0]),
    value: Buffer.from('x'),
  })
  const { buffer } = await RecordBatch({ firstOffset: 0, records: [lookalike], lastOffsetDelta: 0, producerId: 1 })
  const first = Buffer.from(buffer)
  first.writeInt16BE(TRANSACTIONAL, 21)
  const bytes = Buffer.concat([
    seal(first),
    await batch({ offset: 1, texts: ['aborted'] }),
    await mark(2, 1, 0),
    await batch({ offset: 3, texts: ['committed'] }),
  ])
  const decoded = decodeBatches(bytes, 0, [{ producerId: 1n, firstOffset: 0 }])
  expect(textsOf(decoded)).toEqual(['committed'])
  expect(decoded.nextOffset).toBe(4)
})

test('a batch that compaction has emptied still says where reading goes on', async () => {
  const bytes = await batch({ offset: 20, texts: ['gone', 'gone too'] })
  const header = Buffer.from(bytes.subarray(0, 61))
  header.writeInt32BE(61 - 12, 8)
  header.writeInt32BE(0, 57)
  expect(decodeBatches(seal(header), 20, [])).toEqual({ records: [], nextOffset: 22 })
})

test('gzip is read, another compression is refused in words', async () => {
  const plain = await batch({ offset: 0, texts: ['a', 'b'] })
  const body = gzipSync(plain.subarray(61))
  const zipped = Buffer.concat([plain.subarray(0, 61), body])
  zipped.writeInt32BE(zipped.length - 12, 8)
  zipped.writeInt16BE(TRANSACTIONAL | 1, 21)
  expect(textsOf(decodeBatches(seal(zipped), 0, []))).toEqual(['a', 'b'])
  zipped.writeInt16BE(TRANSACTIONAL | 2, 21)
  expect(() => decodeBatches(seal(zipped), 0, [])).toThrow(/compressed in a way \(2\)/)
})

test('a batch with one bit changed is refused with its place, wherever the bit is', async () => {
  const bytes = Buffer.concat([await batch({ offset: 7, texts: ['a'] }), await batch({ offset: 8, texts: ['b', 'c'] })])
  const second = bytes.length - (await batch({ offset: 8, texts: ['b', 'c'] })).length
  expect(textsOf(decodeBatches(bytes, 7, []))).toEqual(['a', 'b', 'c'])
  for (let at = second + 17; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] ^= 1 << (at % 8)
    expect(() => decodeBatches(changed, 7, [])).toThrow(
      expect.objectContaining({
        code: 'LOG_DAMAGED',
        message: expect.stringMatching(/at offset 8 of topic\/3 is not what its checksum says/),
      }),
    )
  }
})
