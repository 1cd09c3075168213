// The JSON face of our records, derived from their Avro schemas so that the two cannot drift apart:
// a long becomes text (64 bits do not fit a JSON number), bytes become base64.
import { type RecordName, recordSchemas } from '../../schemas/index.ts'

/** JSON Schema, as far as we use it. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly nullable?: boolean
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly default?: string | number
  readonly contentEncoding?: string
}

interface AvroRecord {
  readonly type: 'record'
  readonly doc?: string
  readonly fields: readonly { readonly name: string; readonly doc?: string; readonly type: AvroType }[]
}
interface AvroArray {
  readonly type: 'array'
  readonly items: AvroType
}
interface AvroMap {
  readonly type: 'map'
  readonly values: AvroType
}
type AvroType = string | readonly AvroType[] | AvroRecord | AvroArray | AvroMap

const primitives = new Map<string, JsonSchema>([
  ['string', { type: 'string' }],
  ['boolean', { type: 'boolean' }],
  ['int', { type: 'integer' }],
  ['long', { type: 'string', pattern: '^-?[0-9]+$' }],
  ['double', { type: 'number' }],
  ['bytes', { type: 'string', contentEncoding: 'base64' }],
])

/** @param without fields that this answer leaves out */
export function recordJsonSchema(name: RecordName, without: readonly string[] = []): JsonSchema {
  return convertRecord(JSON.parse(recordSchemas[name]) as AvroRecord, without)
}

function convertRecord(schema: AvroRecord, without: readonly string[] = []): JsonSchema {
  const fields = schema.fields.filter(field => !without.includes(field.name))
  return {
    type: 'object',
    ...described(schema.doc),
    properties: Object.fromEntries(
      fields.map(field => [field.name, { ...convert(field.type), ...described(field.doc) }]),
    ),
    required: fields.map(field => field.name),
  }
}

function convert(type: AvroType): JsonSchema {
  if (typeof type === 'string') {
    const primitive = primitives.get(type)
    if (primitive === undefined) throw new RangeError(`recordJsonSchema: no JSON for the Avro type ${type}`)
    return primitive
  }
  if (isUnion(type)) {
    const [member] = type.filter(one => one !== 'null')
    return type.includes('null') ? { ...convert(member), nullable: true } : convert(member)
  }
  if (type.type === 'array') return { type: 'array', items: convert(type.items) }
  if (type.type === 'map') return { type: 'object', additionalProperties: convert(type.values) }
  return convertRecord(type)
}

function isUnion(type: AvroType): type is readonly AvroType[] {
  return Array.isArray(type)
}

function described(doc: string | undefined): JsonSchema {
  return doc === undefined ? {} : { description: doc }
}
