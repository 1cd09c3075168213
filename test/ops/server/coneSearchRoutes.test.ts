import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import { type Column, openTable, type Row } from '../../../streams/index.ts'
import { placedStar, randomSky } from '../catalogue/placedStars.ts'
import { BIG_ID, openTemporaryLog, posteriorOutputs, starOutputs, type TemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-cone-'))
let temporary: TemporaryLog
let app: FastifyInstance
const near = [placedStar(BIG_ID, 56.75, 24.12, 0.9, 12.5), placedStar('<7>', 56.75, 24.13, 0.5, null)]

beforeAll(async () => {
  temporary = await openTemporaryLog()
  const outputs = [...randomSky(50), ...near].flatMap(({ star, posterior }) => [
    ...starOutputs(star),
    ...posteriorOutputs(posterior),
  ])
  await temporary.log.transact({ outputs })
  app = await buildServer(smallServerParts(temporary.log))
})
afterAll(async () => {
  await app.close()
  await temporary.remove()
  rmSync(folder, { recursive: true })
})

async function read(url: string): Promise<{ columns: readonly Column[]; rows: readonly Row[]; text: string }> {
  const response = await app.inject(url)
  expect(response.statusCode).toBe(200)
  const name = String(response.headers['content-type']).startsWith('text/csv') ? 'a.csv' : 'a.vot'
  const path = join(folder, name)
  writeFileSync(path, response.rawPayload)
  const reader = await openTable(path)
  const rows: Row[] = []
  for await (const batch of reader.batches()) rows.push(...batch.rows)
  await reader.close()
  return { columns: reader.columns, rows, text: response.body }
}

test('a cone is answered by a VOTable with the three columns of the standard first, and what is missing empty', async () => {
  const { columns, rows, text } = await read('/v1/conesearch?RA=56.75&DEC=24.12&SR=0.02')
  expect(columns.slice(0, 3).map(({ name, ucd, type, unit }) => [name, ucd, type, unit])).toEqual([
    ['star_id', 'ID_MAIN', 'string', null],
    ['ra', 'POS_EQ_RA_MAIN', 'double', 'deg'],
    ['dec', 'POS_EQ_DEC_MAIN', 'double', 'deg'],
  ])
  expect(rows.map(row => [row.star_id, row.dec, row.p_young, row.logAgeYr_q50, row.g_mag, row.avMag_q50])).toEqual([
    [`gaiaDr3:${BIG_ID}`, 24.12, 0.9, 7, 12.5, null],
    ['gaiaDr3:<7>', 24.13, 0.5, 7, null, null],
  ])
  expect(text).toContain('<INFO name="QUERY_STATUS" value="OK"/>')
})

test('the verbosity chooses columns, a radius of zero asks for them alone, names have any case and others are passed over', async () => {
  const counts: number[] = []
  for (const verb of [1, 2, 3]) {
    counts.push((await read(`/v1/conesearch?ra=56.75&Dec=24.12&sr=0.02&verb=${verb}&x=1`)).columns.length)
  }
  expect(counts[0]).toBe(3)
  expect(counts[1]).toBeGreaterThan(counts[0])
  expect(counts[2]).toBeGreaterThan(counts[1])
  const none = await read('/v1/conesearch?RA=56.75&DEC=24.12&SR=0')
  expect([none.rows.length, none.columns.length]).toEqual([0, counts[1]])
})

for (const [query, word] of [
  ['', 'RA'],
  ['RA=1&DEC=2', 'SR'],
  ['RA=as3f&DEC=2&SR=1', 'as3f'],
  ['RA=1&DEC=95&SR=1', '95'],
  ['RA=1&DEC=2&SR=-1', '-1'],
  ['RA=1&DEC=2&SR=NaN', 'NaN'],
  ['RA=1&DEC=2&SR=1e999', '1e999'],
  ['RA=1&RA=2&DEC=2&SR=1', '1'],
  ['RA=1&DEC=2&SR=1&VERB=4', 'VERB'],
  ['RA=%3C%2FRESOURCE%3E&DEC=2&SR=1', '&lt;/RESOURCE&gt;'],
  [`RA=${'9'.repeat(5000)}&DEC=2&SR=1`, 'RA'],
]) {
  test(`a cone search for ${query.slice(0, 40)} is answered by a VOTable with one INFO named Error`, async () => {
    const { text, rows } = await read(`/v1/conesearch?${query}`)
    const errors = [...text.matchAll(/<INFO name="Error" value="([^"]*)"\/>/g)]
    expect([rows.length, errors.length]).toEqual([0, 1])
    expect(errors[0][1]).toContain(word)
    expect(text.length).toBeLessThan(1000)
  })
}

test('a list comes as VOTable or CSV with the rows of the JSON, and says where the next page is', async () => {
  const json = await app.inject('/v1/stars?limit=10')
  const { stars, next } = json.json()
  expect(json.headers.link).toBe(`</v1/stars?limit=10&after=${next}>; rel="next"`)
  for (const format of ['votable', 'csv']) {
    const { rows } = await read(`/v1/stars?limit=10&format=${format}`)
    expect(rows.map(row => row.star_id)).toEqual(stars.map(({ starId }: { starId: string }) => starId))
    expect(rows.map(row => Number(row.p_young))).toEqual(
      stars.map(({ youngProbability }: { youngProbability: number }) => youngProbability),
    )
  }
  const { columns, text } = await read('/v1/stars?limit=10&format=votable')
  expect(columns[0].ucd).toBe('meta.id;meta.main')
  expect(text).toContain(`<INFO name="next" value="${next}"/>`)
})

test('posteriors come in every format, lists and stars have tags, and HEAD answers without a body', async () => {
  const star = `/v1/stars/gaiaDr3:${BIG_ID}`
  for (const [format, type] of [
    ['json', 'application/json; charset=utf-8'],
    ['arrow', 'application/vnd.apache.arrow.file'],
    ['parquet', 'application/vnd.apache.parquet'],
    ['votable', 'application/x-votable+xml'],
    ['fits', 'application/fits'],
  ]) {
    const byWord = await app.inject(`${star}/posterior?format=${format}`)
    const byHeader = await app.inject({ url: `${star}/posterior`, headers: { accept: type } })
    expect([byWord.headers['content-type'], byHeader.headers['content-type']]).toEqual([type, type])
    expect(byHeader.rawPayload.equals(byWord.rawPayload)).toBe(true)
  }
  for (const url of [star, `${star}/posterior`, `${star}/posterior?format=fits`, '/v1/stars?limit=5']) {
    const first = await app.inject(url)
    const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } })
    expect([first.statusCode, again.statusCode, again.body]).toEqual([200, 304, ''])
    const head = await app.inject({ method: 'HEAD', url })
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', first.headers.etag])
  }
})

test('the description covers the routes of many stars', async () => {
  const { paths } = (await app.inject('/openapi.json')).json()
  for (const path of ['/v1/stars', '/v1/sky', '/v1/conesearch']) {
    const { content } = paths[path].get.responses['200']
    expect(Object.values(content).every(one => (one as { schema?: object }).schema !== undefined)).toBe(true)
  }
  expect(Object.keys(paths['/v1/stars'].get.responses['200'].content)).toEqual([
    'application/json',
    'application/x-votable+xml',
    'text/csv',
  ])
  const { schema } = paths['/v1/filters/preview'].post.requestBody.content['application/json']
  expect(Object.keys(schema.properties)).toEqual(['where', 'moc', 'watchlist'])
})
