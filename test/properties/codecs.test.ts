import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecoder, decode, encode, type RecordName } from '../../schemas/codec.ts'
import { isFusionError } from '../../schemas/errors.ts'
import { pastSchemas, recordSchemas } from '../../schemas/recordSchemas.ts'
import type { Records } from '../../schemas/records.ts'
import { schemaVersion } from '../../schemas/schemaIds.ts'
import { recordArbitrary } from './recordArbitrary.ts'

const names = Object.keys(recordSchemas) as RecordName[]
const options = { seed: 41, numRuns: 60 }

type AnyRecord = Records[RecordName]

/** Plain values, whatever class or kind of bytes the decoder made of them, and the zeros alike. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

const recordOf = (name: RecordName) => recordArbitrary(recordSchemas[name]) as fc.Arbitrary<AnyRecord>

/** The schema with a field more at its end, one minor version later. */
function withOneMore(json: string): string {
  const { major, minor } = schemaVersion(json)
  const schema = JSON.parse(json)
  const added = { name: 'addedLater', type: { type: 'array', items: 'string' }, default: [], doc: 'Added later.' }
  return JSON.stringify({
    ...schema,
    namespace: `birthline.v${major}_${minor + 1}`,
    fields: [...schema.fields, added],
  })
}

/** Values that are not finite stand somewhere in it. */
function hasNonFinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return false
  return Object.values(value).some(hasNonFinite)
}

for (const name of names) {
  test(`any ${name} reads back as it was written`, () => {
    fc.assert(
      fc.property(recordOf(name), record => {
        expect(plain(decode(name, encode(name, record)))).toEqual(plain(record))
      }),
      options,
    )
  })

  test(`a reader of ${name} that lacks the newest version reads what it knows of it`, () => {
    const newest = withOneMore(recordSchemas[name])
    const writer = recordArbitrary(newest) as fc.Arbitrary<AnyRecord & { addedLater: string[] }>
    const older = createDecoder(name, recordSchemas[name], pastSchemas[name])
    const both = createDecoder(name, newest, [recordSchemas[name]])
    fc.assert(
      fc.property(writer, ({ addedLater, ...record }) => {
        const bytes = encode(name, record as AnyRecord)
        expect(plain(both(bytes))).toEqual(plain({ ...record, addedLater: [] }))
        const tail = Buffer.concat(addedLater.map(one => lengthFirst(Buffer.from(one))))
        const count = addedLater.length === 0 ? Buffer.of(0) : Buffer.of(2 * addedLater.length)
        const newer = Buffer.concat([bytes, count, tail, Buffer.of(...(addedLater.length === 0 ? [] : [0]))])
        newer.writeUInt32BE(newer.readUInt32BE(1) + 1, 1)
        expect(plain(both(newer))).toEqual(plain({ ...record, addedLater }))
        expect(plain(older(newer))).toEqual(plain(record))
      }),
      options,
    )
  })

  test(`damaged bytes of ${name} end in a FusionError or in a record that can be written again`, () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.constantFrom(0, 1, 2)), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(recordOf(name), damage, (record, changes) => {
        let bytes = Buffer.from(encode(name, record))
        for (const [where, byte, kind] of changes) {
          const at = 5 + (where % Math.max(1, bytes.length - 5))
          if (kind === 0) bytes[Math.min(at, bytes.length - 1)] = byte
          else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
          else bytes = bytes.subarray(0, at)
        }
        try {
          encode(name, decode(name, bytes))
        } catch (error) {
          if (!isFusionError(error)) throw error
        }
      }),
      { ...options, numRuns: 200 },
    )
  })
}

test('a number that is not finite is refused wherever it stands', () => {
  let refused = 0
  for (const name of names) {
    const [record] = fc.sample(recordOf(name), { seed: 9, numRuns: 1 })
    const bytes = Buffer.from(encode(name, record))
    for (let at = 5; at + 8 <= bytes.length; at++) {
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const damaged = Buffer.from(bytes)
        damaged.writeDoubleLE(number, at)
        try {
          expect(hasNonFinite(decode(name, damaged))).toBe(false)
        } catch (error) {
          if (!isFusionError(error)) throw error
          refused++
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(100)
})

function lengthFirst(bytes: Buffer): Buffer {
  const length = 2 * bytes.length
  return Buffer.concat([length < 128 ? Buffer.of(length) : Buffer.of((length & 0x7f) | 0x80, length >> 7), bytes])
}

const MIB = 2 ** 20
/** Lengths and counts as a varint: 2^20, 2^31, 2^40 and the largest there is. */
const hugeCounts = [
  Buffer.of(0x80, 0x80, 0x80, 0x01),
  Buffer.of(0x80, 0x80, 0x80, 0x80, 0x10),
  Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02),
  Buffer.of(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
]

test('a decoder that is fed damaged bytes cannot allocate without bound', () => {
  const kept: unknown[] = []
  const before = process.memoryUsage()
  let refused = 0
  for (const name of names) {
    const [record] = fc.sample(recordOf(name), { seed: 7, numRuns: 1 })
    const bytes = Buffer.from(encode(name, record))
    // A length or a count may stand anywhere.
    for (let at = 5; at < bytes.length; at++) {
      for (const count of hugeCounts) {
        const damaged = Buffer.concat([bytes.subarray(0, at), count, bytes.subarray(at + 1)])
        try {
          kept.push(decode(name, damaged))
        } catch (error) {
          if (!isFusionError(error)) throw error
          refused++
        }
      }
    }
  }
  const after = process.memoryUsage()
  const grownBytes = after.heapUsed + after.external - before.heapUsed - before.external
  expect(refused).toBeGreaterThan(names.length * 10)
  // What is decoded is no larger than what it was decoded from, by more than JavaScript's own cost for small values.
  expect(grownBytes).toBeLessThan(128 * MIB)
})
