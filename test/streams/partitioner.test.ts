import { expect, test } from 'vitest'
import { murmur2, partitionOf } from '../../streams/partitioner.ts'

// Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
const kafkaHashes: readonly [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
  ['', 275646681],
]

for (const [text, hash] of kafkaHashes) {
  test(`murmur2 of "${text}" is Kafka's`, () => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(hash)
  })
}

test('only the first bytes count when a length is given', () => {
  expect(murmur2(new TextEncoder().encode('foobarbaz'), 6)).toBe(-790332482)
})

test('the partition is the hash without its sign, modulo the partitions', () => {
  const bytes = new TextEncoder().encode('foobar')
  expect(partitionOf(bytes, 6, 50)).toBe((-790332482 & 0x7fffffff) % 50)
  expect(partitionOf(bytes, 6, 1)).toBe(0)
})
