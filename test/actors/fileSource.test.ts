import { createHash } from 'node:crypto'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fingerprintsOf } from '../../actors/fileFingerprint.ts'
import { checkDelivery, type DeliveryControl, ingestFile } from '../../actors/fileSource.ts'
import { encode } from '../../schemas/index.ts'
import { type Log, parseColumnMap } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

const free: DeliveryControl = { signal: new AbortController().signal, waitForRoom: async () => {}, batchRows: 10 }
const header = 'source_id,ra,dec'
const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => `${from + i},${i / 10},1`)

async function table(content: readonly string[], name = 'stars.csv'): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, [...content, ''].join('\n'))
  return path
}

async function rawRows(log: Log) {
  return (await readTopic(log, 'raw', 'rawRow')).flatMap(({ value }) => (value === null ? [] : [value]))
}

test('every row of a file is in the log once, and the same content again, under any name, adds nothing', async () => {
  const log = await temporaryLog()
  const content = [header, ...lines(1, 25)]
  const path = await table(content)
  const first = await ingestFile(log, { path, survey: 'gaiaDr3' }, free)
  expect(first).toMatchObject({ isRepeat: false, delivery: { rowCount: 25n, ordinal: 1n, isComplete: true } })
  const again = await ingestFile(log, { path: await table(content, 'copy.csv'), survey: 'gaiaDr3' }, free)
  expect(again).toMatchObject({ isRepeat: true, delivery: { file: 'stars.csv' } })
  const rows = await rawRows(log)
  expect(rows.map(row => [row.row, row.cells.source_id])).toEqual(
    Array.from({ length: 25 }, (_, i) => [BigInt(i + 1), `${i + 1}`]),
  )
})

test('a delivery that was cut off goes on at the row where it was, with the same revisions', async () => {
  const log = await temporaryLog()
  const path = await table([header, ...lines(1, 35), 'too,few', ...lines(37, 14)])
  let batches = 0
  const stop = new AbortController()
  const waitForRoom = async () => {
    if (++batches === 3) stop.abort()
  }
  const cut = await ingestFile(log, { path, survey: 'gaiaDr3' }, { signal: stop.signal, waitForRoom, batchRows: 10 })
  expect(cut.delivery).toMatchObject({ nextRow: 21n, isComplete: false })
  await ingestFile(log, { path: await table([header, ...lines(900, 3)]), survey: 'gaiaDr3' }, free)
  const rest = await ingestFile(log, { path, survey: 'gaiaDr3' }, { ...free, batchRows: 7 })
  expect(rest.delivery).toMatchObject({ rowCount: 49n, badRowCount: 1n, ordinal: 1n, isComplete: true })
  const rows = (await rawRows(log)).filter(({ revision }) => revision >> 32n === 1n)
  expect(rows.map(({ row }) => Number(row))).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 1).filter(row => row !== 36),
  )
  expect(rows.every(({ revision, row }) => revision === (1n << 32n) + row)).toBe(true)
  const letters = await readTopic(log, 'dead-letters', 'deadLetter')
  expect(letters.map(({ value }) => [value?.origin, value?.topic])).toEqual([['stars.csv row 36', '']])
})

