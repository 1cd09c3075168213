import { readFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../ops/metrics/metrics.ts'
import type { Access } from '../../../ops/server/access.ts'
import { type AccessToken, fullToken, scopes } from '../../../ops/server/accessToken.ts'
import { buildServer, type RunningServer, startServer } from '../../../ops/server/server.ts'
import type { ServerLimits, ServerParts } from '../../../ops/server/serverParts.ts'
import { packageFile } from '../../../schemas/index.ts'
import { openTemporaryLog, type TemporaryLog } from '../starRecords.ts'

const TOKEN = 'a-token-of-sixteen-characters-or-more'
const OTHER = 'another-token-that-is-long-enough'
const GUESS = 'a-guess-of-sixteen-characters-or-more'

let temporary: TemporaryLog
beforeAll(async () => {
  temporary = await openTemporaryLog()
})
afterAll(() => temporary.remove())

function partsOf(access: Partial<Access> = {}, limits: Partial<ServerLimits> = {}): ServerParts {
  const { log } = temporary
  return {
    version: '0.0.0',
    log,
    metrics: createMetrics(log, [], () => performance.now()),
    dataFolder: 'no-data-folder',
    limits: {
      ...{ maxBodyBytes: 1000, requestsPerMinute: 1000, maxSubscribers: 2, heartbeatMs: 20, closeGraceMs: 300 },
      ...{ headTimeoutMs: 400, requestTimeoutMs: 5000 },
      ...limits,
    },
    access: { tokens: [TOKEN, OTHER].map(fullToken), health: 'open', ...access },
    tls: null,
    questions: null,
    model: null,
    trouble: () => null,
    subjects: [],
    report: error => {
      throw error
    },
  }
}

async function build(access: Partial<Access> = {}, limits: Partial<ServerLimits> = {}): Promise<FastifyInstance> {
  const app = await buildServer(partsOf(access, limits))
  onTestFinished(() => app.close())
  return app
}

async function start(parts: ServerParts): Promise<RunningServer> {
  const server = await startServer(parts, '127.0.0.1', 0)
  onTestFinished(() => server.close())
  return server
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const everyPath = [
  ...[
    '/',
    '/metrics',
    '/openapi.json',
    '/v1/classes',
    '/v1/stars/12',
    '/v1/stars/12/posterior',
    '/nowhere',
    '/subjects',
    '/schemas/ids/1',
  ],
  ...['/v1/stars/12/history', '/v1/classes/young/stream'],
]

test('without a token every path is a 401 with the way in, and health is not', async () => {
  const app = await build()
  for (const url of everyPath) {
    const response = await app.inject(url)
    expect([url, response.statusCode, response.json().code]).toEqual([url, 401, 'UNAUTHORIZED'])
    expect(response.headers['www-authenticate']).toBe('Bearer realm="birthline"')
  }
  const asked = await app.inject({ method: 'POST', url: '/v1/ask', payload: { for: 'age' } })
  expect([asked.statusCode, asked.json().code]).toEqual([401, 'UNAUTHORIZED'])
  expect((await app.inject('/health')).statusCode).toBe(200)
})

test('health is closed where that was chosen', async () => {
  const app = await build({ health: 'closed' })
  expect((await app.inject('/health')).statusCode).toBe(401)
  expect((await app.inject({ url: '/health', headers: bearer(TOKEN) })).statusCode).toBe(200)
})

test('each of the tokens opens the server, whatever the case of its scheme', async () => {
  const app = await build()
  for (const authorization of [`Bearer ${TOKEN}`, `bearer ${OTHER}`, `BEARER  ${TOKEN}`]) {
    expect((await app.inject({ url: '/v1/classes', headers: { authorization } })).statusCode).toBe(200)
  }
})

for (const authorization of [
  `Bearer ${GUESS}`,
  `Bearer ${TOKEN.slice(0, -1)}`,
  `Bearer ${TOKEN}x`,
  `Bearer ${TOKEN} ${OTHER}`,
  `Basic ${TOKEN}`,
  TOKEN,
  'Bearer ',
  `Bearer ${'x'.repeat(5000)}`,
]) {
  test(`${authorization.slice(0, 40)} of ${authorization.length} letters opens nothing, and is not repeated`, async () => {
    const app = await build()
    const response = await app.inject({ url: '/v1/classes', headers: { authorization } })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toContain('error="invalid_token"')
    expect(response.payload).not.toContain('token-of-sixteen')
  })
}

test('each token has its own limit, and those without one share that of their address', async () => {
  const app = await build({}, { requestsPerMinute: 2 })
  const statusOf = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/v1/classes', headers })).statusCode
  const one = bearer(TOKEN)
  expect([await statusOf(one), await statusOf(one), await statusOf(one)]).toEqual([200, 200, 429])
  expect(await statusOf(bearer(OTHER))).toBe(200)
  // Guesses count together, whatever they are.
  expect([await statusOf(bearer(`${GUESS}1`)), await statusOf(bearer(`${GUESS}2`))]).toEqual([401, 401])
  expect([await statusOf(bearer(`${GUESS}3`)), await statusOf({})]).toEqual([429, 429])
})

test('the limit holds for subscriptions and for what is not there', async () => {
  const server = await start(partsOf({ tokens: [] }, { requestsPerMinute: 2 }))
  const statusOf = async (path: string) => {
    const response = await fetch(server.url + path)
    await response.body?.cancel()
    return response.status
  }
  expect(await statusOf('/v1/classes/young/stream')).toBe(200)
  expect(await statusOf('/v1/classes/young/stream')).toBe(200)
  expect(await statusOf('/v1/classes/young/stream')).toBe(429)
  const other = await build({ tokens: [] }, { requestsPerMinute: 1 })
  expect((await other.inject('/nowhere')).statusCode).toBe(404)
  expect((await other.inject('/nowhere')).statusCode).toBe(429)
})

test('answers carry what keeps browsers and caches from misusing them, streams too', async () => {
  const server = await start(partsOf({ tokens: [] }))
  for (const path of ['/health', '/nowhere', '/v1/classes/young/stream']) {
    const { headers, body } = await fetch(server.url + path)
    await body?.cancel()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('strict-transport-security')).toBeNull()
  }
})

/** What a server says to bytes as they are, once it has hung up. */
function talk(url: string, bytes: string, everyMs: number | null = null): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const drip = everyMs === null ? null : setInterval(() => socket.write('x'), everyMs)
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk.toString()
    })
    socket.on('error', error => ('code' in error && error.code === 'EPIPE' ? undefined : reject(error)))
    socket.on('close', () => {
      if (drip !== null) clearInterval(drip)
      resolve(answer)
    })
  })
}

