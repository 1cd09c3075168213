import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { encodeBatch, RECORD_OVERHEAD_BYTES } from '../../../streams/kafka/batchEncoder.ts'
import { decodeBatches } from '../../../streams/kafka/recordBatch.ts'

// Judged by the encoder of kafkajs, whose batches Kafka's brokers check, byte for byte.
const require = createRequire(import.meta.url)
const { RecordBatch }: { RecordBatch: (options: unknown) => Promise<{ buffer: Buffer }> } =
  require('kafkajs/src/protocol/recordBatch/v0')
const Record: (options: unknown) => unknown = require('kafkajs/src/protocol/recordBatch/record/v0')

const head = { producerId: 12_345_678_901n, epochNumber: 7, firstSequence: 90, timeMs: 1_700_000_000_123 }

interface Plain {
  readonly key: string | null
  readonly value: Uint8Array | null
}

const withSize = ({ key, value }: Plain) => ({ key, keyBytes: key === null ? 0 : Buffer.byteLength(key), value })

function byKafkaJs(records: readonly Plain[]): Promise<{ buffer: Buffer }> {
  return RecordBatch({
    transactional: true,
    firstTimestamp: head.timeMs,
    maxTimestamp: head.timeMs,
    producerId: `${head.producerId}`,
    producerEpoch: head.epochNumber,
    firstSequence: head.firstSequence,
    lastOffsetDelta: records.length - 1,
    records: records.map(({ key, value }, offsetDelta) =>
      Record({ offsetDelta, timestampDelta: 0, key, value: value && Buffer.from(value) }),
    ),
  })
}

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte)

for (const [what, records] of Object.entries<readonly Plain[]>({
  'a key and a value': [{ key: 'star 1', value: filled(400, 3) }],
  'no key, no value, and neither': [
    { key: null, value: filled(3, 1) },
    { key: 'gone', value: null },
    { key: null, value: null },
  ],
  'empty ones': [{ key: '', value: filled(0, 0) }],
  'keys beyond ASCII': [{ key: 'é Σ 😀', value: filled(1, 9) }],
  'lengths around each step of a varint': [62, 63, 64, 65, 8190, 8191, 8192, 2 ** 20 - 1, 2 ** 20].map(length => ({
    key: 'k'.repeat(Math.min(length, 1024)),
    value: filled(length, length & 0xff),
  })),
  'more than 8192 records': Array.from({ length: 8200 }, (_, i) => ({ key: `${i}`, value: filled(i % 5, i & 0xff) })),
})) {
  test(`${what}: the bytes are those of kafkajs, and come back`, async () => {
    const bytes = encodeBatch(records.map(withSize), head)
    const expected = Buffer.from((await byKafkaJs(records)).buffer)
    // Nobody has led the partition yet; kafkajs writes that as zero.
    expected.writeInt32BE(-1, 12)
    expect(bytes.equals(expected)).toBe(true)
    const decoded = decodeBatches(bytes, 0, [], 'out/0').records
    expect(decoded.map(({ key }) => key)).toEqual(records.map(({ key }) => key))
    const isSame = (a: Uint8Array | null, b: Uint8Array | null) =>
      a === null || b === null ? a === b : Buffer.compare(a, b) === 0
    expect(decoded.every(({ value }, i) => isSame(value, records[i].value))).toBe(true)
  })
}

test('the bound of what a record takes holds for the largest lengths', () => {
  const records = [withSize({ key: 'k'.repeat(1024), value: filled(2 ** 22, 1) })]
  const sizeBytes = encodeBatch(records, head).length
  expect(sizeBytes).toBeLessThanOrEqual(61 + 1024 + 2 ** 22 + RECORD_OVERHEAD_BYTES)
})
