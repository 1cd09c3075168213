import { expect, test } from 'vitest'
import { type FindPlace, holdsOffsets, offsetFields, offsetTexts, translateOffsets } from '../../actors/offsetFields.ts'
import { decode, encode, type RecordName, recordSchemas } from '../../schemas/index.ts'
import { topics } from '../../streams/index.ts'

interface Field {
  readonly name: string
  readonly doc?: string
  readonly type: unknown
}

/** Fields that by name or doc have to do with offsets, as `record path.of.field`. */
function offsetLikeFields(schemas: Readonly<Record<string, string>>): string[] {
  const found: string[] = []
  const visit = (record: string, path: readonly string[], type: unknown): void => {
    if (Array.isArray(type)) for (const one of type) visit(record, path, one)
    else if (typeof type === 'object' && type !== null) {
      const { fields, items, values, type: inner } = type as Record<string, unknown>
      for (const field of (fields ?? []) as readonly Field[]) {
        const at = [...path, field.name]
        if (/offset/i.test(field.name) || /\boffsets?\b/i.test(field.doc ?? '')) found.push(`${record} ${at.join('.')}`)
        visit(record, at, field.type)
      }
      for (const one of [items, values, inner]) visit(record, path, one)
    }
  }
  for (const [record, json] of Object.entries(schemas)) visit(record, [], JSON.parse(json))
  return found
}

const known = [
  ...offsetFields.map(({ record, path }) => `${record} ${path.join('.')}`),
  ...offsetTexts.map(([record, field]) => `${record} ${field}`),
]

test('every field of a record that speaks of an offset is in the table of those that a copy translates', () => {
  expect(offsetLikeFields(recordSchemas).filter(field => !known.includes(field))).toEqual([])
  expect(known.filter(field => !offsetLikeFields(recordSchemas).includes(field))).toEqual([])
})

test('a field with an offset that the table does not know is found, within lists too', () => {
  const inner = { type: 'record', name: 'B', fields: [{ name: 'rawOffset', type: 'long', doc: 'Where.' }] }
  const fields = [
    { name: 'claims', type: { type: 'array', items: inner }, doc: 'Claims.' },
    { name: 'start', type: ['null', 'long'], doc: 'Its first offset in raw.' },
    { name: 'count', type: 'long', doc: 'How many.' },
  ]
  const schema = JSON.stringify({ type: 'record', name: 'A', fields })
  expect(offsetLikeFields({ a: schema })).toEqual(['a claims.rawOffset', 'a start'])
})

test('what is pointed at without a partition lies in a topic that has one, and records are pointed at in one topic each', () => {
  for (const { topic, partition } of offsetFields) {
    const { partitions, keep } = topics.find(({ name }) => name === topic) ?? { partitions: 0, keep: '' }
    expect(keep).toBe('all')
    if (partition === null) expect(partitions).toBe(1)
  }
})

const places: FindPlace = (topic, partition, offset) =>
  offset === 9n ? null : { partition: topic === 'posteriors' ? partition + 3 : partition, offset: Number(offset) * 10 }

test('places move with their partition, and lose what is gone', () => {
  const moved = (offsets: bigint[]) =>
    decode(
      'posteriorPlaces',
      translateOffsets('posteriorPlaces', encode('posteriorPlaces', { partition: 1, offsets }), places),
    )
  expect(moved([1n, 9n, 12n])).toMatchObject({ partition: 4, offsets: [10n, 120n] })
  expect(moved([9n]).offsets).toEqual([])
  expect(moved([])).toMatchObject({ partition: 1, offsets: [] })
})

test('a record holds offsets exactly where the table names one of its fields', () => {
  const records = Object.keys(recordSchemas) as RecordName[]
  const holding = records.filter(holdsOffsets)
  expect(new Set(holding)).toEqual(new Set(offsetFields.map(({ record }) => record)))
  expect(holdsOffsets(null)).toBe(false)
})