test('a delivery that goes on behind quotes, blank lines and long rows gives the rows that one reading gives', async () => {
  const content = [
    '# a note',
    header,
    '',
    ...lines(1, 9),
    '10,"1\n1",2',
    '',
    `11,${'9'.repeat(300_000)},1`,
    ...lines(12, 30),
    '90,1,1',
  ]
  const path = join(await temporaryFolder(), 'odd.csv')
  await writeFile(path, `\ufeff${content.join('\r\n')}`)
  const whole = await temporaryLog()
  await ingestFile(whole, { path, survey: 'gaiaDr3' }, free)
  const log = await temporaryLog()
  const open = { maxRecordBytes: 100_000 }
  for (let tries = 0, isComplete = false; !isComplete; tries++) {
    expect(tries).toBeLessThan(60)
    const stop = new AbortController()
    let batches = 0
    const waitForRoom = async () => {
      if (++batches === 2) stop.abort()
    }
    const { delivery } = await ingestFile(
      log,
      { path, survey: 'gaiaDr3', open },
      { signal: stop.signal, waitForRoom, batchRows: 1 },
    )
    isComplete = delivery.isComplete
    expect(delivery.nextByte).not.toBeNull()
  }
  const limited = await temporaryLog()
  await ingestFile(limited, { path, survey: 'gaiaDr3', open }, free)
  expect(await rawRows(log)).toEqual(await rawRows(limited))
  const lettersOf = async (of: Log) =>
    (await readTopic(of, 'dead-letters', 'deadLetter')).map(({ value }) => value?.reason)
  expect(await lettersOf(log)).toEqual(await lettersOf(limited))
  expect((await rawRows(whole)).length).toBe((await rawRows(limited)).length + 1)
})

test('a file that lies as it was is known without being read, and one that was changed is read anew', async () => {
  const log = await temporaryLog()
  const path = await table([header, ...lines(1, 5)])
  const old = new Date(Date.now() - 60_000)
  await utimes(path, old, old)
  const file = { path, survey: 'gaiaDr3' }
  const later = Date.now() + 60_000
  const first = await fingerprintsOf(log, file, later)
  expect(first.stamp).not.toBe('')
  // Just written: it may be written again before its times tell.
  expect((await fingerprintsOf(log, file, Date.now())).stamp).toBe('')
  const value = encode('delivery', {
    ...first,
    file: 'stars.csv',
    survey: 'gaiaDr3',
    ordinal: 1n,
    nextRow: 1n,
    rowCount: 0n,
    badRowCount: 0n,
    isComplete: false,
    content: 'as it was hashed',
  })
  await log.transact({ outputs: [{ topic: 'deliveries', key: `stamp:${first.stamp}`, value }] })
  expect((await fingerprintsOf(log, file, later)).content).toBe('as it was hashed')
  await writeFile(path, [header, ...lines(2, 5), ''].join('\n'))
  await utimes(path, old, old)
  const changed = await fingerprintsOf(log, file, later)
  expect(changed.stamp).not.toBe(first.stamp)
  expect(changed.content).not.toBe(first.content)
})

test('a number is given once, although an earlier delivery went on after a later one', async () => {
  const log = await temporaryLog()
  const path = await table([header, ...lines(1, 35)])
  const stop = new AbortController()
  const waitForRoom = async () => stop.abort()
  await ingestFile(log, { path, survey: 'gaiaDr3' }, { signal: stop.signal, waitForRoom })
  const ordinals: bigint[] = []
  for (const next of [await table([header, '90,1,1']), path, await table([header, '91,1,1'])]) {
    ordinals.push((await ingestFile(log, { path: next, survey: 'gaiaDr3' }, free)).delivery.ordinal)
  }
  expect(ordinals).toEqual([2n, 1n, 3n])
})

