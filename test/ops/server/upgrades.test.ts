// Who may open a WebSocket, and what becomes of those who only offer another protocol.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { saveSubscription } from '../../../actors/index.ts'
import { fullToken } from '../../../ops/server/accessToken.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import type { ServerParts } from '../../../ops/server/serverParts.ts'
import { packageFile, subscribe } from '../../../schemas/index.ts'
import { openTemporaryLog, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'
import { connectSocket, refusalOf } from './socketClient.ts'

const TOKEN = 'a-token/with+all~that.a_token-may-have'
const PATH = '/v1/subscriptions/a/socket'

let temporary: TemporaryLog
beforeEach(async () => {
  temporary = await openTemporaryLog()
  const wanted = { id: 'a', name: 'all', where: '', moc: null, watchlist: [], createdMs: 1n }
  await saveSubscription(temporary.log, wanted)
})
afterEach(() => temporary.remove())

async function start(parts: Partial<ServerParts> = {}): Promise<RunningServer> {
  const server = await startServer({ ...smallServerParts(temporary.log), ...parts }, '127.0.0.1', 0)
  onTestFinished(() => server.close())
  return server
}

const guarded: Partial<ServerParts> = { access: { tokens: [fullToken(TOKEN)], health: 'open' } }
const offered = (token: string) => `bearer.${Buffer.from(token).toString('base64url')}`

test('a program sends its token in the header, a page as a protocol, which is not sent back', async () => {
  const { url } = await start(guarded)
  const program = connectSocket(url + PATH, { headers: { authorization: `Bearer ${TOKEN}` } })
  await once(program.socket, 'open')
  const page = connectSocket(url + PATH, { origin: url }, ['birthline.v1', offered(TOKEN)])
  const [answer] = await once(page.socket, 'upgrade')
  expect(answer.headers['sec-websocket-protocol']).toBe('birthline.v1')
  expect(answer.rawHeaders.join()).not.toContain(offered(TOKEN))
})

for (const [what, protocols, headers] of [
  ['no token', [], {}],
  ['a guess', ['birthline.v1', offered('a-guess-of-sixteen-characters')], {}],
  ['the token as it is, which is no protocol', [], { 'sec-websocket-protocol': `bearer.${TOKEN}` }],
] as const) {
  test(`${what} opens nothing`, async () => {
    const { url } = await start(guarded)
    const { status, json } = await refusalOf(connectSocket(url + PATH, { headers }, [...protocols]))
    expect([status, json.code]).toEqual([401, 'UNAUTHORIZED'])
  })
}

test('a token in the address is none, and one as a protocol opens no other route', async () => {
  const { url } = await start(guarded)
  expect((await refusalOf(connectSocket(`${url}${PATH}?token=${TOKEN}`))).status).toBe(401)
  const headers = { 'sec-websocket-protocol': `birthline.v1, ${offered(TOKEN)}` }
  expect((await fetch(`${url}/v1/subscriptions`, { headers })).status).toBe(401)
})

test('a page of another address is refused, with the token too', async () => {
  const { url } = await start(guarded)
  const { port } = new URL(url)
  for (const origin of ['https://elsewhere.example', `http://127.0.0.1:${Number(port) + 1}`, 'null']) {
    const { status, json } = await refusalOf(connectSocket(url + PATH, { origin }, ['birthline.v1', offered(TOKEN)]))
    expect([origin, status, json.code]).toEqual([origin, 403, 'ORIGIN_FOREIGN'])
  }
})

test('guesses at sockets are limited as others are', async () => {
  const { limits } = smallServerParts(temporary.log)
  const { url } = await start({ ...guarded, limits: { ...limits, requestsPerMinute: 3 } })
  const statuses: number[] = []
  for (let i = 0; i < 5; i++) statuses.push((await refusalOf(connectSocket(url + PATH))).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
})

test('a request without a WebSocket is told to ask for one, and one for a WebSocket where there is none is answered', async () => {
  const { url } = await start()
  const response = await fetch(url + PATH)
  expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket'])
  expect((await refusalOf(connectSocket(`${url}/v1/nowhere`))).status).toBe(404)
})

test('over TLS a socket opens too', async () => {
  const read = (name: string) => readFileSync(packageFile('test', 'fixtures', 'tls', name), 'utf8')
  const { url } = await start({ tls: { cert: read('server.crt'), key: read('server.key') } })
  const { socket } = connectSocket(url + PATH, { rejectUnauthorized: false, origin: url })
  await once(socket, 'open')
})

test('who offers HTTP/2 with a request, as Java does, is answered as if not, with the body that follows', async () => {
  const read = (name: string) => readFileSync(packageFile('test', 'fixtures', 'tls', name), 'utf8')
  for (const tls of [null, { cert: read('server.crt'), key: read('server.key') }]) {
    const answered: string[] = []
    onTestFinished(subscribe('answer', ({ route, status }) => answered.push(`${route} ${status}`)))
    const { url } = await start({ tls })
    const body = JSON.stringify({ name: `saved by ${url}`, where: `young > 0.${'9'.repeat(30)}` })
    const ask = tls === null ? httpRequest : httpsRequest
    const asked = ask(`${url}/v1/subscriptions`, {
      method: 'POST',
      rejectUnauthorized: false,
      headers: {
        ...{ connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAB' },
        ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
    })
    asked.write(body.slice(0, 10))
    // The rest comes once the head was read.
    setTimeout(() => asked.end(body.slice(10)), 100)
    const [response] = await once(asked, 'response')
    let text = ''
    for await (const chunk of response) text += chunk
    expect([response.statusCode, JSON.parse(text).name]).toEqual([201, `saved by ${url}`])
    await expect.poll(() => answered).toEqual(['/v1/subscriptions 201'])
  }
})
