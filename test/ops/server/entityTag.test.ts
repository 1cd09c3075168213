import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isKnown } from '../../../ops/server/entityTag.ts'

const app = fastify()
let version = 'a'
beforeAll(async () => {
  app.get('/star', async (request, reply) => (isKnown(request, reply, ['star', version]) ? reply : { star: version }))
  await app.ready()
})
afterAll(() => app.close())

const ask = (known?: string) =>
  app.inject({ url: '/star', headers: known === undefined ? {} : { 'if-none-match': known } })

test('an answer has a weak tag that stays while what it follows from does, and changes with it', async () => {
  version = 'a'
  const first = await ask()
  const tag = String(first.headers.etag)
  expect(tag).toMatch(/^W\/"[0-9a-f]{16}"$/)
  expect(first.headers['cache-control']).toBe('private, no-cache')
  for (const known of [tag, tag.slice(2), `"x", ${tag}`, '*']) {
    const again = await ask(known)
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag])
  }
  version = 'b'
  const changed = await ask(tag)
  expect([changed.statusCode, changed.json()]).toEqual([200, { star: 'b' }])
  expect(changed.headers.etag).not.toBe(tag)
})

test('what is no tag of ours gets the answer', async () => {
  for (const known of ['', 'x', '"', 'W/', `"${'a'.repeat(5000)}"`]) expect((await ask(known)).statusCode).toBe(200)
})
