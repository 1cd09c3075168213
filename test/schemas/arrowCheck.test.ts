import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeStars, encodeStars } from '../../schemas/arrow.ts'
import { checkArrow } from '../../schemas/arrowCheck.ts'
import { isFusionError } from '../../schemas/errors.ts'
import { packageFile } from '../../schemas/packageRoot.ts'
import { decodeSamples, encodeSamples } from '../../schemas/samples.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(packageFile('test', 'fixtures', 'fuzz', name)))
const mismatch = expect.objectContaining({ code: 'SCHEMA_MISMATCH' })

const star = {
  starId: 'gaiaDr3:1',
  version: 'v',
  raDeg: 1,
  decDeg: 2,
  epochJyr: 2016,
  sources: [],
  measurements: [{ quantity: 'gMag', value: 12.5, err: 0.1, isLimit: false, survey: 'gaiaDr3' }],
  isAmbiguous: false,
  flags: [],
  isRetired: false,
}
const origin = { posteriorId: 'p', starId: 's', model: 'm', seed: 1n }
const samples = { names: ['logAgeYr', 'avMag'], count: 4, values: Float32Array.of(6, 7, 8, 9, 0, 1, 2, 3) }

const tables: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => unknown])[] = [
  ['stars in a stream', encodeStars([star], 'stream'), decodeStars],
  ['stars in a file', encodeStars([star], 'file'), decodeStars],
  ['samples', encodeSamples(origin, samples), decodeSamples],
]

const numbers = [0x7fffffff, 0xffffffff, 0x00ffffff]

for (const [what, bytes, decode] of tables) {
  test(`${what}: a count or a place that is damaged, wherever it stands, ends in an error or a table, soon`, () => {
    expect(() => checkArrow(bytes)).not.toThrow()
    let refused = 0
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const damaged = new Uint8Array(bytes)
      new DataView(damaged.buffer).setUint32(at, numbers[(at / 4) % numbers.length], true)
      try {
        decode(damaged)
      } catch (error) {
        if (!isFusionError(error)) throw error
        refused++
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 100)
  })
}

test('messages that lead the decoder in a circle are no table', () => {
  expect(() => decodeStars(fixture('arrowStars.loop.bin'))).toThrow(mismatch)
})

test('what is no number does not come out', () => {
  expect(() => decodeSamples(fixture('arrowSamples.nan.bin'))).toThrow(mismatch)
  const infinite = { ...samples, values: Float32Array.of(6, 7, Number.POSITIVE_INFINITY, 9, 0, 1, 2, 3) }
  expect(() => decodeSamples(encodeSamples(origin, infinite))).toThrow(mismatch)
  const measurements = [{ ...star.measurements[0], value: Number.NaN }]
  expect(() => decodeStars(encodeStars([{ ...star, measurements }]))).toThrow(mismatch)
})
