import { expect, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../actors/deadLetter.ts'
import { redriveDeadLetters } from '../../actors/redrive.ts'
import type { DeadLetter } from '../../schemas/index.ts'
import { decode, encode } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryLog } from './logFolder.ts'

const never = new AbortController().signal
const all = () => true

function letter(row: number, topic = 'raw'): DeadLetter {
  const value = { survey: 'gaiaDr3', file: 'a.csv', row: BigInt(row), revision: 1n, cells: {} }
  const origin = `a.csv row ${row}`
  const bytes = encode('rawRow', value)
  return createDeadLetter({ step: 'ingest', code: 'VALUE_OUT_OF_RANGE', reason: 'no', origin, topic, key: 'k', bytes })
}

async function refuse(log: Log, ...letters: DeadLetter[]): Promise<void> {
  await log.transact({ outputs: letters.map(deadLetterOutput) })
}

const rowsOf = async (log: Log) => (await readTopic(log, 'raw', 'rawRow')).map(({ value }) => Number(value?.row))

test('a letter is put back once, however often it is asked for', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(2), letter(3))
  const chosen = await redriveDeadLetters(log, ({ origin }) => origin !== 'a.csv row 2', never)
  expect(chosen).toEqual({ redriven: 2, skipped: 0 })
  expect(await rowsOf(log)).toEqual([1, 3])
  expect(await redriveDeadLetters(log, all, never)).toEqual({ redriven: 1, skipped: 0 })
  expect(await redriveDeadLetters(log, all, never)).toEqual({ redriven: 0, skipped: 0 })
  expect(await rowsOf(log)).toEqual([1, 3, 2])
})

test('a record that is refused again waits again, and one refused twice is put back once', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1), letter(1))
  expect(await redriveDeadLetters(log, all, never)).toMatchObject({ redriven: 1 })
  await refuse(log, letter(1))
  expect(await redriveDeadLetters(log, all, never)).toMatchObject({ redriven: 1 })
  expect(await rowsOf(log)).toEqual([1, 1])
})

test('a letter without a way back is counted and stays', async () => {
  const log = await temporaryLog()
  await refuse(log, letter(1, ''), letter(2))
  expect(await redriveDeadLetters(log, all, never)).toEqual({ redriven: 1, skipped: 1 })
  expect(await rowsOf(log)).toEqual([2])
})

test('more letters than fit one transaction are all put back, with their keys', async () => {
  const log = await temporaryLog()
  const letters = Array.from({ length: 1234 }, (_, i) => letter(i + 1))
  await refuse(log, ...letters)
  expect(await redriveDeadLetters(log, all, never)).toEqual({ redriven: 1234, skipped: 0 })
  const raw = await readTopic(log, 'raw', 'rawRow')
  expect(raw.map(({ key, value }) => [key, Number(value?.row)])).toEqual(letters.map((_, i) => ['k', i + 1]))
})

test('the same refusal has the same id, and another record of the same origin another', () => {
  expect(letter(1).deadLetterId).toBe(letter(1).deadLetterId)
  expect(letter(1, 'observations').deadLetterId).toBe(letter(1).deadLetterId)
  expect(letter(2).deadLetterId).not.toBe(letter(1).deadLetterId)
  expect(decode('deadLetter', deadLetterOutput(letter(1)).value as Uint8Array).isRedriven).toBe(false)
})
