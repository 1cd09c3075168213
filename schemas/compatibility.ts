// Whether a new schema may follow earlier ones in a topic: what is written with it must be readable with each of them,
// because a reader that was not updated has only its own. A registry calls this FORWARD_TRANSITIVE.

interface AvroField {
  readonly name: string
  readonly type: AvroSchema
  readonly aliases?: readonly string[]
  readonly default?: unknown
}

interface AvroComplex {
  readonly type: AvroSchema
  readonly name?: string
  readonly fields?: readonly AvroField[]
  readonly symbols?: readonly string[]
  readonly items?: AvroSchema
  readonly values?: AvroSchema
  readonly size?: number
  readonly default?: unknown
}

type AvroSchema = string | readonly AvroSchema[] | AvroComplex

/** One schema with the types it names, so that a name can be followed. */
interface Side {
  readonly schema: AvroSchema
  readonly named: ReadonlyMap<string, AvroComplex>
}

const MAX_DEPTH = 100

const primitives: ReadonlySet<string> = new Set([
  ...['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'],
])

/** What a reader's primitive takes beside itself. */
const promotions: ReadonlyMap<string, readonly string[]> = new Map([
  ['long', ['int']],
  ['float', ['int', 'long']],
  ['double', ['int', 'long', 'float']],
  ['string', ['bytes']],
  ['bytes', ['string']],
])

/**
 * What a reader with one of the earlier schemas could not read of records written with the new one; empty where all can.
 * Namespaces do not count: they carry our versions.
 *
 * @throws RangeError for what is no Avro schema
 */
export function checkCompatibility(newSchema: string, earlier: readonly string[]): readonly string[] {
  const writer = parseSide(newSchema)
  const faults = earlier.flatMap(json => {
    const reader = parseSide(json)
    return compare(reader.schema, writer.schema, { reader, writer, path: 'the record', depth: 0, open: new Set() })
  })
  return [...new Set(faults)]
}

function parseSide(json: string): Side {
  let schema: AvroSchema
  try {
    schema = JSON.parse(json) as AvroSchema
  } catch {
    throw new RangeError('checkCompatibility: a schema is not JSON')
  }
  const named = new Map<string, AvroComplex>()
  collect(schema, named, 0)
  return { schema, named }
}

function collect(schema: unknown, named: Map<string, AvroComplex>, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`checkCompatibility: a schema is nested deeper than ${MAX_DEPTH}`)
  if (typeof schema === 'string') return
  if (Array.isArray(schema)) {
    for (const branch of schema) collect(branch, named, depth + 1)
    return
  }
  if (typeof schema !== 'object' || schema === null) throw new RangeError('checkCompatibility: that is no Avro schema')
  const { type, name, fields, symbols, items, values, size } = schema as AvroComplex
  const parts: Readonly<Record<string, boolean>> = {
    record: Array.isArray(fields) && fields.every(field => typeof field?.name === 'string'),
    enum: Array.isArray(symbols),
    fixed: typeof size === 'number',
    array: items !== undefined,
    map: values !== undefined,
  }
  if (typeof type !== 'string' || !(type in parts)) {
    collect(type, named, depth + 1)
    return
  }
  if (!parts[type]) throw new RangeError(`checkCompatibility: a schema has an incomplete ${type}`)
  if (typeof name === 'string') named.set(bare(name), schema as AvroComplex)
  for (const inner of [...(fields ?? []).map(field => field.type), items, values]) {
    if (inner !== undefined) collect(inner, named, depth + 1)
  }
}

interface Place {
  readonly reader: Side
  readonly writer: Side
  /** In words, such as `field samples`. */
  readonly path: string
  readonly depth: number
  /** Pairs of named types that are being compared further out. */
  readonly open: ReadonlySet<string>
}

