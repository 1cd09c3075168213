// Writes schemas/records.ts and schemas/recordSchemas.ts from the Avro schemas, so that types and wire format cannot drift apart.
// Earlier versions stand in schemas/records/history: their bytes stay readable.
// Run: node ops/generateRecords.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const room = join(dirname(dirname(fileURLToPath(import.meta.url))), 'schemas')

const origin = '// Generated from schemas/records/*.avsc by ops/generateRecords.mjs: edit those, not this.\n'

/** The whole text of records.ts. */
export function renderRecords(folder = join(room, 'records')) {
  const schemas = readSchemas(folder)
  const types = []
  for (const [, schema] of schemas) renderType(schema, types)
  const names = schemas.map(([name, schema]) => `  readonly ${name}: ${schema.name}`).join('\n')
  return `${origin}
${types.join('\n\n')}

export interface Records {
${names}
}
`
}

/** The whole text of recordSchemas.ts. */
export function renderSchemas(folder = join(room, 'records')) {
  const schemas = readSchemas(folder)
  // The formatter breaks the line after a name unless the name is short.
  const table = schemas
    .map(([name, schema]) => `  ${name}:${name.length < 5 ? ' ' : '\n    '}${quote(schema)},`)
    .join('\n')
  const past = readdirSync(join(folder, 'history'))
    .filter(file => file.endsWith('.avsc'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(file => [file.split('.')[0], JSON.parse(readFileSync(join(folder, 'history', file), 'utf8'))])
  const pastTable = schemas
    .map(([name]) => [name, past.filter(([of]) => of === name).map(([, schema]) => quote(schema))])
    .map(([name, texts]) =>
      texts.length === 0 ? `  ${name}: [],` : `  ${name}: [\n    ${texts.join(',\n    ')},\n  ],`,
    )
    .join('\n')
  return `${origin}import type { Records } from './records.ts'

/** Avro schemas as JSON text, by record. */
export const recordSchemas: { readonly [name in keyof Records]: string } = {
${table}
}

/** Earlier versions of each record, whose bytes can still be read, oldest first. */
export const pastSchemas: { readonly [name in keyof Records]: readonly string[] } = {
${pastTable}
}
`
}

function readSchemas(folder) {
  return readdirSync(folder)
    .filter(file => file.endsWith('.avsc'))
    .sort()
    .map(file => [file.replace('.avsc', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))])
}

/** A schema as a TypeScript string, as the formatter would write it. */
function quote(schema) {
  return `'${JSON.stringify(schema).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function renderType(schema, types) {
  const nested = []
  const fields = schema.fields.map(field => {
    // A field of a later minor version may be left out by whoever writes; whoever reads finds its default.
    const mark = field.since === undefined ? '' : '?'
    return `  /** ${field.doc} */\n  readonly ${field.name}${mark}: ${typeName(field.type, nested)}`
  })
  types.push(`/** ${schema.doc} */\nexport interface ${schema.name} {\n${fields.join('\n')}\n}`)
  for (const inner of nested) renderType(inner, types)
}

function typeName(type, nested) {
  if (Array.isArray(type))
    return type
      .map(member => typeName(member, nested))
      .sort((a, b) => (a === 'null') - (b === 'null'))
      .join(' | ')
  if (typeof type === 'object') {
    if (type.type === 'array') {
      const item = typeName(type.items, nested)
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`
    }
    if (type.type === 'map') return `{ readonly [key: string]: ${typeName(type.values, nested)} }`
    if (type.type === 'record') {
      nested.push(type)
      return type.name
    }
    return typeName(type.type, nested)
  }
  const names = {
    string: 'string',
    double: 'number',
    float: 'number',
    int: 'number',
    long: 'bigint',
    boolean: 'boolean',
    bytes: 'Uint8Array',
    null: 'null',
  }
  if (names[type] === undefined) throw new TypeError(`no TypeScript type for Avro ${type}`)
  return names[type]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(room, 'records.ts'), renderRecords())
  writeFileSync(join(room, 'recordSchemas.ts'), renderSchemas())
}
