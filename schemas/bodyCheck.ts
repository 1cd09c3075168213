// Guards the decoder: avsc reads past the end of damaged bytes, and a damaged array length then eats the whole memory.
// The structure of a body is walked first, touching each byte once and building nothing.

type AvroSchema = string | readonly AvroSchema[] | { readonly [key: string]: unknown }

/** Position after a value that starts at `at`, or -1 when the bytes hold no such value. */
type Skip = (bytes: Uint8Array, at: number) => number

/**
 * Compiles a check that bytes hold a value of the schema from an offset on.
 * @param schemaJson an Avro schema of records, arrays, maps, unions, strings, bytes, numbers and booleans
 * @returns where the value ends, or -1 when they hold none
 */
export function compileBodyCheck(schemaJson: string): (bytes: Uint8Array, offset: number) => number {
  return compile(JSON.parse(schemaJson))
}

/**
 * Compiles a search for numbers that are not finite, which no record may hold.
 * @returns the path of the first one, such as `measurements.0.err`, or `null`
 */
export function compileFiniteCheck(schemaJson: string): (value: unknown) => string | null {
  return compileFinite(JSON.parse(schemaJson)) ?? (() => null)
}

function compile(schema: AvroSchema): Skip {
  if (typeof schema === 'string') return primitive(schema)
  if (Array.isArray(schema)) {
    const branches = schema.map(compile)
    return (bytes, at) => {
      const { value, next } = readLong(bytes, at)
      return next !== -1 && value >= 0 && value < branches.length ? branches[value](bytes, next) : -1
    }
  }
  const complex = schema as { readonly type: AvroSchema; readonly [key: string]: unknown }
  switch (complex.type) {
    case 'record': {
      const fields = (complex.fields as { readonly type: AvroSchema }[]).map(field => compile(field.type))
      return (bytes, at) => {
        let next = at
        for (let i = 0; i < fields.length && next !== -1; i++) next = fields[i](bytes, next)
        return next
      }
    }
    case 'array':
      return blocks(compile(complex.items as AvroSchema))
    case 'map': {
      const key = primitive('string')
      const value = compile(complex.values as AvroSchema)
      return blocks((bytes, at) => {
        const next = key(bytes, at)
        return next === -1 ? -1 : value(bytes, next)
      })
    }
    default:
      return compile(complex.type)
  }
}

function primitive(name: string): Skip {
  switch (name) {
    case 'null':
      return (_, at) => at
    case 'boolean':
      return (bytes, at) => (at < bytes.length && bytes[at] <= 1 ? at + 1 : -1)
    case 'int':
      return (bytes, at) => {
        const { value, next } = readLong(bytes, at)
        return next !== -1 && value >= -(2 ** 31) && value < 2 ** 31 ? next : -1
      }
    case 'long':
      return (bytes, at) => readLong(bytes, at).next
    // An exponent of ones is a NaN or an infinity, which no record holds.
    case 'float':
      return (bytes, at) =>
        at + 4 <= bytes.length && ((bytes[at + 3] & 0x7f) !== 0x7f || bytes[at + 2] < 0x80) ? at + 4 : -1
    case 'double':
      return (bytes, at) =>
        at + 8 <= bytes.length && ((bytes[at + 7] & 0x7f) !== 0x7f || bytes[at + 6] < 0xf0) ? at + 8 : -1
    case 'string':
    case 'bytes':
      return (bytes, at) => {
        const { value, next } = readLong(bytes, at)
        return next !== -1 && value >= 0 && value <= bytes.length - next ? next + value : -1
      }
    default:
      throw new RangeError(`compileBodyCheck: Avro type ${name} is not used here`)
  }
}

/** Arrays and maps: blocks of a count and that many items, ended by a count of zero. */
function blocks(item: Skip): Skip {
  return (bytes, at) => {
    let next = at
    for (;;) {
      const { value: count, next: start } = readLong(bytes, next)
      // Every item takes a byte at least, so a larger count is damage; our writers never give a block's size.
      if (start === -1 || count < 0 || count > bytes.length - start) return -1
      next = start
      if (count === 0) return next
      for (let i = 0; i < count && next !== -1; i++) next = item(bytes, next)
      if (next === -1) return -1
    }
  }
}

const LONG = { value: 0, next: 0 }

/** A zigzag varint; beyond 2^53 its value is rounded, which is far outside any length. The result is reused, so take it apart at once. */
function readLong(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let raw = 0
  let scale = 1
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    const byte = bytes[at + i]
    raw += (byte & 0x7f) * scale
    if (byte < 0x80) {
      LONG.value = raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
      LONG.next = at + i + 1
      return LONG
    }
    scale *= 128
  }
  LONG.next = -1
  return LONG
}

type FindNonFinite = (value: unknown) => string | null

/** `null` where the schema holds no floating-point number, so that nothing is walked in vain. */
function compileFinite(schema: AvroSchema): FindNonFinite | null {
  if (schema === 'double' || schema === 'float') {
    return value => (typeof value === 'number' && !Number.isFinite(value) ? '' : null)
  }
  if (typeof schema === 'string') return null
  if (Array.isArray(schema)) {
    const branches = schema.map(compileFinite).filter(branch => branch !== null)
    // A union here is null or one other type.
    return branches.length === 0
      ? null
      : value => (value === null ? null : (branches.map(branch => branch(value)).find(path => path !== null) ?? null))
  }
  const complex = schema as { readonly type: AvroSchema; readonly [key: string]: unknown }
  if (complex.type === 'array') {
    const item = compileFinite(complex.items as AvroSchema)
    if (item === null) return null
    return value => {
      // A list that a later version added may be left out, and has its default then.
      const items = (value ?? []) as readonly unknown[]
      for (let i = 0; i < items.length; i++) {
        const path = item(items[i])
        if (path !== null) return path === '' ? String(i) : `${i}.${path}`
      }
      return null
    }
  }
  if (complex.type !== 'record') return null
  const fields = (complex.fields as { readonly name: string; readonly type: AvroSchema }[]).flatMap(field => {
    const find = compileFinite(field.type)
    return find === null ? [] : [{ name: field.name, find }]
  })
  if (fields.length === 0) return null
  return value => {
    for (const { name, find } of fields) {
      const path = find((value as { readonly [key: string]: unknown })[name])
      if (path !== null) return path === '' ? name : `${name}.${path}`
    }
    return null
  }
}
