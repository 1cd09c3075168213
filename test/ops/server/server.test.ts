import { readFileSync } from 'node:fs'
import { tableFromIPC } from 'apache-arrow'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMetrics } from '../../../ops/metrics/metrics.ts'
import { buildServer } from '../../../ops/server/server.ts'
import type { ServerLimits } from '../../../ops/server/serverParts.ts'
import { decode, encode, FusionError, packageFile } from '../../../schemas/index.ts'
import { type Log, registrySubjects } from '../../../streams/index.ts'
import {
  BIG_ID,
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  publishPosteriors,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'

const STAR = `gaiaDr3:${BIG_ID}`
const limits: ServerLimits = {
  maxBodyBytes: 1000,
  requestsPerMinute: 10_000,
  maxSubscribers: 2,
  heartbeatMs: 1000,
  closeGraceMs: 300,
  headTimeoutMs: 1000,
  requestTimeoutMs: 5000,
}
let temporary: TemporaryLog
let app: FastifyInstance
const reported: unknown[] = []

/** The log as a plain object, so that a test can put another method in the place of one. */
function methods(log: Log): Log {
  return {
    openReader: options => log.openReader(options),
    transact: transaction => log.transact(transaction),
    committed: group => log.committed(group),
    extents: topic => log.extents(topic),
    latest: (topic, key) => log.latest(topic, key),
    writer: log.writer,
    keeping: () => log.keeping(),
    close: () => log.close(),
  }
}

async function build(
  overrides: Partial<ServerLimits> = {},
  log = temporary.log,
  trouble: () => string | null = () => null,
): Promise<FastifyInstance> {
  const metrics = createMetrics(log, [{ group: 'infer', topics: ['stars'] }], () => performance.now())
  const report = (error: unknown) => void reported.push(error)
  const access = { tokens: [], health: 'open' } as const
  return buildServer({
    version: '0.0.0',
    log,
    metrics,
    dataFolder: 'no-data-folder',
    limits: { ...limits, ...overrides },
    access,
    tls: null,
    questions: null,
    model: 'm',
    trouble,
    subjects: registrySubjects(''),
    report,
  })
}

/** As a birthline wrote it that kept the samples in the record. */
const oldPosterior = {
  ...decode(
    'posterior',
    new Uint8Array(readFileSync(packageFile('test', 'fixtures', 'records', 'posterior.v1_1.bin'))),
  ),
  starId: 'gaiaDr3:14',
}

beforeAll(async () => {
  temporary = await openTemporaryLog()
  const outputs = [
    ...starOutputs(makeStar(BIG_ID, '03464081+2431513')),
    ...starOutputs(makeStar('12')),
    ...starOutputs({
      ...makeStar('12'),
      starId: 'gaiaDr2:12',
      sources: [{ ...makeStar('12').sources[0], survey: 'gaiaDr2' }],
    }),
    ...posteriorOutputs(makePosterior(STAR, 0.2, 1)),
    ...posteriorOutputs(makePosterior(STAR, 0.9, 2)),
    ...starOutputs(makeStar('13')),
    ...posteriorOutputs(makePosterior('gaiaDr3:13', 0.9)).filter(({ topic }) => topic === 'latest-posteriors'),
    ...starOutputs(makeStar('14')),
    { topic: 'latest-posteriors', key: 'gaiaDr3:14', value: encode('posterior', oldPosterior) },
  ]
  await temporary.log.transact({ outputs })
  await publishPosteriors(temporary.log)
  app = await build()
})
afterAll(async () => {
  await app.close()
  await temporary.remove()
})

test('a star is found by any of its ids, its 64-bit id comes as text, exactly', async () => {
  for (const id of [BIG_ID, STAR, `Gaia DR3 ${BIG_ID}`, '2MASS J03464081+2431513']) {
    const response = await app.inject(`/v1/stars/${encodeURIComponent(id)}`)
    expect(response.statusCode).toBe(200)
    const star = response.json()
    expect(star.sources[0].source).toBe(BIG_ID)
    expect(star.posterior.seed).toBe('9223372036854775807')
    expect(star.posterior.youngProbability).toBe(0.9)
  }
})

test('a star without posterior is answered with null for it', async () => {
  expect((await app.inject('/v1/stars/gaiaDr3:12')).json().posterior).toBeNull()
})

test('the posterior comes with its samples as JSON', async () => {
  const { samples, sampleNames } = (await app.inject('/v1/stars/gaiaDr3:9223372036854775807/posterior')).json()
  expect(sampleNames).toEqual(['logAgeYr', 'avMag'])
  expect(samples.logAgeYr).toEqual([6.5, 7, 7.25, 7.5])
})

for (const [how, url, accept] of [
  ['the Accept header', '/v1/stars/gaiaDr3:9223372036854775807/posterior', 'application/vnd.apache.arrow.file'],
  ['?format=arrow', '/v1/stars/gaiaDr3:9223372036854775807/posterior?format=arrow', 'application/json'],
]) {
  test(`the posterior comes as an Arrow file with units where ${how} asks for it`, async () => {
    const response = await app.inject({ url, headers: { accept } })
    expect(response.headers['content-type']).toBe('application/vnd.apache.arrow.file')
    const table = tableFromIPC(response.rawPayload)
    expect([...(table.getChild('avMag')?.toArray() ?? [])]).toEqual([0, 0.5, 1, 2])
    expect(table.schema.fields[1].metadata.get('unit')).toBe('mag')
  })
}

test('a posterior of an older birthline comes with the samples that lie in its record', async () => {
  const { samples } = (await app.inject('/v1/stars/gaiaDr3:14/posterior')).json()
  expect(samples).toEqual({ logAgeYr: [7, 8] })
  const table = tableFromIPC((await app.inject('/v1/stars/gaiaDr3:14/posterior?format=arrow')).rawPayload)
  expect([...(table.getChild('logAgeYr')?.toArray() ?? [])]).toEqual([7, 8])
})

test('an earlier posterior of the history comes with its samples too, and one that never was is told', async () => {
  const { entries } = (await app.inject(`/v1/stars/${STAR}/history`)).json()
  for (const { index, posterior } of entries) {
    const answer = (await app.inject(`/v1/stars/${STAR}/posterior?index=${index}`)).json()
    expect([answer.posteriorId, answer.samples.avMag]).toEqual([posterior.posteriorId, [0, 0.5, 1, 2]])
  }
  const none = await app.inject(`/v1/stars/${STAR}/posterior?index=9`)
  expect([none.statusCode, none.json().detail]).toEqual([404, `Star ${STAR} has no posterior 9 in its history.`])
})

test('the history is all posteriors, oldest first, in pages', async () => {
  const all = (await app.inject('/v1/stars/gaiaDr3:9223372036854775807/history')).json()
  expect(all.isMore).toBe(false)
  const ids = all.entries.map((entry: { posterior: { posteriorId: string } }) => entry.posterior.posteriorId)
  expect(ids).toEqual([`${STAR}-posterior-1`, `${STAR}-posterior-2`])
  const first = (await app.inject('/v1/stars/gaiaDr3:9223372036854775807/history?limit=1')).json()
  expect([first.isMore, first.entries.length]).toEqual([true, 1])
  const next = (
    await app.inject(`/v1/stars/gaiaDr3:9223372036854775807/history?limit=1&after=${first.entries[0].index}`)
  ).json()
  expect([next.isMore, next.entries[0].posterior.posteriorId]).toEqual([false, ids[1]])
})

for (const [url, status, code] of [
  ['/v1/stars/99', 404, 'STAR_UNKNOWN'],
  ['/v1/stars/gaiaDr3:12/posterior', 404, 'POSTERIOR_UNKNOWN'],
  ['/v1/stars/gaiaDr3:13/posterior', 404, 'SAMPLES_UNKNOWN'],
  ['/v1/stars/gaiaDr3:13/posterior?format=arrow', 404, 'SAMPLES_UNKNOWN'],
  ['/v1/stars/12', 409, 'STAR_AMBIGUOUS'],
  ['/v1/stars/gaiaDr3:9223372036854775807/history?limit=0', 400, 'REQUEST_INVALID'],
  ['/v1/stars/gaiaDr3:9223372036854775807/posterior?format=xml', 400, 'REQUEST_INVALID'],
  ['/v1/classes/dwarf/stream', 400, 'QUESTION_INVALID'],
  ['/v1/classes/young/stream?above=2', 400, 'QUESTION_INVALID'],
  ['/v1/classes/young/stream?from=yesterday', 400, 'QUESTION_INVALID'],
  ['/nowhere', 404, 'ROUTE_UNKNOWN'],
  ['/v1/stars/%ff', 400, 'REQUEST_INVALID'],
  ['/v1/stars/%zz', 400, 'REQUEST_INVALID'],
  [`/v1/stars/${'9'.repeat(150)}`, 400, 'REQUEST_INVALID'],
  [`/v1/stars/${'9'.repeat(5000)}`, 414, 'REQUEST_INVALID'],
] as const) {
  test(`${url.slice(0, 60)} of ${url.length} letters is answered with ${status} ${code} as problem details`, async () => {
    const response = await app.inject(url)
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ status, code, type: 'about:blank' })
    expect(response.json().detail.endsWith('.')).toBe(true)
    expect(response.body.length).toBeLessThan(500)
  })
}

