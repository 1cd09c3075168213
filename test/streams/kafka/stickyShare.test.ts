import { expect, test } from 'vitest'
import { decodeReader, encodeReader, type GroupReader, sharePartitions } from '../../../streams/kafka/stickyShare.ts'

const places = (...partitions: readonly number[]) => partitions.map(partition => ({ topic: 't', partition }))

function reader(memberId: string, held: readonly number[], generation = 3): GroupReader {
  return { memberId, topics: ['t'], generation, held: places(...held) }
}

function shared(readers: readonly GroupReader[], partitions: number): Record<string, readonly number[]> {
  const found = sharePartitions(readers, () => partitions)
  return Object.fromEntries([...found].map(([member, list]) => [member, list.map(({ partition }) => partition)]))
}

test('a group that begins shares evenly', () => {
  expect(shared([reader('a', [], -1), reader('b', [], -1)], 5)).toEqual({ a: [0, 2, 4], b: [1, 3] })
})

test('a newcomer is given what is free at once, and what others must let go of only when they have', () => {
  expect(shared([reader('a', [0, 1, 2, 3]), reader('b', [], -1)], 4)).toEqual({ a: [0, 1], b: [] })
  expect(shared([reader('a', [0, 1], 4), reader('b', [], 4)], 4)).toEqual({ a: [0, 1], b: [2, 3] })
})

test('what stays in balance stays where it is, also when one leaves', () => {
  const readers = [reader('a', [1, 3]), reader('b', [0, 5]), reader('c', [2, 4])]
  expect(shared(readers, 6)).toEqual({ a: [1, 3], b: [0, 5], c: [2, 4] })
  expect(shared(readers.slice(1), 6)).toEqual({ b: [0, 5, 1], c: [2, 4, 3] })
})

test('one partition stays with whoever holds it, however many come', () => {
  expect(shared([reader('a', [], -1), reader('b', [0]), reader('c', [], -1)], 1)).toEqual({ a: [], b: [0], c: [] })
})

test('whoever missed a generation holds nothing', () => {
  expect(shared([reader('a', [0, 1], 2), reader('b', [0], 3)], 2)).toEqual({ a: [1], b: [0] })
})

test('several topics are spread over all members, and only over those that read them', () => {
  const two = (memberId: string, topics: readonly string[]) => ({ memberId, topics, generation: -1, held: [] })
  const both = sharePartitions([two('a', ['s', 't']), two('b', ['s', 't'])], () => 1)
  expect([...both.values()].map(list => list.length)).toEqual([1, 1])
  const one = sharePartitions([two('a', ['s']), two('b', ['s', 't'])], () => 2)
  expect(one.get('a')?.every(({ topic }) => topic === 's')).toBe(true)
  expect([...one.values()].flat()).toHaveLength(4)
})

test('from any start the shares come to rest: even, whole, and after at most two rounds', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed % below
  }
  for (let turn = 0; turn < 200; turn++) {
    const partitions = 1 + random(12)
    const count = 1 + random(6)
    const members = Array.from({ length: count }, (_, i) => ({ id: `m${i}`, held: [] as number[] }))
    for (let partition = 0; partition < partitions; partition++) {
      if (random(3) > 0) members[random(count)].held.push(partition)
    }
    let readers = members.map(({ id, held }) => reader(id, held))
    for (let round = 0; round < 2; round++) {
      const found = shared(readers, partitions)
      expect(new Set(Object.values(found).flat()).size).toBe(Object.values(found).flat().length)
      readers = readers.map(({ memberId }) => reader(memberId, found[memberId]))
    }
    const sizes = readers.map(({ held }) => held.length)
    expect(sizes.reduce((a, b) => a + b)).toBe(partitions)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  }
})

test('what a member says of itself comes through', () => {
  const said = reader('a', [2, 4], 9)
  expect(decodeReader('a', encodeReader(said))).toEqual(said)
})
