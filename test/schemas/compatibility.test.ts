import avro from 'avsc'
import { expect, test } from 'vitest'
import { checkCompatibility } from '../../schemas/compatibility.ts'
import { pastSchemas, recordSchemas } from '../../schemas/recordSchemas.ts'
import type { Records } from '../../schemas/records.ts'
import { schemaVersion } from '../../schemas/schemaIds.ts'
import { type Avro, changedSchema, openChance, randomSchema, randomValue } from './randomAvro.ts'

const parse = (schema: Avro) => avro.Type.forSchema(structuredClone(schema) as avro.Schema, { wrapUnions: true })

/** What avsc says: whether a reader can be made, and then reads whatever is written. */
function avscReads(reader: Avro, writer: Avro, seed: number): boolean {
  const [readerType, writerType] = [parse(reader), parse(writer)]
  let resolver: avro.Resolver
  try {
    resolver = readerType.createResolver(writerType)
  } catch {
    return false
  }
  const chance = openChance(seed)
  for (let i = 0; i < 5; i++) {
    const bytes = writerType.toBuffer(randomValue(writer, chance))
    expect(readerType.isValid(readerType.fromBuffer(bytes, resolver))).toBe(true)
  }
  return true
}

test('of 3000 random changes of schemas exactly those are refused that avsc cannot read', () => {
  let readable = 0
  for (let seed = 1; seed <= 3000; seed++) {
    const chance = openChance(seed)
    const earlier = randomSchema(chance)
    const later = changedSchema(earlier, chance)
    const faults = checkCompatibility(JSON.stringify(later), [JSON.stringify(earlier)])
    const isReadable = avscReads(earlier, later, seed)
    expect(faults.length === 0, `${JSON.stringify(earlier)} then ${JSON.stringify(later)}: ${faults}`).toBe(isReadable)
    if (isReadable) readable++
  }
  expect(readable).toBeGreaterThan(500)
  expect(readable).toBeLessThan(2500)
})

for (const name of Object.keys(recordSchemas) as (keyof Records)[]) {
  test(`each version of ${name} may follow all before it of its major version, and their readers read it`, () => {
    const versions = [...pastSchemas[name], recordSchemas[name]]
    versions.forEach((later, i) => {
      const { major } = schemaVersion(later)
      const earlier = versions.slice(0, i).filter(json => schemaVersion(json).major === major)
      expect(checkCompatibility(later, earlier)).toEqual([])
      for (const json of [...earlier, later]) {
        const unnamed = (text: string) => ({ ...JSON.parse(text), namespace: undefined })
        expect(avscReads(unnamed(json), unnamed(later), i + 1)).toBe(true)
      }
    })
  })
}

const base = {
  type: 'record',
  name: 'Base',
  namespace: 'birthline.v1_0',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: 'string', default: '' },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN', 'DONE'] } },
    { name: 'size', type: { type: 'fixed', name: 'Size', size: 4 } },
    {
      name: 'parts',
      type: { type: 'array', items: { type: 'record', name: 'Part', fields: [{ name: 'x', type: 'int' }] } },
    },
    { name: 'parent', type: ['null', 'Part'] },
  ],
}
const withField = (name: string, type: unknown) => ({
  ...base,
  fields: base.fields.map(field => (field.name === name ? { name, type } : field)),
})

const broken: readonly (readonly [string, unknown, string])[] = [
  [
    'a field that is gone',
    { ...base, fields: base.fields.slice(1) },
    'field id is gone, and an earlier version has no default for it',
  ],
  ['another type', withField('id', 'string'), 'field id is string, and was long'],
  ['a wider type', withField('id', 'double'), 'field id is double, and was long'],
  ['a field that may be missing now', withField('id', ['null', 'long']), 'field id is null, and was long'],
  [
    'a new symbol',
    withField('state', { type: 'enum', name: 'State', symbols: ['OPEN', 'DONE', 'LOST'] }),
    'field state may be LOST, which an earlier version does not know',
  ],
  ['another size', withField('size', { type: 'fixed', name: 'Size', size: 8 }), 'field size has 8 bytes, and had 4'],
  ['another name', { ...base, name: 'Other' }, 'the record is named Other, and was Base'],
  [
    'a list of something else',
    withField('parts', { type: 'array', items: 'int' }),
    'an item of field parts is int, and was record',
  ],
]

test.each(broken)('%s is refused, in words', (_, later, sentence) => {
  const complete = JSON.stringify(later).includes('"Part","fields"')
    ? later
    : { ...(later as typeof base), fields: (later as typeof base).fields.filter(({ name }) => name !== 'parent') }
  const earlier = complete === later ? base : { ...base, fields: base.fields.filter(({ name }) => name !== 'parent') }
  expect(checkCompatibility(JSON.stringify(complete), [JSON.stringify(earlier)])).toEqual([sentence])
})

test('a field may come, go where the earlier ones have a default, and take less than it took', () => {
  const later = {
    ...base,
    namespace: 'birthline.v1_7',
    fields: [...base.fields.filter(({ name }) => name !== 'note'), { name: 'more', type: 'string' }],
  }
  expect(checkCompatibility(JSON.stringify(later), [JSON.stringify(base)])).toEqual([])
  expect(checkCompatibility(JSON.stringify(withField('id', 'int')), [JSON.stringify(base)])).toEqual([])
})

test('every earlier version counts, not the last alone', () => {
  const first = JSON.stringify(base)
  const second = JSON.stringify({ ...base, fields: base.fields.slice(1) })
  expect(checkCompatibility(second, [second])).toEqual([])
  expect(checkCompatibility(second, [first, second])).toHaveLength(1)
})

test('a record that holds itself is compared once', () => {
  const tree = (type: string) =>
    JSON.stringify({
      type: 'record',
      name: 'Tree',
      fields: [
        { name: 'v', type },
        { name: 'left', type: ['null', 'Tree'] },
      ],
    })
  expect(checkCompatibility(tree('int'), [tree('long')])).toEqual([])
  expect(checkCompatibility(tree('string'), [tree('long')])).toEqual(['field v is string, and was long'])
})

test('what is no schema is a mistake of whoever asks, however deep it is', () => {
  const deep = `${'{"type":'.repeat(5000)}"int"${'}'.repeat(5000)}`
  for (const json of ['', '7', 'null', '{"type":"record","name":"A"}', '"Unknown"', '[[]', deep]) {
    expect(() => checkCompatibility(json, ['"int"'])).toThrow(RangeError)
  }
})
