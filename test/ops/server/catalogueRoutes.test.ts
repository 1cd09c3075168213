import { tableFromIPC } from 'apache-arrow'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import { placedStar, randomSky } from '../catalogue/placedStars.ts'
import { BIG_ID, openTemporaryLog, posteriorOutputs, starOutputs, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

let temporary: TemporaryLog
let app: FastifyInstance
const sky = [...randomSky(400), placedStar(BIG_ID, 56.75, 24.12, 1, 12.5)]

beforeAll(async () => {
  temporary = await openTemporaryLog()
  const outputs = sky.flatMap(({ star, posterior }) => [...starOutputs(star), ...posteriorOutputs(posterior)])
  await temporary.log.transact({ outputs })
  app = await buildServer(smallServerParts(temporary.log))
})
afterAll(async () => {
  await app.close()
  await temporary.remove()
})

test('a list begins with the stars that are most probably young, and goes on page by page', async () => {
  const first = (await app.inject('/v1/stars?limit=300')).json()
  expect([first.total, first.isMore, first.stars.length]).toEqual([401, true, 300])
  expect(first.stars[0]).toMatchObject({ starId: `gaiaDr3:${BIG_ID}`, youngProbability: 1, className: 'youngDisk' })
  const second = (await app.inject(`/v1/stars?limit=300&after=${first.next}`)).json()
  expect([second.total, second.isMore, second.next, second.stars.length]).toEqual([401, false, null, 101])
  const ids = [...first.stars, ...second.stars].map(({ starId }: { starId: string }) => starId)
  expect(new Set(ids).size).toBe(401)
})

test('a cone and a box together hold what lies in both', async () => {
  const { stars } = (await app.inject('/v1/stars?cone=56.75,24.12,0.001&box=56,57,24,25')).json()
  expect(stars.map(({ starId }: { starId: string }) => starId)).toEqual([`gaiaDr3:${BIG_ID}`])
  expect((await app.inject('/v1/stars?cone=56.75,24.12,0.001&box=57,58,24,25')).json().total).toBe(0)
})

test('a map is an Arrow file of all stars, with units, words and nulls', async () => {
  const response = await app.inject('/v1/sky')
  expect(response.headers['content-type']).toBe('application/vnd.apache.arrow.file')
  const table = tableFromIPC(response.rawPayload)
  expect([table.numRows, table.schema.metadata.get('total')]).toEqual([401, '401'])
  const row = [...(table.getChild('starId') ?? [])].indexOf(`gaiaDr3:${BIG_ID}`)
  const cells = Object.fromEntries(table.schema.fields.map(({ name }) => [name, table.getChild(name)?.get(row)]))
  expect(cells).toMatchObject({ raDeg: 56.75, decDeg: 24.12, youngProbability: 1, className: 'youngDisk', gMag: 12.5 })
  expect([cells.bpRpMag, cells.logAgeYr, cells.avMag]).toEqual([1.25, 7, null])
  expect(table.getChild('gMag')?.nullCount).toBe(40)
  expect(table.schema.fields.find(({ name }) => name === 'raDeg')?.metadata.get('unit')).toBe('deg')
})

test('a map of fewer stars than there are is a fair sample, always the same', async () => {
  const ids = async () => {
    const table = tableFromIPC((await app.inject('/v1/sky?limit=100')).rawPayload)
    return [table.schema.metadata.get('total'), [...(table.getChild('starId') ?? [])]] as const
  }
  const [total, sample] = await ids()
  expect([total, sample.length]).toEqual(['401', 100])
  expect((await ids())[1]).toEqual(sample)
})

test('conditions narrow a list, and those on samples are asked of the stars that pass all others', async () => {
  const young = sky.filter(({ posterior }) => posterior.youngProbability > 0.8).length
  const listed = (await app.inject('/v1/stars?where=young%20%3E%200.8')).json()
  expect([listed.total, listed.isPartial]).toEqual([young, false])
  // Of the four samples of each star two are below 10 Myr.
  const below = encodeURIComponent('young > 0.8 and P(age < 15 Myr) > 0.4')
  const above = encodeURIComponent('young > 0.8 and P(age < 15 Myr) > 0.6')
  expect((await app.inject(`/v1/stars?where=${below}`)).json()).toMatchObject({ total: young, isPartial: false })
  expect((await app.inject(`/v1/stars?where=${above}`)).json()).toMatchObject({ total: 0, stars: [] })
  const near = encodeURIComponent('within 5 arcsec of 56.75 24.12')
  expect((await app.inject(`/v1/stars?where=${near}`)).json()).toMatchObject({ total: 1 })
  expect(tableFromIPC((await app.inject(`/v1/sky?where=${below}`)).rawPayload).numRows).toBe(young)
})

test('a filter is tried on the past: conditions, a region and a watchlist', async () => {
  const preview = async (payload: object) =>
    (await app.inject({ method: 'POST', url: '/v1/filters/preview', payload })).json()
  const all = await preview({ where: '' })
  expect([all.total, all.matched, all.stars.length, all.isPartial]).toEqual([401, 401, 20, false])
  const watched = await preview({ where: 'young > 0.1', moc: null, watchlist: [BIG_ID, 'gaiaDr3:1000', '99'] })
  const ids = watched.stars.map(({ starId }: { starId: string }) => starId)
  expect(ids[0]).toBe(`gaiaDr3:${BIG_ID}`)
  expect(watched.matched).toBe(sky[0].posterior.youngProbability > 0.1 ? 2 : 1)
  const north = sky.filter(({ posterior }) => posterior.decDeg > 0).length
  const region = await preview({ where: '', moc: '0/0-3', watchlist: [] })
  expect(region.matched).toBeGreaterThan(0)
  expect(region.matched).toBeLessThan(north)
  expect(await preview({ where: 'young >', moc: null, watchlist: [] })).toMatchObject({ code: 'FILTER_INVALID' })
  expect(await preview({ where: '', watchlist: ['x'.repeat(90)] })).toMatchObject({ code: 'FILTER_INVALID' })
})

for (const url of [
  '/v1/stars?where=young',
  '/v1/stars?where=DROP%20TABLE%20stars',
  '/v1/sky?where=P(age%20%3C%203%20pc)%20%3E%200.5',
  `/v1/stars?where=${'('.repeat(3000)}`,
  '/v1/stars?cone=1,2',
  '/v1/stars?cone=1,2,200',
  '/v1/stars?cone=%00,1,1',
  '/v1/stars?box=1,2,3,4,5',
  '/v1/stars?box=1,2,95,99',
  '/v1/stars?sort=constructor',
  '/v1/stars?sort=-',
  '/v1/stars?limit=0',
  '/v1/stars?limit=1001',
  '/v1/stars?limit=1e9',
  '/v1/stars?after=x',
  '/v1/stars?after=__proto__',
  '/v1/stars?after=LXlvdW5nUHJvYmFiaWxpdHkgbmFuIGE',
  '/v1/stars?wher=young',
  '/v1/stars?cone=1,1,1&cone=2,2,2',
  `/v1/stars?cone=${'1'.repeat(200)}`,
  '/v1/sky?limit=3000000',
  '/v1/sky?sort=raDeg',
]) {
  test(`${url.slice(0, 60)} is refused by one sentence`, async () => {
    const response = await app.inject(url)
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json().detail.endsWith('.')).toBe(true)
    expect(response.body.length).toBeLessThan(600)
  })
}
