// Writes schemas/records.ts from the Avro schemas, so that types and wire format cannot drift apart.
// Run: node ops/generateRecords.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const room = join(dirname(dirname(fileURLToPath(import.meta.url))), 'schemas')

/** The whole text of records.ts. */
export function renderRecords(folder = join(room, 'records')) {
  const schemas = readdirSync(folder)
    .filter(file => file.endsWith('.avsc'))
    .sort()
    .map(file => [file.replace('.avsc', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))])
  const types = []
  for (const [, schema] of schemas) renderType(schema, types)
  const names = schemas.map(([name, schema]) => `  readonly ${name}: ${schema.name}`).join('\n')
  const table = schemas.map(([name, schema]) => `  ${name}: ${JSON.stringify(JSON.stringify(schema))},`).join('\n')
  return `// Generated from schemas/records/*.avsc by ops/generateRecords.mjs: edit those, not this.

${types.join('\n\n')}

export interface Records {
${names}
}

/** Avro schemas as JSON text, by record. */
export const recordSchemas: { readonly [name in keyof Records]: string } = {
${table}
}
`
}

function renderType(schema, types) {
  const nested = []
  const fields = schema.fields.map(field => {
    return `  /** ${field.doc} */\n  readonly ${field.name}: ${typeName(field.type, nested)}`
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
    if (type.type === 'array') return `readonly ${typeName(type.items, nested)}[]`
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

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(room, 'records.ts'), renderRecords())
