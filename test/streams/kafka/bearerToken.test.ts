import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type BearerClient, createTokenSource, readTokenFile } from '../../../streams/index.ts'

const SECRET = 'swordfish-7c41:%'

/** An endpoint that answers as told, and remembers what it was asked. */
async function endpoint(answer: (reply: ServerResponse, turn: number) => void) {
  const asked: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = []
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const bytes of request) body += bytes
    asked.push({ headers: request.headers, body })
    answer(reply, asked.length)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const client: BearerClient = {
    url: `http://127.0.0.1:${port}/`,
    clientId: 'a b',
    clientSecret: SECRET,
    scope: 'x y',
    ca: null,
  }
  return { asked, client }
}

const json = (reply: ServerResponse, status: number, body: unknown) =>
  void reply.writeHead(status).end(JSON.stringify(body))

test('the client is named as RFC 6749 has it, and its token kept for four fifths of its life', async () => {
  const { asked, client } = await endpoint((reply, turn) =>
    json(reply, 200, { access_token: `t${turn}`, expires_in: 100 }),
  )
  let nowMs = 0
  const token = createTokenSource(client, () => nowMs)
  expect(await Promise.all([token(), token()])).toEqual(['t1', 't1'])
  nowMs = 79_999
  expect(await token()).toBe('t1')
  nowMs = 80_000
  expect(await token()).toBe('t2')
  expect(asked).toHaveLength(2)
  expect(asked[0].body).toBe('grant_type=client_credentials&scope=x+y')
  const basic = Buffer.from(String(asked[0].headers.authorization).slice('Basic '.length), 'base64').toString()
  expect(basic).toBe('a+b:swordfish-7c41%3A%25')
})

test('of a short life ten seconds are left when it is used last', async () => {
  const { asked, client } = await endpoint((reply, turn) =>
    json(reply, 200, { access_token: `t${turn}`, expires_in: 15 }),
  )
  let nowMs = 0
  const token = createTokenSource(client, () => nowMs)
  await token()
  nowMs = 4999
  expect(await token()).toBe('t1')
  nowMs = 5000
  expect(await token()).toBe('t2')
  expect(asked).toHaveLength(2)
})

test('a token without a lifetime is used once', async () => {
  const { asked, client } = await endpoint(reply => json(reply, 200, { access_token: 't' }))
  const token = createTokenSource(client, () => 0)
  await token()
  await token()
  expect(asked).toHaveLength(2)
})

test.each([
  [
    'a refusal',
    401,
    JSON.stringify({ error: 'invalid_client', error_description: SECRET }),
    'CONFIG_INVALID',
    '(401, invalid_client)',
  ],
  ['a refusal in words of its own', 400, JSON.stringify({ error: SECRET }), 'CONFIG_INVALID', '(400)'],
  ['a page', 200, '<html>', 'CONFIG_INVALID', 'gave no access_token'],
  [
    'a token with a line break',
    200,
    JSON.stringify({ access_token: 'a\nb' }),
    'CONFIG_INVALID',
    'gave no access_token',
  ],
  ['a fault', 503, SECRET, 'LOG_UNAVAILABLE', 'it answered 503'],
  ['an endless answer', 200, 'x'.repeat(100_000), 'LOG_UNAVAILABLE', 'its answer is too long'],
])('%s is told without what the endpoint says', async (_, status, body, code, sentence) => {
  const { client } = await endpoint(reply => void reply.writeHead(status).end(body))
  const error = await createTokenSource(client, () => 0)().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) })
  expect(String(error)).not.toContain('swordfish')
})

test('after a failure the endpoint is asked again', async () => {
  const { client } = await endpoint((reply, turn) =>
    turn === 1 ? json(reply, 503, {}) : json(reply, 200, { access_token: 't' }),
  )
  const token = createTokenSource(client, () => 0)
  await expect(token()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  expect(await token()).toBe('t')
})

test('a token in a file is read anew each time, and refused once it says that it has run out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-token-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'token')
  const read = () => readTokenFile(path, () => 1_000_000)
  await expect(read()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  const jwt = (exp: unknown) => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.`
  for (const good of ['opaque', 'a.b.c', jwt(1001), jwt('soon'), jwt(1e300)]) {
    writeFileSync(path, `${good}\n`)
    expect(await read()).toBe(good)
  }
  for (const [bad, sentence] of [
    [jwt(1000), 'ran out at 1970-01-01T00:16:40.000Z'],
    ['', 'holds no token'],
    ['two words', 'holds no token'],
    ['a\x01b', 'holds no token'],
  ]) {
    writeFileSync(path, bad)
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(sentence) })
  }
})
