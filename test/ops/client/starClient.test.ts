import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { groupLag, notifyGroup, notifyPlan, runActor } from '../../../actors/index.ts'
import { starWorkOutput } from '../../../actors/subscriptions.ts'
import { createClient, type FilterEvent, ServiceError } from '../../../ops/client/starClient.ts'
import { fullToken } from '../../../ops/server/accessToken.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { placedStar, randomSky } from '../catalogue/placedStars.ts'
import { countingModel, type Heard } from '../server/countingModel.ts'
import { smallServerParts } from '../server/smallServer.ts'
import {
  BIG_ID,
  madeSamples,
  makePosterior,
  openTemporaryLog,
  posteriorOutputs,
  publishPosteriors,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'
import { openRoad } from './cuttableRoad.ts'

const TOKEN = 'a-token-of-the-tests-0123456789'
const STAR = `gaiaDr3:${BIG_ID}`
const heard: Heard[] = []
let temporary: TemporaryLog
let server: RunningServer
let stop: AbortController
let telling: Promise<void>

beforeEach(async () => {
  temporary = await openTemporaryLog()
  const { log } = temporary
  const parts = smallServerParts(log)
  const limits = { ...parts.limits, heartbeatMs: 50 }
  const access = { tokens: [fullToken(TOKEN)], health: 'closed' } as const
  server = await startServer({ ...parts, limits, access, questions: countingModel(heard) }, '127.0.0.1', 0)
  stop = new AbortController()
  telling = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
})
afterEach(async () => {
  await server.close()
  stop.abort()
  await telling
  await temporary.remove()
})

/** Puts stars where the server lists them. */
async function addStars(count: number): Promise<void> {
  const sky = [...randomSky(count), placedStar(BIG_ID, 56.75, 24.12, 1, 12.5)]
  const outputs = sky.flatMap(({ star, posterior }) => [...starOutputs(star), ...posteriorOutputs(posterior)])
  await temporary.log.transact({ outputs })
  const listed = async () =>
    (await createClient(server.url, { token: TOKEN }).call('GET /v1/stars', { query: {} })).total
  await expect.poll(listed).toBe(sky.length)
}

async function believe(starId: string, youngProbability: number, version: number): Promise<void> {
  const posterior = makePosterior(starId, youngProbability, version)
  await temporary.log.transact({ outputs: [...posteriorOutputs(posterior), starWorkOutput(starId)] })
}

async function settled(): Promise<void> {
  while ((await groupLag(temporary.log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
}

test('stars come one by one over all pages, in order and through a filter', async () => {
  await addStars(25)
  const client = createClient(server.url, { token: TOKEN })
  const ids: string[] = []
  const probabilities: number[] = []
  for await (const star of client.stars({ limit: 4 })) {
    ids.push(star.starId)
    probabilities.push(star.youngProbability)
  }
  expect([ids.length, new Set(ids).size, ids[0]]).toEqual([26, 26, STAR])
  expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a))
  const near: string[] = []
  for await (const star of client.stars({ where: 'young > 0.9', cone: '56.75,24.12,0.01' })) near.push(star.starId)
  expect(near).toEqual([STAR])
})

test('a star, its posterior with samples as JSON and Arrow, and its history', async () => {
  await addStars(0)
  await publishPosteriors(temporary.log)
  const client = createClient(server.url, { token: TOKEN })
  const star = await client.star(BIG_ID)
  expect([star.starId, star.posterior?.seed]).toEqual([STAR, '9223372036854775807'])
  const { samples } = await client.posterior(BIG_ID)
  expect(samples.logAgeYr).toEqual([...madeSamples.values.subarray(0, 4)])
  const table = await client.posteriorTable(BIG_ID, tableFromIPC)
  expect([...(table.getChild('logAgeYr') ?? [])]).toEqual(samples.logAgeYr)
  expect(table.schema.fields[0].metadata.get('unit')).toBe('dex(yr)')
  const entries: number[] = []
  for await (const { index } of client.history(BIG_ID)) entries.push(index)
  expect(entries).toEqual([1])
})

test('a question is asked as it is written, and any other route can be called', async () => {
  await addStars(3)
  const client = createClient(server.url, { token: TOKEN })
  const answer = await client.ask(STAR, { for: 'logAge', given: 'distancePc=140±2', samples: 16, seed: '7' })
  expect(answer).toMatchObject({ star: STAR, given: ['distancePc=140±2'], sampleCount: 16, seed: '7' })
  expect(heard.at(-1)?.options).toEqual({ sampleCount: 16, seed: 7n })
  const sky = await client.call('GET /v1/sky', { query: { limit: 2 } })
  expect(tableFromIPC(sky).numRows).toBe(2)
  expect((await client.call('GET /health', {})).status).toBe('ok')
  expect(await client.call('GET /v1/conesearch', { query: { RA: '56.75', DEC: '24.12', SR: '1' } })).toContain(
    'VOTABLE',
  )
})

test('what goes wrong is an error with the sentence and the code of the server', async () => {
  const failing = (work: Promise<unknown>): Promise<ServiceError> =>
    work.then(
      () => Promise.reject(new Error('nothing went wrong')),
      error => error,
    )
  const stranger = await failing(createClient(server.url).star('12'))
  expect(stranger).toBeInstanceOf(ServiceError)
  expect([stranger.status, stranger.code]).toEqual([401, 'UNAUTHORIZED'])
  const client = createClient(server.url, { token: TOKEN })
  const unknown = await failing(client.star('a/b?c'))
  expect([unknown.status, unknown.code]).toEqual([404, 'STAR_UNKNOWN'])
  expect(unknown.message).toContain('"a/b?c"')
  expect((await failing(client.stars({ where: 'yuong > 1' }).next())).code).toBe('FILTER_INVALID')
  const unsaved = await failing(client.events('0').next())
  expect(unsaved.code).toBe('SUBSCRIPTION_UNKNOWN')
})

test('a filter is saved once, and another one of its name is refused', async () => {
  const client = createClient(server.url, { token: TOKEN })
  const wanted = { name: 'young', where: 'young > 0.9' }
  const saved = await client.subscribe(wanted)
  expect(await client.subscribe(wanted)).toEqual(saved)
  await expect(client.subscribe({ ...wanted, where: 'young > 0.5' })).rejects.toThrow('already')
  await expect(client.subscribe({ name: 'other', where: 'yuong > 1' })).rejects.toThrow('yuong')
  expect(await client.unsubscribe(saved.id)).toBeNull()
  await expect(client.unsubscribe(saved.id)).rejects.toMatchObject({ status: 404 })
})

test('events go on behind the last one after breaks, none lost and none twice, even before the first', async () => {
  const road = await openRoad(server.url)
  onTestFinished(() => road.close())
  const leaving = new AbortController()
  const client = createClient(road.url, { token: TOKEN, signal: leaving.signal })
  const { id } = await createClient(server.url, { token: TOKEN }).subscribe({ name: 'young', where: 'young > 0.9' })
  await settled()
  const told: FilterEvent[] = []
  const following = (async () => {
    for await (const event of client.events(id)) told.push(event)
  })()
  await expect.poll(() => road.count).toBeGreaterThan(0)
  // The first heartbeats have come, and no event.
  await sleep(200)
  const scene = [
    ['s1', 0.95, 'entered'],
    ['s2', 0.97, 'entered'],
    ['s1', 0.99, 'updated'],
    ['s1', 0.1, 'left'],
  ] as const
  for (const [i, [starId, young]] of scene.entries()) {
    const before = road.count
    road.cut()
    await believe(starId, young, i + 1)
    await settled()
    await expect.poll(() => told.length).toBe(i + 1)
    expect(road.count).toBeGreaterThan(before)
  }
  expect(told.map(({ starId, kind }) => [starId, kind])).toEqual(scene.map(([starId, , kind]) => [starId, kind]))
  expect(told[0].posterior?.youngProbability).toBe(0.95)
  expect(told[3].posterior).toBeNull()
  leaving.abort()
  await following
  // Whoever keeps the cursor goes on in another process.
  const next = createClient(server.url, { token: TOKEN })
  const { value } = await next.events(id, { from: told[2].cursor }).next()
  expect(value?.eventId).toBe(told[3].eventId)
})

test('a connection that falls silent is given up for another', async () => {
  const road = await openRoad(server.url)
  onTestFinished(() => road.close())
  const client = createClient(road.url, { token: TOKEN })
  const { id } = await createClient(server.url, { token: TOKEN }).subscribe({ name: 'young', where: 'young > 0.9' })
  await settled()
  const events = client.events(id, { silenceMs: 500 })
  const first = events.next()
  await expect.poll(() => road.count).toBeGreaterThan(0)
  await sleep(200)
  road.silence()
  await believe('s1', 0.95, 1)
  expect((await first).value).toMatchObject({ kind: 'entered', starId: 's1' })
  await events.return()
})
