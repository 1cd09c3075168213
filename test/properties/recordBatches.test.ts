import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFusionError } from '../../schemas/index.ts'
import { decodeBatches } from '../../streams/kafka/recordBatch.ts'
import { seal } from '../streams/kafka/sealedBatch.ts'
import { text } from './recordArbitrary.ts'

const require = createRequire(import.meta.url)
const { RecordBatch }: { RecordBatch: (options: unknown) => Promise<{ buffer: Buffer }> } =
  require('kafkajs/src/protocol/recordBatch/v0')
const Record: (options: unknown) => unknown = require('kafkajs/src/protocol/recordBatch/record/v0')

const HEADER_BYTES = 61
const HALF_A_BYTE = 0x0f
const kafkaRecord = fc.record({ key: fc.option(text), value: fc.option(fc.uint8Array({ maxLength: 40 })) })
type KafkaRecord = { readonly key: string | null; readonly value: Uint8Array | null }

async function batchOf(records: readonly KafkaRecord[], firstOffset: number, isGzip: boolean): Promise<Buffer> {
  const encoded = records.map(({ key, value }, offsetDelta) =>
    Record({
      offsetDelta,
      timestampDelta: 0,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    }),
  )
  const { buffer } = await RecordBatch({
    firstOffset,
    records: encoded,
    lastOffsetDelta: records.length - 1,
    producerId: 1,
  })
  const plain = Buffer.from(buffer)
  plain.writeInt16BE(0, 21)
  if (!isGzip) return seal(plain)
  const packed = Buffer.concat([plain.subarray(0, HEADER_BYTES), gzipSync(plain.subarray(HEADER_BYTES))])
  packed.writeInt32BE(packed.length - 12, 8)
  packed.writeInt16BE(1, 21)
  return seal(packed)
}

const batches = fc.array(fc.tuple(fc.array(kafkaRecord, { minLength: 1, maxLength: 5 }), fc.boolean()), {
  minLength: 1,
  maxLength: 3,
})

async function bytesOf(list: readonly (readonly [readonly KafkaRecord[], boolean])[]): Promise<Buffer> {
  const parts: Buffer[] = []
  let offset = 0
  for (const [records, isGzip] of list) {
    parts.push(await batchOf(records, offset, isGzip))
    offset += records.length
  }
  return Buffer.concat(parts)
}

test('any records come out of their batches as they went in, from any offset on', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(15), async (list, from) => {
      const all = list.flatMap(([records]) => records)
      const { records, nextOffset } = decodeBatches(await bytesOf(list), from, [], 'topic/0')
      expect(nextOffset).toBe(Math.max(from, all.length))
      expect(records.map(({ key, value }) => ({ key, value: value === null ? null : [...value] }))).toEqual(
        all.slice(from).map(({ key, value }) => ({ key, value: value === null ? null : [...value] })),
      )
      expect(records.map(({ offset }) => offset)).toEqual(all.map((_, i) => i).slice(from))
    }),
    { seed: 73, numRuns: 100 },
  )
})

test('damaged batches end in a FusionError or in records, soon', async () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.boolean()), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(batches, damage, fc.boolean(), async (list, changes, isSealed) => {
      let bytes = await bytesOf(list)
      for (const [where, byte, isCut] of changes) {
        const at = where % bytes.length
        if (isCut && (byte & HALF_A_BYTE) === 0) bytes = bytes.subarray(0, Math.max(1, at))
        else bytes[at] = byte
      }
      try {
        // Where the checksum is right, what it stands for may still be nonsense.
        decodeBatches(isSealed ? seal(bytes) : bytes, 0, [], 'topic/0')
      } catch (error) {
        if (!isFusionError(error) || error.code !== 'LOG_DAMAGED') throw error
      }
    }),
    { seed: 79, numRuns: 2000 },
  )
})

test('a length below zero, a number without end and a batch that unpacks to too much are damage', async () => {
  const bytes = await batchOf([{ key: 'a', value: Uint8Array.of(1, 2, 3) }], 0, false)
  const change = (edit: (copy: Buffer) => void) => {
    const copy = Buffer.from(bytes)
    edit(copy)
    return copy
  }
  const bomb = Buffer.concat([bytes.subarray(0, HEADER_BYTES), gzipSync(Buffer.alloc(129 * 2 ** 20))])
  bomb.writeInt32BE(bomb.length - 12, 8)
  bomb.writeInt16BE(1, 21)
  for (const damaged of [
    change(copy => copy.writeInt32BE(-12, 8)),
    change(copy => copy.writeInt32BE(2 ** 31 - 1, 57)),
    change(copy => copy.fill(0xff, HEADER_BYTES)),
    bomb,
  ]) {
    expect(() => decodeBatches(seal(damaged), 0, [], 'topic/0')).toThrow(
      expect.objectContaining({ code: 'LOG_DAMAGED' }),
    )
  }
})
