import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { loadPackedGrid, unpackCodes } from '../../../models/grids/packedGrid.ts'
import { starFamilies } from '../../../models/simulators/tracks/starFamilies.ts'

const quantities = [
  { name: 'a', offset: 1, step: 0.5 },
  { name: 'b', offset: 0, step: 2 },
]
// Codes of a: 3, 1, undefined; of b: 0, 300, 5. Each less the one before, low bytes then high bytes.
const differences = [3, 0xfffe, 0xfffe, 0, 300, 0xfed9]
const packed = deflateSync(Uint8Array.from([...differences.map(d => d & 255), ...differences.map(d => d >> 8)]))

test('codes become values, undefined ones NaN', () => {
  expect(Array.from(unpackCodes('x', packed, [[0, 1, 2]], quantities))).toEqual([2.5, 0, 1.5, 600, Number.NaN, 10])
})

test('a table cut short or of another size is one sentence', () => {
  expect(() => unpackCodes('x', packed.subarray(0, 8), [[0, 1, 2]], quantities)).toThrow(
    /x\.bin is cut short or damaged/,
  )
  expect(() => unpackCodes('x', packed, [[0, 1, 2, 3]], quantities)).toThrow(
    /x\.bin holds 12 bytes, its header says 16/,
  )
  expect(() => unpackCodes('x', packed, [[0]], quantities)).toThrow(/x\.bin/)
})

test.each(starFamilies.filter(family => family.table !== null))(
  '$name: a node left out is met by its neighbours in age',
  family => {
    const { axes, values } = loadPackedGrid(family.table ?? '')
    const [masses, ages] = axes
    const errors: [number[], number[]] = [[], []]
    for (let m = 0; m < masses.length; m++)
      for (let a = 1; a + 1 < ages.length; a++) {
        // Beyond a tenth of the main-sequence life the table is not read.
        if (ages[a] > 9 - 2.9 * masses[m]) break
        for (const q of [0, 1] as const) {
          const at = (m * ages.length + a) * 2 + q
          const error = Math.abs(values[at] - (values[at - 2] + values[at + 2]) / 2)
          if (Number.isFinite(error)) errors[q].push(error)
        }
      }
    const percentile = (of: number[]) => of.sort((a, b) => a - b)[Math.floor(0.99 * of.length)]
    expect(errors[0].length).toBeGreaterThan(10_000)
    expect(percentile(errors[0])).toBeLessThan(0.0035)
    expect(percentile(errors[1])).toBeLessThan(0.01)
  },
)
