import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { float32Text, samplesText } from '../../../ops/stars/samplesText.ts'

test('samples come back from their text bit by bit, whatever their size', () => {
  const rng = createRng(5)
  const bits = new Uint32Array(20_000).map(() => rng.integer(2 ** 32))
  const values = new Float32Array(bits.buffer).map(value => (Number.isFinite(value) && value !== 0 ? value : 1))
  values.set([0, 1, -1, 0.1, 16_777_216, 1.401298464324817e-45, 3.4028234663852886e38])
  const text = samplesText({ names: ['logAgeYr', 'avMag'], count: values.length / 2, values })
  const read = JSON.parse(text)
  expect(Object.keys(read)).toEqual(['logAgeYr', 'avMag'])
  expect(Float32Array.from([...read.logAgeYr, ...read.avMag])).toEqual(values)
})

test('numbers of every size near one come back too, and are as short as toPrecision writes them', () => {
  const rng = createRng(6)
  const values = new Float32Array(50_000).map(() => (rng.uniform() - 0.5) * 10 ** (rng.uniform() * 5 - 1))
  for (const value of [...values, 0.1, 0.99999994, 1, 9.999999, 99.99999, 999.9999, 1000].map(Math.fround)) {
    const text = float32Text(value)
    expect(Math.fround(Number(text))).toBe(value)
    const digits = text.replace(/^-?0?\.?0*|\.|-/g, '').length
    expect(digits, text).toBeLessThanOrEqual(9)
    if (digits > 7) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value)
  }
})

test('no more digits are written than a float32 has', () => {
  expect(float32Text(Math.fround(9.878716))).toBe('9.878716')
  expect(float32Text(Math.fround(0.1))).toBe('0.1000000')
  expect(float32Text(16_777_217 - 1)).toBe('16777216')
})
