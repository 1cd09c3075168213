import { expect, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../actors/deadLetter.ts'
import { closeDeadLetters, redriveDeadLetters } from '../../actors/redrive.ts'
import { readRefusals } from '../../actors/refusals.ts'
import { revisionOf } from '../../actors/revision.ts'
import type { DeadLetter } from '../../schemas/index.ts'
import { decode, encode } from '../../schemas/index.ts'
import { type Log, parseColumnMap } from '../../streams/index.ts'
import { readTopic, temporaryLog } from './logFolder.ts'

const never = new AbortController().signal
const everything = { isWanted: () => true, signal: never }

function letter(row: number, topic = 'raw', cells: Record<string, string> = {}): DeadLetter {
  const value = { survey: 'gaiaDr3', file: 'a.csv', row: BigInt(row), revision: revisionOf(1n, row), cells }
  const origin = `a.csv row ${row}`
  const bytes = encode('rawRow', value)
  return createDeadLetter({ step: 'ingest', code: 'VALUE_OUT_OF_RANGE', reason: 'no', origin, topic, key: 'k', bytes })
}

async function refuse(log: Log, ...letters: DeadLetter[]): Promise<void> {
  await log.transact({ outputs: letters.map(deadLetterOutput) })
}

const statesOf = async (log: Log) => {
  const states: string[] = []
  for await (const { state } of readRefusals(log)) states.push(state)
  return states
}

const rowsOf = async (log: Log) => (await readTopic(log, 'raw', 'rawRow')).map(({ value }) => Number(value?.row))

test('a letter is put back once, however often it is asked for', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(2), letter(3))
  const chosen = await redriveDeadLetters(log, { ...everything, isWanted: ({ origin }) => origin !== 'a.csv row 2' })
  expect(chosen).toEqual({ redriven: 2, skipped: 0, unmended: 0 })
  expect(await rowsOf(log)).toEqual([1, 3])
  expect(await redriveDeadLetters(log, everything)).toEqual({ redriven: 1, skipped: 0, unmended: 0 })
  expect(await redriveDeadLetters(log, everything)).toEqual({ redriven: 0, skipped: 0, unmended: 0 })
  expect(await rowsOf(log)).toEqual([1, 3, 2])
})

test('a record that is refused again waits again, and one refused twice is put back once', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(1))
  expect(await redriveDeadLetters(log, everything)).toMatchObject({ redriven: 1 })
  await refuse(log, letter(1))
  expect(await redriveDeadLetters(log, everything)).toMatchObject({ redriven: 1 })
  expect(await rowsOf(log)).toEqual([1, 1])
})

test('a letter without a way back is counted and stays', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1, ''), letter(2))
  expect(await redriveDeadLetters(log, everything)).toEqual({ redriven: 1, skipped: 1, unmended: 0 })
  expect(await rowsOf(log)).toEqual([2])
})

const foreign = { Source: '12', RAh: '1', de: '2', note: 'n' }
const map = parseColumnMap('columns: { source_id: Source, ra: { from: RAh, unit: hourangle }, dec: de }', 'm.yaml')

test('a column map mends the rows in letters, and those it does not mend wait as they were', async () => {
  const log = await temporaryLog()
  const short = { Source: '13', RAh: '1' }
  await refuse(log, letter(1, 'raw', foreign), letter(2, 'raw', short), letter(3, 'stars'), letter(4, ''))
  const result = await redriveDeadLetters(log, { ...everything, map })
  expect(result).toEqual({ redriven: 1, skipped: 1, unmended: 2 })
  const [{ key, value }, ...rest] = await readTopic(log, 'raw', 'rawRow')
  expect(rest).toEqual([])
  expect([key, value?.revision]).toEqual(['gaiaDr3:12', revisionOf(1n, 1)])
  expect(value?.cells).toEqual({ note: 'n', source_id: '12', ra: '15', dec: '2' })
  expect(await statesOf(log)).toEqual(['redriven', 'waiting', 'waiting', 'waiting'])
})