test('the longest body the server takes is the one it was given', () => {
  expect(app.initialConfig.bodyLimit).toBe(limits.maxBodyBytes)
})

test('more requests than allowed in a minute are answered with 429', async () => {
  const small = await build({ requestsPerMinute: 3 })
  const statuses: number[] = []
  for (let i = 0; i < 5; i++) statuses.push((await small.inject('/health')).statusCode)
  await small.close()
  expect(statuses).toEqual([200, 200, 200, 429, 429])
})

test('metrics show what is in each topic and how far a group is behind', async () => {
  const text = (await app.inject('/metrics')).payload
  expect(text).toContain('birthline_topic_offsets_total{topic="stars"} 5')
  expect(text).toContain('birthline_topic_offsets_total{topic="posteriors"} 2')
  expect(text).toContain('birthline_group_lag_offsets{group="infer",topic="stars"} 5')
  expect(text).toContain('process_resident_memory_bytes')
})

test('health counts the posteriors of a log that can be read', async () => {
  expect((await app.inject('/health')).json()).toMatchObject({ status: 'ok', posteriors: 2, model: 'm' })
})

test('a log that cannot be read makes health a 503, which is reported; a mistake of ours is a 500 without its trace', async () => {
  const unavailable = new FusionError('LOG_UNAVAILABLE', 'The disk is gone: mount it again.')
  for (const [error, status, code] of [
    [unavailable, 503, 'LOG_UNAVAILABLE'],
    [new RangeError('an offset below zero'), 500, 'INTERNAL'],
  ] as const) {
    const broken = await build({}, { ...methods(temporary.log), extents: () => Promise.reject(error) })
    const response = await broken.inject('/health')
    await broken.close()
    expect([response.statusCode, response.json().code]).toEqual([status, code])
    expect(response.payload).not.toContain('an offset below zero')
    expect(reported.at(-1)).toBe(error)
  }
})

