// The laws of Log. Every implementation runs them: the embedded one here, a broker's in integration/.
import { afterEach, describe, expect, test } from 'vitest'
import type { Log, Output, Position } from '../../streams/log.ts'
import type { Topic } from '../../streams/topics.ts'
import { batchSizes, byPlace, drain, output, readAll, textOf } from './logRecords.ts'

/** Somewhere empty for a log to live, with the contract's topics; `open` again finds what was there before. */
export interface LogPlace {
  open(): Promise<Log>
  remove(): Promise<void>
}

const forever = { record: 'rawRow', key: 'key', retainBytes: null, retainMs: null } as const

export const contractTopics: readonly Topic[] = [
  { name: 'contract.one', partitions: 1, keep: 'all', ...forever },
  { name: 'contract.four', partitions: 4, keep: 'all', ...forever },
  { name: 'contract.latest', partitions: 2, keep: 'latest', ...forever },
]

const never = new AbortController().signal

export function logContract(name: string, makePlace: (topics: readonly Topic[]) => Promise<LogPlace>): void {
  describe(name, () => {
    const places: LogPlace[] = []
    const logs: Log[] = []

    async function openPlace(): Promise<{ log: Log; reopen: () => Promise<Log> }> {
      const place = await makePlace(contractTopics)
      places.push(place)
      const open = async () => {
        const log = await place.open()
        logs.push(log)
        return log
      }
      return { log: await open(), reopen: open }
    }

    afterEach(async () => {
      for (const log of logs.splice(0)) await log.close()
      for (const place of places.splice(0)) await place.remove()
    })

    test('records of one key come back in the order they were written, from one partition', async () => {
      const { log } = await openPlace()
      for (let turn = 0; turn < 20; turn++) {
        const outputs = ['a', 'b', 'c', 'd', 'e'].map(key => output('contract.four', key, `${key}${turn}`))
        await log.transact({ outputs })
      }
      const records = await readAll(log, { topics: ['contract.four'] })
      expect(records).toHaveLength(100)
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        const ofKey = records.filter(record => record.key === key)
        expect(ofKey.map(textOf)).toEqual(Array.from({ length: 20 }, (_, turn) => `${key}${turn}`))
        expect(new Set(ofKey.map(record => record.partition)).size).toBe(1)
      }
    })

    test('transact tells where each output went', async () => {
      const { log } = await openPlace()
      const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`)
      const positions = await log.transact({ outputs: keys.map(key => output('contract.four', key, key)) })
      const records = await readAll(log, { topics: ['contract.four'] })
      for (const record of records) {
        const { topic, partition, offset } = positions[keys.indexOf(record.key ?? '')]
        expect([topic, partition, offset]).toEqual([record.topic, record.partition, record.offset])
      }
      expect(new Set(positions.map(position => position.partition)).size).toBe(4)
    })

    test('an output that names its partition goes there whatever its key', async () => {
      const { log } = await openPlace()
      const outputs = [0, 1, 2, 3].map(partition => ({ ...output('contract.four', 'same', 'x'), partition }))
      const positions = await log.transact({ outputs })
      expect(positions.map(position => position.partition)).toEqual([0, 1, 2, 3])
    })

    test('transactions handed in without waiting are written in that order', async () => {
      const { log } = await openPlace()
      const texts = Array.from({ length: 200 }, (_, i) => `record ${i}`)
      await Promise.all(texts.map(text => log.transact({ outputs: [output('contract.one', 'key', text)] })))
      expect((await readAll(log, { topics: ['contract.one'] })).map(textOf)).toEqual(texts)
    })

    test('a refused transaction leaves neither outputs nor offsets behind, and the next one works', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: [output('contract.one', 'key', 'first')] })
      const refused = log.transact({
        outputs: [output('contract.one', 'key', 'half'), output('no such topic', 'key', 'half')],
        group: 'group',
        offsets: [{ topic: 'contract.one', partition: 0, offset: 1 }],
      })
      await expect(refused).rejects.toThrow(/no such topic/)
      await log.transact({ outputs: [output('contract.one', 'key', 'second')] })
      expect((await readAll(log, { topics: ['contract.one'] })).map(textOf)).toEqual(['first', 'second'])
      expect(await log.committed('group')).toEqual([])
    })

    test('a record over the size bound is refused with its size, and nothing of its transaction is written', async () => {
      const { log } = await openPlace()
      const huge = { topic: 'contract.one', key: 'big one', value: new Uint8Array(100_000_000) }
      const refused = log.transact({ outputs: [output('contract.one', 'key', 'small'), huge] })
      await expect(refused).rejects.toMatchObject({
        code: 'RECORD_TOO_LARGE',
        message: expect.stringMatching(/big one.*contract\.one.*100000007/),
      })
      expect(await readAll(log, { topics: ['contract.one'] })).toEqual([])
    })

    test('outputs and offsets are committed together, and a group resumes there after reopening', async () => {
      const { log, reopen } = await openPlace()
      const texts = Array.from({ length: 10 }, (_, i) => `in ${i}`)
      await log.transact({ outputs: texts.map(text => output('contract.one', 'key', text)) })
      const reader = log.openReader({ topics: ['contract.one'], group: 'group', maxRecords: 4 })
      const batch = await reader.next(never)
      if (batch === null) throw new Error('a batch was due')
      await log.transact({
        outputs: batch.records.map(record => output('contract.latest', record.key, `out of ${textOf(record)}`)),
        group: 'group',
        offsets: [batch.next],
      })
      await reader.next(never)
      await log.close()

      const again = await reopen()
      expect(await again.committed('group')).toEqual([{ topic: 'contract.one', partition: 0, offset: 4 }])
      expect(textOf(await again.latest('contract.latest', 'key'))).toBe('out of in 3')
      // The second batch was read but not committed: it comes again.
      const resumed = await readAll(again, { topics: ['contract.one'], group: 'group' })
      expect(resumed.map(textOf)).toEqual(texts.slice(4))
    })

    test('two groups read independently of each other', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: ['a', 'b', 'c'].map(text => output('contract.one', 'key', text)) })
      await log.transact({
        outputs: [],
        group: 'ahead',
        offsets: [{ topic: 'contract.one', partition: 0, offset: 2 }],
      })
      expect((await readAll(log, { topics: ['contract.one'], group: 'ahead' })).map(textOf)).toEqual(['c'])
      expect(await readAll(log, { topics: ['contract.one'], group: 'behind' })).toHaveLength(3)
      expect(await log.committed('behind')).toEqual([])
      // A name that another begins with is another group.
      expect(await log.committed('ahea')).toEqual([])
    })

    test('a group may commit several topics and partitions at once', async () => {
      const { log } = await openPlace()
      const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`)
      await log.transact({ outputs: keys.map(key => output('contract.four', key, key)) })
      await log.transact({ outputs: keys.map(key => output('contract.one', key, key)) })
      const offsets: Position[] = [
        { topic: 'contract.one', partition: 0, offset: 40 },
        { topic: 'contract.four', partition: 0, offset: 1 },
        { topic: 'contract.four', partition: 3, offset: 2 },
      ]
      await log.transact({ outputs: [], group: 'group', offsets })
      expect([...(await log.committed('group'))].sort(byPlace)).toEqual([...offsets].sort(byPlace))
      expect(await readAll(log, { topics: ['contract.one', 'contract.four'], group: 'group' })).toHaveLength(37)
    })

    test('an empty transaction resolves with no positions', async () => {
      const { log } = await openPlace()
      expect(await log.transact({ outputs: [] })).toEqual([])
    })

    test('a large transaction is written whole and read back in bounded batches', async () => {
      const { log } = await openPlace()
      const value = new Uint8Array(100).fill(7)
      const outputs = Array.from({ length: 50_000 }, (_, i) => ({ topic: 'contract.four', key: `key ${i}`, value }))
      await log.transact({ outputs })
      const reader = log.openReader({ topics: ['contract.four'], maxRecords: 3000 })
      const seen = new Set<string | null>()
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
        expect(batch.records.length).toBeLessThanOrEqual(3000)
        for (const record of batch.records) seen.add(record.key)
      }
      expect(seen.size).toBe(50_000)
    })

    test('values and keys come back byte for byte, with empty apart from absent', async () => {
      const { log } = await openPlace()
      const every = Uint8Array.from({ length: 256 }, (_, i) => i)
      const long = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) >>> 3)
      const outputs: Output[] = [
        { topic: 'contract.one', key: 'Δ Orionis ☄ \u{1f31f}', value: every },
        { topic: 'contract.one', key: '', value: new Uint8Array(0) },
        { topic: 'contract.one', key: null, value: long },
        { topic: 'contract.one', key: 'tombstone', value: null },
        { topic: 'contract.one', key: 'view', value: every.subarray(100, 110) },
      ]
      await log.transact({ outputs })
      const records = await readAll(log, { topics: ['contract.one'] })
      expect(records.map(record => record.key)).toEqual(outputs.map(({ key }) => key))
      records.forEach((record, i) => {
        expect(record.value === null).toBe(outputs[i].value === null)
        expect(Buffer.compare(record.value ?? every, outputs[i].value ?? every)).toBe(0)
      })
    })

    test('a batch holds no more records than asked for, and all of them come', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: numbered(0, 100) })
      for (const maxRecords of [1, 7, 99, 100, 101]) {
        const sizes = await batchSizes(log.openReader({ topics: ['contract.one'], maxRecords }))
        const whole = Math.floor(100 / maxRecords)
        expect(sizes).toEqual([...Array(whole).fill(maxRecords), ...(100 % maxRecords > 0 ? [100 % maxRecords] : [])])
      }
    })

    test('a batch holds no more bytes than asked for, unless one record alone has more', async () => {
      const { log } = await openPlace()
      const sizes = [10, 10, 500, 10, 10, 10, 10]
      const outputs = sizes.map(size => ({ topic: 'contract.one', key: null, value: new Uint8Array(size) }))
      await log.transact({ outputs })
      expect(await batchSizes(log.openReader({ topics: ['contract.one'], maxBytes: 30 }))).toEqual([2, 1, 3, 1])
    })

    test('each batch begins where the one before said that reading goes on', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: numbered(0, 50) })
      await log.transact({ outputs: numbered(50, 50) })
      const reader = log.openReader({ topics: ['contract.one'], maxRecords: 13 })
      let expected = 0
      const texts: (string | null)[] = []
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
        const offsets = batch.records.map(record => record.offset)
        expect(offsets[0]).toBe(expected)
        expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
        // The ends of transactions may have offsets of their own: what follows begins after them.
        expect(offsets.at(-1)).toBeLessThan(batch.next.offset)
        expected = batch.next.offset
        texts.push(...batch.records.map(textOf))
      }
      expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => String(i)))
      expect(await log.extents('contract.one')).toEqual([
        { topic: 'contract.one', partition: 0, first: 0, end: expected },
      ])
    })

    test('reading starts at given positions, at the end, or at the beginning', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: numbered(0, 10) })
      const topics = ['contract.one']
      const from = [{ topic: 'contract.one', partition: 0, offset: 7 }]
      expect((await readAll(log, { topics, from })).map(textOf)).toEqual(['7', '8', '9'])
      expect(await readAll(log, { topics, from: 'earliest' })).toHaveLength(10)
      const late = log.openReader({ topics, from: 'latest' })
      expect(await late.poll()).toBeNull()
      await log.transact({ outputs: numbered(10, 2) })
      expect((await drain(late)).map(textOf)).toEqual(['10', '11'])
    })

    test('committed offsets win over where a reader was told to start', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: numbered(0, 10) })
      const offsets = [{ topic: 'contract.one', partition: 0, offset: 8 }]
      await log.transact({ outputs: [], group: 'group', offsets })
      const options = { topics: ['contract.one'], group: 'group', from: 'earliest' } as const
      expect((await readAll(log, options)).map(textOf)).toEqual(['8', '9'])
    })

    test('a start past the end is refused with the first available offset', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: numbered(0, 3) })
      const from = [{ topic: 'contract.one', partition: 0, offset: 1000 }]
      const reader = log.openReader({ topics: ['contract.one'], from })
      await expect(reader.poll()).rejects.toMatchObject({ code: 'LOG_OFFSET_LOST', detail: { first: 0 } })
    })

    test('a reader that was at the end gets what is written later, and waits until then', async () => {
      const { log } = await openPlace()
      const reader = log.openReader({ topics: ['contract.four'] })
      const waiting = reader.next(never)
      await log.transact({ outputs: [output('contract.four', 'key', 'news')] })
      expect((await waiting)?.records.map(textOf)).toEqual(['news'])
      expect(await reader.poll()).toBeNull()
    })

    test('a waiting reader resolves with null when it is told to stop, and can be asked again', async () => {
      const { log } = await openPlace()
      const reader = log.openReader({ topics: ['contract.one'] })
      const stop = new AbortController()
      const waiting = reader.next(stop.signal)
      stop.abort()
      expect(await waiting).toBeNull()
      expect(await reader.next(stop.signal)).toBeNull()
      await log.transact({ outputs: numbered(0, 1) })
      expect((await reader.next(never))?.records).toHaveLength(1)
    })

    test('closing a reader ends its waiting with null', async () => {
      const { log } = await openPlace()
      const reader = log.openReader({ topics: ['contract.one'] })
      const waiting = reader.next(never)
      await reader.close()
      expect(await waiting).toBeNull()
    })

    test('a slow consumer loses nothing while a writer runs far ahead of it', async () => {
      const { log } = await openPlace()
      const reader = log.openReader({ topics: ['contract.one'], maxRecords: 10 })
      const texts: (string | null)[] = []
      for (let turn = 0; turn < 30; turn++) {
        await log.transact({ outputs: numbered(turn * 100, 100) })
        texts.push(...((await reader.next(never))?.records ?? []).map(textOf))
      }
      texts.push(...(await drain(reader)).map(textOf))
      expect(texts).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)))
    })

    test('a busy partition does not keep the others waiting', async () => {
      const { log } = await openPlace()
      const value = new Uint8Array(10)
      const outputs = Array.from({ length: 1000 }, () => ({ topic: 'contract.four', key: null, partition: 0, value }))
      await log.transact({ outputs: [...outputs, ...[1, 2, 3].map(partition => ({ ...outputs[0], partition }))] })
      const reader = log.openReader({ topics: ['contract.four'], maxRecords: 10 })
      const partitions: (number | undefined)[] = []
      for (let i = 0; i < 5; i++) partitions.push((await reader.poll())?.next.partition)
      expect(new Set(partitions)).toEqual(new Set([0, 1, 2, 3]))
    })

    test('a compacted topic keeps the newest record of each key, and latest finds it, also after reopening', async () => {
      const { log, reopen } = await openPlace()
      for (let turn = 0; turn < 10; turn++) {
        const keys = ['a', 'b', 'c', 'd'].filter((_, i) => turn % (i + 1) === 0)
        await log.transact({ outputs: keys.map(key => output('contract.latest', key, `${key}${turn}`)) })
      }
      const newest = { a: 'a9', b: 'b8', c: 'c9', d: 'd8' }
      const found = async (from: Log) => {
        const records = await Promise.all(Object.keys(newest).map(key => from.latest('contract.latest', key)))
        return Object.fromEntries(records.map(record => [record?.key, textOf(record)]))
      }
      expect(await found(log)).toEqual(newest)
      await log.close()
      const again = await reopen()
      expect(await found(again)).toEqual(newest)
      expect(await again.latest('contract.latest', 'never written')).toBeNull()
      // A broker compacts when it sees fit: what matters is that the last record of each key is the newest.
      const records = await readAll(again, { topics: ['contract.latest'] })
      expect(Object.fromEntries(records.map(record => [record.key, textOf(record)]))).toEqual(newest)
    })

    test('a key written twice in one transaction keeps the second value', async () => {
      const { log } = await openPlace()
      const outputs = ['one', 'two', 'three'].map(text => output('contract.latest', 'key', text))
      await log.transact({ outputs })
      expect(textOf(await log.latest('contract.latest', 'key'))).toBe('three')
    })

    test('a tombstone removes its key from latest, and readers still behind see that it is gone', async () => {
      const { log } = await openPlace()
      await log.transact({ outputs: [output('contract.latest', 'kept', 'x'), output('contract.latest', 'gone', 'y')] })
      const reader = log.openReader({ topics: ['contract.latest'] })
      await drain(reader)
      await log.transact({ outputs: [output('contract.latest', 'gone', null)] })
      expect(await log.latest('contract.latest', 'gone')).toBeNull()
      expect(textOf(await log.latest('contract.latest', 'kept'))).toBe('x')
      expect((await drain(reader)).map(record => [record.key, record.value])).toEqual([['gone', null]])
      await log.transact({ outputs: [output('contract.latest', 'gone', 'back')] })
      expect(textOf(await log.latest('contract.latest', 'gone'))).toBe('back')
    })

    test('extents begin empty, and what is written next goes where they ended, also over a reopening', async () => {
      const { log, reopen } = await openPlace()
      const key = { topic: 'contract.one', partition: 0 }
      const endOf = async (from: Log) => {
        const extents = await from.extents('contract.one')
        expect(extents).toEqual([{ ...key, first: 0, end: extents[0].end }])
        return extents[0].end
      }
      expect(await endOf(log)).toBe(0)
      await log.transact({ outputs: numbered(0, 5) })
      const end = await endOf(log)
      expect(end).toBeGreaterThanOrEqual(5)
      await log.close()
      const again = await reopen()
      expect(await endOf(again)).toBe(end)
      const [position] = await again.transact({ outputs: numbered(5, 1) })
      expect(position).toEqual({ ...key, offset: end })
      expect(await endOf(again)).toBeGreaterThan(end)
      expect(await again.extents('contract.four')).toHaveLength(4)
    })

    test('closing commits what was handed in, and a closed log refuses everything else', async () => {
      const { log, reopen } = await openPlace()
      const written = log.transact({ outputs: numbered(0, 3) })
      await log.close()
      await written
      await expect(log.transact({ outputs: numbered(3, 1) })).rejects.toThrow(/closed/)
      expect(() => log.openReader({ topics: ['contract.one'] })).toThrow(/closed/)
      expect(await readAll(await reopen(), { topics: ['contract.one'] })).toHaveLength(3)
    })
  })
}

function numbered(first: number, count: number): Output[] {
  return Array.from({ length: count }, (_, i) => output('contract.one', 'key', String(first + i)))
}