test('a map of columns that no letter has is refused before anything is put back', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1, 'raw', foreign))
  const wrong = parseColumnMap('columns: { source_id: Sauce }', 'm.yaml')
  const attempt = redriveDeadLetters(log, { ...everything, map: wrong })
  await expect(attempt).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining("'Source'") })
  expect(await rowsOf(log)).toEqual([])
})

test('a letter that was set aside stays in the log and waits no more, unless its record is refused again', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(2, ''))
  expect(await closeDeadLetters(log, { ...everything, isWanted: ({ topic }) => topic === '' })).toBe(1)
  expect(await statesOf(log)).toEqual(['waiting', 'closed'])
  expect(await redriveDeadLetters(log, everything)).toEqual({ redriven: 1, skipped: 0, unmended: 0 })
  await refuse(log, letter(2, ''))
  expect(await statesOf(log)).toEqual(['redriven', 'waiting'])
})

function deliveryOutput(ordinal: bigint, content: string, nextRow: bigint, survey = 'gaiaDr3') {
  const value = encode('delivery', {
    fingerprint: `f${ordinal}`,
    file: 'a.csv',
    survey,
    ordinal,
    nextRow,
    rowCount: nextRow - 1n,
    badRowCount: 0n,
    isComplete: false,
    content,
  })
  return { topic: 'deliveries', key: `file:f${ordinal}`, value }
}

test('a letter waits no more once a later delivery of the same table has come past its row', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(2), letter(3, ''))
  await log.transact({ outputs: [deliveryOutput(1n, 'c', 9n), deliveryOutput(2n, 'other', 9n)] })
  await log.transact({ outputs: [deliveryOutput(3n, 'c', 9n, 'gaiaDr2')] })
  expect(await statesOf(log)).toEqual(['waiting', 'waiting', 'waiting'])
  await log.transact({ outputs: [deliveryOutput(4n, 'c', 2n)] })
  expect(await statesOf(log)).toEqual(['superseded', 'waiting', 'waiting'])
  expect(await redriveDeadLetters(log, everything)).toMatchObject({ redriven: 1, skipped: 1 })
})

test('a letter of a delivery that was written before tables were remembered waits on', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1))
  await log.transact({ outputs: [deliveryOutput(1n, '', 9n), deliveryOutput(2n, '', 9n)] })
  expect(await statesOf(log)).toEqual(['waiting'])
})

test('a letter waits no more once its source was accepted from a later delivery, and not from its own', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1, 'raw', { source_id: 'Gaia DR3 7' }), letter(2, 'raw', { source_id: '8' }))
  const accepted = (source: string, revision: bigint, releaseRank = 3) => ({
    topic: 'sources',
    key: `gaia:${source}`,
    value: encode('sourceRoute', {
      releaseRank,
      revision,
      digest: 'd',
      origin: 'b.csv row 1',
      homes: [],
      guests: [],
      patches: [],
    }),
  })
  await log.transact({ outputs: [accepted('7', revisionOf(1n, 5)), accepted('8', revisionOf(2n, 1), 2)] })
  expect(await statesOf(log)).toEqual(['waiting', 'waiting'])
  await log.transact({ outputs: [accepted('7', revisionOf(2n, 1))] })
  expect(await statesOf(log)).toEqual(['superseded', 'waiting'])
})

test('more letters than fit one transaction are all put back, with their keys', async () => {
  const log = await temporaryLog()
  const letters = Array.from({ length: 1234 }, (_, i) => letter(i + 1))
  await refuse(log, ...letters)
  expect(await redriveDeadLetters(log, everything)).toEqual({ redriven: 1234, skipped: 0, unmended: 0 })
  const raw = await readTopic(log, 'raw', 'rawRow')
  expect(raw.map(({ key, value }) => [key, Number(value?.row)])).toEqual(letters.map((_, i) => ['k', i + 1]))
})

test('the same refusal has the same id, and another record of the same origin another', () => {
  expect(letter(1).deadLetterId).toBe(letter(1).deadLetterId)
  expect(letter(1, 'observations').deadLetterId).toBe(letter(1).deadLetterId)
  expect(letter(2).deadLetterId).not.toBe(letter(1).deadLetterId)
  expect(decode('deadLetter', deadLetterOutput(letter(1)).value as Uint8Array).isRedriven).toBe(false)
})
