import { expect, test } from 'vitest'
import { checkHistory, type Evidence } from '../../../../ops/bench/proof/historyCheck.ts'
import type { HistoryLine } from '../../../../ops/bench/proof/proofHistory.ts'

const at = (topic: string, partition: number, offset: number) => ({ topic, partition, offset })
const record = (id: string, key: string, sequence: number) => ({ id, key, sequence })

/** Two writers: `a` acknowledged, aborted, unknown and there, unknown and not there; `b` refused, then acknowledged. */
const history: readonly HistoryLine[] = [
  { op: 'begin', transaction: 'a0', willCommit: true, records: [record('a0.0', 'k', 0), record('a0.1', 'l', 0)] },
  { op: 'begin', transaction: 'b0', willCommit: true, records: [record('b0.0', 'm', 0)] },
  { op: 'acknowledged', transaction: 'a0', places: [at('in', 0, 0), at('in', 1, 0)] },
  { op: 'refused', transaction: 'b0', code: 'LOG_UNAVAILABLE' },
  { op: 'begin', transaction: 'a1', willCommit: false, records: [record('a1.0', 'k', 1)] },
  { op: 'begin', transaction: 'a2', willCommit: true, records: [record('a2.0', 'k', 2), record('a2.1', 'l', 1)] },
  { op: 'unknown', transaction: 'a2', code: 'LOG_UNAVAILABLE' },
  { op: 'begin', transaction: 'a3', willCommit: true, records: [record('a3.0', 'k', 3)] },
  { op: 'begin', transaction: 'b1', willCommit: true, records: [record('b1.0', 'm', 1)] },
  { op: 'acknowledged', transaction: 'b1', places: [at('in', 1, 2)] },
  { op: 'seen', session: 'r', at: at('in', 0, 0), id: 'a0.0' },
  { op: 'seen', session: 'r', at: at('in', 0, 2), id: 'a2.0' },
  { op: 'seen', session: 's', at: at('copy', 0, 1), id: 'a2.0' },
]

const sound: Evidence = {
  history,
  source: [
    { ...record('a0.0', 'k', 0), partition: 0, offset: 0 },
    { ...record('a2.0', 'k', 2), partition: 0, offset: 2 },
    { ...record('a0.1', 'l', 0), partition: 1, offset: 0 },
    { ...record('a2.1', 'l', 1), partition: 1, offset: 1 },
    { ...record('b1.0', 'm', 1), partition: 1, offset: 2 },
  ],
  copies: [
    { ...record('a0.0', 'k', 0), partition: 0, offset: 0, number: 1 },
    { ...record('a2.0', 'k', 2), partition: 0, offset: 1, number: 2 },
    { ...record('a0.1', 'l', 0), partition: 1, offset: 0, number: 1 },
    { ...record('a2.1', 'l', 1), partition: 1, offset: 1, number: 2 },
    { ...record('b1.0', 'm', 1), partition: 1, offset: 2, number: 1 },
  ],
  sourceTopic: 'in',
  copyTopic: 'copy',
}

const faultsOf = (change: Partial<Evidence>) => checkHistory({ ...sound, ...change }).faults
const without = <T extends { readonly id: string }>(records: readonly T[], ...ids: string[]) =>
  records.filter(({ id }) => !ids.includes(id))

test('a sound history has no fault, and every way to end is counted', () => {
  expect(checkHistory(sound)).toEqual({
    acknowledged: 2,
    aborted: 2,
    unknownWhole: 1,
    unknownAbsent: 1,
    records: 5,
    sightings: 3,
    faults: [],
  })
})

test('an acknowledged record that is not there is lost', () => {
  expect(faultsOf({ source: without(sound.source, 'b1.0'), copies: without(sound.copies, 'b1.0') })).toEqual([
    'lost: b1.0 was acknowledged',
  ])
})

test('a record that is there twice is doubled, in the source and in the copy', () => {
  const source = [...sound.source, { ...sound.source[4], offset: 3 }]
  expect(faultsOf({ source })).toContainEqual('doubled: source has b1.0 2 times')
  const copies = [...sound.copies, { ...sound.copies[4], offset: 3, number: 2 }]
  expect(faultsOf({ copies })).toContainEqual('doubled: the copy has b1.0 2 times')
})

