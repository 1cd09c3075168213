// A real client and the actor that tells: what comes over a WebSocket, how it goes on, and how it ends.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  groupLag,
  notifyGroup,
  notifyPlan,
  removeSubscription,
  runActor,
  saveSubscription,
} from '../../../actors/index.ts'
import { starWorkOutput } from '../../../actors/subscriptions.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import type { ServerLimits } from '../../../ops/server/serverParts.ts'
import { countReads } from '../../streams/countedReads.ts'
import { makePosterior, openTemporaryLog, posteriorOutputs, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'
import { connectSocket } from './socketClient.ts'

let temporary: TemporaryLog
let server: RunningServer
let stop: AbortController
let running: Promise<void>
let reported: unknown[]
beforeEach(async () => {
  temporary = await openTemporaryLog()
  const { log } = temporary
  reported = []
  const wanted = { id: 'a', name: 'young', where: 'young > 0.9', moc: null, watchlist: [], createdMs: 1n }
  await saveSubscription(log, wanted)
  await start({ heartbeatMs: 40 })
  stop = new AbortController()
  running = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
})
afterEach(async () => {
  await server.close()
  stop.abort()
  await running
  await temporary.remove()
})

async function start(limits: Partial<ServerLimits>): Promise<void> {
  const parts = smallServerParts(temporary.log)
  const report = (error: unknown) => void reported.push(error)
  server = await startServer({ ...parts, limits: { ...parts.limits, ...limits }, report }, '127.0.0.1', 0)
}

async function restart(limits: Partial<ServerLimits>): Promise<void> {
  await server.close()
  await start(limits)
}

const PATH = '/v1/subscriptions/a/socket'

async function believe(starId: string, youngProbability: number, version = 1): Promise<void> {
  const posterior = makePosterior(starId, youngProbability, version)
  await temporary.log.transact({ outputs: [...posteriorOutputs(posterior), starWorkOutput(starId)] })
}

async function settled(): Promise<void> {
  while ((await groupLag(temporary.log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
}

async function streamedEvents(from: string, count: number): Promise<string[]> {
  const gone = new AbortController()
  const { body } = await fetch(`${server.url}/v1/subscriptions/a/events?from=${from}`, { signal: gone.signal })
  const found: string[] = []
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    found.push(...blocks.filter(block => block.includes('data: ')))
    if (found.length >= count) break
  }
  gone.abort()
  return found
}

test('the events and cursors are those of the event stream, and either goes on where the other was', async () => {
  for (const name of ['s1', 's2', 's3']) await believe(name, 0.95)
  await settled()
  const client = connectSocket(`${server.url}${PATH}?from=earliest`)
  const events = await client.events(3)
  const asStream = events.map(
    ({ cursor, event, data }) => `id: ${cursor}\nevent: ${event}\ndata: ${JSON.stringify(data)}`,
  )
  expect(asStream).toEqual(await streamedEvents('earliest', 3))
  expect(events.map(({ data }) => data?.starId)).toEqual(['s1', 's2', 's3'])
  await believe('s1', 0.1, 2)
  const [, , , left] = await client.events(4)
  expect(left).toMatchObject({ event: 'left', data: { starId: 's1', posterior: null } })
  client.socket.terminate()
  const later = connectSocket(`${server.url}${PATH}?from=${events[2].cursor}`)
  expect(await later.events(1)).toEqual([left])
  expect(await streamedEvents(events[2].cursor, 1)).toHaveLength(1)
})

test('a client that comes back again and again with its last cursor is told everything once', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `s${i}`)
  const seen: string[] = []
  let cursor = 'earliest'
  const writing = (async () => {
    for (const name of names) {
      await believe(name, 0.95)
      await sleep(3)
    }
  })()
  while (seen.length < names.length) {
    const client = connectSocket(`${server.url}${PATH}?from=${cursor}`)
    const events = await client.events(1)
    for (const one of events) {
      seen.push(one.data?.starId ?? '')
      cursor = one.cursor
    }
    client.socket.terminate()
    await client.closed
  }
  await writing
  expect(seen).toEqual(names)
})

test('a socket is told at once where it begins; heartbeats are pings, and move the cursor where nothing passes', async () => {
  const client = connectSocket(server.url + PATH)
  await once(client.socket, 'ping')
  const start = { cursor: '0:0', event: null, data: null }
  expect(client.messages).toEqual([start])
  const outputs = ['b/s1', 'b/s2'].map(key => ({ topic: 'subscription-events.00', key, value: null }))
  await temporary.log.transact({ outputs })
  await once(client.socket, 'message')
  for (let i = 0; i < 3; i++) await once(client.socket, 'ping')
  expect(client.messages).toEqual([start, { cursor: '0:2', event: null, data: null }])
})

test('a client that answers no heartbeat is given up, and one that does is not', async () => {
  const silent = connectSocket(server.url + PATH, { autoPong: false })
  const alive = connectSocket(server.url + PATH)
  expect((await silent.closed).code).toBe(1006)
  expect(alive.socket.readyState).toBe(alive.socket.OPEN)
})

test('what is wrong with the request is told as the socket closes', async () => {
  const endOf = (path: string) => connectSocket(server.url + path).closed
  const unknown = await endOf('/v1/subscriptions/b/socket')
  expect(unknown.code).toBe(4404)
  expect(unknown.reason).toMatch(/^SUBSCRIPTION_UNKNOWN: There is no subscription "b"/)
  expect(await endOf(`${PATH}?from=yesterday`)).toMatchObject({
    code: 4400,
    reason: /^QUESTION_INVALID: "yesterday" is/,
  })
  const lost = await endOf(`${PATH}?from=0:99`)
  expect([lost.code, lost.reason.startsWith('LOG_OFFSET_LOST: The cursor stands at 0:99')]).toEqual([4410, true])
  expect(Buffer.byteLength(lost.reason)).toBeLessThanOrEqual(123)
  expect(reported).toEqual([])
})

test('a log that fails is told without what only the server should know, and reported', async () => {
  const { log } = temporary
  const open = log.openReader.bind(log)
  log.openReader = options => {
    const isOfEvents = options.topics.includes('subscription-events.00')
    const next = () => Promise.reject(new Error('/secret/path is gone'))
    return isOfEvents ? Object.assign(open(options), { next }) : open(options)
  }
  const { code, reason } = await connectSocket(server.url + PATH).closed
  log.openReader = open
  expect([code, reason]).toEqual([4500, expect.stringMatching(/^INTERNAL: /)])
  expect(reason).not.toContain('secret')
  expect(reported).toHaveLength(1)
})

test('clients beyond the limit are turned away until one has left; sockets and streams count alike', async () => {
  const first = connectSocket(server.url + PATH)
  await once(first.socket, 'ping')
  const gone = new AbortController()
  await fetch(`${server.url}/v1/subscriptions/a/events`, { signal: gone.signal })
  expect(await connectSocket(server.url + PATH).closed).toMatchObject({ code: 4503 })
  expect((await fetch(`${server.url}/v1/subscriptions/a/events`)).status).toBe(503)
  first.socket.close()
  await first.closed
  // The server may not have seen yet that it left.
  const isLetIn = () => {
    const { socket, closed } = connectSocket(server.url + PATH)
    return Promise.race([once(socket, 'ping').then(() => true), closed.then(() => false)])
  }
  await expect.poll(isLetIn).toBe(true)
  gone.abort()
})

for (const [what, act, code] of [
  ['a message', socket => socket.send('hello'), 1008],
  ['a large message', socket => socket.send('x'.repeat(2000)), 1009],
  [
    'a message in many pieces',
    socket => {
      for (let i = 0; i < 20; i++) socket.send('', { fin: false })
    },
    1008,
  ],
  [
    'a flood of pings',
    socket => {
      for (let i = 0; i < 500; i++) socket.ping()
    },
    1008,
  ],
  [
    'what is no frame',
    socket => {
      ;(socket as unknown as { _socket: Socket })._socket.write(Buffer.alloc(10, 0xff))
    },
    1002,
  ],
] as readonly [string, (socket: ReturnType<typeof connectSocket>['socket']) => void, number][]) {
  test(`${what} from a client ends its socket, and no other`, async () => {
    const other = connectSocket(server.url + PATH)
    const client = connectSocket(server.url + PATH)
    await Promise.all([once(client.socket, 'ping'), once(other.socket, 'ping')])
    act(client.socket)
    expect((await client.closed).code).toBe(code)
    await believe('s1', 0.95)
    expect(await other.events(1)).toHaveLength(1)
  })
}

test('a removed subscription ends its sockets', async () => {
  const client = connectSocket(server.url + PATH)
  await once(client.socket, 'ping')
  await removeSubscription(temporary.log, 'a')
  expect(await client.closed).toEqual({ code: 1000, reason: 'The subscription was removed.' })
})

test('a server that closes says so, and does not wait for who says nothing', async () => {
  const polite = connectSocket(server.url + PATH)
  const { hostname, port } = new URL(server.url)
  const deaf = connect(Number(port), hostname)
  deaf.on('error', () => {})
  deaf.write(
    `GET ${PATH} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
  )
  await Promise.all([once(polite.socket, 'ping'), once(deaf, 'data')])
  deaf.pause()
  const startMs = performance.now()
  const closing = server.close()
  expect(await polite.closed).toMatchObject({ code: 1001 })
  await closing
  expect(performance.now() - startMs).toBeLessThan(30_000)
  deaf.destroy()
  await start({})
})

test('a client that does not read is not read for: the log stays where the socket is full', async () => {
  await restart({ heartbeatMs: 60_000 })
  const { log } = temporary
  const topic = 'subscription-events.00'
  await believe('s0', 0.95)
  await settled()
  const [event] = await (async () => {
    const reader = log.openReader({ topics: [topic] })
    const batch = await reader.poll()
    await reader.close()
    return batch?.records ?? []
  })()
  for (let i = 0; i < 10; i++) {
    const outputs = Array.from({ length: 1000 }, (_, j) => ({ topic, key: `a/copy ${i} ${j}`, value: event.value }))
    await log.transact({ outputs })
  }
  const reads = countReads(log, 100)
  const client = connectSocket(`${server.url}${PATH}?from=earliest`)
  await once(client.socket, 'open')
  client.socket.pause()
  const batchCount = await reads.atRest()
  expect(batchCount).toBeGreaterThan(0)
  expect(batchCount).toBeLessThan(90)
  client.socket.resume()
  expect(await client.events(10_001)).toHaveLength(10_001)
  reads.stop()
})
