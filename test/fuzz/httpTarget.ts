// HTTP as it comes over the wire: bytes into a socket, and what the server says to them.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMetrics } from '../../ops/metrics/metrics.ts'
import { buildServer } from '../../ops/server/server.ts'
import { openLog, registrySubjects } from '../../streams/index.ts'
import {
  BIG_ID,
  makePosterior,
  makeStar,
  posteriorOutputs,
  publishPosteriors,
  starOutputs,
} from '../ops/starRecords.ts'
import type { FuzzTarget } from './fuzzTarget.ts'

interface Server {
  readonly port: number
  readonly routes: readonly string[]
  /** What the server has called a mistake of its own since it was last asked. */
  takeReported(): readonly unknown[]
  close(): Promise<void>
}

let server: Promise<Server> | null = null

async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-fuzz-http-'))
  const log = await openLog({ kind: 'embedded', folder })
  const posteriors = [makePosterior(`gaiaDr3:${BIG_ID}`, 0.9)].flatMap(one => posteriorOutputs(one))
  await log.transact({ outputs: [...starOutputs(makeStar(BIG_ID, '03464081+2431513')), ...posteriors] })
  await publishPosteriors(log)
  let reported: unknown[] = []
  const app = await buildServer({
    version: '0.0.0',
    log,
    metrics: createMetrics(log, [{ group: 'infer', topics: ['stars'] }], () => performance.now()),
    dataFolder: folder,
    limits: {
      maxBodyBytes: 1000,
      requestsPerMinute: 1e9,
      maxSubscribers: 50,
      heartbeatMs: 1000,
      headTimeoutMs: 10_000,
      requestTimeoutMs: 10_000,
      closeGraceMs: 300,
    },
    access: { tokens: [], health: 'open' },
    tls: null,
    questions: null,
    model: 'm',
    trouble: () => null,
    subjects: registrySubjects(''),
    report: error => void reported.push(error),
  })
  const { paths } = (await app.inject('/openapi.json')).json() as { readonly paths: Readonly<Record<string, unknown>> }
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  // The child ends with its cases, not with its server.
  app.server.unref()
  return {
    port: Number(url.port),
    routes: Object.keys(paths),
    takeReported() {
      const taken = reported
      reported = []
      return taken
    },
    async close() {
      await app.close()
      await log.close()
      await rm(folder, { recursive: true })
    },
  }
}

const QUIET_MS = 40
const WAIT_MS = 1500

/** Sends the bytes, and takes what comes until the server has no more to say for a moment. */
function ask(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1' })
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(Buffer.concat(parts))
    }
    let timer = setTimeout(done, WAIT_MS)
    socket.on('data', part => {
      parts.push(part)
      clearTimeout(timer)
      timer = setTimeout(done, QUIET_MS)
    })
    socket.on('close', done)
    // A server that cuts a connection in the middle of a bad request is within its rights; one that is gone is not.
    socket.on('error', error => ('code' in error && error.code === 'ECONNREFUSED' ? reject(error) : done()))
    socket.end(bytes)
  })
}

const id = `gaiaDr3%3A${BIG_ID}`
const question = '{"for": "age", "given": "teffK=4000,gMag=14±.1,1<av<2", "without": "WISE"}'
const request = (method: string, path: string, headers = '', body = '') =>
  Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: a\r\n${headers}Connection: close\r\n\r\n${body}`)

export const httpTarget: FuzzTarget = {
  name: 'http',
  async seeds() {
    const { routes, close } = await startServer()
    await close()
    return [
      ...routes.map(route =>
        request(
          'GET',
          route
            .replace('{id}', id)
            .replace('{className}', 'young')
            .replace(/\{\w+\}/g, '1'),
        ),
      ),
      request('GET', `/v1/stars/${id}/posterior?format=arrow`, 'Accept: application/vnd.apache.arrow.file\r\n'),
      request('GET', `/v1/stars/${id}/history?after=0&limit=100`),
      request('GET', '/v1/classes/young/stream?above=0.5&from=0:0.1:0.2:0.3:0', 'Last-Event-ID: 0:0\r\n'),
      request('GET', '/v1/stars/2MASS%20J03464081%2B2431513'),
      request('POST', `/v1/stars/${id}`, 'Content-Type: application/json\r\nContent-Length: 8\r\n', '{"a": 1}'),
      request(
        'POST',
        '/v1/ask',
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(question)}\r\n`,
        question,
      ),
      request('PUT', '/health', 'Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'),
      request('OPTIONS', '*', 'Origin: b\r\n'),
    ]
  },
  words: [
    '%00',
    '%',
    '%ff',
    '%E0%A4',
    '..%2f',
    '//',
    '?',
    '&',
    '=',
    '[]',
    '%2B',
    '\r\n',
    '\r\n\r\n',
    '\0',
    '\u00e9',
    'HTTP/9.9',
    'GET http://b/ HTTP/1.1',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 99999999999\r\n',
    'Content-Length: -1\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    `X: ${'a'.repeat(20_000)}\r\n`,
    'Accept: */*;q=nan\r\n',
    'Content-Encoding: gzip\r\n',
    'Content-Type: application/x\r\n',
    '__proto__',
    'constructor',
    'limit=1e9',
    'after=-1',
    'above=NaN',
    'from=0:999999999999999',
    'a'.repeat(5000),
    'TRACE',
    'HEAD',
    '\ud83c\udf1f',
  ],
  async run(bytes) {
    server ??= startServer()
    const { port, takeReported } = await server
    const answer = (await ask(port, bytes)).toString('latin1')
    for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) {
      if (status === '500') throw new RangeError(`the server answered 500: ${answer.slice(0, 300)}`)
    }
    const [mistake] = takeReported()
    if (mistake !== undefined) throw mistake
  },
}
