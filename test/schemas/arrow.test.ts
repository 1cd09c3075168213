import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import { decodeStars, encodeStars } from '../../schemas/arrow.ts'
import { observableNames } from '../../schemas/quantities.ts'
import type { Star, StarMeasurement } from '../../schemas/records.ts'
import { encodeSamples } from '../../schemas/samples.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'arrow')

function star(starId: string, measurements: readonly StarMeasurement[]): Star {
  const rest = {
    raDeg: 56.75,
    decDeg: 24.1,
    epochJyr: 2016,
    sources: [],
    isAmbiguous: false,
    flags: [],
    isRetired: false,
  }
  return { starId, version: `${starId}-1`, measurements, ...rest }
}

function measurement(quantity: string, value: number, err: number, isLimit = false): StarMeasurement {
  return { quantity, value, err, isLimit, survey: 'twoMass' }
}

const pleiades = [
  star('hii-1', [measurement('parallaxMas', -0.25, 0.5), measurement('gMag', 12.3456789012345, 0.003)]),
  star('hii-2', [measurement('w4Mag', 0, 0.55, true), measurement('w3Mag', 9.5, 0.05)]),
  star('hii-3', []),
]

test('stars come back from Arrow with every number as it went in', () => {
  const back = decodeStars(encodeStars(pleiades))
  expect(back.map(one => [one.starId, one.version])).toEqual(pleiades.map(one => [one.starId, one.version]))
  back.forEach((one, i) => {
    const expected = pleiades[i].measurements.map(({ survey: _, ...given }) => given)
    expect(one.given).toHaveLength(expected.length)
    for (const given of expected) expect(one.given).toContainEqual(given)
  })
})

test('a null bit stands for what was not observed, and a measured zero is no null', () => {
  const table = tableFromIPC(encodeStars(pleiades))
  expect([...(table.getChild('w4Mag') ?? [])]).toEqual([null, 0, null])
  expect([...(table.getChild('w4MagErr') ?? [])]).toEqual([null, 0.55, null])
  expect([...(table.getChild('w4MagIsLimit') ?? [])]).toEqual([null, true, null])
  expect(table.getChild('gMag')?.nullCount).toBe(2)
  expect(table.getChild('jMag')?.nullCount).toBe(3)
})

test('every observable has a column with its unit, and the bytes can be transferred', () => {
  const bytes = encodeStars(pleiades)
  const { fields } = tableFromIPC(bytes).schema
  for (const name of observableNames) expect(fields.map(field => field.name)).toContain(name)
  expect(fields.find(field => field.name === 'parallaxMas')?.metadata.get('unit')).toBe('mas')
  expect(bytes.byteLength).toBe(bytes.buffer.byteLength)
})

test('null bits are right past the first byte of the bitmap', () => {
  const many = Array.from({ length: 21 }, (_, i) => star(`s${i}`, i % 3 === 0 ? [measurement('jMag', i, 0.1)] : []))
  const seen = decodeStars(encodeStars(many)).map(one => one.given.map(given => given.value))
  expect(seen).toEqual(many.map((_, i) => (i % 3 === 0 ? [i] : [])))
})

test('of two measurements of one quantity the one with the smaller error is taken, limit flag included', () => {
  const one = measurement('jMag', 12, 0.5, true)
  const other = measurement('jMag', 11, 0.1)
  const expected = { quantity: 'jMag', value: 11, err: 0.1, isLimit: false }
  expect(decodeStars(encodeStars([star('a', [one, other])]))[0].given).toEqual([expected])
  expect(decodeStars(encodeStars([star('a', [other, one])]))[0].given).toEqual([expected])
})

test('bytes that are no Arrow table of stars are refused, empty and truncated ones included', () => {
  const whole = encodeStars(pleiades)
  const origin = { posteriorId: 'p', starId: 's', model: 'm', seed: 1n }
  const samples = encodeSamples(origin, { names: ['avMag'], count: 1, values: Float32Array.of(1) })
  for (const bytes of [new Uint8Array(0), new Uint8Array(16), whole.slice(0, 300), samples]) {
    expect(() => decodeStars(bytes)).toThrow(expect.objectContaining({ code: 'SCHEMA_MISMATCH' }))
  }
})

test('no stars make an empty table', () => {
  expect(decodeStars(encodeStars([]))).toEqual([])
})

test('a table of stars written by PyArrow is read, columns it lacks counting as not observed', () => {
  const back = decodeStars(readFileSync(join(fixtures, 'starsByPyarrow.arrow')))
  expect(back).toEqual([
    { starId: 'a', version: '1', given: [{ quantity: 'gMag', value: 10.5, err: 0.01, isLimit: false }] },
    { starId: 'b', version: '2', given: [{ quantity: 'w4Mag', value: 7.25, err: 0.5, isLimit: true }] },
    { starId: 'c', version: '3', given: [] },
  ])
})

test('nulls, limits and units of stars are, byte for byte, what PyArrow has read and judged', () => {
  const read = JSON.parse(readFileSync(join(fixtures, 'readByPyarrow.json'), 'utf8')).stars
  expect(Buffer.from(encodeStars(pleiades)).toString('base64')).toBe(read.bytes)
  expect(read.columns).toEqual({
    starId: ['hii-1', 'hii-2', 'hii-3'],
    gMag: [12.3456789012345, null, null],
    w4Mag: [null, 0, null],
    w4MagErr: [null, 0.55, null],
    w4MagIsLimit: [null, true, null],
    jMag: [null, null, null],
  })
  expect(read.units).toEqual({ gMag: 'mag', parallaxMas: 'mas' })
})