test('records of one key that changed places, or partitions, are told', () => {
  const [first, second, ...rest] = sound.copies
  const swapped = [{ ...second, offset: 0, number: 1 }, { ...first, offset: 1, number: 2 }, ...rest]
  expect(faultsOf({ copies: swapped })).toContainEqual('reordered: the copy has a0.0 behind a2.0')
  const scattered = [first, ...rest, { ...second, partition: 1, offset: 9 }]
  expect(faultsOf({ copies: scattered })).toContainEqual('scattered: the copy has key k in partitions 0 and 1')
})

test('half of a transaction whose outcome nobody knows is torn', () => {
  expect(faultsOf({ source: without(sound.source, 'a2.1'), copies: without(sound.copies, 'a2.1') })).toEqual([
    'torn: 1 of 2 records of a2 are there',
  ])
})

test('what was aborted on purpose, and what the log refused, must not be there', () => {
  for (const [id, key, sequence] of [
    ['a1.0', 'n', 1],
    ['b0.0', 'o', 0],
  ] as const) {
    const more = { ...record(id, key, sequence), partition: 0, offset: 7, number: 1 }
    const faults = faultsOf({ source: [...sound.source, more], copies: [...sound.copies, more] })
    expect(faults).toEqual([`aborted and there: 1 records of ${id.slice(0, 2)}`])
  }
})

test('a record that nobody wrote comes from nowhere', () => {
  const more = { ...record('z', 'z', 0), partition: 0, offset: 7, number: 1 }
  expect(faultsOf({ source: [...sound.source, more], copies: [...sound.copies, more] })).toEqual(['from nowhere: z'])
  expect(faultsOf({ copies: [...sound.copies, more] })).toEqual(['copied from nowhere: z'])
})

test('a record that is not where it was acknowledged is told', () => {
  const source = sound.source.map(one => (one.id === 'b1.0' ? { ...one, offset: 5 } : one))
  expect(faultsOf({ source })).toEqual(['elsewhere: b1.0 is not where it was acknowledged'])
})

test('a record that no copier took is told, and a count that is out of step with the copies', () => {
  expect(faultsOf({ copies: without(sound.copies, 'b1.0') })).toEqual(['not copied: b1.0'])
  const copies = sound.copies.map(one => (one.id === 'a2.0' ? { ...one, number: 1 } : one))
  expect(faultsOf({ copies })).toEqual(['state out of step: a2.0 is number 1 of its key instead of 2'])
})

test('a reader that goes back, passes something over, or saw what is not there any more, is told', () => {
  const seen = (...lines: (readonly [number, string])[]) => ({
    history: [
      ...history.filter(line => line.op !== 'seen'),
      ...lines.map(([offset, id]) => ({ op: 'seen', session: 'r', at: at('in', 1, offset), id }) as const),
    ],
  })
  expect(faultsOf(seen([0, 'a0.1'], [1, 'a2.1'], [2, 'b1.0']))).toEqual([])
  expect(faultsOf(seen([1, 'a2.1'], [0, 'a0.1']))).toEqual(['went back: r in/1 gave offset 0 after 1'])
  expect(faultsOf(seen([0, 'a0.1'], [2, 'b1.0']))).toEqual(['passed over: r in/1 did not give a2.1 at offset 1'])
  expect(faultsOf(seen([0, 'a0.1'], [1, 'other']))).toEqual(['changed: r in/1 gave other where a2.1 is'])
  expect(faultsOf(seen([2, 'b1.0'], [3, 'a1.0']))).toEqual(['gone: r in/1 gave a1.0 at offset 3'])
})

test('ends without a beginning, second beginnings, and an abort that is acknowledged are told', () => {
  const more = (line: HistoryLine) => faultsOf({ history: [...history, line] })
  expect(more({ op: 'refused', transaction: 'z9', code: 'X' })).toEqual(['ended and not begun: z9'])
  expect(more({ op: 'begin', transaction: 'b0', willCommit: false, records: [] })).toEqual(['begun twice: b0'])
  expect(more({ op: 'acknowledged', transaction: 'a1', places: [at('in', 0, 1)] })).toContainEqual(
    'aborted and acknowledged: a1',
  )
})
