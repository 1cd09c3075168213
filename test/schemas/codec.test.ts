import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileBodyCheck } from '../../schemas/bodyCheck.ts'
import { subscribe } from '../../schemas/channels.ts'
import { createDecoder, decode, decodeKnown, encode, type RecordName, toJson } from '../../schemas/codec.ts'
import { pastSchemas, recordSchemas } from '../../schemas/recordSchemas.ts'
import type { Records } from '../../schemas/records.ts'
import { schemaVersion } from '../../schemas/schemaIds.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'records')
const names = Object.keys(recordSchemas) as RecordName[]
const read = (file: string) => new Uint8Array(readFileSync(join(fixtures, file)))
/** A zero byte and the id, big endian, as the Confluent format has them. */
const idOf = (bytes: Uint8Array) => (bytes[0] === 0 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(1) : null)
const versionOf = (json: string) => `v${schemaVersion(json).major}_${schemaVersion(json).minor}`
const thrownBy = (code: string) => expect.objectContaining({ code })

/** A type without its words. */
function withoutDocs(type: unknown): unknown {
  return JSON.parse(JSON.stringify(type, (key, value) => (key === 'doc' ? undefined : value)))
}

/** What an older record says in the words of today: fields that were added since have their defaults. */
function withDefaults(name: RecordName, json: Record<string, unknown>): Record<string, unknown> {
  const { fields } = JSON.parse(recordSchemas[name]) as {
    fields: { name: string; type: unknown; default?: unknown }[]
  }
  const added = fields
    .filter(field => !(field.name in json))
    .map(({ name: field, type, default: value }) => [field, type === 'long' ? `${value}` : value])
  return { ...json, ...Object.fromEntries(added) }
}

for (const name of names) {
  for (const json of [...pastSchemas[name], recordSchemas[name]]) {
    test(`a sample of ${name} ${versionOf(json)} says today what fastavro reads in it`, () => {
      const sample = `${name}.${versionOf(json)}`
      const expected = JSON.parse(readFileSync(join(fixtures, `${sample}.json`), 'utf8'))
      expect(toJson(decode(name, read(`${sample}.bin`)))).toEqual(withDefaults(name, expected))
    })
  }

  test(`each minor version of ${name} only adds fields with defaults, at the end of the record itself`, () => {
    const fieldsOf = (json: string): { name: string; type: unknown }[] => JSON.parse(json).fields
    const versions = [...pastSchemas[name], recordSchemas[name]]
    versions.slice(1).forEach((json, i) => {
      if (schemaVersion(json).major !== schemaVersion(versions[i]).major) return
      const past = fieldsOf(versions[i])
      const current = fieldsOf(json)
      // Types are compared with what is nested in them: a list's record may not change without a major version.
      const shapeOf = ({ name: field, type }: { name: string; type: unknown }) => [field, withoutDocs(type)]
      expect(current.slice(0, past.length).map(shapeOf)).toEqual(past.map(shapeOf))
      expect(current.length).toBeGreaterThan(past.length)
      for (const field of current.slice(past.length)) expect(field).toHaveProperty('default')
    })
  })
}

test('every sample belongs to a schema that is still known', () => {
  const known = names.flatMap(name =>
    [...pastSchemas[name], recordSchemas[name]].map(json => `${name}.${versionOf(json)}.bin`),
  )
  expect(
    readdirSync(fixtures)
      .filter(file => file.endsWith('.bin'))
      .sort(),
  ).toEqual(known.sort())
})

test('a reader of posterior 1.0 that is given the schema of 1.1 reads what 1.1 wrote', () => {
  const [oldJson, nextJson] = pastSchemas.posterior
  const old = createDecoder('posterior', oldJson, [nextJson])
  const { schemas: _, ...expected } = JSON.parse(readFileSync(join(fixtures, 'posterior.v1_1.json'), 'utf8'))
  expect(toJson(old(read('posterior.v1_1.bin')))).toEqual(expected)
})

