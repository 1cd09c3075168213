// Random records of any schema: whatever Avro lets a field be, with the extremes of 64 bits and of doubles among them.
import fc from 'fast-check'

type AvroSchema = string | readonly AvroSchema[] | { readonly type: AvroSchema; readonly [key: string]: unknown }

const longs = [0n, 1n, -1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]
const long = fc.oneof(fc.constantFrom(...longs), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))
const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const MAX_ITEMS = 4

/** Half a surrogate pair is no text: Avro's UTF-8 cannot hold it. */
export const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '__proto__', 'constructor', '\0', '\ufeff', 'é', 'é', '🌟') },
)

/** @param schemaJson an Avro schema as the records' schemas are: without names that stand for another place's type */
export function recordArbitrary(schemaJson: string): fc.Arbitrary<unknown> {
  return arbitraryOf(JSON.parse(schemaJson))
}

function arbitraryOf(schema: AvroSchema): fc.Arbitrary<unknown> {
  if (typeof schema === 'string') return primitive(schema)
  if ('length' in schema) return fc.oneof(...(schema as readonly AvroSchema[]).map(arbitraryOf))
  const { type, fields, items, values } = schema as { readonly type: AvroSchema; readonly [key: string]: unknown }
  switch (type) {
    case 'record': {
      const entries = (fields as readonly { readonly name: string; readonly type: AvroSchema }[]).map(field => [
        field.name,
        arbitraryOf(field.type),
      ])
      return fc.record(Object.fromEntries(entries))
    }
    case 'array':
      return fc.array(arbitraryOf(items as AvroSchema), { maxLength: MAX_ITEMS })
    case 'map':
      // No column has that name by the time it is in a record: avsc would lose it.
      return fc.dictionary(
        text.filter(key => key !== '__proto__'),
        arbitraryOf(values as AvroSchema),
        { maxKeys: MAX_ITEMS },
      )
    default:
      return arbitraryOf(type)
  }
}

function primitive(name: string): fc.Arbitrary<unknown> {
  switch (name) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.oneof(fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer())
    case 'long':
      return long
    case 'float':
      return fc.float({ noNaN: true, noDefaultInfinity: true })
    case 'double':
      return double
    case 'string':
      return text
    case 'bytes':
      return fc.uint8Array({ maxLength: 24 })
    default:
      throw new RangeError(`recordArbitrary: Avro type ${name} is not used here`)
  }
}
