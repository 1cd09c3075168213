import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compressAnswers } from '../../../ops/server/compression.ts'

const app = fastify()
const long = JSON.stringify({ text: 'star '.repeat(1000) })
beforeAll(async () => {
  compressAnswers(app)
  app.get('/long', async (_request, reply) => reply.type('application/json').send(long))
  app.get('/problem', async (_request, reply) => reply.type('application/problem+json').send(long))
  app.get('/arrow', async (_request, reply) => reply.type('application/vnd.apache.arrow.file').send(Buffer.from(long)))
  app.get('/parquet', async (_request, reply) => reply.type('application/vnd.apache.parquet').send(Buffer.from(long)))
  app.get('/short', async (_request, reply) => reply.type('application/json').send('{}'))
  await app.ready()
})
afterAll(() => app.close())

const ask = (url: string, encoding?: string, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } })

for (const [accepted, coding] of [
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0.1, gzip;q=0.9', 'gzip'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['GZIP;Q=1', 'gzip'],
] as const) {
  test(`who accepts ${accepted} gets ${coding}, and what it holds is the answer`, async () => {
    for (const url of ['/long', '/problem', '/arrow']) {
      const response = await ask(url, accepted)
      expect([response.headers['content-encoding'], response.headers.vary]).toEqual([coding, 'accept, accept-encoding'])
      const unpack = coding === 'br' ? brotliDecompressSync : gunzipSync
      expect(unpack(response.rawPayload).toString()).toBe(long)
      expect(response.rawPayload.length).toBe(Number(response.headers['content-length'] ?? response.rawPayload.length))
      expect(response.rawPayload.length).toBeLessThan(long.length / 10)
    }
  })
}

for (const accepted of [undefined, '', 'identity', 'gzip;q=0, br;q=0', '*;q=0', 'zstd', 'gzip;q=x', ',,;;=,']) {
  test(`who accepts ${accepted} gets the answer as it is`, async () => {
    const response = await ask('/long', accepted)
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.body).toBe(long)
  })
}

test('what is short, or packed already, is left as it is; HEAD tells the length of the answer as it is', async () => {
  for (const url of ['/short', '/parquet']) expect((await ask(url, 'gzip')).headers['content-encoding']).toBeUndefined()
  const head = await ask('/long', 'gzip', 'HEAD')
  expect([head.headers['content-encoding'], head.headers['content-length'], head.body]).toEqual([
    undefined,
    String(long.length),
    '',
  ])
})
