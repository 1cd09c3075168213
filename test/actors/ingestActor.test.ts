import { expect, test } from 'vitest'
import { type IngestEntry, type IngestMessage, ingest, readRawRecord } from '../../actors/ingestActor.ts'
import { isSameDelivery, revisionOf } from '../../actors/revision.ts'
import { footprintOf } from '../../models/index.ts'
import { decode, encode, type RawRow } from '../../schemas/index.ts'
import type { LogRecord, Output } from '../../streams/index.ts'

const cells = { source_id: '9223372036854775807', ra: '56.75', dec: '24.1', parallax: '-0.4', parallax_error: '0.1' }

function raw(more: Partial<RawRow> = {}): LogRecord {
  const row: RawRow = { survey: 'gaiaDr3', file: 'a.csv', row: 3n, revision: revisionOf(1n, 3), cells, ...more }
  return { topic: 'raw', partition: 0, offset: 8, key: 'k', value: encode('rawRow', row) }
}

function letterOf(output: Output) {
  expect(output.topic).toBe('dead-letters')
  return decode('deadLetter', output.value as Uint8Array)
}

/** Steps through the records with one state; returns what each emitted. */
function walk(...records: LogRecord[]): Output[][] {
  return walkWith(new Map(), ...records)
}

function walkWith(entries: Map<string, IngestEntry>, ...records: LogRecord[]): Output[][] {
  return records.map(record => {
    const message = readRawRecord(record)
    const shown = ingest.keysOf(message)
    const get = (key: string) => {
      expect(shown).toContain(key)
      return entries.get(key) ?? null
    }
    const { changes, emit } = ingest.step({ get, has: () => true }, message)
    for (const [key, entry] of changes) if (entry !== null) entries.set(key, entry)
    return [...emit]
  })
}

test('a row goes to its region and to those whose border is near, with its 64-bit id whole', () => {
  const message = readRawRecord(raw()) as Extract<IngestMessage, { kind: 'observed' }>
  expect(message.sourceKey).toBe('gaia:9223372036854775807')
  const [emitted] = walk(raw())
  expect(emitted.map(({ topic, key }) => [topic, key])).toEqual(
    footprintOf(message.observation).regions.map(region => ['observations', `${region}`]),
  )
  const sighting = decode('sighting', emitted[0].value as Uint8Array)
  expect(decode('observation', sighting.observation).sourceId).toBe(9223372036854775807n)
  expect(sighting).toMatchObject({ formerPatches: [], handOver: [], turn: 1n, standing: 'inForce' })
})

test('a row that a survey could not have written is refused whole, with file and row', () => {
  const record = raw({ cells: { ...cells, dec: '-124' } })
  const [[refused]] = walk(record)
  const letter = letterOf(refused)
  expect(letter).toMatchObject({ step: 'ingest', code: 'VALUE_OUT_OF_RANGE', origin: 'a.csv row 3', topic: 'raw' })
  expect(letter.reason).toMatch(/a\.csv.*3.*dec.*-124/)
  expect(new Uint8Array(letter.bytes)).toEqual(record.value)
})

test('a row of an unknown survey and bytes that are no row are refused, and the stream goes on', () => {
  const unknown = raw({ survey: 'hipparcos' })
  const broken: LogRecord = { ...raw(), value: new Uint8Array([9, 9]) }
  const [a, b, c] = walk(unknown, broken, raw())
  expect(letterOf(a[0]).code).toBe('SURVEY_UNKNOWN')
  expect(letterOf(b[0])).toMatchObject({ code: 'SCHEMA_MISMATCH', origin: 'raw partition 0 offset 8', key: 'k' })
  expect(c.every(output => output.topic === 'observations')).toBe(true)
})

test('a later delivery supersedes, a repeat of it emits nothing, and an earlier one coming late emits nothing', () => {
  const changed = { ...cells, parallax: '-0.3' }
  const [first, repeat, later, laterRepeat, late] = walk(
    raw(),
    raw({ file: 'b.csv', revision: revisionOf(2n, 1) }),
    raw({ file: 'c.csv', revision: revisionOf(3n, 9), cells: changed }),
    raw({ file: 'd.csv', revision: revisionOf(5n, 9), cells: changed }),
    raw({ file: 'x.csv', revision: revisionOf(4n, 1), cells: { ...cells, parallax: '7' } }),
  )
  expect(first).not.toEqual([])
  expect([repeat, laterRepeat, late]).toEqual([[], [], []])
  const sighting = decode('sighting', later[0].value as Uint8Array)
  expect(decode('observation', sighting.observation).origin).toBe('c.csv row 3')
  expect(sighting.formerPatches).toHaveLength(1)
})

test('an id that stands twice in one delivery with different values keeps the first row and refuses the second', () => {
  const other = raw({ row: 7n, revision: revisionOf(1n, 7), cells: { ...cells, parallax: '2' } })
  const same = raw({ row: 9n, revision: revisionOf(1n, 9) })
  const [, refused, repeat] = walk(raw(), other, same)
  const letter = letterOf(refused[0])
  expect(letter).toMatchObject({ code: 'SOURCE_CONFLICT', origin: 'a.csv row 7' })
  expect(letter.reason).toContain('a.csv row 3')
  expect(repeat).toEqual([])
})

test('a newer release of the survey supersedes by the same id, and the older one does not come back', () => {
  const dr2 = raw({ survey: 'gaiaDr2', revision: revisionOf(9n, 1) })
  const [, newer, older] = walk(dr2, raw(), raw({ survey: 'gaiaDr2', revision: revisionOf(10n, 1) }))
  expect(newer.length).toBeGreaterThan(0)
  expect(older).toEqual([])
})

test('a source that moved to another region is handed over by the regions it has left, in order', () => {
  const at = (delivery: bigint, ra: string) => raw({ revision: revisionOf(delivery, 1), cells: { ...cells, ra } })
  const home = (ra: number) => `${footprintOf(observationOf(at(1n, `${ra}`))).home}`
  const [, moved, again] = walk(at(1n, '56.75'), at(2n, '66.75'), at(3n, '76.75'))
  expect(moved.map(output => output.key)).toContain(home(56.75))
  const way = (outputs: readonly Output[]) => {
    const output = outputs.find(one => one.key === home(56.75))
    return decode('sighting', output?.value as Uint8Array).handOver.map(String)
  }
  expect(moved.map(output => output.key)).not.toContain(home(66.75))
  expect(way(moved)).toEqual([home(66.75)])
  expect(way(again)).toEqual([home(66.75), home(76.75)])
})

function observationOf(record: LogRecord) {
  const message = readRawRecord(record)
  if (message.kind !== 'observed') throw new Error('was refused')
  return message.observation
}

test('the order of deliveries comes before the order of rows', () => {
  expect(revisionOf(2n, 1)).toBeGreaterThan(revisionOf(1n, 4_000_000_000))
  expect(isSameDelivery(revisionOf(2n, 1), revisionOf(2n, 4_000_000_000))).toBe(true)
  expect(isSameDelivery(revisionOf(2n, 1), revisionOf(3n, 1))).toBe(false)
})
