// Random Avro schemas, changes of them, and values that fit: what a compatibility rule is judged by.
import { createRng } from '../../models/math/rng.ts'

export type Avro = string | readonly Avro[] | { readonly [key: string]: unknown }

interface Field {
  readonly name: string
  readonly type: Avro
  readonly default?: unknown
}

export interface Chance {
  below(count: number): number
  pick<T>(from: readonly T[]): T
}

export function openChance(seed: number): Chance {
  const rng = createRng(seed)
  const below = (count: number) => Math.floor(rng.uniform() * count)
  return { below, pick: from => from[below(from.length)] }
}

const primitives = ['boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'] as const
const zeros: Readonly<Record<string, unknown>> = { boolean: false, int: 0, long: 0, float: 0, double: 0, string: '' }

export function randomSchema(chance: Chance): { readonly [key: string]: unknown } {
  let named = 0
  const type = (depth: number): Avro => {
    const kind = depth > 2 ? 0 : chance.below(9)
    if (kind < 4) return chance.pick(primitives)
    if (kind === 4) return ['null', type(3)]
    if (kind === 5) return { type: 'array', items: type(depth + 1) }
    if (kind === 6) return { type: 'map', values: type(depth + 1) }
    if (kind === 7) return { type: 'enum', name: `E${named++}`, symbols: ['A', 'B', 'C'].slice(0, 1 + chance.below(3)) }
    return record(depth + 1)
  }
  const record = (depth: number): { readonly [key: string]: unknown } => ({
    type: 'record',
    name: `R${named++}`,
    fields: Array.from({ length: 1 + chance.below(4) }, (_, i) => fieldOf(`f${i}`, type(depth), chance)),
  })
  return record(0)
}

function fieldOf(name: string, type: Avro, chance: Chance): Field {
  const zero = typeof type === 'string' ? zeros[type] : undefined
  return zero !== undefined && chance.below(2) === 0 ? { name, type, default: zero } : { name, type }
}

/** The schema with one change somewhere, harmless or not. */
export function changedSchema(schema: { readonly [key: string]: unknown }, chance: Chance): Avro {
  const fields = schema.fields as readonly Field[]
  const at = chance.below(fields.length)
  const field = fields[at]
  const withType = (type: Avro) => ({ ...schema, fields: fields.with(at, { ...field, type }) })
  switch (chance.below(6)) {
    case 0:
      return { ...schema, fields: [...fields, fieldOf('added', chance.pick(primitives), chance)] }
    case 1:
      return fields.length > 1 ? { ...schema, fields: fields.toSpliced(at, 1) } : schema
    case 2:
      return {
        ...withType(chance.pick(primitives)),
        fields: fields.with(at, { name: field.name, type: chance.pick(primitives) }),
      }
    case 3:
      return Array.isArray(field.type)
        ? withType(chance.pick(field.type as Avro[]))
        : { ...schema, fields: fields.with(at, { name: field.name, type: ['null', field.type] }) }
    case 4:
      return { ...schema, fields: [...fields].reverse() }
    default:
      return withType(changedType(field.type, chance))
  }
}

function changedType(type: Avro, chance: Chance): Avro {
  if (typeof type === 'string' || Array.isArray(type)) return type
  const complex = type as { readonly [key: string]: unknown }
  if (complex.type === 'enum') return { ...complex, symbols: chance.pick([['A'], ['A', 'B', 'C', 'D'], ['B', 'C']]) }
  if (complex.type === 'array') return { ...complex, items: chance.pick(primitives) }
  if (complex.type === 'map') return { ...complex, values: chance.pick(primitives) }
  return complex.type === 'record' ? changedSchema(complex, chance) : type
}

/** A value of a schema, with every branch of its unions wrapped as avsc has it when it is told to. */
export function randomValue(type: Avro, chance: Chance): unknown {
  if (typeof type === 'string') return primitiveValue(type, chance)
  if (Array.isArray(type)) {
    const branch = chance.pick(type as Avro[])
    return branch === 'null' ? null : { [nameOf(branch)]: randomValue(branch, chance) }
  }
  const { type: kind, items, values, symbols, fields } = type as { readonly [key: string]: unknown }
  const list = Array.from({ length: chance.below(3) })
  if (kind === 'array') return list.map(() => randomValue(items as Avro, chance))
  if (kind === 'map') return Object.fromEntries(list.map((_, i) => [`k${i}`, randomValue(values as Avro, chance)]))
  if (kind === 'enum') return chance.pick(symbols as string[])
  return Object.fromEntries((fields as Field[]).map(field => [field.name, randomValue(field.type, chance)]))
}

function nameOf(branch: Avro): string {
  if (typeof branch === 'string') return branch
  const { type, name } = branch as { readonly type: string; readonly name?: string }
  return name ?? type
}

function primitiveValue(type: string, chance: Chance): unknown {
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return chance.below(2) === 1
    case 'string':
      return `é${chance.below(1000)}`
    case 'bytes':
      return Buffer.from([chance.below(128), chance.below(128)])
    case 'float':
    case 'double':
      return chance.below(2001) / 8 - 125
    default:
      return chance.below(2 ** 30) - 2 ** 29
  }
}