test('where a delivery of a newer birthline cannot be read, no number is given: it may have that one', async () => {
  const log = await temporaryLog()
  await ingestFile(log, { path: await table([header, ...lines(1, 3)]), survey: 'gaiaDr3' }, free)
  const found = await log.latest('deliveries', 'delivery:1')
  const value = Uint8Array.from(found?.value ?? [])
  new DataView(value.buffer).setUint32(1, 200)
  await log.transact({ outputs: [{ topic: 'deliveries', key: 'delivery:2', value }] })
  const next = { path: await table([header, ...lines(4, 3)]), survey: 'gaiaDr3' } as const
  await expect(ingestFile(log, next, free)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' })
  expect(await rawRows(log)).toHaveLength(3)
})

test('a file of another content, survey or column map is another delivery, with later revisions', async () => {
  const log = await temporaryLog()
  const path = await table(['id,source_id,ra,dec', '5,6,1,1'])
  const map = parseColumnMap('columns: { source_id: id }', 'map.yaml')
  await ingestFile(log, { path, survey: 'gaiaDr3' }, free)
  await ingestFile(log, { path, survey: 'gaiaDr2' }, free)
  const mapped = await ingestFile(log, { path, survey: 'gaiaDr3', map }, free)
  expect(mapped.delivery.ordinal).toBe(3n)
  const rows = await rawRows(log)
  expect(rows.map(row => [row.survey, row.revision >> 32n])).toEqual([
    ['gaiaDr3', 1n],
    ['gaiaDr2', 2n],
    ['gaiaDr3', 3n],
  ])
  expect(rows[2].cells).toEqual({ source_id: '5', ra: '1', dec: '1', 'file.source_id': '6' })
})

test('a column called __proto__ is kept under another name, and an empty cell is absent', async () => {
  const log = await temporaryLog()
  await ingestFile(log, { path: await table(['source_id,ra,dec,__proto__', '1,,3,4']), survey: 'gaiaDr3' }, free)
  const [{ cells }] = await rawRows(log)
  expect(Object.entries(cells)).toEqual([
    ['source_id', '1'],
    ['dec', '3'],
    ['file.__proto__', '4'],
  ])
})

test('a row too long for a record of the log is refused, and the rows around it are taken', async () => {
  const log = await temporaryLog()
  const path = await table([`${header},note`, '1,1,1,a', `2,1,1,${'x'.repeat(1_500_000)}`, '3,1,1,b'])
  const { delivery } = await ingestFile(log, { path, survey: 'gaiaDr3' }, free)
  expect(delivery.isComplete).toBe(true)
  expect((await rawRows(log)).map(row => row.cells.source_id)).toEqual(['1', '3'])
  const [letter] = await readTopic(log, 'dead-letters', 'deadLetter')
  expect(letter.value).toMatchObject({ code: 'RECORD_TOO_LARGE', origin: 'stars.csv row 2' })
  const whole = JSON.stringify({ source_id: '2', ra: '1', dec: '1', note: 'x'.repeat(1_500_000) })
  const sha256 = createHash('sha256').update(whole).digest('hex')
  expect(letter.value?.reason).toContain(`at most 1048576 are taken`)
  expect(letter.value?.reason).toContain(
    `Of its ${whole.length} bytes (sha256 ${sha256}) the first 65536 are kept here`,
  )
  expect(Buffer.from(letter.value?.bytes ?? []).toString()).toBe(whole.slice(0, 65_536))
})

test('a file that is not there, an unknown survey and a map of absent columns are told before a row is written', async () => {
  const log = await temporaryLog()
  const path = await table([header, '1,1,1'])
  const map = parseColumnMap('columns: { source_id: ident }', 'map.yaml')
  await expect(ingestFile(log, { path: `${path}x`, survey: 'gaiaDr3' }, free)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
  await expect(ingestFile(log, { path, survey: 'gaia' }, free)).rejects.toMatchObject({ code: 'SURVEY_UNKNOWN' })
  await expect(ingestFile(log, { path, survey: 'gaiaDr3', map }, free)).rejects.toThrow(/ident/)
  expect(await rawRows(log)).toEqual([])
})

test('a file is looked at before there is a log', async () => {
  const path = await table([header, ...lines(1, 2)])
  await expect(checkDelivery({ path, survey: 'gaiaDr3' })).resolves.toBeUndefined()
  const map = parseColumnMap('{ survey: twoMass, columns: { ra: ra } }', 'map.yaml')
  for (const [file, code] of [
    [{ path, survey: 'gaiaDr9' }, 'SURVEY_UNKNOWN'],
    [{ path, survey: 'gaiaDr3', map }, 'CONFIG_INVALID'],
    [{ path, survey: 'twoMass' }, 'CONFIG_INVALID'],
    [{ path: `${path}.not`, survey: 'gaiaDr3' }, 'FILE_UNREADABLE'],
  ] as const) {
    await expect(checkDelivery(file)).rejects.toMatchObject({ code })
  }
})
