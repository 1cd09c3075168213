// A real socket and the actor that tells: what a subscriber would send and see.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupLag, notifyGroup, notifyPlan, runActor } from '../../../actors/index.ts'
import { starWorkOutput } from '../../../actors/subscriptions.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { makePosterior, openTemporaryLog, posteriorOutputs, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

let temporary: TemporaryLog
let server: RunningServer
let stop: AbortController
let running: Promise<void>
beforeEach(async () => {
  temporary = await openTemporaryLog()
  const { log } = temporary
  const parts = smallServerParts(log)
  const limits = { ...parts.limits, heartbeatMs: 50 }
  const report = (error: unknown) => {
    throw error
  }
  server = await startServer({ ...parts, limits, report }, '127.0.0.1', 0)
  stop = new AbortController()
  running = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
})
afterEach(async () => {
  await server.close()
  stop.abort()
  await running
  await temporary.remove()
})

const PATH = '/v1/subscriptions'

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(server.url + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? null : JSON.parse(text) }
}

async function believe(starId: string, youngProbability: number, version = 1): Promise<void> {
  const posterior = makePosterior(starId, youngProbability, version)
  await temporary.log.transact({ outputs: [...posteriorOutputs(posterior), starWorkOutput(starId)] })
}

async function settled(): Promise<void> {
  while ((await groupLag(temporary.log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
}

interface Told {
  readonly id: string
  readonly name: string
  readonly data: { readonly starId: string; readonly eventId: string; readonly posterior: unknown }
}

/** Reads events until there are so many, or the stream ends. */
async function listen(
  path: string,
  count: number,
  headers: Record<string, string> = {},
  told: Told[] = [],
): Promise<Told[]> {
  const gone = new AbortController()
  const response = await fetch(server.url + path, { headers, signal: gone.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (told.length < count) {
    const chunk = await reader?.read()
    if (chunk === undefined || chunk.done) return told
    text += chunk.value
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
      )
      text = text.slice(end + 2)
      const data = fields.get('data')
      if (data !== undefined) {
        told.push({ id: fields.get('id') ?? '', name: fields.get('event') ?? '', data: JSON.parse(data) })
      }
    }
  }
  gone.abort()
  return told
}

test('a filter is saved, listed, shown, and ended with its streams', async () => {
  const { status, json } = await send('POST', PATH, { name: 'young Pleiades', where: 'young > 0.9' })
  expect(status).toBe(201)
  expect(json).toEqual({
    ...{ id: expect.stringMatching(/^[0-9a-f]{12}$/), name: 'young Pleiades', where: 'young > 0.9' },
    ...{ moc: null, watchlist: [], topic: 'subscription-events.00' },
    ...{ eventsUrl: `${PATH}/${json.id}/events`, createdMs: expect.any(Number) },
  })
  expect((await send('GET', PATH)).json).toEqual({ subscriptions: [json] })
  expect((await send('GET', `${PATH}/${json.id}`)).json).toEqual(json)
  expect((await send('POST', PATH, { name: 'young Pleiades' })).json.detail).toContain('already')
  const stream = await fetch(server.url + json.eventsUrl)
  expect((await send('DELETE', `${PATH}/${json.id}`)).status).toBe(204)
  expect(await stream.text()).not.toContain('data:')
  expect((await send('DELETE', `${PATH}/${json.id}`)).status).toBe(404)
  expect((await send('GET', `${PATH}/${json.id}/events`)).json.code).toBe('SUBSCRIPTION_UNKNOWN')
  expect((await send('GET', PATH)).json).toEqual({ subscriptions: [] })
})

test('what cannot be read is answered with the place', async () => {
  const wrong = await send('POST', PATH, { name: 'a', where: 'young > 0.9 and yung > 1' })
  expect(wrong.status).toBe(400)
  expect(wrong.json).toMatchObject({ code: 'FILTER_INVALID', detail: expect.stringContaining('character 17') })
  expect((await send('POST', PATH, { name: 'a', were: 'young > 0.9' })).json.detail).toContain('were')
  expect((await send('POST', PATH, {})).status).toBe(400)
  const { json } = await send('POST', PATH, { name: 'a' })
  expect((await send('GET', `${json.eventsUrl}?from=yesterday`)).status).toBe(400)
  expect((await send('GET', `${json.eventsUrl}?from=0:99`)).status).toBe(410)
})

test('a subscriber is told who is there, who enters, is updated and leaves, and goes on after the last id', async () => {
  await believe('s1', 0.95)
  await believe('s2', 0.2)
  await settled()
  const { json } = await send('POST', PATH, { name: 'a', where: 'young > 0.9' })
  const [first] = await listen(`${json.eventsUrl}?from=earliest`, 1)
  expect([first.name, first.data.starId]).toEqual(['entered', 's1'])
  expect(first.data.posterior).toMatchObject({ posteriorId: 's1-posterior-1', seed: '9223372036854775807' })
  const told: Told[] = []
  const live = listen(json.eventsUrl, 3, { 'last-event-id': first.id }, told)
  for (const [i, [starId, young]] of [
    ['s1', 0.97],
    ['s2', 0.99],
    ['s1', 0.1],
  ].entries() as Iterable<[number, [string, number]]>) {
    await believe(starId, young, 2 + i)
    // Who does not keep up is told the newest of each star alone.
    while (told.length <= i) await sleep(5)
  }
  await live
  expect(told.map(({ name, data }) => `${data.starId} ${name}`)).toEqual(['s1 updated', 's2 entered', 's1 left'])
  expect(told[2].data.posterior).toBeNull()
  expect(new Set([first, ...told].map(({ data }) => data.eventId)).size).toBe(4)
  // Who comes late is told of each star what holds now.
  const late = await listen(`${json.eventsUrl}?from=earliest`, 2)
  expect(late.map(({ name, data }) => `${data.starId} ${name}`)).toEqual(['s2 entered', 's1 left'])
})

test('subscribers beyond the limit are turned away', async () => {
  const { json } = await send('POST', PATH, { name: 'a' })
  const gone = new AbortController()
  for (let i = 0; i < 2; i++) await fetch(server.url + json.eventsUrl, { signal: gone.signal })
  expect((await send('GET', json.eventsUrl)).json.code).toBe('TOO_MANY_SUBSCRIBERS')
  gone.abort()
})
