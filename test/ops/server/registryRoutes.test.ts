import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import { bandTopics, recordSchemas } from '../../../schemas/index.ts'
import { openTemporaryLog, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

let temporary: TemporaryLog
let app: FastifyInstance

beforeAll(async () => {
  temporary = await openTemporaryLog()
  app = await buildServer(smallServerParts(temporary.log, 'birthline.'))
})
afterAll(async () => {
  await app.close()
  await temporary.remove()
})

const POSTERIORS = '/subjects/birthline.posteriors-value'

async function get(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { statusCode, body } = await app.inject(url)
  return { status: statusCode, body: JSON.parse(body) }
}

async function post(url: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) })
  return { status: answer.statusCode, body: JSON.parse(answer.body) }
}

/** The newest schema with one thing changed. */
function posteriorWith(change: (schema: { fields: { name: string; type: unknown }[] }) => void): string {
  const schema = JSON.parse(recordSchemas.posterior)
  change(schema)
  return JSON.stringify(schema)
}

test('subjects, versions and ids lead to one another', async () => {
  expect((await get('/subjects')).body).toContain('birthline.posteriors-value')
  const versions = (await get(`${POSTERIORS}/versions`)).body as readonly number[]
  expect(versions).toEqual(versions.map((_, i) => i + 1))
  const latest = (await get(`${POSTERIORS}/versions/latest`)).body as { readonly id: number; readonly schema: string }
  expect(latest).toEqual({
    subject: 'birthline.posteriors-value',
    version: versions.length,
    id: latest.id,
    schema: recordSchemas.posterior,
  })
  expect((await get(`${POSTERIORS}/versions/${versions.length}`)).body).toEqual(latest)
  expect((await get(`${POSTERIORS}/versions/latest/schema`)).body).toEqual(JSON.parse(recordSchemas.posterior))
  expect((await get(`/schemas/ids/${latest.id}?subject=ignored`)).body).toEqual({ schema: recordSchemas.posterior })
  expect((await get(`/schemas/ids/${latest.id}/versions`)).body).toEqual(
    ['posteriors', 'latest-posteriors', 'candidates', 'probe-posteriors', 'probes', ...bandTopics].map(topic => ({
      subject: `birthline.${topic}-value`,
      version: versions.length,
    })),
  )
})

test('what a client asks before it trusts a registry is answered', async () => {
  expect((await get('/config')).body).toEqual({ compatibilityLevel: 'FORWARD_TRANSITIVE' })
  expect((await get('/config/birthline.stars-value')).body).toEqual({ compatibilityLevel: 'FORWARD_TRANSITIVE' })
  expect((await get('/mode')).body).toEqual({ mode: 'READONLY' })
  expect((await get('/schemas/types')).body).toEqual(['AVRO'])
})

test.each([
  ['/subjects/none/versions', 40401],
  ['/subjects/none/versions/latest', 40401],
  [`${POSTERIORS}/versions/99`, 40402],
  [`${POSTERIORS}/versions/0`, 42202],
  [`${POSTERIORS}/versions/newest`, 42202],
  ['/schemas/ids/7', 40403],
  ['/schemas/ids/101', 40403],
  ['/schemas/ids/7/versions', 40403],
  ['/config/none', 40401],
  ['/schemas/ids/seven', 400],
])('%s is refused as Confluent refuses it, with %i', async (url, number) => {
  const { status, body } = await get(url)
  expect(status).toBe(Number(String(number).slice(0, 3)))
  expect(body).toEqual({ error_code: number, message: expect.stringMatching(/./) })
})

test('a schema is found however it is written, and another one is not', async () => {
  const latest = (await get(`${POSTERIORS}/versions/latest`)).body
  const { fields, ...rest } = JSON.parse(recordSchemas.posterior)
  expect((await post(POSTERIORS, { schema: JSON.stringify({ fields, ...rest }, null, 2) })).body).toEqual(latest)
  const other = posteriorWith(schema => schema.fields.pop())
  expect((await post(POSTERIORS, { schema: other })).body).toMatchObject({ error_code: 40403 })
  expect((await post('/subjects/none', { schema: other })).body).toMatchObject({ error_code: 40401 })
})

test('who registers is told the id of what is here, and that nothing can be added', async () => {
  const { id } = (await get(`${POSTERIORS}/versions/latest`)).body as { readonly id: number }
  expect(await post(`${POSTERIORS}/versions`, { schema: recordSchemas.posterior })).toEqual({
    status: 200,
    body: { id },
  })
  const refused = await post(`${POSTERIORS}/versions`, { schema: '"string"' })
  expect(refused).toMatchObject({ status: 422, body: { error_code: 42205 } })
})

test('whether a schema may follow is answered with the reason', async () => {
  const all = '/compatibility/subjects/birthline.posteriors-value/versions'
  const longer = posteriorWith(schema => schema.fields.push({ name: 'more', type: 'string' }))
  const shorter = posteriorWith(schema => schema.fields.shift())
  for (const url of [all, `${all}/latest`, `${all}/1`]) {
    expect((await post(url, { schema: longer })).body).toEqual({ is_compatible: true, messages: [] })
    expect((await post(url, { schema: shorter })).body).toEqual({
      is_compatible: false,
      messages: ['field posteriorId is gone, and an earlier version has no default for it'],
    })
  }
  expect((await post(all, { schema: '{' })).body).toMatchObject({ error_code: 42201 })
  expect((await post(`${all}/latest`, { schema: '{"type":"nothing"}' })).body).toMatchObject({ error_code: 42201 })
})

test('a body that is no request is refused, whatever it is', async () => {
  for (const body of [{}, [], { schema: '"int"', schemaType: 'PROTOBUF' }]) {
    expect(await post(POSTERIORS, body)).toMatchObject({ status: 400, body: { error_code: 400 } })
  }
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  for (const payload of ['', '{', '{"__proto__":{}}']) {
    expect((await app.inject({ method: 'POST', url: POSTERIORS, headers, payload })).statusCode).toBe(400)
  }
})
