import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datasetColumns } from '../../../ops/release/starDataset.ts'
import { expandCones } from '../../../ops/sql/coneText.ts'
import { coneRanges, SKY_ORDER, skyCell } from '../../../schemas/index.ts'
import { openTableWriter } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import {
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'
import { askAll, layTraps, tellsOfPlace } from './hostileQueries.ts'

let place: TemporaryLog
const STARS = 400
const idOf = (i: number) => `${9007199254740993n + BigInt(i)}`
/** Even on the sphere, by the golden angle. */
const positions = Array.from({ length: STARS }, (_, i) => ({
  raDeg: (i * 137.507764) % 360,
  decDeg: (Math.asin(1 - (2 * i + 1) / STARS) * 180) / Math.PI,
}))

beforeAll(async () => {
  place = await openTemporaryLog()
  const outputs = positions.flatMap((position, i) => {
    const star = { ...makeStar(idOf(i)), ...position }
    return [...starOutputs(star), ...posteriorOutputs({ ...makePosterior(star.starId, i / STARS), ...position })]
  })
  await place.log.transact({ outputs })
})
afterAll(() => place.remove())

const run = (query: string, ...args: string[]) =>
  runInProcess(place.dataFolder, ['sql', query, '--data', place.dataFolder, ...args])
async function rowsOf(query: string, ...args: string[]) {
  const { lines, error } = await run(query, '--json', ...args)
  expect(error, error?.message).toBeNull()
  return JSON.parse(lines[0]).rows
}

test('a query sees every star, 64-bit integers exact, and what is missing as null', async () => {
  expect(await rowsOf('SELECT count(*), max(seed) FROM stars')).toEqual([[`${STARS}`, `${2n ** 63n - 1n}`]])
  const [row] = await rowsOf("SELECT id_gaiaDr3, id_twoMass, avMag_q50, 'NaN'::DOUBLE FROM stars WHERE p_young > 0.997")
  expect(row).toEqual([idOf(STARS - 1), null, null, null])
  const { lines } = await run('SELECT star_id, ra FROM stars ORDER BY p_young LIMIT 1', '--csv')
  expect(lines).toEqual(['star_id,ra', `gaiaDr3:${idOf(0)},0`])
  const table = (await run('SELECT star_id FROM stars', '--limit', '2')).lines
  expect(table.at(-1)).toMatch(/^2 rows, and more: --limit shows them; stars as of 2/)
})

test('a cone holds the stars within, at the poles and across the meridian, and nothing in texts is taken for one', async () => {
  for (const [ra, dec, radius] of [
    [56.75, 24.12, 20],
    [0, 10, 15],
    [123, 90, 25],
    [300, -89, 30],
  ]) {
    const toVector = (raDeg: number, decDeg: number) => {
      const [a, d] = [(raDeg * Math.PI) / 180, (decDeg * Math.PI) / 180]
      return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)]
    }
    const [x, y, z] = toVector(ra, dec)
    const within = positions.flatMap(({ raDeg, decDeg }, i) => {
      const [p, q, r] = toVector(raDeg, decDeg)
      return x * p + y * q + z * r >= Math.cos((radius * Math.PI) / 180) ? [idOf(i)] : []
    })
    expect(within.length).toBeGreaterThan(3)
    const found = await rowsOf(`SELECT id_gaiaDr3 FROM cone(${ra}, ${dec}, ${radius})`)
    expect(found.flat().sort()).toEqual(within.sort())
  }
  expect(await rowsOf("SELECT 'cone(1, 2, 3)' -- cone(1, 2, 3)")).toEqual([['cone(1, 2, 3)']])
  for (const wrong of ['cone(1, 2)', 'cone(a, 2, 3)', 'cone(1, 91, 3)', 'cone(1, 2, 0)']) {
    const { error } = await run(`SELECT * FROM ${wrong}`)
    expect(error).toMatchObject({ code: 'QUESTION_INVALID', message: expect.stringMatching(/^cone\(.*\) is none: /) })
  }
})

test('a cone in the place of anything but a table is one clear sentence', async () => {
  const misused = [
    'SELECT * FROM stars WHERE cone(1, 2, 3)',
    'SELECT star_id, cone(1, 2, 3) FROM stars',
    'SELECT * FROM cone(radians(1), 2, 3)',
    'SELECT * FROM stars s, cone(abs(s.ra), s.dec, 1)',
    'SELECT "cone"(1, 2, 3)',
    'SELECT c.star_id FROM stars c ORDER BY cone(1, 2, 3)',
  ]
  for (const query of misused) {
    expect((await run(query)).error?.message, query).toBe(
      'The query was refused. cone(ra, dec, radius) stands for a table, given as three numbers: write it after FROM or JOIN.',
    )
  }
  const twice = 'SELECT count(*) FROM cone(10, 20, 30) a JOIN cone(10, 20, 40) b USING (star_id)'
  expect(await rowsOf(twice)).toEqual(await rowsOf('SELECT count(*) FROM cone(10, 20, 30)'))
  expect(await rowsOf('DESCRIBE FROM cone(10, 20, 30)')).toHaveLength(datasetColumns.length)
})

