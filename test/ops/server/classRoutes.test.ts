// A real socket: what a browser's EventSource would send and see.
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMetrics } from '../../../ops/metrics/metrics.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { countReads } from '../../streams/countedReads.ts'
import { makePosterior, openTemporaryLog, posteriorOutputs, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

let temporary: TemporaryLog
let server: RunningServer
beforeEach(async () => {
  temporary = await openTemporaryLog()
  const { log } = temporary
  server = await startServer(
    {
      version: '0.0.0',
      log,
      metrics: createMetrics(log, [], () => performance.now()),
      dataFolder: 'no-data-folder',
      limits: {
        maxBodyBytes: 1000,
        requestsPerMinute: 10_000,
        maxSubscribers: 2,
        heartbeatMs: 20,
        closeGraceMs: 300,
        headTimeoutMs: 1000,
        requestTimeoutMs: 5000,
      },
      access: { tokens: [], health: 'open' },
      tls: null,
      questions: null,
      model: null,
      trouble: () => null,
      subjects: [],
      report: error => {
        throw error
      },
    },
    '127.0.0.1',
    0,
  )
})
afterEach(async () => {
  await server.close()
  await temporary.remove()
})

interface StreamEvent {
  readonly id: string
  readonly name: string | null
  readonly data: string | null
}

interface Subscription {
  readonly status: number
  next(): Promise<StreamEvent | null>
  end(): void
}

async function subscribe(path: string, lastEventId?: string): Promise<Subscription> {
  const controller = new AbortController()
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const response = await fetch(server.url + path, { headers, signal: controller.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    status: response.status,
    end: () => controller.abort(),
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end !== -1) {
          const fields = new Map(
            text
              .slice(0, end)
              .split('\n')
              .map(line => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
          )
          text = text.slice(end + 2)
          if (fields.has('id'))
            return { id: fields.get('id') ?? '', name: fields.get('event') ?? null, data: fields.get('data') ?? null }
          continue
        }
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) return null
        text += chunk.value
      }
    },
  }
}

async function nextStar(subscription: Subscription): Promise<{ id: string; starId: string }> {
  for (;;) {
    const event = await subscription.next()
    if (event === null) throw new Error('the stream ended')
    if (event.data !== null) return { id: event.id, starId: JSON.parse(event.data).posterior.starId }
  }
}

const commit = (names: readonly string[], youngProbability = 0.95) =>
  temporary.log.transact({ outputs: names.flatMap(name => posteriorOutputs(makePosterior(name, youngProbability))) })

const PATH = '/v1/classes/young/stream?above=0.9'

test('a subscriber that comes back with the last id sees what it missed, each once, then what is new', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `star-${i}`)
  await commit(names.slice(0, 8))
  const first = await subscribe(`${PATH}&from=earliest`)
  expect(first.status).toBe(200)
  const seen: string[] = []
  let id = ''
  for (let i = 0; i < 5; i++) {
    const event = await nextStar(first)
    seen.push(event.starId)
    id = event.id
  }
  first.end()
  await commit(names.slice(8))
  const second = await subscribe(PATH, id)
  for (let i = 0; i < 7; i++) seen.push((await nextStar(second)).starId)
  expect([...seen].sort()).toEqual([...names].sort())
  await commit(['star-live'])
  expect((await nextStar(second)).starId).toBe('star-live')
  second.end()
})

test('a stretch without a match moves the id by a line that raises no event', async () => {
  const subscription = await subscribe(`${PATH}&from=earliest`)
  await commit(
    Array.from({ length: 9 }, (_, i) => `old-${i}`),
    0.1,
  )
  let last = ''
  while (
    !/:9$/.test(last.split('.').reduce((sum, part) => `:${Number(sum.slice(1)) + Number(part.split(':')[1])}`, ':0'))
  ) {
    const event = await subscription.next()
    expect(event?.data).toBeNull()
    last = event?.id ?? ''
  }
  subscription.end()
})

for (const [id, status, code] of [
  ['0:99999999.1:0.2:0.3:0', 410, 'LOG_OFFSET_LOST'],
  ['9:0', 400, 'QUESTION_INVALID'],
] as const) {
  test(`an id that the log does not hold, ${id}, is answered with ${status}, and no stream begins`, async () => {
    const response = await fetch(server.url + PATH, { headers: { 'last-event-id': id } })
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(await response.json()).toMatchObject({ status, code, detail: expect.stringContaining('cursor') })
  })
}

test('one subscriber more than allowed is asked to come back later, and is let in once another has left', async () => {
  const first = await subscribe(PATH)
  const second = await subscribe(PATH)
  const third = await subscribe(PATH)
  expect([first.status, second.status, third.status]).toEqual([200, 200, 503])
  first.end()
  const comeAgain = async () => {
    const again = await subscribe(PATH)
    again.end()
    return again.status
  }
  await expect.poll(comeAgain).toBe(200)
  second.end()
})

test('no more than 64 streams of classes are open, however many subscribers are let in', async () => {
  const parts = smallServerParts(temporary.log)
  const large = await startServer({ ...parts, limits: { ...parts.limits, maxSubscribers: 1000 } }, '127.0.0.1', 0)
  const leaving = new AbortController()
  try {
    const open = () => fetch(large.url + PATH, { signal: leaving.signal })
    const streams = await Promise.all(Array.from({ length: 65 }, open))
    expect(streams.filter(({ status }) => status === 200)).toHaveLength(64)
    const [refused] = streams.filter(({ status }) => status !== 200)
    expect(await refused.json()).toMatchObject({
      status: 503,
      detail: expect.stringContaining('POST /v1/subscriptions'),
    })
  } finally {
    leaving.abort()
    await large.close()
  }
})

test('a shutdown ends open streams and returns', async () => {
  const subscription = await subscribe(PATH)
  const closing = server.close()
  let event: StreamEvent | null = { id: '', name: null, data: null }
  while (event !== null) event = await subscription.next()
  await closing
  await expect(fetch(`${server.url}/health`)).rejects.toThrow()
})

test('a subscriber that does not read is not read for: the log stays where the socket is full', async () => {
  const names = Array.from({ length: 400 }, (_, i) => `star-${i}`)
  for (let copy = 0; copy < 50; copy++) await commit(names)
  const reads = countReads(temporary.log, 100)
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.pause()
  socket.write(`GET ${PATH}&from=earliest HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
  const batchCount = await reads.atRest()
  expect(batchCount).toBeGreaterThan(0)
  // 20,000 records of about 1.3 kB as JSON; what the kernel's socket buffers take is a few thousand of them.
  expect(batchCount).toBeLessThan(150)
  socket.destroy()
  reads.stop()
})
