import { expect, test } from 'vitest'
import { readDeliveries } from '../../actors/deliveries.ts'
import { rollBack } from '../../actors/rollback.ts'
import { deliverStream, type RowStream, type StreamControl, type StreamRow } from '../../actors/rowStream.ts'
import { subscribe } from '../../schemas/index.ts'
import type { Log, Transaction } from '../../streams/index.ts'
import { readTopic, temporaryLog } from './logFolder.ts'

/** Gaia has every item, 2MASS every third. */
const stream: RowStream = {
  name: 'made',
  parts: [
    { survey: 'gaiaDr3', fingerprint: 'made of gaia' },
    { survey: 'twoMass', fingerprint: 'made of twoMass' },
  ],
  rows(first, count) {
    const items = Array.from({ length: count }, (_, i) => first + i)
    const gaia = items.map((item): StreamRow => ({ item, cells: { source_id: `${item + 1}`, ra: '1', dec: '2' } }))
    const seen = items.filter(item => item % 3 === 0)
    return [gaia, seen.map(item => ({ item, cells: { designation: `m${item}`, ra: '1', dec: '2' } }))]
  },
}

const control = (itemCount: number | null, more: Partial<StreamControl> = {}): StreamControl => ({
  signal: new AbortController().signal,
  waitForRoom: async () => {},
  nextCount: async () => 7,
  itemCount,
  ...more,
})

async function rawKeys(log: Log): Promise<readonly (string | null)[]> {
  return (await readTopic(log, 'raw', 'rawRow')).map(({ key }) => key)
}

function expectedKeys(count: number): readonly string[] {
  const [gaia, twoMass] = stream.rows(0, count)
  return [
    ...gaia.map(({ cells }) => `gaiaDr3:${cells.source_id}`),
    ...twoMass.map(({ cells }) => `twoMass:${cells.designation}`),
  ]
}

test('every item is in the log once for each survey that has it, and again adds nothing', async () => {
  const log = await temporaryLog()
  const result = await deliverStream(log, stream, control(20))
  expect(result).toEqual({ itemCount: 20, rowCount: 27, isComplete: true })
  expect([...(await rawKeys(log))].sort()).toEqual([...expectedKeys(20)].sort())
  expect(await deliverStream(log, stream, control(20))).toEqual(result)
  expect(await rawKeys(log)).toHaveLength(27)
  const rows = (await readTopic(log, 'raw', 'rawRow')).flatMap(({ value }) => (value === null ? [] : [value]))
  expect(rows.every(({ row, revision, file }) => file === 'made' && (revision & 0xffff_ffffn) === row)).toBe(true)
  const deliveries = [...(await readDeliveries(log)).values()]
  expect(deliveries).toMatchObject([
    { ordinal: 1n, survey: 'gaiaDr3', rowCount: 20n, nextRow: 21n, isComplete: true },
    { ordinal: 2n, survey: 'twoMass', rowCount: 7n, nextRow: 21n, isComplete: true },
  ])
})

test('a stream that was cut off goes on at the item where it was, under the same numbers, after files that came between', async () => {
  const log = await temporaryLog()
  const stop = new AbortController()
  const asked: number[] = []
  const cut = await deliverStream(log, stream, {
    ...control(50, { signal: stop.signal }),
    async nextCount(done) {
      asked.push(done)
      if (asked.length === 4) stop.abort()
      return 5
    },
  })
  expect([asked, cut]).toEqual([[0, 5, 10, 15], { itemCount: 15, rowCount: 20, isComplete: false }])
  await deliverStream(log, { ...stream, parts: [{ survey: 'gaiaDr3', fingerprint: 'other' }] }, control(2))
  const rest = await deliverStream(log, stream, control(50))
  expect(rest).toMatchObject({ itemCount: 50, isComplete: true })
  const keys = await rawKeys(log)
  const own = (await readTopic(log, 'raw', 'rawRow')).flatMap(({ key, value }) => {
    return value !== null && value.revision >> 32n !== 3n ? [key] : []
  })
  expect(keys).toHaveLength(own.length + 2)
  expect([...own].sort()).toEqual([...expectedKeys(50)].sort())
})

test('a stream that was whole goes on where more is asked for, and never of itself where nothing is', async () => {
  const log = await temporaryLog()
  await deliverStream(log, stream, control(10))
  expect(await deliverStream(log, stream, control(12))).toMatchObject({ itemCount: 12, isComplete: true })
  expect(await deliverStream(log, stream, control(5))).toMatchObject({ itemCount: 12, isComplete: true })
  const none = await deliverStream(log, stream, control(null, { nextCount: async () => 0 }))
  expect(none).toMatchObject({ itemCount: 12, isComplete: false })
  expect([...(await rawKeys(log))].sort()).toEqual([...expectedKeys(12)].sort())
})

test('the surveys of an item and how far each is are one transaction', async () => {
  const log = await temporaryLog()
  const seen: string[] = []
  const stop = subscribe('arrival', ({ survey, records }) => seen.push(`${survey} ${records.length}`))
  const failing: Log = new Proxy(log, {
    get(target, name) {
      if (name === 'transact') {
        return async (transaction: Transaction) => {
          if (transaction.outputs.some(({ key }) => key === 'gaiaDr3:8')) throw new Error('the disk is gone')
          return target.transact(transaction)
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  await expect(deliverStream(failing, stream, control(20))).rejects.toThrow('the disk is gone')
  stop()
  expect(seen).toEqual(['gaiaDr3 7', 'twoMass 3'])
  expect(await rawKeys(log)).toHaveLength(10)
  await deliverStream(log, stream, control(20))
  expect([...(await rawKeys(log))].sort()).toEqual([...expectedKeys(20)].sort())
})

test('a stream of which a part was taken back begins anew, under new numbers', async () => {
  const log = await temporaryLog()
  await deliverStream(log, stream, control(6))
  const atOnce = async () => {}
  const free = { signal: new AbortController().signal, waitForRoom: atOnce, untilIngested: atOnce, untilFused: atOnce }
  await rollBack(log, 2n, free)
  await deliverStream(log, stream, control(6))
  expect([...(await readDeliveries(log)).values()].map(({ ordinal, rowCount }) => [ordinal, rowCount])).toEqual([
    [1n, 6n],
    [2n, 2n],
    [3n, 6n],
    [4n, 2n],
  ])
})

test('an unknown survey is refused before anything is written', async () => {
  const log = await temporaryLog()
  const foreign = { ...stream, parts: [{ survey: 'ukidss', fingerprint: 'x' }] }
  await expect(deliverStream(log, foreign, control(1))).rejects.toMatchObject({ code: 'SURVEY_UNKNOWN' })
  expect((await readDeliveries(log)).size).toBe(0)
})