test('whoever sends the head of a request letter by letter is cut off', async () => {
  const server = await start(partsOf())
  const answer = await talk(server.url, 'GET /health HTTP/1.1\r\nhost: a\r\nx-slow: ', 50)
  expect(answer).toContain('408 Request Timeout')
  expect(answer).toContain('"code":"REQUEST_INVALID"')
})

test('a head that is too long, and bytes that are no request, are answered and cut off', async () => {
  const server = await start(partsOf())
  const long = await talk(server.url, `GET /health HTTP/1.1\r\nhost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)
  expect(long).toContain('431 Request Header Fields Too Large')
  expect(await talk(server.url, 'no request at all\r\n\r\n')).toContain('400 Bad Request')
})

test('with a certificate the server speaks TLS, and says that it always will', async () => {
  const read = (name: string) => readFileSync(packageFile('test', 'fixtures', 'tls', name), 'utf8')
  const tls = { cert: read('server.crt'), key: read('server.key') }
  const server = await start({ ...partsOf(), tls })
  expect(server.url).toMatch(/^https:/)
  const answer = await new Promise<{ status: number | undefined; sts: string | undefined }>((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const asked = httpsRequest(
      { hostname, port, path: '/v1/classes', headers: bearer(TOKEN), ca: tls.cert },
      response => {
        response.resume()
        resolve({ status: response.statusCode, sts: response.headers['strict-transport-security'] })
      },
    )
    asked.on('error', reject).end()
  })
  expect(answer.status).toBe(200)
  expect(answer.sts).toContain('max-age=')
})

test('the description names the token where one is asked for', async () => {
  const app = await build()
  const description = (await app.inject({ url: '/openapi.json', headers: bearer(TOKEN) })).json()
  expect(description.components.securitySchemes.token).toEqual({ type: 'http', scheme: 'bearer' })
})

test('a token opens its scopes and no others, as often as it may', async () => {
  const limited = (scopes: AccessToken['scopes'], requestsPerMinute: number | null = null) => ({
    ...{ text: GUESS, scopes, requestsPerMinute },
  })
  const asked = [
    ['GET', '/v1/classes', 'read'],
    ['GET', '/metrics', 'read'],
    ['POST', '/v1/filters/preview', 'read'],
    ['POST', '/compatibility/subjects/a/versions', 'read'],
    ['POST', '/v1/ask', 'ask'],
    ['POST', '/v1/stars/12/ask', 'ask'],
    ['POST', '/v1/sql', 'ask'],
    ['POST', '/v1/subscriptions', 'write'],
    ['DELETE', '/v1/subscriptions/a', 'write'],
    ['POST', '/v1/dead-letters/redrive', 'write'],
  ] as const
  for (const scope of scopes) {
    const app = await build({ tokens: [fullToken(TOKEN), limited([scope])] })
    for (const [method, url, needed] of asked) {
      const response = await app.inject({ method, url, headers: bearer(GUESS) })
      expect([url, scope, response.statusCode === 403]).toEqual([url, scope, needed !== scope])
      if (needed === scope) continue
      expect(response.json().code).toBe('SCOPE_MISSING')
      expect(response.headers['www-authenticate']).toContain(`error="insufficient_scope", scope="${needed}"`)
      expect((await app.inject({ method, url, headers: bearer(TOKEN) })).statusCode).not.toBe(403)
    }
  }
  const app = await build({ tokens: [fullToken(TOKEN), limited(['read'], 2)] }, { requestsPerMinute: 4 })
  const statuses = async (token: string) => {
    const found: number[] = []
    for (let i = 0; i < 5; i++) found.push((await app.inject({ url: '/metrics', headers: bearer(token) })).statusCode)
    return found
  }
  expect(await statuses(GUESS)).toEqual([200, 200, 429, 429, 429])
  expect(await statuses(TOKEN)).toEqual([200, 200, 200, 200, 429])
})
