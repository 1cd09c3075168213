import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { openSnapshot } from '../../../ops/sql/snapshot.ts'
import { openTable } from '../../../streams/index.ts'
import { askAll, layTraps, tellsOfPlace } from '../sql/hostileQueries.ts'
import {
  BIG_ID,
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

let place: TemporaryLog
let server: RunningServer
beforeAll(async () => {
  place = await openTemporaryLog()
  const outputs = [BIG_ID, '77'].flatMap((id, i) => [
    ...starOutputs(makeStar(id)),
    ...posteriorOutputs(makePosterior(`gaiaDr3:${id}`, 0.9 - i / 10)),
  ])
  await place.log.transact({ outputs })
  const report = (error: unknown) => {
    throw error
  }
  server = await startServer({ ...smallServerParts(place.log), dataFolder: place.dataFolder, report }, '127.0.0.1', 0)
})
afterAll(async () => {
  await server.close()
  await place.remove()
})

interface Answered {
  readonly madeAt: string
  readonly columns: readonly object[]
  readonly rows: readonly (readonly unknown[])[]
  readonly isMore: boolean
}
interface Problem {
  readonly status: number
  readonly detail: string
}

const post = (body: object, query = '', init: RequestInit = {}) =>
  fetch(`${server.url}/v1/sql${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  })

test('a server without a snapshot says how to make one', async () => {
  const response = await post({ query: 'SELECT 1' })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({
    code: 'SNAPSHOT_MISSING',
    detail: expect.stringContaining('birthline sql'),
  })
  await openSnapshot(place.log, place.dataFolder, 0, Date.now(), new AbortController().signal)
})

const query = `SELECT star_id, id_gaiaDr3::BIGINT AS id, p_young, id_twoMass, is_ambiguous, 2::HUGEINT ** 64 AS big,
  7::UTINYINT AS small, 'NaN'::DOUBLE AS nothing, [1, 2] AS list, 1.5::DECIMAL(4, 2) AS exact FROM stars ORDER BY p_young DESC`

test('JSON has exact integers as text, what is missing as null, and tells whether there is more', async () => {
  const response = await post({ query, limit: 1 })
  expect(response.status).toBe(200)
  const { madeAt, columns, rows, isMore } = (await response.json()) as Answered
  expect(Math.abs(Date.parse(madeAt) - Date.now())).toBeLessThan(600_000)
  expect(columns[1]).toEqual({ name: 'id', type: 'BIGINT' })
  expect(rows).toHaveLength(1)
  expect(rows[0].slice(0, 5)).toEqual([`gaiaDr3:${BIG_ID}`, BIG_ID, 0.9, null, false])
  expect(rows[0].slice(6, 9)).toEqual([7, null, [1, 2]])
  expect(isMore).toBe(true)
})

test('the same comes as Arrow, Parquet, VOTable and CSV, by the address and by the header', async () => {
  const arrow = await post({ query: query.replace('2::HUGEINT ** 64', '2::HUGEINT') }, '?format=arrow')
  expect(arrow.headers.get('content-type')).toBe('application/vnd.apache.arrow.file')
  const table = tableFromIPC(new Uint8Array(await arrow.arrayBuffer()))
  expect({ ...table.get(0)?.toJSON() }).toEqual({
    ...{ star_id: `gaiaDr3:${BIG_ID}`, id: BigInt(BIG_ID), p_young: 0.9, id_twoMass: null, is_ambiguous: false },
    ...{ big: 2n, small: 7n, nothing: null, list: '[1,2]', exact: 1.5 },
  })
  expect(table.schema.metadata.get('isMore')).toBe('false')
  for (const [accept, name] of [
    ['application/vnd.apache.parquet', 'a.parquet'],
    ['application/x-votable+xml', 'a.vot'],
    ['text/csv', 'a.csv'],
  ]) {
    const response = await post({ query }, '', { headers: { accept } })
    expect(response.headers.get('content-type')).toContain(accept)
    const path = join(place.dataFolder, name)
    writeFileSync(path, new Uint8Array(await response.arrayBuffer()))
    const reader = await openTable(path)
    const rows = []
    for await (const batch of reader.batches()) rows.push(...batch.rows)
    await reader.close()
    expect(rows, name).toHaveLength(2)
    expect(String(rows[0].id)).toBe(BIG_ID)
    expect(rows[0].id_twoMass).toBeNull()
    expect(rows[0].nothing).toBeNull()
  }
  const twice = await post({ query: 'SELECT 1 AS a, 2 AS a' }, '?format=csv')
  expect(await twice.json()).toMatchObject({ status: 400, detail: expect.stringContaining('two columns "a"') })
  const none = await post({ query: 'SELECT * FROM stars WHERE false' }, '?format=arrow')
  expect(tableFromIPC(new Uint8Array(await none.arrayBuffer())).numRows).toBe(0)
})

test('what is no query is refused by one sentence', async () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{}, /query/],
    [{ query: 'SELECT 1', limit: 0 }, /limit/],
    [{ query: 'SELECT 1', seconds: 31 }, /seconds/],
    [{ query: 'SELECT 1', memory: 9 }, /has no field "memory": known are query, limit, seconds\.$/],
    [{ query: 'SELECT nothing FROM stars' }, /^The query was refused\. .*nothing/],
    [{ query: 'SELECT * FROM stars WHERE cone(1, 2, 3)' }, /write it after FROM or JOIN\.$/],
  ]
  for (const [body, sentence] of wrong) {
    const response = await post(body)
    const { detail } = (await response.json()) as Problem
    expect(response.status, detail).toBe(400)
    expect(detail).toMatch(sentence)
    expect(detail).not.toContain('\n')
  }
})

test('hostile queries are refused, touch nothing, and tell nothing of where things lie', async () => {
  const { queries, isUntouched } = layTraps(place.dataFolder)
  expect(queries.length).toBeGreaterThan(90)
  const digest = () =>
    createHash('sha256')
      .update(readdirSync(place.dataFolder, { recursive: true }).join('\n'))
      .digest('hex')
  const before = digest()
  await askAll(queries, 2, async query => {
    const response = await post({ query, seconds: 30 })
    const text = await response.text()
    expect(response.status, `${query.slice(0, 80)} ${text.slice(0, 300)}`).toBe(400)
    expect(tellsOfPlace(JSON.parse(text).detail, query, place.dataFolder), text).toBe(false)
  })
  expect(isUntouched()).toBe(true)
  expect(digest()).toBe(before)
}, 400_000)

const ENDLESS = 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t'

test('no more than two queries run at one time, and one whose client goes makes room', async () => {
  const clients = [new AbortController(), new AbortController()]
  const asked = clients.map(({ signal }) => post({ query: ENDLESS, seconds: 30 }, '', { signal }).catch(() => null))
  await sleep(300)
  const turnedAway = await post({ query: 'SELECT 1' })
  expect(turnedAway.status).toBe(503)
  expect(turnedAway.headers.get('retry-after')).toBe('5')
  clients[0].abort()
  await expect.poll(async () => (await post({ query: 'SELECT 1' })).status, { interval: 50 }).toBe(200)
  clients[1].abort()
  await Promise.all(asked)
})

test('a query ends when its time is over or its memory is full, and the server goes on', async () => {
  const late = await post({ query: ENDLESS, seconds: 1 })
  expect(await late.json()).toMatchObject({ status: 400, detail: expect.stringContaining('more than 1 s') })
  const large = await post({ query: "SELECT length(repeat('x', 2000000000)) + length(repeat('y', 2000000000))" })
  expect(((await large.json()) as Problem).status).toBe(400)
  expect((await post({ query: 'SELECT 1' })).status).toBe(200)
})

test('what a query process left half made is no snapshot', async () => {
  mkdirSync(join(place.dataFolder, 'snapshots', 'left.1.part'))
  expect((await post({ query: 'SELECT count(*) FROM stars' })).status).toBe(200)
})
