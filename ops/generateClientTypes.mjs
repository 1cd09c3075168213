// Writes ops/client/apiTypes.ts from the description that a server gives of itself, so that clients and server cannot drift apart.
// Run beside `birthline run --serve`: node ops/generateClientTypes.mjs [http://127.0.0.1:8480]
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WIDTH = 120

/** The whole text of apiTypes.ts. @param document OpenAPI 3.1, as `/openapi.json` gives it */
export function renderApiTypes(document) {
  const routes = Object.entries(document.paths)
    // The schema registry speaks as Confluent's, which has clients of its own.
    .filter(([path]) => path.startsWith('/v1/') || path === '/health')
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        // What opens a socket is answered with 101, and can only be asked by a WebSocket.
        .filter(([, { responses }]) => responses['101'] === undefined)
        .map(([method, route]) => renderRoute(`${method.toUpperCase()} ${path}`, route)),
    )
  return `// Generated from /openapi.json by ops/generateClientTypes.mjs: change the routes of ops/server, not this.

/** Each route: what it takes in the address and the body, and what it answers. */
export interface Routes {
${routes.join('\n')}
}
`
}

function renderRoute(name, route) {
  const placed = place => (route.parameters ?? []).filter(parameter => parameter.in === place)
  const parts = ['path', 'query'].flatMap(place => {
    const fields = placed(place).map(({ name, required, description, schema }) => ({
      ...{ name, isRequired: required === true, schema: { ...schema, description } },
    }))
    return fields.length === 0 ? [] : [`    readonly ${place}: ${renderFields(fields, '    ')}`]
  })
  const body = route.requestBody?.content['application/json']?.schema
  if (body !== undefined) parts.push(`    readonly body: ${renderType(body, '    ')}`)
  return [
    `  ${doc([route.summary])}`,
    `  readonly '${name}': {`,
    ...parts,
    `    readonly answer: ${renderAnswer(route.responses)}`,
    '  }',
  ].join('\n')
}

/** JSON as it is described; what comes in other forms alone, as bytes or as text. */
function renderAnswer(responses) {
  const [, answer] = Object.entries(responses).find(([status]) => status.startsWith('2'))
  if (answer.content === undefined) return 'null'
  const json = answer.content['application/json']?.schema
  if (json !== undefined) return renderType(json, '    ')
  const isBinary = Object.values(answer.content).some(({ schema }) => schema.format === 'binary')
  return isBinary ? 'Uint8Array' : 'string'
}

function renderType(schema, indent) {
  // Any JSON.
  if (Object.keys(schema).length === 0) return 'unknown'
  if (Array.isArray(schema.type)) {
    return schema.type.map(type => (type === 'null' ? 'null' : renderType({ ...schema, type }, indent))).join(' | ')
  }
  if (schema.enum !== undefined) return renderChoice(schema.enum, indent)
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return schema.type
    case 'integer':
      return 'number'
    case 'array': {
      const isUnion = Array.isArray(schema.items.type) || schema.items.enum !== undefined
      const isWrapped = isUnion || schema.items.type === 'array'
      const item = renderType(schema.items, indent)
      return `readonly ${isWrapped ? `(${item})` : item}[]`
    }
    case 'object':
      return renderObject(schema, indent)
    default:
      throw new TypeError(`no TypeScript type for ${JSON.stringify(schema).slice(0, 200)}`)
  }
}

function renderObject({ properties = {}, required = [], additionalProperties }, indent) {
  const names = Object.keys(properties)
  if (names.length > 0) {
    const fields = names.map(name => ({ name, isRequired: required.includes(name), schema: properties[name] }))
    return renderFields(fields, indent)
  }
  const value = typeof additionalProperties === 'object' ? renderType(additionalProperties, indent) : 'unknown'
  return `{ readonly [name: string]: ${value} }`
}

function renderFields(fields, indent) {
  const inner = `${indent}  `
  const lines = fields.flatMap(({ name, isRequired, schema }) => [
    ...(schema.description === undefined ? [] : [`${inner}${doc(describe(schema))}`]),
    `${inner}readonly ${name}${isRequired ? '' : '?'}: ${renderType(schema, inner)}`,
  ])
  return `{\n${lines.join('\n')}\n${indent}}`
}

/** Words in quotes; on lines of their own where they would not fit one, as the formatter has it. */
function renderChoice(values, indent) {
  const quoted = values.map(value => `'${value}'`)
  const line = quoted.join(' | ')
  return line.length < WIDTH / 2 ? line : quoted.map(value => `\n${indent}  | ${value}`).join('')
}

function describe({ description, default: usual }) {
  return usual === undefined ? [description] : [description, `(default: ${usual})`]
}

const doc = words => `/** ${words.join(' ').replaceAll('*/', '* /')} */`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = await fetch(new URL('/openapi.json', process.argv[2] ?? 'http://127.0.0.1:8480'))
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'client')
  writeFileSync(join(folder, 'apiTypes.ts'), renderApiTypes(await answer.json()))
}