function compare(readerSchema: AvroSchema, writerSchema: AvroSchema, place: Place): readonly string[] {
  if (place.depth > MAX_DEPTH) throw new RangeError(`checkCompatibility: a schema is nested deeper than ${MAX_DEPTH}`)
  const reader = follow(readerSchema, place.reader)
  const writer = follow(writerSchema, place.writer)
  const inner = { ...place, depth: place.depth + 1 }
  if (isUnion(writer)) return writer.flatMap(branch => compare(reader, branch, inner))
  if (isUnion(reader)) {
    const isTaken = reader.some(branch => compare(branch, writer, inner).length === 0)
    return isTaken ? [] : [`${place.path} may be ${kindOf(writer)}, which an earlier version does not take`]
  }
  const [readerKind, writerKind] = [kindOf(reader), kindOf(writer)]
  if (readerKind !== writerKind) {
    const isPromoted = promotions.get(readerKind)?.includes(writerKind) ?? false
    return isPromoted ? [] : [`${place.path} is ${writerKind}, and was ${readerKind}`]
  }
  if (typeof reader === 'string' || typeof writer === 'string') return []
  const { name: readerName, items: readerItems, values: readerValues } = reader
  const { name: writerName, items: writerItems, values: writerValues } = writer
  if (readerItems !== undefined && writerItems !== undefined) {
    return compare(readerItems, writerItems, { ...inner, path: `an item of ${place.path}` })
  }
  if (readerValues !== undefined && writerValues !== undefined) {
    return compare(readerValues, writerValues, { ...inner, path: `a value of ${place.path}` })
  }
  if (bare(readerName ?? '') !== bare(writerName ?? '')) {
    return [`${place.path} is named ${writerName}, and was ${readerName}`]
  }
  if (reader.size !== writer.size) return [`${place.path} has ${writer.size} bytes, and had ${reader.size}`]
  if (readerKind === 'enum') return enumFaults(reader, writer, place.path)
  return recordFaults(reader, writer, inner)
}

function enumFaults(reader: AvroComplex, writer: AvroComplex, path: string): readonly string[] {
  if (reader.default !== undefined) return []
  const added = (writer.symbols ?? []).filter(symbol => !reader.symbols?.includes(symbol))
  return added.map(symbol => `${path} may be ${symbol}, which an earlier version does not know`)
}

function recordFaults(reader: AvroComplex, writer: AvroComplex, place: Place): readonly string[] {
  const pair = `${reader.name} ${writer.name}`
  if (place.open.has(pair)) return []
  const open = new Set([...place.open, pair])
  return (reader.fields ?? []).flatMap(field => {
    const names = [field.name, ...(field.aliases ?? [])]
    const written = writer.fields?.find(({ name }) => names.includes(name))
    const path = `field ${field.name}`
    if (written !== undefined) return compare(field.type, written.type, { ...place, path, open })
    return field.default === undefined ? [`${path} is gone, and an earlier version has no default for it`] : []
  })
}

function follow(schema: AvroSchema, side: Side): AvroSchema {
  let found = schema
  for (let steps = 0; steps <= MAX_DEPTH; steps++) {
    if (typeof found === 'string') {
      if (primitives.has(found)) return found
      const named = side.named.get(bare(found))
      if (named === undefined) throw new RangeError('checkCompatibility: a schema names a type it does not define')
      return named
    }
    if (isUnion(found) || typeof found.type !== 'string') {
      if (isUnion(found)) return found
      found = found.type
    } else if (['record', 'enum', 'fixed', 'array', 'map'].includes(found.type)) return found
    else found = found.type
  }
  throw new RangeError(`checkCompatibility: a schema is nested deeper than ${MAX_DEPTH}`)
}

function kindOf(schema: AvroSchema): string {
  if (typeof schema === 'string') return schema
  return isUnion(schema) ? 'a union' : String(schema.type)
}

function isUnion(schema: AvroSchema): schema is readonly AvroSchema[] {
  return Array.isArray(schema)
}

const bare = (name: string) => name.slice(name.lastIndexOf('.') + 1)
