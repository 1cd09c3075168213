import { tableFromIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import { type ColumnField, ColumnTableWriter } from '../../schemas/columnTable.ts'

const fields: readonly ColumnField[] = [
  { name: 'id', type: 'text', unit: null, description: 'an id' },
  { name: 'ra', type: 'double', unit: 'deg', description: 'a place' },
  { name: 'g', type: 'float', unit: 'mag', description: 'a magnitude' },
  { name: 'class', type: 'words', unit: null, description: 'a class', words: ['a', 'é'] },
]
const first = {
  id: ['9223372036854775807', 'é\u{1f31f}'],
  ra: Float64Array.of(1.5, Number.NaN),
  g: Float32Array.of(Number.NaN, 2),
  class: Uint8Array.of(1, 0),
}
const second = { id: [''], ra: Float64Array.of(0), g: Float32Array.of(-0), class: Uint8Array.of(1) }

function written(): Uint8Array {
  const writer = new ColumnTableWriter(fields, new Map([['total', '3']]))
  writer.write({ ...first, ra: first.ra.slice(), g: first.g.slice() }, 2)
  writer.write(second, 1)
  return writer.finish()
}

test('batches are read back as they were written, missing numbers as nulls', () => {
  const table = tableFromIPC(written())
  expect(table.batches.map(({ numRows }) => numRows)).toEqual([2, 1])
  expect(table.toArray().map(row => ({ ...row.toJSON() }))).toEqual([
    { id: '9223372036854775807', ra: 1.5, g: null, class: 'é' },
    { id: 'é\u{1f31f}', ra: null, g: 2, class: 'a' },
    { id: '', ra: 0, g: -0, class: 'é' },
  ])
  expect(table.schema.metadata.get('total')).toBe('3')
  expect(table.schema.fields[1].metadata).toEqual(
    new Map([
      ['description', 'a place'],
      ['unit', 'deg'],
    ]),
  )
})

test('the same rows give the same bytes, and none is a table too', () => {
  expect(Buffer.from(written()).equals(Buffer.from(written()))).toBe(true)
  const empty = tableFromIPC(new ColumnTableWriter(fields, new Map()).finish())
  expect([empty.numRows, empty.schema.fields.length]).toEqual([0, 4])
})

test('texts, 64-bit integers and truths may be missing, and integers are exact', () => {
  const types = ['optionalText', 'long', 'boolean'] as const
  const writer = new ColumnTableWriter(
    types.map(type => ({ name: type, type, unit: null, description: type })),
    new Map(),
  )
  const columns = {
    optionalText: ['', null, 'é'],
    long: [null, 2n ** 63n - 1n, -(2n ** 63n)],
    boolean: [true, false, null],
  }
  writer.write(columns, 3)
  const table = tableFromIPC(writer.finish())
  expect(types.map(type => [...(table.getChild(type) ?? [])])).toEqual(types.map(type => columns[type]))
})

test('a column of another length or kind is our own mistake', () => {
  const writer = new ColumnTableWriter(fields, new Map())
  expect(() => writer.write(second, 2)).toThrow(RangeError)
  expect(() => writer.write({ ...second, ra: second.g }, 1)).toThrow(RangeError)
})
