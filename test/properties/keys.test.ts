import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellCenter, cellOf, cellsWithin, parentCell } from '../../models/matching/skyCells.ts'
import { formatCursor, parseCursor } from '../../ops/stars/cursor.ts'
import { isFusionError } from '../../schemas/index.ts'
import {
  committedKey,
  committedRange,
  newestKey,
  offsetOfRecordKey,
  partitionEndKey,
  partitionKey,
  partitionOfCommittedKey,
  recordKey,
} from '../../streams/embedded/lmdbKeys.ts'
import { openLog, type Topic } from '../../streams/index.ts'
import { checkOutputs } from '../../streams/outputCheck.ts'
import { partitionOf } from '../../streams/partitioner.ts'
import { temporaryFolder } from '../actors/logFolder.ts'
import { text } from './recordArbitrary.ts'

// kafkajs's partitioner is checked against Kafka's Java clients by its own tests.
const require = createRequire(import.meta.url)
const { DefaultPartitioner }: { DefaultPartitioner: () => (choice: unknown) => number } =
  require('kafkajs/src/producer/partitioners')
const kafkaPartition = DefaultPartitioner()

const options = { seed: 43, numRuns: 300 }
const sign = (value: number | bigint) => (value < 0 ? -1 : value > 0 ? 1 : 0)

test("a key goes to the partition that Kafka's own clients choose", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 200 }), (key, partitions) => {
      const bytes = Buffer.from(key)
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 1 }))
      const expected = kafkaPartition({ topic: 't', partitionMetadata, message: { key } })
      expect(partitionOf(bytes, bytes.length, partitions)).toBe(expected)
      const topic = { name: 't', partitions, keep: 'all' } as const
      const bounds = { maxRecordBytes: 1e6, maxTransactionBytes: 1e6, turn: 0 }
      const checked = checkOutputs([{ topic: 't', key, value: null }], { ...bounds, topicOf: () => topic })
      expect(checked.outputs[0].partition).toBe(expected)
    }),
    options,
  )
})

test('the embedded log puts a key where the brokers would', async () => {
  const kept = { record: 'star', key: 'word', keep: 'all', retainBytes: null, retainMs: null } as const
  const table: Topic[] = [1, 3, 7].map(partitions => ({ name: `t${partitions}`, partitions, ...kept }))
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: table })
  const keys = fc.sample(text, { seed: 3, numRuns: 200 })
  const outputs = keys.flatMap(key => table.map(({ name }) => ({ topic: name, key, value: new Uint8Array() })))
  const positions = await log.transact({ outputs })
  await log.close()
  positions.forEach(({ topic, partition }, i) => {
    const bytes = Buffer.from(outputs[i].key)
    expect(partition).toBe(partitionOf(bytes, bytes.length, Number(topic.slice(1))))
  })
})

const place = fc.tuple(
  fc.nat(0xffff),
  fc.nat(0xffff),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(n => n % 2 ** 48),
)

test('record keys sort as topic, partition and offset do, between the bounds of their partition', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [one, other] = [recordKey(...a), recordKey(...b)]
      const order = sign(a[0] - b[0]) || sign(a[1] - b[1]) || sign(a[2] - b[2])
      expect(Buffer.compare(one, other)).toBe(order)
      expect(offsetOfRecordKey(one)).toBe(a[2])
      expect(Buffer.compare(partitionKey(a[0], a[1]), one)).toBe(-1)
      expect(Buffer.compare(one, partitionEndKey(a[0], a[1]))).toBe(-1)
      if (sign(a[0] - b[0]) !== 0 || sign(a[1] - b[1]) !== 0)
        expect(Buffer.compare(one, partitionKey(b[0], b[1]))).toBe(Buffer.compare(one, partitionEndKey(b[0], b[1])))
    }),
    options,
  )
})

test('no two keys of compacted topics share a place', () => {
  fc.assert(
    fc.property(fc.nat(0xffff), text, fc.nat(0xffff), text, (topic, key, otherTopic, otherKey) => {
      const isSame = topic === otherTopic && key === otherKey
      expect(newestKey(topic, key).equals(newestKey(otherTopic, otherKey))).toBe(isSame)
    }),
    options,
  )
})

test("a group's committed offsets lie within its bounds, and no other group's do", () => {
  const group = text.filter(name => !name.includes('\0'))
  fc.assert(
    fc.property(group, group, fc.nat(0xffff), fc.nat(0xffff), (name, other, topicId, partition) => {
      const key = committedKey(name, topicId, partition)
      expect(partitionOfCommittedKey(key)).toEqual({ topicId, partition })
      const { start, end } = committedRange(other)
      const isWithin = Buffer.compare(start, key) <= 0 && Buffer.compare(key, end) < 0
      expect(isWithin).toBe(name === other)
    }),
    options,
  )
})

const sky = fc.tuple(
  fc.double({ min: -720, max: 720, noNaN: true }),
  fc.oneof(fc.constantFrom(-90, 0, 90), fc.double({ min: -90, max: 90, noNaN: true })),
)
const order = fc.integer({ min: 0, max: 15 })

test('sky cells nest, their centres are in them, and a disc around a place holds its cell', () => {
  fc.assert(
    fc.property(sky, order, order, ([raDeg, decDeg], one, other) => {
      const [coarse, fine] = [Math.min(one, other), Math.max(one, other)]
      const cell = cellOf(raDeg, decDeg, fine)
      expect(Number.isInteger(cell) && cell >= 0 && cell < 12 * 4 ** fine).toBe(true)
      expect(parentCell(cell, fine, coarse)).toBe(cellOf(raDeg, decDeg, coarse))
      const centre = cellCenter(cell, fine)
      expect(cellOf(centre.raDeg, centre.decDeg, fine)).toBe(cell)
      const around = cellsWithin(raDeg, decDeg, 30)
      expect(around).toContain(cellOf(raDeg, decDeg))
      expect(around).toEqual([...new Set(around)].sort((a, b) => a - b))
    }),
    options,
  )
})

const cursor = fc
  .uniqueArray(fc.tuple(fc.nat(65_535), fc.nat({ max: 10 ** 15 - 1 })), {
    minLength: 1,
    maxLength: 6,
    selector: ([partition]) => partition,
  })
  .map(list =>
    list
      .map(([partition, offset]) => ({ topic: 'posteriors', partition, offset }))
      .sort((a, b) => a.partition - b.partition),
  )

test('a cursor says where it stands, whatever order its partitions come in', () => {
  fc.assert(
    fc.property(cursor, positions => {
      const word = formatCursor([...positions].reverse())
      expect(parseCursor(word, 'posteriors')).toEqual(positions)
      expect(word).toMatch(/^[\d:.]+$/)
    }),
    options,
  )
})

test('any other word is no cursor, and said to be none', () => {
  const almost = fc.string({ unit: fc.constantFrom(...'0123456789:.- e'), maxLength: 20 })
  fc.assert(
    fc.property(fc.oneof(text, almost), word => {
      try {
        const positions = parseCursor(word, 'posteriors')
        for (const { partition, offset } of positions) {
          expect(Number.isSafeInteger(partition) && Number.isSafeInteger(offset)).toBe(true)
        }
      } catch (error) {
        if (!isFusionError(error) || error.code !== 'QUESTION_INVALID') throw error
      }
    }),
    options,
  )
})
