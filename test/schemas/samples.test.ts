import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import { decode } from '../../schemas/codec.ts'
import type { Posterior } from '../../schemas/records.ts'
import {
  decodeSamples,
  encodePosterior,
  encodeSamples,
  type SampleColumns,
  sampleColumn,
  samplesInRecord,
} from '../../schemas/samples.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures')
const judged = JSON.parse(readFileSync(join(fixtures, 'arrow', 'readByPyarrow.json'), 'utf8'))

const posterior: Posterior = {
  posteriorId: 'p-1',
  starId: 'hii-1',
  starVersion: 'hii-1-1',
  raDeg: 56.75,
  decDeg: 24.1,
  surveys: ['gaiaDr3'],
  observables: ['parallaxMas', 'gMag'],
  model: 'model-1',
  seed: 2n ** 53n + 1n,
  sampleCount: 3,
  summaries: [],
  classes: [{ name: 'youngDisk', probability: 0.25, prior: 0.1 }],
  youngProbability: 0.25,
  sampleNames: ['logAgeYr', 'avMag'],
  samples: new Uint8Array(),
  flags: ['ambiguousMatch'],
  samplesTopic: 'samples',
}

const samples: SampleColumns = {
  names: ['logAgeYr', 'avMag'],
  count: 3,
  values: Float32Array.of(8.5, 8.25, 8, 0.5, 0.25, 0.125),
}

for (const format of ['file', 'stream'] as const) {
  test(`a posterior written as ${format} is, byte for byte, what PyArrow has read and judged`, () => {
    const read = judged[format]
    expect(Buffer.from(encodePosterior(posterior, samples, format)).toString('base64')).toBe(read.bytes)
    expect(read.columns).toEqual({ logAgeYr: [8.5, 8.25, 8], avMag: [0.5, 0.25, 0.125] })
    expect(read.types).toEqual({ logAgeYr: 'float', avMag: 'float' })
    expect(read.units).toEqual({ logAgeYr: 'dex(yr)', avMag: 'mag' })
    expect(read.metadata.seed).toBe('9007199254740993')
  })
}

test('a record of samples is, byte for byte, a stream of one batch that PyArrow has read and judged', () => {
  const read = judged.samples
  expect(Buffer.from(encodeSamples(posterior, samples)).toString('base64')).toBe(read.bytes)
  expect(read.batches).toBe(1)
  expect(read.columns).toEqual({ logAgeYr: [8.5, 8.25, 8], avMag: [0.5, 0.25, 0.125] })
  expect(read.types).toEqual({ logAgeYr: 'float', avMag: 'float' })
  expect(read.units).toEqual({ logAgeYr: 'dex(yr)', avMag: 'mag' })
  expect(read.metadata).toEqual({
    record: 'samples',
    posteriorId: 'p-1',
    starId: 'hii-1',
    model: 'model-1',
    seed: '9007199254740993',
  })
})

test('samples come back as they went in, from an unaligned place too, and one column by its name', () => {
  const bytes = encodeSamples(posterior, samples)
  const shifted = new Uint8Array(bytes.length + 1)
  shifted.set(bytes, 1)
  for (const written of [bytes, shifted.subarray(1)]) expect(decodeSamples(written)).toEqual(samples)
  expect([...sampleColumn(samples, 'avMag')]).toEqual([0.5, 0.25, 0.125])
  expect(() => sampleColumn(samples, 'fehDex')).toThrow(RangeError)
})

test('the bytes do not depend on the buffer that the samples came in', () => {
  const larger = Float32Array.of(1, ...samples.values, 2)
  const view = { ...samples, values: larger.subarray(1, 7) }
  expect(encodeSamples(posterior, view)).toEqual(encodeSamples(posterior, samples))
})

test('bytes that are no samples are refused: none, cut short, of another type, with nulls, in two batches', () => {
  const whole = encodeSamples(posterior, samples)
  const table = tableFromIPC(whole)
  const others = [
    new Uint8Array(0),
    new Uint8Array(16),
    whole.subarray(0, 300),
    tableToIPC(tableFromArrays({ avMag: Float64Array.of(1, 2) }), 'stream'),
    tableToIPC(tableFromArrays({ avMag: [1, null] }), 'stream'),
    tableToIPC(table.concat(table), 'stream'),
  ]
  for (const bytes of others) {
    expect(() => decodeSamples(bytes)).toThrow(expect.objectContaining({ code: 'SCHEMA_MISMATCH' }))
  }
})

test('a record of before 1.2 holds its samples, little endian, and is read from an unaligned place', () => {
  for (const version of ['v1_0', 'v1_1']) {
    const bytes = new Uint8Array(readFileSync(join(fixtures, 'records', `posterior.${version}.bin`)))
    const old = decode('posterior', bytes)
    expect(samplesInRecord(old)).toEqual({ names: ['logAgeYr'], count: 2, values: Float32Array.of(7, 8) })
    const shifted = new Uint8Array(old.samples.length + 1)
    shifted.set(old.samples, 1)
    expect(samplesInRecord({ ...old, samples: shifted.subarray(1) })?.values).toEqual(Float32Array.of(7, 8))
    expect(samplesInRecord({ ...old, sampleCount: 3 })).toBeNull()
  }
  expect(samplesInRecord(posterior)).toBeNull()
})

test('samples that do not fill the named columns are a mistake of ours', () => {
  for (const write of [encodePosterior, encodeSamples]) {
    expect(() => write(posterior, { ...samples, count: 4 })).toThrow(RangeError)
  }
})