test('a cone looks into the files of the pixels that it touches alone', () => {
  const partitions = Array.from({ length: 192 }, (_, pixel) => ({ order: 2, pixel, rowCount: 1 }))
  const { query, views } = expandCones('FROM cone(56.75, 24.12, 1)', partitions, ({ pixel }) => `<${pixel}>`)
  expect(query).toBe('FROM "cone 1"')
  const files = Array.from(views[0].sql.matchAll(/<(\d+)>/g), ([, pixel]) => Number(pixel))
  expect(files).toContain(Math.floor(skyCell(56.75, 24.12) / 4 ** (SKY_ORDER - 2)))
  expect(files.length).toBeLessThan(5)
  expect(coneRanges(56.75, 24.12, 1).length).toBeGreaterThan(0)
})

test('a table of your own is joined, whatever its format', async () => {
  const rows = [3, 5, 1000].map(i => ({ source_id: BigInt(idOf(i)), note: `n${i}` }))
  for (const name of ['mine.parquet', 'other.csv', 'third.fits', 'fourth.vot']) {
    const path = join(place.dataFolder, name)
    const writer = await openTableWriter(path, [
      { name: 'source_id', type: 'long' },
      { name: 'note', type: 'string' },
    ])
    await writer.write(rows)
    await writer.close()
    const table = name.split('.')[0]
    const join2 = `SELECT m.note FROM ${table} m JOIN stars s ON s.id_gaiaDr3 = m.source_id::VARCHAR ORDER BY 1`
    expect(await rowsOf(join2, '--with', path)).toEqual([['n3'], ['n5']])
  }
  const twice = await run('SELECT 1', '--with', 'mine.parquet,mine.parquet')
  expect(twice.code).toBe(2)
})

test('nothing is read, written, loaded, set or told beyond the stars and the files that are named', async () => {
  await rowsOf('SELECT 1')
  const { queries, isUntouched } = layTraps(place.dataFolder)
  // All of them are asked over HTTP, which ends at the same process: of each kind some are enough here.
  const some = queries.filter((_, i) => i % 3 === 0)
  expect(some.length).toBeGreaterThan(30)
  await askAll(some, 2, async query => {
    const { error } = await run(query)
    expect(error?.code, query.slice(0, 80)).toBe('QUESTION_INVALID')
    expect(tellsOfPlace(error?.message ?? '', query, place.dataFolder), error?.message).toBe(false)
  })
  expect(isUntouched()).toBe(true)
}, 400_000)

test('a query that never ends is stopped, and the next one is answered', async () => {
  const endless = [
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
    'SELECT count(*) FROM stars a, stars b, stars c, stars d, stars e WHERE a.ra + b.ra + c.ra + d.ra + e.ra < 0',
    "SELECT length(repeat('x', 2000000000)) + length(repeat('y', 2000000000))",
    'SELECT sum(length(repeat(star_id, 4000000))) FROM stars',
  ]
  for (const query of endless) {
    const { error } = await run(query, '--seconds', '3')
    expect(error?.code, query).toBe('QUESTION_INVALID')
  }
  expect(await rowsOf('SELECT 1')).toEqual([[1]])
})

test('the stars are read anew once the log has gone on, and the former ones stay for who still reads them', async () => {
  const folders = () => readdirSync(join(place.dataFolder, 'snapshots')).sort()
  await rowsOf('SELECT 1')
  const before = folders()
  const [made] = before.map(name => statSync(join(place.dataFolder, 'snapshots', name)).mtimeMs)
  await rowsOf('SELECT 2')
  expect(folders()).toEqual(before)
  expect(statSync(join(place.dataFolder, 'snapshots', before[0])).mtimeMs).toBe(made)
  const star = { ...makeStar('77'), raDeg: 10, decDeg: 10 }
  await place.log.transact({ outputs: [...starOutputs(star), ...posteriorOutputs(makePosterior(star.starId, 1))] })
  expect(await rowsOf("SELECT id_gaiaDr3 FROM stars WHERE star_id = 'gaiaDr3:77'")).toEqual([['77']])
  expect(folders()).toEqual(expect.arrayContaining(before))
  // What a killed process left is none.
  mkdirSync(join(place.dataFolder, 'snapshots', 'left.1.part'))
  expect(await rowsOf('SELECT count(*) FROM stars')).toEqual([[`${STARS + 1}`]])
})