for (const name of names.filter(one => pastSchemas[one].length > 0)) {
  test(`a reader of ${name} 1.0 that lacks later schemas reads what it knows of theirs, and refuses less than that`, () => {
    const past = pastSchemas[name][0]
    const old = createDecoder(name, past)
    const sample = `${name}.${versionOf(recordSchemas[name])}`
    const whole = JSON.parse(readFileSync(join(fixtures, `${sample}.json`), 'utf8'))
    const known = JSON.parse(past).fields.map((field: { name: string }) => [field.name, whole[field.name]])
    const bytes = read(`${sample}.bin`)
    expect(toJson(old(bytes))).toEqual(Object.fromEntries(known))
    const end = compileBodyCheck(past)(bytes, 5)
    for (let length = 5; length <= end; length++) {
      expect(() => old(bytes.subarray(0, length))).toThrow(thrownBy('SCHEMA_MISMATCH'))
    }
  })
}

test('a list of numbers that a later version added may be left out, and is held to finite numbers where it is not', () => {
  const { uncorrected = [], ...posterior } = decode('posterior', read('posterior.v1_4.bin'))
  expect(decode('posterior', encode('posterior', posterior)).uncorrected).toEqual([])
  const broken = uncorrected.map(one => ({ ...one, sd: Number.NaN }))
  expect(() => encode('posterior', { ...posterior, uncorrected: broken })).toThrow(/uncorrected\.0\.sd/)
})

test('a damaged list in a newer minor version is refused without making room for it', () => {
  const old = createDecoder('posterior', pastSchemas.posterior[0])
  const whole = read('posterior.v1_1.bin')
  const text = Buffer.from(whole).indexOf('gaiaDr3')
  const bytes = Uint8Array.of(...whole.subarray(0, text - 2), 0x80, 0x80, 0x80, 0x80, 0x10, ...whole.subarray(text - 1))
  expect(() => old(bytes)).toThrow(thrownBy('SCHEMA_MISMATCH'))
})

test('those who read a whole topic are given nothing for a record from the future, and told where it lies', () => {
  const bytes = read('star.v1_0.bin')
  const heard: string[] = []
  const stop = subscribe('unread', ({ where }) => heard.push(where))
  const place = { topic: 'stars', partition: 2, offset: 7 }
  expect(decodeKnown('star', bytes, place)).toEqual(decode('star', bytes))
  new DataView(bytes.buffer).setUint32(1, 200)
  expect(decodeKnown('star', bytes, place)).toBeNull()
  expect(() => decodeKnown('star', new Uint8Array(3), place)).toThrow(thrownBy('SCHEMA_MISMATCH'))
  stop()
  expect(heard).toEqual(['stars/2/7'])
})

test('a schema version from the future is refused with both versions and a remedy', () => {
  const bytes = read('observation.v1_0.bin')
  new DataView(bytes.buffer).setUint32(1, 307)
  expect(() => decode('observation', bytes)).toThrow(thrownBy('SCHEMA_UNKNOWN'))
  expect(() => decode('observation', bytes)).toThrow(/version 3\.7, this birthline knows 1\.0\. Update birthline/)
})

test('another major version is unknown even to a reader that is given its schema', () => {
  const major = recordSchemas.deadLetter.replace('birthline.v1_0', 'birthline.v2_0')
  const bytes = read('deadLetter.v1_0.bin')
  new DataView(bytes.buffer).setUint32(1, 200)
  expect(() => createDecoder('deadLetter', recordSchemas.deadLetter, [major])(bytes)).toThrow(
    thrownBy('SCHEMA_UNKNOWN'),
  )
})

