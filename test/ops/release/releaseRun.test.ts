import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ang2pix_nest } from '@hscmap/healpix'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readInSkyOrder } from '../../../ops/release/skyOrder.ts'
import { datasetRow, writeStarDataset } from '../../../ops/release/starDataset.ts'
import { openTable, type Row } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import {
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'

let place: TemporaryLog
const STARS = 60
/** Ids that a double cannot hold. */
const idOf = (i: number) => `${9007199254740993n + BigInt(i)}`
const positions = Array.from({ length: STARS }, (_, i) => ({
  raDeg: (i * 137.508) % 360,
  decDeg: -85 + (170 * i) / (STARS - 1),
}))

beforeAll(async () => {
  place = await openTemporaryLog()
  for (const [i, position] of positions.entries()) {
    const star = { ...makeStar(idOf(i), i % 2 === 0 ? `0000000${i}+0` : null), ...position }
    const posterior = { ...makePosterior(star.starId, i / STARS), ...position }
    await place.log.transact({ outputs: [...starOutputs(star), ...posteriorOutputs(posterior)] })
  }
  const retired = { ...makeStar('1'), isRetired: true }
  await place.log.transact({ outputs: [...starOutputs(retired), ...posteriorOutputs(makePosterior('gaiaDr3:1', 1))] })
  await place.log.transact({ outputs: starOutputs(makeStar('2')) })
})
afterAll(() => place.remove())

const run = (...args: string[]) => runInProcess(place.dataFolder, [...args, '--data', place.dataFolder])

async function rowsOf(path: string): Promise<readonly Row[]> {
  const reader = await openTable(path)
  const rows: Row[] = []
  for await (const batch of reader.batches()) rows.push(...batch.rows)
  await reader.close()
  return rows
}

/** Path within a folder -> bytes. */
function contentsOf(folder: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return new Map(
    paths.map(entry => join(entry.parentPath, entry.name)).map(path => [path.slice(folder.length), readFileSync(path)]),
  )
}

test('a release holds every star in force once, its samples, and what it all is; the same log gives the same bytes', async () => {
  const folder = join(place.dataFolder, 'dr1')
  const { lines, error } = await run('release', folder, '--format', 'parquet,votable,fits', '--date', '2026-01-31')
  expect(error).toBeNull()
  expect(lines).toEqual([`${STARS} stars in ${folder}`])
  const files = contentsOf(folder)
  const parquet = [...files.keys()].filter(path => path.endsWith('.parquet'))
  const rows = (await Promise.all(parquet.map(path => rowsOf(join(folder, path))))).flat()
  expect(rows.map(row => row.id_gaiaDr3).sort()).toEqual(positions.map((_, i) => idOf(i)).sort())
  for (const name of ['stars.vot', 'stars.fits']) {
    const found = await rowsOf(join(folder, name))
    const key = (row: Row) => [row.star_id, row.healpix_24, row.logAgeYr_q50, row.avMag_q50, row.seed]
    expect(found.map(key).sort()).toEqual(rows.map(key).sort())
    const cells = found.map(row => row.healpix_24 as bigint)
    expect(cells).toEqual([...cells].sort((a, b) => (a < b ? -1 : 1)))
  }
  for (const path of parquet) {
    const [, order, pixel] = /Norder=(\d+)\/Dir=0\/Npix=(\d+)\.parquet$/.exec(path) ?? []
    for (const { ra, dec } of await rowsOf(join(folder, path))) {
      const theta = ((90 - Number(dec)) * Math.PI) / 180
      expect(ang2pix_nest(2 ** Number(order), theta, (Number(ra) * Math.PI) / 180)).toBe(Number(pixel))
    }
    const samples = tableFromIPC(
      readFileSync(join(folder, path.replace('/catalogue/dataset/', '/samples/').replace('.parquet', '.arrow'))),
    )
    expect([...(samples.getChild('starId') ?? [])]).toEqual((await rowsOf(join(folder, path))).map(row => row.star_id))
    expect([...(samples.getChild('logAgeYr')?.get(0) ?? [])]).toEqual([6.5, 7, 7.25, 7.5])
  }
  const provenance = JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8'))
  expect(provenance).toMatchObject({ starCount: STARS, date: '2026-01-31', where: '', isMoving: false })
  expect(provenance.models).toEqual([{ model: 'modelfingerprint', starCount: STARS, folder: null }])
  const ends = (await place.log.extents('posteriors')).map(({ topic, partition, end }) => [topic, partition, end])
  expect(provenance.positions).toEqual(expect.arrayContaining(ends))
  expect(readFileSync(join(folder, 'columns.csv'), 'utf8')).toContain(
    'logAgeYr_q50,double,dex(yr),time.age;stat.median,',
  )
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('| `logAgeYr_q50` | double | dex(yr) |')
  const again = join(place.dataFolder, 'again')
  expect((await run('release', again, '--format', 'parquet,votable,fits', '--date', '2026-01-31')).error).toBeNull()
  expect(contentsOf(again)).toEqual(files)
})

test('the order of the sky does not depend on how many ids are held, nor rows on how they are cut', async () => {
  const orders = []
  for (const window of [1, 7, 1000]) {
    const found = []
    for await (const { star, cell } of readInSkyOrder(place.log, window)) found.push(`${cell} ${star.starId}`)
    orders.push(found)
  }
  expect(orders[0]).toHaveLength(STARS)
  expect(orders[1]).toEqual(orders[0])
  expect(orders[2]).toEqual(orders[0])
  const folder = join(place.dataFolder, 'small')
  async function* rows() {
    for await (const entry of readInSkyOrder(place.log)) yield datasetRow(entry)
  }
  const partitions = await writeStarDataset(place.log, folder, rows(), { meta: {}, samplesFolder: null, fileRows: 5 })
  expect(partitions.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(STARS)
  expect(Math.max(...partitions.map(({ rowCount }) => rowCount))).toBeLessThanOrEqual(5)
  const lines = readFileSync(join(folder, 'partition_info.csv'), 'utf8').trim().split('\n')
  expect(lines).toHaveLength(partitions.length + 1)
})

test('a filter leaves the others out', async () => {
  const folder = join(place.dataFolder, 'young')
  expect(
    (await run('release', folder, '--where', 'young > 0.5 and P(age < 10.1 Myr) > 0.4', '--no-samples')).error,
  ).toBeNull()
  const parquet = [...contentsOf(folder).keys()].filter(path => path.endsWith('.parquet'))
  const rows = (await Promise.all(parquet.map(path => rowsOf(join(folder, path))))).flat()
  expect(rows.length).toBe(positions.filter((_, i) => i / STARS > 0.5).length)
  expect(existsSync(join(folder, 'samples'))).toBe(false)
  const wrong = await run('release', join(place.dataFolder, 'wrong'), '--where', 'young >')
  expect(wrong.error?.code).toBe('FILTER_INVALID')
})

test('nothing is written over, what is killed leaves nothing that looks whole, and damage is found', async () => {
  const folder = join(place.dataFolder, 'taken')
  mkdirSync(folder)
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  expect((await run('release', folder)).error).toMatchObject({ code: 'CONFIG_INVALID' })
  expect(readdirSync(folder)).toEqual(['mine.txt'])
  expect((await run('release', 'check', folder)).error).toMatchObject({ code: 'FILE_UNREADABLE' })
  const stopped = join(place.dataFolder, 'stopped')
  const aborted = { signal: AbortSignal.abort(new Error('stopped')) }
  await expect(
    runInProcess(place.dataFolder, ['release', stopped, '--data', place.dataFolder], aborted),
  ).rejects.toThrow('stopped')
  expect(existsSync(stopped) || existsSync(`${stopped}.part`)).toBe(false)
  // A folder that a killed release left is no obstacle.
  mkdirSync(`${stopped}.part`)
  writeFileSync(join(`${stopped}.part`, 'old'), 'old')
  expect((await run('release', stopped, '--no-samples')).error).toBeNull()
  expect((await run('release', 'check', stopped)).lines).toEqual([
    expect.stringMatching(/^All \d+ files are as they were written\.$/),
  ])
  writeFileSync(join(stopped, 'columns.csv'), 'other')
  writeFileSync(join(stopped, 'added.txt'), 'added')
  rmSync(join(stopped, 'README.md'))
  const { lines, code } = await run('release', 'check', stopped)
  expect(code).toBe(1)
  expect(lines).toEqual([
    'added.txt is not of the release',
    'README.md is missing',
    'columns.csv has changed since it was written',
  ])
  for (const args of [
    ['--format', 'hdf5'],
    ['--date', '2026-13-01'],
  ]) {
    expect((await run('release', join(place.dataFolder, 'no'), ...args)).code).toBe(2)
  }
})
