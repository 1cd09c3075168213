import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { packageFile } from '../../../schemas/index.ts'
import { smallServerParts } from '../server/smallServer.ts'
import { openTemporaryLog, type TemporaryLog } from '../starRecords.ts'

let temporary: TemporaryLog
let server: RunningServer
beforeAll(async () => {
  temporary = await openTemporaryLog()
  server = await startServer(smallServerParts(temporary.log), '127.0.0.1', 0)
})
afterAll(async () => {
  await server.close()
  await temporary.remove()
})

const generator = pathToFileURL(packageFile('ops', 'generateClientTypes.mjs')).href

test('the types of the client are what a running server says of itself', async () => {
  const { renderApiTypes } = await import(generator)
  const text = await (await fetch(`${server.url}/openapi.json`)).text()
  const document = JSON.parse(text)
  const kept = readFileSync(packageFile('ops', 'client', 'apiTypes.ts'), 'utf8')
  expect(renderApiTypes(document) === kept, 'run: node ops/generateClientTypes.mjs').toBe(true)
  // A field that a route gains is seen.
  document.paths['/health'].get.responses['200'].content['application/json'].schema.properties.extra = {
    type: 'string',
  }
  expect(renderApiTypes(document)).toContain('readonly extra?: string')
})

test('each form of a description has its type', async () => {
  const { renderApiTypes } = await import(generator)
  const typeOf = (schema: object): string =>
    renderApiTypes({
      paths: { '/v1/a': { get: { responses: { 200: { content: { 'application/json': { schema } } } } } } },
    })
      .split('readonly answer: ')[1]
      .split('\n  }')[0]
  expect(typeOf({ type: 'integer' })).toBe('number')
  expect(typeOf({ type: ['string', 'null'] })).toBe('string | null')
  expect(typeOf({ type: 'string', enum: ['a', 'b'] })).toBe("'a' | 'b'")
  expect(typeOf({ type: 'array', items: { type: ['number', 'null'] } })).toBe('readonly (number | null)[]')
  expect(typeOf({ type: 'object', additionalProperties: { type: 'array', items: { type: 'number' } } })).toBe(
    '{ readonly [name: string]: readonly number[] }',
  )
  expect(typeOf({ type: 'object', additionalProperties: true })).toBe('{ readonly [name: string]: unknown }')
  expect(typeOf({ type: 'object', properties: { a: { type: 'boolean', description: 'A.' } } })).toBe(
    '{\n      /** A. */\n      readonly a?: boolean\n    }',
  )
  expect(typeOf({ type: 'array', items: { type: 'array', items: {} } })).toBe('readonly (readonly unknown[])[]')
  expect(() => typeOf({ oneOf: [] })).toThrow('no TypeScript type')
})