test('the id before a record tells the record and its version, and the id of another record is refused', () => {
  const star = encode('star', decode('star', read('star.v1_0.bin')))
  expect(idOf(star)).toBe(100102)
  expect(() => decode('posterior', star)).toThrow(thrownBy('SCHEMA_MISMATCH'))
  expect(() => decode('posterior', star)).toThrow(/their schema id 100102 is another record's/)
})

test('what was written when ids held the version alone is read as ever', () => {
  const old = read('starAlias.v1_0.bin')
  expect(idOf(old)).toBe(100)
  const again = encode('starAlias', decode('starAlias', old))
  expect(idOf(again)).toBe(110100)
  expect(again.subarray(5)).toEqual(old.subarray(5))
  expect(decode('starAlias', again)).toEqual(decode('starAlias', old))
})

test('a field that a minor version added may be left out by the writer', () => {
  const { schemas: _, ...posterior } = decode('posterior', read('posterior.v1_1.bin'))
  expect(decode('posterior', encode('posterior', posterior)).schemas).toBe('')
})

test('64-bit integers are exact at 2^53 + 1 and at both ends', () => {
  for (const revision of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const row = { survey: 'gaiaDr3', file: 'f', row: 1n, revision, cells: {} }
    expect(decode('rawRow', encode('rawRow', row)).revision).toBe(revision)
  }
  const observation = decode('observation', read('observation.v1_0.bin'))
  expect(observation.sourceId).toBe(4190669036038417152n)
  expect(observation.revision).toBe(2n ** 53n + 1n)
})

test('a 64-bit integer past the end is a mistake of ours, named by its field', () => {
  const row = { survey: 'gaiaDr3', file: 'f', row: 1n, revision: 2n ** 63n, cells: {} }
  expect(() => encode('rawRow', row)).toThrow(new TypeError('encode: rawRow has an invalid revision'))
})

test('a number that is not finite is a mistake of ours, named by its path', () => {
  const observation = decode('observation', read('observation.v1_0.bin'))
  const [first, second] = observation.measurements
  const broken = { ...observation, measurements: [first, { ...second, err: Number.NaN }] }
  expect(() => encode('observation', broken)).toThrow('not finite at measurements.1.err')
  expect(() => encode('observation', { ...observation, raDeg: Infinity })).toThrow('not finite at raDeg')
})

test('bytes that carry no schema id are no record', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(4), Uint8Array.of(1, 0, 0, 0, 100, 0)]) {
    expect(() => decode('star', bytes)).toThrow(thrownBy('SCHEMA_MISMATCH'))
  }
})

test('truncated and prolonged bytes are refused at every length', () => {
  for (const name of names) {
    const whole = encode(
      name,
      decode(name, read(`${name}.${versionOf(recordSchemas[name])}.bin`)) as Records[typeof name],
    )
    for (let length = 5; length < whole.length; length++) {
      expect(() => decode(name, whole.subarray(0, length))).toThrow(thrownBy('SCHEMA_MISMATCH'))
    }
    expect(() => decode(name, Uint8Array.of(...whole, 0))).toThrow(thrownBy('SCHEMA_MISMATCH'))
  }
})

test('one damaged byte gives a record of the right shape or SCHEMA_MISMATCH, and never an endless list', () => {
  const whole = read('observation.v1_0.bin')
  for (let at = 5; at < whole.length; at++) {
    for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
      const bytes = whole.slice()
      bytes[at] = value
      try {
        expect(decode('observation', bytes).measurements.length).toBeLessThan(whole.length)
      } catch (error) {
        expect(error).toMatchObject({ code: 'SCHEMA_MISMATCH' })
      }
    }
  }
})

test('a list that claims two thousand million entries is refused without making room for them', () => {
  const whole = read('observation.v1_0.bin')
  const text = Buffer.from(whole).indexOf('parallaxMas')
  // The count of measurements stands before the length of their first name.
  const bytes = Uint8Array.of(...whole.subarray(0, text - 2), 0x80, 0x80, 0x80, 0x80, 0x10, ...whole.subarray(text - 1))
  expect(() => decode('observation', bytes)).toThrow(thrownBy('SCHEMA_MISMATCH'))
})

test('a record as JSON writes 64-bit integers as text and bytes as base64', () => {
  expect(toJson({ id: 2n ** 63n - 1n, bytes: Uint8Array.of(255), list: [{ none: null }] })).toEqual({
    id: '9223372036854775807',
    bytes: '/w==',
    list: [{ none: null }],
  })
})