test('the OpenAPI description covers each route with a schema of its answer', async () => {
  const description = (await app.inject('/openapi.json')).json()
  expect(description.openapi).toBe('3.1.0')
  const paths = Object.keys(description.paths)
  for (const path of [
    '/v1/stars/{id}',
    '/v1/stars/{id}/posterior',
    '/v1/stars/{id}/history',
    '/v1/stars/{id}/spectra',
    '/v1/classes/{className}/stream',
    '/health',
    '/metrics',
  ]) {
    expect(paths).toContain(path)
    const { content } = description.paths[path].get.responses['200']
    expect(Object.values(content).every(one => (one as { schema?: object }).schema !== undefined)).toBe(true)
    expect(Object.keys(description.paths[path].get.responses['404'].content)).toEqual(['application/problem+json'])
  }
})

test('an answer has the fields its description names, and no others', async () => {
  const description = (await app.inject('/openapi.json')).json()
  for (const [path, url] of [
    ['/v1/stars/{id}', '/v1/stars/gaiaDr3:9223372036854775807'],
    ['/v1/stars/{id}/posterior', '/v1/stars/gaiaDr3:9223372036854775807/posterior'],
    ['/v1/stars/{id}/history', '/v1/stars/gaiaDr3:9223372036854775807/history'],
  ]) {
    const { schema } = description.paths[path].get.responses['200'].content['application/json']
    const answer = (await app.inject(url)).json()
    expect(Object.keys(answer).sort()).toEqual(Object.keys(schema.properties).sort())
  }
})

test('health says what is wrong with the pipeline while it is, and is well again after it', async () => {
  let trouble: string | null = 'The probe does not arrive.'
  const served = await build({}, temporary.log, () => trouble)
  const ill = await served.inject('/health')
  expect([ill.statusCode, ill.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'PIPELINE_ILL', detail: 'The probe does not arrive.' }),
  ])
  trouble = null
  expect((await served.inject('/health')).json()).toMatchObject({ status: 'ok' })
  await served.close()
})
